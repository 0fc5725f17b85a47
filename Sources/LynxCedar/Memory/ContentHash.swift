/// A keyed 64-bit hash of bytes: folded 128-bit products, as in wyhash and its kin.
///
/// The keys are drawn anew in each process, so nobody who chooses texts can make them collide.
enum ContentHash {
    private static let keys: (UInt64, UInt64, UInt64) = (.random(in: 1...UInt64.max), .random(in: 1...UInt64.max) | 1, .random(in: 1...UInt64.max) | 1)

    /// `O(n)` in the number of bytes.
    static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let (seed, first, second) = keys
        var state = seed ^ UInt64(truncatingIfNeeded: bytes.count) &* 0x9E37_79B9_7F4A_7C15
        guard let start = bytes.baseAddress else { return fold(state, first) }
        var offset = 0
        // Every load below ends within the bytes: the loop leaves 1 to 16 of them, or there were none.
        while bytes.count - offset > 16 {
            let low = start.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let high = start.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
            state = fold(low ^ state, high ^ second)
            offset += 16
        }
        let rest = bytes.count - offset
        let low: UInt64
        let high: UInt64
        if rest >= 8 {
            low = start.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            high = start.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self)
        } else if rest >= 4 {
            low = UInt64(start.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            high = UInt64(start.loadUnaligned(fromByteOffset: bytes.count - 4, as: UInt32.self))
        } else if rest > 0 {
            low = UInt64(bytes[offset]) << 16 | UInt64(bytes[offset + rest / 2]) << 8 | UInt64(bytes[bytes.count - 1])
            high = 0
        } else {
            (low, high) = (0, 0)
        }
        return fold(fold(low ^ state, high ^ first), second)
    }

    static func of(_ text: String) -> UInt64 {
        var text = text
        return text.withUTF8 { of(UnsafeRawBufferPointer($0)) }
    }

    /// The hash of two things in order.
    @inline(__always)
    static func combine(_ first: UInt64, _ second: UInt64) -> UInt64 {
        fold(first ^ keys.1, second &+ keys.2)
    }

    @inline(__always)
    private static func fold(_ first: UInt64, _ second: UInt64) -> UInt64 {
        let product = first.multipliedFullWidth(by: second)
        return product.high ^ product.low
    }
}
