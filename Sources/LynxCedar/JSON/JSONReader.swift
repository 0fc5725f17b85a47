extension JSONValue {
    /// Reads a JSON text (RFC 8259) without any of the liberties that readers take: no comments, no trailing commas, no
    /// duplicate keys, no lone surrogates, nothing after the value.
    ///
    /// Time and memory are linear in the size of the text, whatever is in it.
    ///
    /// - Parameter maximumNesting: How many arrays and objects may stand in one another.
    /// - Throws: ``ParseError`` with the duplicate keys and the first fault of any other kind.
    public init(parsing text: SourceText, maximumNesting: Int = NestingLimit.standard) throws(ParseError) {
        var reader = try JSONReader(text, maximumNesting: maximumNesting)
        self = try reader.read()
    }
}

/// Reads one JSON text, with a list of the open arrays and objects in place of recursion.
struct JSONReader {
    let source: SourceText
    /// The text, and a zero byte behind it: no look at the next byte then needs to ask whether there is one.
    let bytes: [UInt8]
    /// The next byte to read, an index in ``bytes``.
    var position = 0

    private let maximumNesting: Int
    private var diagnostics: DiagnosticCollector
    /// The innermost array or object that is open, if one is.
    private var current: Container?
    /// Those around it, outermost first.
    private var outer: [Container] = []

    /// An array or object whose end is not read yet.
    private struct Container {
        let isObject: Bool
        let start: Int
        /// What has been read of an array.
        var elements: [JSONValue] = []
        /// What has been read of an object.
        var members: [JSONValue.Member] = []
        /// Of the object's member whose value is being read.
        var name: CedarString = ""
        var nameSpan: SourceSpan?

        mutating func add(_ value: JSONValue) {
            if isObject {
                // Most objects have a few members: room for them at once is faster than growing to it.
                if members.isEmpty { members.reserveCapacity(4) }
                members.append(JSONValue.Member(name, value, nameSpan: nameSpan))
            } else {
                elements.append(value)
            }
        }
    }

    init(_ source: SourceText, maximumNesting: Int) throws(ParseError) {
        let text = source.text.utf8
        guard text.count <= SourceText.maximumSize else {
            throw ParseError(
                Diagnostic("the JSON text is larger than \(SourceText.maximumSize) bytes", source: source))
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count + 1)
        bytes.append(contentsOf: text)
        bytes.append(0)
        self.source = source
        self.bytes = bytes
        self.maximumNesting = maximumNesting
        self.diagnostics = DiagnosticCollector(source: source)
    }

    /// The byte to read next, zero at the end of the text.
    var next: UInt8 { bytes[position] }

    var isAtEnd: Bool { position == bytes.count - 1 }

    func span(_ lowerBound: Int, _ upperBound: Int) -> SourceSpan {
        // The text's size fits, and so does every place in it.
        SourceSpan(UInt32(lowerBound)..<UInt32(upperBound))
    }

    /// The error of a fault that reading cannot go on after, with those that it could go on after.
    func failure(
        _ message: String, at span: SourceSpan, help: String? = nil, notes: [Diagnostic.Note] = []
    ) -> ParseError {
        var diagnostics = diagnostics
        diagnostics.report(message, span: span, help: help, notes: notes)
        do throws(ParseError) {
            try diagnostics.finish()
        } catch {
            return error
        }
        return ParseError(Diagnostic(message, span: span, help: help, notes: notes, source: source))
    }

    // MARK: Structure

    mutating func read() throws(ParseError) -> JSONValue {
        while true {
            skipWhiteSpace()
            guard var value = try readValueOrOpening() else { continue }
            // A value is complete; it may complete the arrays and objects around it.
            while current != nil {
                current?.add(value)
                guard try readsClosing() else { break }
                value = close()
            }
            if current == nil {
                try readEnd()
                try diagnostics.finish()
                return value
            }
        }
    }

    /// Reads a value that is no array or object, or an empty one of these.
    ///
    /// - Returns: `nil` when it has read only the start of an array or object, up to where its first value is.
    private mutating func readValueOrOpening() throws(ParseError) -> JSONValue? {
        let start = position
        switch next {
        case UInt8(ascii: "\""):
            let string = try readString()
            return JSONValue(.string(string), span: span(start, position))
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            return try readOpening()
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            let number = try readNumber()
            return JSONValue(number, span: span(start, position))
        case UInt8(ascii: "t") where skips("true"):
            return JSONValue(.bool(true), span: span(start, position))
        case UInt8(ascii: "f") where skips("false"):
            return JSONValue(.bool(false), span: span(start, position))
        case UInt8(ascii: "n") where skips("null"):
            return JSONValue(.null, span: span(start, position))
        default:
            throw unexpectedInsteadOfValue(in: current.map { ($0.isObject, span($0.start, $0.start + 1)) })
        }
    }

    /// Reads `{` and the first key, or `[`; where the closing bracket follows, the whole.
    private mutating func readOpening() throws(ParseError) -> JSONValue? {
        let start = position
        let isObject = next == UInt8(ascii: "{")
        guard outer.count + (current == nil ? 0 : 1) < maximumNesting else {
            throw failure(
                "arrays and objects nest deeper than \(maximumNesting) levels", at: span(start, start + 1))
        }
        position += 1
        skipWhiteSpace()
        if next == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
            position += 1
            return JSONValue(isObject ? .object([]) : .array([]), span: span(start, position))
        }
        if let container = current.take() { outer.append(container) }
        current = Container(isObject: isObject, start: start)
        if isObject { try readName() }
        return nil
    }

    /// Reads a key and the colon behind it.
    private mutating func readName() throws(ParseError) {
        let start = position
        guard next == UInt8(ascii: "\"") else { throw unexpectedInsteadOfKey() }
        let name = try readString()
        let span = span(start, position)
        current?.name = name
        current?.nameSpan = span
        skipWhiteSpace()
        guard next == UInt8(ascii: ":") else { throw unexpectedInsteadOfColon() }
        position += 1
    }

    /// Reads what follows a value in an array or object.
    ///
    /// - Returns: whether that is the closing bracket; else it was a comma, and in an object the next key.
    private mutating func readsClosing() throws(ParseError) -> Bool {
        let isObject = current?.isObject ?? false
        skipWhiteSpace()
        let closing = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        switch next {
        case UInt8(ascii: ","):
            let comma = position
            position += 1
            skipWhiteSpace()
            if next == closing {
                throw failure(
                    "there is a comma after the last \(isObject ? "member" : "element")",
                    at: span(comma, comma + 1), help: "remove the comma")
            }
            if isObject { try readName() }
            return false
        case closing:
            position += 1
            return true
        default:
            let start = current?.start ?? position
            throw unexpectedAfterValue(inObject: isObject, opening: span(start, start + 1))
        }
    }

    /// Completes the innermost array or object, and goes on with the one around it.
    private mutating func close() -> JSONValue {
        guard let container = current.take() else { return JSONValue(.null) }
        current = outer.popLast()
        let span = span(container.start, position)
        if container.isObject {
            reportDuplicates(in: container.members)
            return JSONValue(.object(container.members), span: span)
        } else {
            return JSONValue(.array(container.elements), span: span)
        }
    }

    private mutating func reportDuplicates(in members: [JSONValue.Member]) {
        // Few keys are compared faster than hashed.
        if members.count <= 8 {
            for index in members.indices.dropFirst() {
                let first = (0..<index).first { members[$0].name.hasSameBytes(as: members[index].name) }
                if let first { report(members[index], isDuplicateOf: members[first].nameSpan) }
            }
            return
        }
        var places: [CedarString: SourceSpan?] = [:]
        places.reserveCapacity(members.count)
        for member in members {
            if let first = places[member.name] {
                report(member, isDuplicateOf: first)
            } else {
                places.updateValue(member.nameSpan, forKey: member.name)
            }
        }
    }

    private mutating func report(_ member: JSONValue.Member, isDuplicateOf first: SourceSpan?) {
        diagnostics.report(
            "the key \(member.name.excerpt) occurs more than once in the same object", span: member.nameSpan,
            help: "keep one of the members",
            notes: first.map { [Diagnostic.Note("it occurs here first", span: $0)] } ?? [])
    }

    private mutating func readEnd() throws(ParseError) {
        skipWhiteSpace()
        guard isAtEnd else { throw unexpectedAfterEnd() }
    }

    // MARK: Tokens

    mutating func skipWhiteSpace() {
        while true {
            switch next {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): position += 1
            default: return
            }
        }
    }

    /// Skips `word` if it stands here, and nothing behind it belongs to a longer word.
    private mutating func skips(_ word: StaticString) -> Bool {
        let end = position + word.utf8CodeUnitCount
        guard end < bytes.count, word.matches(bytes[position..<end]), !bytes[end].isIdentifierPart else { return false }
        position = end
        return true
    }

    private mutating func readNumber() throws(ParseError) -> JSONValue.Kind {
        let start = position
        let isNegative = next == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let digits = position
        var magnitude: UInt64 = 0
        var isExact = true
        while next.isDecimalDigit {
            if isExact {
                // 19 digits always fit, and no 64-bit integer has more.
                isExact = position - digits < 19
                if isExact { magnitude = magnitude * 10 + UInt64(next - UInt8(ascii: "0")) }
            }
            position += 1
        }
        guard position > digits else { throw malformedNumber(from: start) }
        guard bytes[digits] != UInt8(ascii: "0") || position == digits + 1 else { throw malformedNumber(from: start) }
        if next == UInt8(ascii: ".") {
            isExact = false
            position += 1
            guard skipsDigits() else { throw malformedNumber(from: start) }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            isExact = false
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            guard skipsDigits() else { throw malformedNumber(from: start) }
        }
        guard !next.isIdentifierPart, next != UInt8(ascii: ".") else { throw malformedNumber(from: start) }
        // Minus zero is no integer to the reference implementation either: its JSON library makes it a float.
        if isExact, !(isNegative && magnitude == 0) {
            if let integer = Int64(magnitude: magnitude, isNegative: isNegative) { return .integer(integer) }
        }
        return .number(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func skipsDigits() -> Bool {
        let start = position
        while next.isDecimalDigit { position += 1 }
        return position > start
    }
}

extension StaticString {
    fileprivate func matches(_ bytes: ArraySlice<UInt8>) -> Bool {
        withUTF8Buffer { $0.elementsEqual(bytes) }
    }
}

extension CedarString {
    /// Equality, with the length looked at first: it tells most keys of an object apart.
    fileprivate func hasSameBytes(as other: CedarString) -> Bool {
        string.utf8.count == other.string.utf8.count && self == other
    }

    /// The text as a literal for a message, cut when it is long.
    var excerpt: String {
        let limit = 60
        guard string.utf8.count > limit else { return literal }
        let scalars = string.unicodeScalars
        let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex) ?? scalars.endIndex
        return end == scalars.endIndex ? literal : CedarString(string[..<end]).literal + "..."
    }
}
