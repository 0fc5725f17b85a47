/// Takes the short texts out of Swift's small strings, as two words, without going through their bytes.
///
/// On 64-bit machines a `String` of up to 15 bytes holds them in itself: the bytes in order, and in the highest byte of its second word
/// their number and a bit that says that they are there (the standard library's SmallString). Nobody promises that, so it is tried out
/// once a process; where it does not hold, strings are read the long way.
struct SmallStrings: BitwiseCopyable {
    /// The bit that says that a string is small; none where strings are otherwise.
    private let mark: UInt64

    private static let isSmall: UInt64 = 1 << 61
    /// The number of bytes, and the last seven of them.
    private static let contents: UInt64 = 0x0FFF_FFFF_FFFF_FFFF

    static let ofProcess = SmallStrings()

    private init() {
        mark = SmallStrings.areAsExpected ? SmallStrings.isSmall : 0
    }

    private init(mark: UInt64) {
        self.mark = mark
    }

    /// `nil` for a string that is not small, which says nothing of its length.
    @inline(__always)
    func text(_ string: String) -> ShortText? {
        #if _endian(little) && (arch(x86_64) || arch(arm64))
            let words = unsafeBitCast(string, to: (low: UInt64, high: UInt64).self)
            guard words.high & mark != 0 else { return nil }
            return ShortText(low: words.low, high: words.high & SmallStrings.contents)
        #else
            return nil
        #endif
    }

    /// Strings of every length around the limit, made while the process runs, one ASCII and one not.
    private static var areAsExpected: Bool {
        let reader = SmallStrings(mark: isSmall)
        for letter in ["a", "é"] {
            for length in 0...ShortText.capacity + 4 {
                let text = String(repeating: letter, count: length)
                let expected = text.withBytes { ShortText($0) }
                guard let found = reader.text(text) else { continue }
                if found != expected { return false }
            }
        }
        return true
    }
}
