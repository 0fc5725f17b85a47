/// A keyed 64-bit hash of bytes: folded 128-bit products, as in wyhash and its kin.
///
/// The keys are drawn anew in each process, so nobody who chooses texts can make them collide.
struct ContentHash: BitwiseCopyable {
    private let seed = key(0)
    private let first = key(1)
    private let second = key(2)

    private init() {}

    /// Drawn by the standard library, so that what makes its hashes the same from run to run does so for these.
    private static func key(_ number: Int) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(number)
        return UInt64(truncatingIfNeeded: hasher.finalize()) | 1
    }

    /// The hash of this process. Whoever hashes often keeps a copy at hand.
    static let ofProcess = ContentHash()

    static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 { ofProcess.of(bytes) }

    /// `O(n)` in the number of bytes.
    @inline(__always)
    func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var state = seed ^ UInt64(truncatingIfNeeded: bytes.count) &* 0x9E37_79B9_7F4A_7C15
        guard let start = bytes.baseAddress else { return ContentHash.fold(state, first) }
        var offset = 0
        // Every load below ends within the bytes: the loop leaves 1 to 16 of them, or there were none.
        while bytes.count - offset > 16 {
            let low = start.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let high = start.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
            state = ContentHash.fold(low ^ state, high ^ second)
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
        return ContentHash.fold(ContentHash.fold(low ^ state, high ^ first), second)
    }


    /// The hash of two numbers in order. It has no key: nobody outside chooses them, or they are hashes already.
    @inline(__always)
    static func combine(_ first: UInt64, _ second: UInt64) -> UInt64 {
        fold(first ^ 0xA076_1D64_78BD_642F, second ^ 0xE703_7ED1_A0B4_28DB)
    }

    @inline(__always)
    private static func fold(_ first: UInt64, _ second: UInt64) -> UInt64 {
        let product = first.multipliedFullWidth(by: second)
        return product.high ^ product.low
    }
}
