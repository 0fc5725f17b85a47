import Synchronization

/// Memory that is handed out piece by piece and given back all at once: what lies in it never moves.
///
/// Copies share it and may each go on taking pieces; no two get the same.
struct BlockArena: Sendable {
    private var chunks: ContiguousArray<Chunk> = []

    private static let chunkSize = 1 << 16

    /// A piece of uninitialised memory, aligned to 8 bytes, that lives as long as any copy of the arena made from now on.
    mutating func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
        let size = (byteCount + 7) & ~7
        if let piece = chunks.last?.claim(size) { return piece }
        // A large piece has a chunk of its own, put before the last so that this one is used up.
        let chunk = Chunk(capacity: max(size, min(BlockArena.chunkSize, max(512, self.size))))
        if size > BlockArena.chunkSize / 4, !chunks.isEmpty {
            chunks.insert(chunk, at: chunks.count - 1)
        } else {
            chunks.append(chunk)
        }
        // The chunk is new and large enough.
        return chunk.claim(size) ?? chunk.start
    }

    /// Size in memory, in bytes.
    var size: Int { chunks.reduce(0) { $0 + $1.capacity } }
}

private final class Chunk: Sendable {
    nonisolated(unsafe) let start: UnsafeMutableRawPointer
    let capacity: Int
    private let used = Atomic<Int>(0)

    init(capacity: Int) {
        self.capacity = capacity
        start = .allocate(byteCount: max(capacity, 8), alignment: 8)
    }

    deinit { start.deallocate() }

    func claim(_ size: Int) -> UnsafeMutableRawPointer? {
        guard used.load(ordering: .relaxed) + size <= capacity else { return nil }
        let offset = used.add(size, ordering: .relaxed).oldValue
        return offset + size <= capacity ? start + offset : nil
    }
}
