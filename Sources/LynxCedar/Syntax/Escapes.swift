/// Decoding of the escape sequences in string literals and patterns (language reference, "String").
enum Escapes {
    /// A malformed escape, by byte offsets within the literal's content.
    struct Fault: Equatable {
        let range: Range<Int>
        let message: String
        let help: String?
    }

    /// A decoded scalar; `\*` is told apart from a bare `*`, which is a wildcard in patterns.
    enum Element: Equatable {
        case scalar(Unicode.Scalar)
        case escapedStar
    }

    /// Decodes the bytes between the quotes; all faults are collected, up to those that are reported of a text.
    ///
    /// - Parameter allowStar: whether `\*` is an escape, as it is in patterns only.
    static func decode(
        _ content: ArraySlice<UInt8>, allowStar: Bool, _ emit: (Element) -> Void
    ) -> [Fault] {
        var faults: [Fault] = []
        var scanner = Scanner(bytes: content, position: content.startIndex)
        while faults.count <= DiagnosticCollector.maximumCount, let scalar = scanner.nextScalar() {
            let start = scanner.position - UTF8.width(scalar)
            switch scalar {
            case "\\":
                switch scanner.escape(allowStar: allowStar) {
                case .success(let element): emit(element)
                case .failure(let problem):
                    let range = (start - content.startIndex)..<(scanner.position - content.startIndex)
                    faults.append(Fault(range: range, message: problem.message, help: problem.help))
                }
            case "\r":
                // The reference refuses it: the same file with other line ends would be another policy.
                let range = (start - content.startIndex)..<(scanner.position - content.startIndex)
                let endsLine = scanner.position < content.endIndex && content[scanner.position] == UInt8(ascii: "\n")
                faults.append(
                    endsLine
                        ? Fault(
                            range: range, message: "a string cannot go over the line ends of Windows",
                            help: "write the line end as `\\n`, or save the file with line feeds alone")
                        : Fault(range: range, message: "a string cannot hold a bare carriage return", help: "write `\\r`"))
            default:
                emit(.scalar(scalar))
            }
        }
        return faults
    }

    private struct Problem: Error {
        let message: String
        let help: String?
    }

    private struct Scanner {
        let bytes: ArraySlice<UInt8>
        var position: Int

        mutating func nextScalar() -> Unicode.Scalar? {
            guard position < bytes.endIndex else { return nil }
            let first = bytes[position]
            if first < 0x80 {
                position += 1
                return Unicode.Scalar(first)
            }
            var decoder = UTF8()
            var iterator = bytes[position...].makeIterator()
            guard case .scalarValue(let scalar) = decoder.decode(&iterator) else {
                position += 1
                return "\u{FFFD}"
            }
            position += UTF8.width(scalar)
            return scalar
        }

        mutating func escape(allowStar: Bool) -> Result<Element, Problem> {
            guard let scalar = nextScalar() else {
                return .failure(Problem(message: "a lone backslash is no escape", help: "write `\\\\`"))
            }
            switch scalar {
            case "n": return .success(.scalar("\n"))
            case "r": return .success(.scalar("\r"))
            case "t": return .success(.scalar("\t"))
            case "0": return .success(.scalar("\0"))
            case "\\", "'", "\"": return .success(.scalar(scalar))
            case "*" where allowStar: return .success(.escapedStar)
            case "x": return hexadecimalEscape()
            case "u": return unicodeEscape()
            case "*":
                return .failure(Problem(message: "`\\*` is an escape in `like` patterns only", help: "write `*`"))
            default:
                return .failure(
                    Problem(
                        message: "`\\\(scalar.isPrintable ? String(scalar) : "")` is not an escape",
                        help: "the escapes are \\n \\r \\t \\\\ \\0 \\' \\\" \\xNN and \\u{...}"))
            }
        }

        /// `\xNN`, two hexadecimal digits up to 7F.
        private mutating func hexadecimalEscape() -> Result<Element, Problem> {
            let problem = Problem(
                message: "`\\x` takes two hexadecimal digits, 00 to 7F", help: "write larger code points as `\\u{...}`")
            guard let high = hexadecimalDigit(), let low = hexadecimalDigit(), high < 8 else { return .failure(problem) }
            return .success(.scalar(Unicode.Scalar(UInt8(high * 16 + low))))
        }

        /// `\u{N}`, one to six hexadecimal digits, underscores allowed after the first.
        private mutating func unicodeEscape() -> Result<Element, Problem> {
            let malformed = Problem(
                message: "`\\u` takes one to six hexadecimal digits in braces", help: "for example `\\u{1F600}`")
            guard position < bytes.endIndex, bytes[position] == UInt8(ascii: "{") else { return .failure(malformed) }
            position += 1
            var value: UInt32 = 0
            var digits = 0
            while position < bytes.endIndex, bytes[position] != UInt8(ascii: "}") {
                if bytes[position] == UInt8(ascii: "_"), digits > 0 {
                    position += 1
                } else if let digit = hexadecimalDigit() {
                    digits += 1
                    if digits <= 6 { value = value * 16 + digit }
                } else {
                    return .failure(malformed)
                }
            }
            guard position < bytes.endIndex else { return .failure(malformed) }
            position += 1
            guard (1...6).contains(digits) else { return .failure(malformed) }
            guard let scalar = Unicode.Scalar(value) else {
                return .failure(Problem(message: "\\u{\(String(value, radix: 16))} is no Unicode scalar", help: nil))
            }
            return .success(.scalar(scalar))
        }

        private mutating func hexadecimalDigit() -> UInt32? {
            guard position < bytes.endIndex, let digit = bytes[position].hexadecimalDigit else { return nil }
            position += 1
            return UInt32(digit)
        }
    }
}
