/// Identifiers that nobody can guess and that never come twice.
public enum RandomID {
    private static let digits = Array("0123456789abcdef".utf8)

    /// 128 random bits in 32 hexadecimal digits: also the form of a trace id (W3C Trace Context).
    public static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        var text: [UInt8] = []
        text.reserveCapacity(32)
        for _ in 0..<2 {
            var bits = generator.next()
            for _ in 0..<16 {
                text.append(digits[Int(bits & 0xF)])
                bits >>= 4
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
