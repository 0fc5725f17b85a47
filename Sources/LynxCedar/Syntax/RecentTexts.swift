/// What the pieces of a text stand for that came up last: a word, name or string that a text repeats is made once and shared.
///
/// Of fixed size, and a piece takes the place of another with the same hash, so that no choice of texts makes it large or slow.
struct RecentTexts<Meaning> {
    private struct Entry {
        let range: Range<Int>
        let meaning: Meaning
    }

    private var entries: [Entry?]
    private let hash = ContentHash.ofProcess

    /// Longer pieces are not kept.
    private static var longest: Int { 64 }

    /// - Parameter size: how long the whole text is, in bytes.
    init(textSize size: Int) {
        var count = 8
        while count < 1024, count < size / 16 { count *= 2 }
        self.entries = Array(repeating: nil, count: count)
    }

    /// What a piece stands for.
    ///
    /// - Parameters:
    ///   - range: where the piece stands in `bytes`, which are always the same.
    ///   - meaning: makes it, when it did not come up lately.
    mutating func meaning(
        _ range: Range<Int>, in bytes: [UInt8], _ meaning: (String) -> Meaning
    ) -> Meaning {
        guard range.count <= Self.longest else { return meaning(String(decoding: bytes[range], as: UTF8.self)) }
        let hash = bytes.withUnsafeBytes { self.hash.of(UnsafeRawBufferPointer(rebasing: $0[range])) }
        let place = Int(truncatingIfNeeded: hash) & (entries.count - 1)
        if let entry = entries[place], Self.areEqual(entry.range, range, in: bytes) { return entry.meaning }
        let new = meaning(String(decoding: bytes[range], as: UTF8.self))
        entries[place] = Entry(range: range, meaning: new)
        return new
    }

    private static func areEqual(_ first: Range<Int>, _ second: Range<Int>, in bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { UnsafeRawBufferPointer(rebasing: $0[first]).isEqual(to: UnsafeRawBufferPointer(rebasing: $0[second])) }
    }
}
