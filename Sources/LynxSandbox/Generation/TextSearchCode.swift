/// The function that looks for a literal anywhere in a text.
struct TextSearchCode {
    let field: TextField
    let number: Int
    let literal: [UInt8]

    /// The call of the macro that defines it.
    var definition: String {
        let words = FormulaCode.words(of: literal)
        let (place, byte) = rarest
        let rest = words.dropFirst().map { offset, value, mask in
            "(text_word_at(bytes, start + \(offset)) & \(FormulaCode.hex(mask))) == \(FormulaCode.hex(value))"
        }
        let first = words.first ?? (0, 0, 0)
        return "SANDBOX_SEARCH(\(field.rawValue)_has_literal_\(number), \(field.capacityName), \(literal.count), \(byte), \(place), "
            + "\(FormulaCode.hex(first.value)), \(FormulaCode.hex(first.mask)), \(rest.first ?? "1"))"
    }

    /// The byte of the literal that paths have least of, by a guess, and where it first stands.
    private var rarest: (place: Int, byte: UInt8) {
        func frequency(_ byte: UInt8) -> Int {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): "qzxjkvw".utf8.contains(byte) ? 2 : 4
            case UInt8(ascii: "/"): 3
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): 2
            default: 1
            }
        }
        let place = literal.indices.min { frequency(literal[$0]) < frequency(literal[$1]) } ?? 0
        return (place, literal.isEmpty ? 0 : literal[place])
    }
}
