/// Text on its way to a terminal, a log or a person: nothing that came from outside moves the cursor, changes colours,
/// reorders or hides its neighbours.
public enum DisplayText {
    /// A text in which every scalar that does not show as itself is escaped; line breaks are too, so the result is one line.
    public static func line(_ text: some StringProtocol) -> String {
        var result = ""
        for scalar in text.unicodeScalars { append(scalar, to: &result) }
        return result
    }

    /// Appends the visible form of a scalar.
    ///
    /// - Returns: the number of terminal columns it takes.
    @discardableResult
    static func append(_ scalar: Unicode.Scalar, to result: inout String) -> Int {
        switch scalar {
        case " "..."~":
            result.unicodeScalars.append(scalar)
            return 1
        case "\n", "\r", "\t", "\0":
            var escaped = ""
            escaped.append(escaping: scalar)
            result += escaped
            return escaped.utf8.count
        default:
            if scalar.isCombiningMark {
                result.unicodeScalars.append(scalar)
                return 0
            }
            if scalar.isPrintable {
                result.unicodeScalars.append(scalar)
                return isWide(scalar) ? 2 : 1
            }
            let escaped = "\\u{\(String(scalar.value, radix: 16))}"
            result += escaped
            return escaped.utf8.count
        }
    }

    /// Whether terminals give the scalar two columns (Unicode Standard Annex 11: East Asian Wide and Fullwidth; emoji).
    static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x1100: false
        case 0x1100...0x115F,  // Hangul initial consonants
            0x2E80...0x303E,  // CJK radicals, punctuation
            0x3041...0x33FF,  // kana, Bopomofo, compatibility forms
            0x3400...0x4DBF, 0x4E00...0x9FFF,  // unified ideographs
            0xA000...0xA4CF,  // Yi
            0xA960...0xA97F, 0xAC00...0xD7A3,  // Hangul
            0xF900...0xFAFF,  // compatibility ideographs
            0xFE10...0xFE19, 0xFE30...0xFE6F,  // vertical and small forms
            0xFF01...0xFF60, 0xFFE0...0xFFE6,  // fullwidth forms
            0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF,  // Tangut, Khitan, historic kana
            0x20000...0x3FFFD:  // further ideographs
            true
        default:
            scalar.properties.isEmojiPresentation
        }
    }
}
