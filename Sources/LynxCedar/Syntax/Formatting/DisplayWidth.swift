/// How many columns a text takes.
enum DisplayWidth {
    static func of(_ text: ArraySlice<UInt8>) -> Int {
        guard text.contains(where: { $0 >= 0x80 }) else { return text.count }
        return String(decoding: text, as: UTF8.self).unicodeScalars.reduce(0) { $0 + columns($1) }
    }
    static func columns(_ s: Unicode.Scalar) -> Int { 1 }
}
