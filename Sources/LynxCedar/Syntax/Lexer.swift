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
            switch first {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): return word()
            case UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
            case UInt8(ascii: "\""): return string()
            case UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "<"), UInt8(ascii: "&"), UInt8(ascii: "|"):
                if let foreign = foreignOperator(first) { return foreign }
            default: break
            }
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
                var end = position + 1
                while end < bytes.count, bytes[end] == UInt8(ascii: " ") { end += 1 }
                position = end
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
        var end = position
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n"), bytes[end] != UInt8(ascii: "\r") { end += 1 }
        position = end
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
        var end = start
        /// Its last bytes as one number, so that keywords are told in one step.
        var packed: UInt64 = 0
        while end < bytes.count, bytes[end].isIdentifierPart {
            packed = packed << 8 | UInt64(bytes[end])
            end += 1
        }
        position = end
        if let byte = byte(at: end), byte >= 0x80, skipForeignLetters() {
            reportForeignLetters(from: start)
            return token(.identifier, from: start)
        }
        return token(end - start <= 5 ? Lexer.keyword(packed) : .identifier, from: start)
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

    /// The kind of a word of at most five letters, given as their bytes in one number.
    private static func keyword(_ word: UInt64) -> Token.Kind {
        switch word {
        case 0x69_6E: .in
        case 0x69_73: .is
        case 0x69_66: .if
        case 0x68_61_73: .has
        case 0x6C_69_6B_65: .like
        case 0x74_68_65_6E: .then
        case 0x65_6C_73_65: .else
        case 0x74_72_75_65: .true
        case 0x66_61_6C_73_65: .false
        default: .identifier
        }
    }

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
        switch first {
        case UInt8(ascii: "@"): return token(.at, length: 1)
        case UInt8(ascii: "."): return token(.dot, length: 1)
        case UInt8(ascii: ","): return token(.comma, length: 1)
        case UInt8(ascii: ";"): return token(.semicolon, length: 1)
        case UInt8(ascii: ":"): return pair(UInt8(ascii: ":"), .doubleColon, else: .colon)
        case UInt8(ascii: "("): return token(.leftParenthesis, length: 1)
        case UInt8(ascii: ")"): return token(.rightParenthesis, length: 1)
        case UInt8(ascii: "{"): return token(.leftBrace, length: 1)
        case UInt8(ascii: "}"): return token(.rightBrace, length: 1)
        case UInt8(ascii: "["): return token(.leftBracket, length: 1)
        case UInt8(ascii: "]"): return token(.rightBracket, length: 1)
        case UInt8(ascii: "="): return pair(UInt8(ascii: "="), .equal, else: .assign)
        case UInt8(ascii: "!"): return pair(UInt8(ascii: "="), .notEqual, else: .bang)
        case UInt8(ascii: "<"): return pair(UInt8(ascii: "="), .lessOrEqual, else: .less)
        case UInt8(ascii: ">"): return pair(UInt8(ascii: "="), .greaterOrEqual, else: .greater)
        // One alone is an operator of other languages.
        case UInt8(ascii: "|"): return token(.or, length: 2)
        case UInt8(ascii: "&"): return token(.and, length: 2)
        case UInt8(ascii: "+"): return token(.plus, length: 1)
        case UInt8(ascii: "-"): return token(.minus, length: 1)
        case UInt8(ascii: "*"): return token(.star, length: 1)
        case UInt8(ascii: "/"): return token(.slash, length: 1)
        case UInt8(ascii: "%"): return token(.percent, length: 1)
        case UInt8(ascii: "?"):
            let (kind, length) = slotOrQuestion()
            return token(kind, length: length)
        default: return nil
        }
    }

    private mutating func token(_ kind: Token.Kind, length: Int) -> Token {
        let start = position
        position += length
        return token(kind, from: start)
    }

    /// A token of two bytes, when the second is as given, or of one.
    private mutating func pair(_ second: UInt8, _ long: Token.Kind, else short: Token.Kind) -> Token {
        byte(at: position + 1) == second ? token(long, length: 2) : token(short, length: 1)
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
