import LynxCedar

/// The texts of the requests in a file, one after the other: JSON lines, or the elements of one JSON array.
///
/// No more of the file is in memory than the request at hand and what was read ahead. The text of a request knows its place
/// in the file, so that its faults are reported there. This only finds where requests end; whether they are JSON is for
/// the JSON reader to say.
struct RequestStream: ~Copyable {
    private enum Form {
        case lines
        /// An array, after its opening bracket.
        case array(isFirst: Bool)
        /// An array, after its closing bracket.
        case end
    }

    /// The largest request, in bytes.
    static let maximumRequestSize = 1 << 28

    private let name: String
    private var reader: InputReader
    private var form: Form?
    private var buffer: [UInt8] = []
    /// Index in ``buffer`` of the next byte to look at; what is before it is done with.
    private var start = 0
    private var isAtEnd = false
    /// The place of the byte at ``start``.
    private var line = 1
    private var column = 1
    private var offset = 0

    init(_ file: InputFile) throws(Failure) {
        self.name = file.name
        self.reader = try file.open(as: "requests")
    }

    /// The next request's text.
    ///
    /// - Returns: `nil` behind the last one.
    /// - Throws: what is wrong with the text of this request (the next one can still be asked for), or with the file.
    mutating func next() throws(StreamError) -> SourceText? {
        if form == nil { form = try detectForm() }
        switch form {
        case .lines, nil: return try nextLine()
        case .array(let isFirst): return try nextElement(isFirst: isFirst)
        case .end: return try nothing()
        }
    }

    /// What went wrong with the stream.
    enum StreamError: Error {
        /// The requests behind this one can still be read.
        case request(Failure)
        /// Nothing more can be read.
        case file(Failure)

        var failure: Failure {
            switch self {
            case .request(let failure), .file(let failure): failure
            }
        }
    }

    /// An array starts with a bracket; no request does.
    private mutating func detectForm() throws(StreamError) -> Form {
        // White space before the first line is left to it: of an array it is skipped here.
        var index = 0
        while let byte = try byte(at: index), byte.isJSONSpace { index += 1 }
        guard try byte(at: index) == UInt8(ascii: "[") else {
            return .lines
        }
        advance(by: index + 1)
        return .array(isFirst: true)
    }

    private mutating func nextLine() throws(StreamError) -> SourceText? {
        while try byte(at: 0) != nil {
            var length = 0
            while let byte = try byte(at: length), byte != UInt8(ascii: "\n") { length += 1 }
            let isBlank = buffer[start..<start + length].allSatisfy(\.isJSONSpace)
            let text = Result { () throws(ParseError) in try self.text(length: isBlank ? 0 : length) }
            let number = line
            advance(by: length)
            if try byte(at: 0) != nil { advance(by: 1) }
            if isBlank { continue }
            return try unwrap(text, line: number)
        }
        return nil
    }

    private mutating func nextElement(isFirst: Bool) throws(StreamError) -> SourceText? {
        try skipSpace()
        if isFirst, try byte(at: 0) == UInt8(ascii: "]") {
            advance(by: 1)
            form = .end
            return try nothing()
        }
        let length = try elementLength()
        let text = Result { () throws(ParseError) in try self.text(length: length) }
        let place = here
        let number = line
        let terminator = try byte(at: length)
        let isEmpty = buffer[start..<start + length].allSatisfy(\.isJSONSpace)
        advance(by: length)
        guard let terminator else {
            throw .file(fault("the array of requests is not closed", at: here))
        }
        advance(by: 1)
        form = terminator == UInt8(ascii: "]") ? .end : .array(isFirst: false)
        guard !isEmpty else {
            throw .request(fault("expected a request, found `\(Character(Unicode.Scalar(terminator)))`", at: place))
        }
        return try unwrap(text, line: number)
    }

    /// How many bytes there are before the comma or bracket that ends the element.
    private mutating func elementLength() throws(StreamError) -> Int {
        var length = 0
        var depth = 0
        var isInString = false
        while let byte = try byte(at: length) {
            if isInString {
                switch byte {
                case UInt8(ascii: "\\"): length += 1
                case UInt8(ascii: "\""): isInString = false
                default: break
                }
            } else {
                switch byte {
                case UInt8(ascii: "\""): isInString = true
                case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: ","), UInt8(ascii: "]"):
                    if depth == 0 { return length }
                    if byte == UInt8(ascii: "]") { depth -= 1 }
                case UInt8(ascii: "}"): depth = max(0, depth - 1)
                default: break
                }
            }
            length += 1
        }
        return min(length, buffer.count - start)
    }

    /// Checks that only white space follows.
    private mutating func nothing() throws(StreamError) -> SourceText? {
        try skipSpace()
        guard try byte(at: 0) == nil else {
            throw .file(fault("expected nothing behind the array of requests", at: here))
        }
        return nil
    }

    private mutating func skipSpace() throws(StreamError) {
        while let byte = try byte(at: 0), byte.isJSONSpace { advance(by: 1) }
    }

    /// The byte so far behind ``start``, read from the file as needed; `nil` at its end.
    private mutating func byte(at distance: Int) throws(StreamError) -> UInt8? {
        while start + distance >= buffer.count {
            guard !isAtEnd else { return nil }
            guard distance < RequestStream.maximumRequestSize else {
                throw .file(fault("the request is larger than \(RequestStream.maximumRequestSize) bytes", at: here))
            }
            buffer.removeSubrange(..<start)
            start = 0
            do throws(Failure) {
                isAtEnd = try reader.read(into: &buffer) == 0
            } catch {
                throw .file(error)
            }
        }
        return buffer[start + distance]
    }

    private mutating func advance(by count: Int) {
        for byte in buffer[start..<start + count] {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                // UTF-8 continuation bytes do not start a character.
                column += 1
            }
        }
        start += count
        offset += count
    }

    private var here: SourceText.Origin {
        SourceText.Origin(position: SourceText.Position(line: line, column: column), offset: offset)
    }

    private func text(length: Int) throws(ParseError) -> SourceText {
        try SourceText(utf8: buffer[start..<start + length], name: name, origin: here)
    }

    private func unwrap(_ text: Result<SourceText, ParseError>, line: Int) throws(StreamError) -> SourceText {
        switch text {
        case .success(let text):
            return text
        case .failure(let error):
            // Such errors come before there is a source to point into: the line has to be said in words.
            throw .request(
                Failure(
                    error.diagnostics.map {
                        Diagnostic("the request on line \(line) cannot be read: \($0.message)", help: $0.help)
                    }))
        }
    }

    private func fault(_ message: String, at place: SourceText.Origin) -> Failure {
        Failure([
            Diagnostic(message, span: SourceSpan(0..<0), source: SourceText("", name: name, origin: place))
        ])
    }
}
