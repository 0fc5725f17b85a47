/// Cuts a source text into tokens, one at a time, skipping white space and comments.
///
/// Never fails: what is no token is reported and skipped, so that the rest of the text is still looked at. Each call takes
/// time linear in what it consumes.
struct Lexer {
    let bytes: [UInt8]
    private var position = 0
    /// Faults found so far; the parser takes them over.
    var diagnostics: DiagnosticCollector
    /// Where the last fault that was found here starts.
    private(set) var lastFault: UInt32?
    /// Whether a string went on to the end of the text. Later ones end with their lines, so that the text is looked through
    /// once and not again for each quote.
    private var hasUnclosedString = false
    /// Quotes that are not Cedar's, with the end of the part in which nothing closes them: it is looked through once, not for each of them.
    private var unclosedForeign: [Unicode.Scalar: Int] = [:]

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
                return number()
            }
            if first == UInt8(ascii: "\"") { return string() }
            if let foreign = foreignOperator(first) { return foreign }
            if let punctuation = punctuation(first) { return punctuation }
            if first >= 0x80, skipForeignLetters() {
                reportForeignLetters(from: start)
                return token(.identifier, from: start)
            }
            if let string = foreignString() { return string }
            reportStray()
        }
    }

    private mutating func report(_ message: String, from start: Int, help: String? = nil) {
        let span = token(.end, from: start).span
        lastFault = span.lowerBound
        diagnostics.report(message, span: span, help: help)
        if diagnostics.isFull { skipRest() }
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
                skipLine()
            case UInt8(ascii: "/") where byte(at: position + 1) == UInt8(ascii: "*"):
                skipBlockComment()
            case UInt8(ascii: "#"):
                let start = position
                skipLine()
                report("`#` has no meaning in Cedar", from: start, help: "comments start with `//`")
            case 0x80...:
                let (scalar, width) = scalar(at: position)
                guard scalar.properties.isWhitespace else { return }
                position += width
            default:
                return
            }
        }
    }

    private mutating func skipLine() {
        while let byte = byte(at: position), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") { position += 1 }
    }

    private mutating func skipBlockComment() {
        let start = position
        position += 2
        while let byte = byte(at: position) {
            position += 1
            guard byte == UInt8(ascii: "*"), self.byte(at: position) == UInt8(ascii: "/") else { continue }
            position += 1
            break
        }
        report("Cedar has no block comments", from: start, help: "comments start with `//` and end with the line")
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
        if let byte = byte(at: position), byte >= 0x80, skipForeignLetters() {
            reportForeignLetters(from: start)
            return token(.identifier, from: start)
        }
        return token(Lexer.keyword(bytes[start..<position]) ?? .identifier, from: start)
    }

    /// Skips the rest of a word that holds letters beyond ASCII.
    ///
    /// - Returns: whether there was any.
    private mutating func skipForeignLetters() -> Bool {
        let start = position
        while let byte = byte(at: position) {
            if byte.isIdentifierPart {
                position += 1
            } else {
                let (scalar, width) = scalar(at: position)
                guard byte >= 0x80, scalar.properties.isAlphabetic else { break }
                position += width
            }
        }
        return position > start
    }

    private mutating func reportForeignLetters(from start: Int) {
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        report(
            "`\(word.shortened)` is not an identifier", from: start,
            help: "identifiers are made of ASCII letters, digits and `_`")
    }

    // MARK: Numbers

    private mutating func number() -> Token {
        let start = position
        while let byte = byte(at: position), byte.isDecimalDigit { position += 1 }
        let number = token(.number, from: start)
        // A keyword may stand right behind a number: `if a then 1else 2`.
        if byte(at: position)?.isIdentifierStart == true {
            let digits = position
            if word().kind == .identifier {
                let text = String(decoding: bytes[start..<position], as: UTF8.self)
                report("`\(text.shortened)` is not a number", from: start, help: "numbers are written with decimal digits alone")
            } else {
                position = digits
            }
        }
        return number
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

    /// A string token. One that is not closed is reported and ends with its line.
    private mutating func string() -> Token {
        let start = position
        var index = start + 1
        while let byte = byte(at: index) {
            switch byte {
            case UInt8(ascii: "\""):
                position = index + 1
                return token(.string, from: start)
            case UInt8(ascii: "\n") where hasUnclosedString:
                return unterminated(from: start)
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
        hasUnclosedString = true
        return unterminated(from: start)
    }

    private mutating func unterminated(from start: Int) -> Token {
        position = start
        while let byte = byte(at: position), byte != UInt8(ascii: "\n") { position += 1 }
        report("this string is not closed", from: start, help: "end it with `\"`")
        return token(.string, from: start)
    }

    /// A string in quotes that are not Cedar's, when its line closes it; it is reported.
    private mutating func foreignString() -> Token? {
        let start = position
        let (opening, width) = scalar(at: start)
        guard start >= unclosedForeign[opening] ?? 0 else { return nil }
        let closing: [Unicode.Scalar]
        switch opening {
        case "'", "`": closing = [opening]
        case "\u{201C}", "\u{201D}", "\u{201E}": closing = ["\u{201C}", "\u{201D}"]
        case "\u{2018}", "\u{2019}": closing = ["\u{2018}", "\u{2019}"]
        default: return nil
        }
        position += width
        while let byte = byte(at: position), byte != UInt8(ascii: "\n") {
            let (scalar, width) = scalar(at: position)
            position += width
            if closing.contains(scalar) {
                report("`\(opening)` does not start a string", from: start, help: "strings stand in plain double quotes: `\"...\"`")
                return token(.string, from: start)
            }
        }
        unclosedForeign[opening] = position
        position = start
        return nil
    }

    // MARK: Punctuation

    /// An operator that other languages have for one of Cedar's; it is reported.
    private mutating func foreignOperator(_ first: UInt8) -> Token? {
        let second = byte(at: position + 1)
        let isTripled = second == UInt8(ascii: "=") && byte(at: position + 2) == UInt8(ascii: "=")
        let match: (text: String, meaning: Token.Kind)? =
            switch first {
            case UInt8(ascii: "=") where isTripled: ("===", .equal)
            case UInt8(ascii: "!") where isTripled: ("!==", .notEqual)
            case UInt8(ascii: "<") where second == UInt8(ascii: ">"): ("<>", .notEqual)
            case UInt8(ascii: "&") where second != first: ("&", .and)
            case UInt8(ascii: "|") where second != first: ("|", .or)
            default: nil
            }
        guard let match else { return nil }
        let start = position
        position += match.text.utf8.count
        report("`\(match.text)` is not an operator in Cedar", from: start, help: "did you mean \(match.meaning.text)?")
        return token(match.meaning, from: start)
    }

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
        case "'", "\u{201C}", "\u{201D}", "\u{2018}", "\u{2019}": help = "strings stand in plain double quotes: `\"...\"`"
        default:
            help = nil
            // One report for a whole run of the same character.
            while position < bytes.count, self.scalar(at: position).0 == scalar { position += width }
        }
        let name = scalar.isPrintable ? "`\(scalar)`" : "U+\(String(scalar.value, radix: 16, uppercase: true))"
        report("\(name) has no meaning in Cedar", from: start, help: help)
    }
}
