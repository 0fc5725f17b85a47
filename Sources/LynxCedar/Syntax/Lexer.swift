/// Cuts a source text into tokens, one at a time, skipping white space and comments.
///
/// Never fails: what is no token is reported and skipped, so that the rest of the text is still looked at. Each call takes
/// time linear in what it consumes.
struct Lexer {
    let bytes: [UInt8]
    private var position = 0
    /// Faults found so far; the parser takes them over.
    var diagnostics: DiagnosticCollector

    init(_ source: SourceText, diagnostics: DiagnosticCollector) {
        self.bytes = Array(source.text.utf8)
        self.diagnostics = diagnostics
    }

    private func byte(at index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func next() -> Token {
        while true {
            skipTrivia()
            guard position < bytes.count else { return token(.end, from: position) }
            let start = position
            let first = bytes[start]
            if first.isIdentifierStart { return word() }
            if first.isDecimalDigit {
                while let byte = byte(at: position), byte.isDecimalDigit { position += 1 }
                return token(.number, from: start)
            }
            if first == UInt8(ascii: "\"") {
                if let string = string() { return string }
                continue
            }
            if let punctuation = punctuation(first) { return punctuation }
            reportStray()
        }
    }

    /// Makes the next token the last.
    mutating func skipRest() {
        position = bytes.count
    }

    private func token(_ kind: Token.Kind, from start: Int) -> Token {
        Token(kind: kind, start: UInt32(start), end: UInt32(position))
    }

    // MARK: White space and comments

    private mutating func skipTrivia() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), 0x09...0x0D:
                position += 1
            case UInt8(ascii: "/") where byte(at: position + 1) == UInt8(ascii: "/"):
                while let byte = byte(at: position), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") { position += 1 }
            case 0x80...:
                let (scalar, width) = scalar(at: position)
                guard scalar.properties.isWhitespace else { return }
                position += width
            default:
                return
            }
        }
    }

    /// The scalar that starts at an index and its length in bytes. The text is valid UTF-8, for it came out of a `String`.
    private func scalar(at index: Int) -> (Unicode.Scalar, width: Int) {
        var decoder = UTF8()
        var iterator = bytes[index...].makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return ("\u{FFFD}", 1) }
        return (scalar, UTF8.width(scalar))
    }

    // MARK: Words

    private mutating func word() -> Token {
        let start = position
        while let byte = byte(at: position), byte.isIdentifierPart { position += 1 }
        return token(Lexer.keyword(bytes[start..<position]) ?? .identifier, from: start)
    }

    private static func keyword(_ word: ArraySlice<UInt8>) -> Token.Kind? {
        guard (2...5).contains(word.count) else { return nil }
        let packed = pack(word)
        return keywords.first { $0.word == packed }?.kind
    }

    /// At most eight bytes as one number, so that words compare in one step.
    private static func pack(_ word: some Sequence<UInt8>) -> UInt64 {
        word.reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static let keywords: [(word: UInt64, kind: Token.Kind)] = [
        (pack("in".utf8), .in), (pack("is".utf8), .is), (pack("if".utf8), .if), (pack("has".utf8), .has),
        (pack("like".utf8), .like), (pack("then".utf8), .then), (pack("else".utf8), .else),
        (pack("true".utf8), .true), (pack("false".utf8), .false),
    ]

    // MARK: Strings

    /// A string token, or `nil` when no closing quote follows; then the rest of the line has been reported and skipped.
    private mutating func string() -> Token? {
        let start = position
        var index = start + 1
        while let byte = byte(at: index) {
            switch byte {
            case UInt8(ascii: "\""):
                position = index + 1
                return token(.string, from: start)
            case UInt8(ascii: "\\"):
                // A backslash takes the next byte with it, whatever it is, except the end of the line.
                guard let escaped = self.byte(at: index + 1), escaped != UInt8(ascii: "\n") else {
                    return unterminated(from: start)
                }
                index += 2
            default:
                index += 1
            }
        }
        return unterminated(from: start)
    }

    private mutating func unterminated(from start: Int) -> Token? {
        position = start
        while let byte = byte(at: position), byte != UInt8(ascii: "\n") { position += 1 }
        diagnostics.report(
            "this string is not closed", span: token(.string, from: start).span, help: "end it with `\"`")
        return nil
    }

    // MARK: Punctuation

    private mutating func punctuation(_ first: UInt8) -> Token? {
        let start = position
        let second = byte(at: start + 1)
        func pair(_ other: Character, _ long: Token.Kind, else short: Token.Kind?) -> (Token.Kind, Int)? {
            if second == other.asciiValue { return (long, 2) }
            return short.map { ($0, 1) }
        }
        let match: (kind: Token.Kind, length: Int)? =
            switch first {
            case UInt8(ascii: "@"): (.at, 1)
            case UInt8(ascii: "."): (.dot, 1)
            case UInt8(ascii: ","): (.comma, 1)
            case UInt8(ascii: ";"): (.semicolon, 1)
            case UInt8(ascii: ":"): pair(":", .doubleColon, else: .colon)
            case UInt8(ascii: "("): (.leftParenthesis, 1)
            case UInt8(ascii: ")"): (.rightParenthesis, 1)
            case UInt8(ascii: "{"): (.leftBrace, 1)
            case UInt8(ascii: "}"): (.rightBrace, 1)
            case UInt8(ascii: "["): (.leftBracket, 1)
            case UInt8(ascii: "]"): (.rightBracket, 1)
            case UInt8(ascii: "="): pair("=", .equal, else: .assign)
            case UInt8(ascii: "!"): pair("=", .notEqual, else: .bang)
            case UInt8(ascii: "<"): pair("=", .lessOrEqual, else: .less)
            case UInt8(ascii: ">"): pair("=", .greaterOrEqual, else: .greater)
            case UInt8(ascii: "|"): pair("|", .or, else: nil)
            case UInt8(ascii: "&"): pair("&", .and, else: nil)
            case UInt8(ascii: "+"): (.plus, 1)
            case UInt8(ascii: "-"): (.minus, 1)
            case UInt8(ascii: "*"): (.star, 1)
            case UInt8(ascii: "/"): (.slash, 1)
            case UInt8(ascii: "%"): (.percent, 1)
            case UInt8(ascii: "?"): slotOrQuestion()
            default: nil
            }
        guard let match else { return nil }
        position += match.length
        return token(match.kind, from: start)
    }

    private func slotOrQuestion() -> (kind: Token.Kind, length: Int) {
        guard byte(at: position + 1)?.isIdentifierStart == true else { return (.question, 1) }
        var end = position + 1
        while byte(at: end)?.isIdentifierPart == true { end += 1 }
        return (.slot, end - position)
    }

    // MARK: Anything else

    /// Reports a run of characters that start no token, once, and skips it.
    private mutating func reportStray() {
        let start = position
        let (scalar, width) = scalar(at: start)
        position += width
        let help: String?
        switch scalar {
        case "&": help = "did you mean `&&`?"
        case "|": help = "did you mean `||`?"
        case "'": help = "strings are written with double quotes"
        case "\u{201C}", "\u{201D}", "\u{2018}", "\u{2019}": help = "use the plain double quote `\"`"
        case "#": help = "comments start with `//`"
        default:
            help = nil
            // One report for a whole run of the same character.
            while position < bytes.count, self.scalar(at: position).0 == scalar { position += width }
        }
        let name = scalar.isPrintable ? "`\(scalar)`" : "U+\(String(scalar.value, radix: 16, uppercase: true))"
        diagnostics.report("\(name) has no meaning in Cedar", span: token(.end, from: start).span, help: help)
    }
}
