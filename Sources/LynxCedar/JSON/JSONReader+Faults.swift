/// What to say where a JSON text goes wrong. Nothing here moves the reader: reading ends with these errors.
extension JSONReader {
    // MARK: Structure

    /// At the place where a value must start, in the array or object that is open there, if one is.
    func unexpectedInsteadOfValue(in container: (isObject: Bool, opening: SourceSpan)?) -> ParseError {
        if let error = generalFault() { return error }
        if isAtEnd {
            guard let container else {
                return failure("expected a JSON value, found the end of the text", at: span(position, position))
            }
            return unterminated(isObject: container.isObject, opening: container.opening)
        }
        let word = self.word
        if let span = word {
            let text = source.substring(span)
            return failure("`\(CedarString(text).shownBare)` is no JSON value", at: span, help: meaning(of: text))
        }
        switch next {
        case UInt8(ascii: "+"):
            return failure("a number cannot start with `+`", at: byteSpan, help: "remove the `+`")
        case UInt8(ascii: "."):
            return failure(
                "a number cannot start with `.`", at: byteSpan, help: "write a digit before the point, as in `0.5`")
        case UInt8(ascii: ",") where container != nil:
            return failure("there is no value before this comma", at: byteSpan, help: "remove the comma")
        default:
            return failure("expected a JSON value, found \(found)", at: scalarSpan)
        }
    }

    func unexpectedInsteadOfKey() -> ParseError {
        if let error = generalFault() { return error }
        if let span = word {
            let text = CedarString(source.substring(span)).shownBare
            return failure("the key `\(text)` is not in double quotes", at: span, help: "did you mean `\"\(text)\"`?")
        }
        if next == UInt8(ascii: ",") {
            return failure("there is no member before this comma", at: byteSpan, help: "remove the comma")
        }
        return failure(
            "expected a key in double quotes, found \(found)", at: scalarSpan,
            help: next.isDecimalDigit ? "keys are strings: put the number in double quotes" : nil)
    }

    func unexpectedInsteadOfColon() -> ParseError {
        if let error = generalFault() { return error }
        return failure(
            "expected `:` after the key, found \(found)", at: scalarSpan,
            help: next == UInt8(ascii: "=") ? "did you mean `:`?" : nil)
    }

    func unexpectedAfterValue(inObject isObject: Bool, opening: SourceSpan) -> ParseError {
        if isAtEnd { return unterminated(isObject: isObject, opening: opening) }
        if next == UInt8(ascii: "/") || next == UInt8(ascii: "#"), let error = generalFault() { return error }
        let closing = isObject ? "}" : "]"
        let help: String? =
            switch next {
            case UInt8(ascii: "}"), UInt8(ascii: "]"): "did you mean `\(closing)`?"
            case UInt8(ascii: ";"): "did you mean `,`?"
            case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "-"):
                "did you forget a comma?"
            case _ where next.isIdentifierPart: "did you forget a comma?"
            default: nil
            }
        return failure(
            "expected `,` or `\(closing)`, found \(found)", at: scalarSpan, help: help,
            notes: [Diagnostic.Note("the \(isObject ? "object" : "array") starts here", span: opening)])
    }

    func unexpectedAfterEnd() -> ParseError {
        if next == UInt8(ascii: "/") || next == UInt8(ascii: "#"), let error = generalFault() { return error }
        return failure(
            "expected the end of the text after the JSON value, found \(found)", at: scalarSpan,
            help: "a JSON text is one value; put several into an array")
    }

    private func unterminated(isObject: Bool, opening: SourceSpan) -> ParseError {
        failure(
            "the text ends within an \(isObject ? "object" : "array")", at: span(position, position),
            help: "close it with `\(isObject ? "}" : "]")`",
            notes: [Diagnostic.Note("the \(isObject ? "object" : "array") starts here", span: opening)])
    }

    /// Faults that can stand anywhere between tokens.
    private func generalFault() -> ParseError? {
        switch (next, isAtEnd ? 0 : bytes[position + 1]) {
        case (UInt8(ascii: "/"), UInt8(ascii: "/")), (UInt8(ascii: "/"), UInt8(ascii: "*")):
            return failure(
                "JSON has no comments", at: span(position, position + 2),
                help: position == 0 ? "remove the comment; or is this Cedar's own syntax?" : "remove the comment")
        case (UInt8(ascii: "#"), _):
            return failure("JSON has no comments", at: byteSpan, help: "remove the comment")
        case (UInt8(ascii: "'"), _), (UInt8(ascii: "`"), _):
            return failure("JSON strings are in double quotes", at: byteSpan, help: "did you mean `\"`?")
        default:
            return nil
        }
    }

    // MARK: Tokens

    /// In the string that starts at `start`: at the end of the text or at a control character.
    func interruptedString(from start: Int) -> ParseError {
        let opening = Diagnostic.Note("the string starts here", span: span(start, start + 1))
        if isAtEnd {
            return failure(
                "the text ends within a string", at: span(position, position), help: "close it with `\"`", notes: [opening])
        }
        let (name, escape) =
            switch next {
            case 0x08: ("a backspace", "\\b")
            case 0x09: ("a tab", "\\t")
            case 0x0A: ("a line feed", "\\n")
            case 0x0C: ("a form feed", "\\f")
            case 0x0D: ("a carriage return", "\\r")
            default: ("the control character \(scalarName)", "\\u" + String(next, radix: 16).leftPadded(to: 4))
            }
        return failure(
            "a string cannot contain \(name) as it is", at: byteSpan,
            help: next == 0x0A ? "write `\(escape)`, or close the string before the end of the line" : "write `\(escape)`",
            notes: [opening])
    }

    /// Behind the backslash at `start`.
    func unknownEscape(from start: Int) -> ParseError {
        if isAtEnd {
            return failure("the text ends within a string", at: span(position, position), help: "close it with `\"`")
        }
        let end = Int(scalarSpan.upperBound)
        let help: String? =
            switch next {
            case UInt8(ascii: "'"): "a single quote needs no escape in JSON"
            case UInt8(ascii: "0"): "did you mean `\\u0000`?"
            case UInt8(ascii: "x"), UInt8(ascii: "U"): "JSON escapes are written `\\u` with four hexadecimal digits"
            case 0..<0x20: nil
            default: "to have a backslash in a string, write `\\\\`"
            }
        return failure(
            "there is no escape `\\\(next < 0x20 ? scalarName : String(source.substring(scalarSpan)))` in JSON",
            at: span(start, end), help: help)
    }

    /// In the escape that starts at `start`, at a byte that is no hexadecimal digit.
    func malformedUnicodeEscape(from start: Int) -> ParseError {
        if isAtEnd {
            return failure("the text ends within a string", at: span(position, position), help: "close it with `\"`")
        }
        return failure(
            "`\\u` needs four hexadecimal digits", at: span(start, position),
            help: next == UInt8(ascii: "{") ? "JSON has no `\\u{...}`: write `\\u0041` for the scalar 41" : nil)
    }

    /// Of the escape from `start` to the current place.
    func loneSurrogate(from start: Int, isLeading: Bool) -> ParseError {
        failure(
            "the escape is half of a surrogate pair, and the \(isLeading ? "second" : "first") half is missing",
            at: span(start, position), help: "scalars above U+FFFF are written as two escapes, as in `\\ud83d\\ude00`")
    }

    /// At the place where the number that starts at `start` went wrong.
    func malformedNumber(from start: Int) -> ParseError {
        var end = position
        while bytes[end].isIdentifierPart || bytes[end] == UInt8(ascii: ".") || bytes[end] == UInt8(ascii: "+")
            || bytes[end] == UInt8(ascii: "-")
        {
            end += 1
        }
        let span = span(start, end)
        let text = CedarString(source.substring(span)).shownBare
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let help: String? =
            switch digits {
            case "NaN", "Infinity": "Cedar has 64-bit integers only"
            case _ where digits.hasPrefix("0x") || digits.hasPrefix("0X"): "JSON numbers are decimal"
            case _ where digits.contains("_"): "remove the `_`"
            case _ where digits.first == "0" && digits.dropFirst().first?.isNumber == true: "remove the leading zeros"
            case _ where digits.first == ".": "write a digit before the point, as in `0.5`"
            default: nil
            }
        return failure("`\(text)` is no JSON number", at: span, help: help)
    }

    // MARK: Words for what is there

    /// The span of the identifier that starts here, if one does.
    private var word: SourceSpan? {
        guard next.isIdentifierStart else { return nil }
        var end = position
        while bytes[end].isIdentifierPart { end += 1 }
        return span(position, end)
    }

    private func meaning(of word: Substring) -> String? {
        switch word {
        case "NaN", "Infinity", "inf", "nan": return "Cedar has 64-bit integers only"
        case "undefined", "None", "nil": return "leave the member out"
        default: break
        }
        if let suggestion = Spelling.suggestion(for: word, among: ["true", "false", "null"]) {
            return "did you mean `\(suggestion)`?"
        }
        return word.utf8.count <= 60 ? "did you mean `\"\(word)\"`?" : nil
    }

    private var byteSpan: SourceSpan { span(position, position + 1) }

    /// The scalar that starts here; empty at the end of the text.
    private var scalarSpan: SourceSpan {
        guard !isAtEnd else { return span(position, position) }
        var end = position + 1
        while bytes[end] & 0xC0 == 0x80 { end += 1 }
        return span(position, end)
    }

    private var found: String {
        guard !isAtEnd else { return "the end of the text" }
        guard let scalar = source.substring(scalarSpan).unicodeScalars.first else { return "the end of the text" }
        if scalar == "\u{FEFF}" { return "a byte order mark" }
        if scalar.properties.isWhitespace { return "the white space \(scalarName), which JSON does not know" }
        return scalar.isPrintable ? "`\(scalar)`" : "the character \(scalarName)"
    }

    /// The scalar that starts here by its number.
    private var scalarName: String {
        guard let scalar = source.substring(scalarSpan).unicodeScalars.first else { return "the end of the text" }
        return "U+" + String(scalar.value, radix: 16, uppercase: true).leftPadded(to: 4)
    }
}

extension CedarString {
    /// The text between backticks of a message, cut when it is long.
    fileprivate var shownBare: String {
        String(excerpt.dropFirst().prefix { $0 != "\"" })
    }
}

extension String {
    fileprivate func leftPadded(to count: Int) -> String {
        String(repeating: "0", count: max(0, count - utf8.count)) + self
    }
}
