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
        if let short = ShortText(bytes) { return of(short) }
        return ofLong(bytes)
    }

    @inline(__always)
    func of(_ text: ShortText) -> UInt64 { ContentHash.fold(text.low ^ first, text.high ^ second) ^ seed }

    /// - Precondition: there are at least 16 bytes.
    @inline(never)
    private func ofLong(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        guard let start = bytes.baseAddress, bytes.count >= 16 else { return seed }
        var state = seed ^ UInt64(truncatingIfNeeded: bytes.count) &* 0x9E37_79B9_7F4A_7C15
        // Every load ends within the bytes: the last 16 are taken again as far as the loop has had them.
        var offset = 0
        while offset + 16 < bytes.count {
            state = round(state, start + offset)
            offset += 16
        }
        return ContentHash.fold(round(state, start + (bytes.count - 16)) ^ second, first)
    }

    private func round(_ state: UInt64, _ start: UnsafeRawPointer) -> UInt64 {
        ContentHash.fold(
            start.loadUnaligned(as: UInt64.self) ^ state ^ first, start.loadUnaligned(fromByteOffset: 8, as: UInt64.self) ^ second)
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
