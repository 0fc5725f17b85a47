/// Up to 15 bytes as two words: the form in which a symbol table keeps short strings, so that comparing is comparing words.
///
/// The bytes stand in order from the lowest of `low` on; the highest byte of `high` is their number.
struct ShortText: BitwiseCopyable, Equatable {
    let low: UInt64
    let high: UInt64

    static let capacity = 15

    init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    /// `nil` for more than 15 bytes.
    @inline(__always)
    init?(_ bytes: UnsafeRawBufferPointer) {
        let count = bytes.count
        guard count <= ShortText.capacity else { return nil }
        guard count > 0, let start = bytes.baseAddress else {
            low = 0
            high = 0
            return
        }
        let length = UInt64(truncatingIfNeeded: count) << 56
        // Every load below ends within the bytes. Where two overlap, shifting takes out what they have in common.
        if count > 8 {
            low = ShortText.word(start)
            high = ShortText.word(start + (count - 8)) >> UInt64((16 - count) * 8) | length
        } else if count >= 4 {
            let first = UInt64(UInt32(littleEndian: start.loadUnaligned(as: UInt32.self)))
            let last = UInt64(UInt32(littleEndian: (start + (count - 4)).loadUnaligned(as: UInt32.self)))
            low = first | last << UInt64((count - 4) * 8)
            high = length
        } else {
            let last = UInt64((start + (count - 1)).load(as: UInt8.self)) << UInt64((count - 1) * 8)
            let middle = UInt64((start + count / 2).load(as: UInt8.self)) << UInt64(count / 2 * 8)
            low = UInt64(start.load(as: UInt8.self)) | middle | last
            high = length
        }
    }

    @inline(__always)
    private static func word(_ start: UnsafeRawPointer) -> UInt64 {
        UInt64(littleEndian: start.loadUnaligned(as: UInt64.self))
    }
}
