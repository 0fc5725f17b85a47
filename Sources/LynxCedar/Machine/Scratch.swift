#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The memory that a thread's decisions work in, kept from one to the next, so that a decision allocates nothing.
///
/// It is used through an address, so that nothing counts references to it or checks who else has it: a thread has its own, and
/// makes one decision after the other.
struct Scratch {
    /// A value that is kept during a request: the one numbered `epoch`.
    struct Memo: BitwiseCopyable {
        var epoch: UInt64
        var value: FlatValue
    }

    /// Of the current decision; no two on a thread have the same.
    private(set) var epoch: UInt64 = 0
    // Invariant: room for `memoCapacity`, all initialised.
    private(set) var memos: UnsafeMutablePointer<Memo>
    private var memoCapacity = 64
    private var chunks: ContiguousArray<(start: UnsafeMutableRawPointer, capacity: Int)> = []
    private var chunk = 0
    /// What is free of the current chunk.
    private var free: UnsafeMutableRawPointer
    private var end: UnsafeMutableRawPointer
    /// Where walks up the hierarchy are made.
    let walk: UnsafeMutablePointer<HierarchyWalk>

    /// The places of the policies that the decision found.
    var permits = NumberList()
    var forbids = NumberList()
    var errors = NumberList()
    /// Those that are left to the simple semantics.
    var interpreted = NumberList()
    /// The ancestors of the action, the principal and the resource, as far as somebody asked.
    private var actionAncestors = AncestorList()
    private var principalAncestors = AncestorList()
    private var resourceAncestors = AncestorList()
    private var lastHandle: SnapshotHandle?

    private struct AncestorList {
        var numbers = NumberList()
        /// The decision that they are of.
        var epoch: UInt64 = 0
    }

    private static let firstChunk = 1 << 14
    /// What a large request needed beyond this is given back when the next one begins.
    private static let memoryKept = 1 << 21
    private static let largestStep = 1 << 20

    fileprivate init() {
        memos = .allocate(capacity: memoCapacity)
        memos.initialize(repeating: Memo(epoch: 0, value: .error), count: memoCapacity)
        free = .allocate(byteCount: Scratch.firstChunk, alignment: 16)
        end = free + Scratch.firstChunk
        chunks = [(free, Scratch.firstChunk)]
        walk = .allocate(capacity: 1)
        walk.initialize(to: HierarchyWalk())
    }

    fileprivate func deallocate() {
        memos.deallocate()
        for chunk in chunks { chunk.start.deallocate() }
        walk.pointee.deallocate()
        walk.deallocate()
        for list in [permits, forbids, errors, interpreted] { list.deallocate() }
        for list in [actionAncestors, principalAncestors, resourceAncestors] { list.numbers.deallocate() }
    }

    mutating func begin(memoCount: Int) {
        epoch += 1
        if memoCount > memoCapacity { growMemos(to: memoCount) }
        if chunk > 0 { dropChunks() }
        free = chunks[0].start
        end = free + chunks[0].capacity
        permits.removeAll()
        forbids.removeAll()
        errors.removeAll()
        interpreted.removeAll()
    }

    private mutating func growMemos(to memoCount: Int) {
        memos.deallocate()
        memoCapacity = memoCount * 2
        memos = .allocate(capacity: memoCapacity)
        memos.initialize(repeating: Memo(epoch: 0, value: .error), count: memoCapacity)
    }

    private mutating func dropChunks() {
        chunk = 0
        var kept = 0
        let count = chunks.prefix {
            kept += $0.capacity
            return kept <= Scratch.memoryKept
        }.count
        for chunk in chunks[count...] { chunk.start.deallocate() }
        chunks.removeSubrange(count...)
    }

    /// Memory until the decision is over, aligned to 16 bytes.
    @inline(__always)
    mutating func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
        let size = (byteCount + 15) & ~15
        if free + size > end { nextChunk(for: size) }
        defer { free += size }
        return free
    }

    private mutating func nextChunk(for size: Int) {
        repeat {
            if chunk + 1 == chunks.count {
                let capacity = max(size, min(chunks[chunk].capacity * 2, Scratch.largestStep))
                chunks.append((.allocate(byteCount: capacity, alignment: 16), capacity))
            }
            chunk += 1
        } while chunks[chunk].capacity < size
        free = chunks[chunk].start
        end = free + chunks[chunk].capacity
    }

    /// The ancestors of the action (0), the resource (1) or the principal (2), for as long as the decision lasts.
    mutating func ancestors(of number: UInt32, as place: UInt8, in entities: EntityView) -> UnsafeBufferPointer<UInt32> {
        switch place {
        case 0: Scratch.fill(&actionAncestors, of: number, epoch, entities, walk)
        case 1: Scratch.fill(&resourceAncestors, of: number, epoch, entities, walk)
        default: Scratch.fill(&principalAncestors, of: number, epoch, entities, walk)
        }
    }

    private static func fill(
        _ list: inout AncestorList, of number: UInt32, _ epoch: UInt64, _ entities: EntityView, _ walk: UnsafeMutablePointer<HierarchyWalk>
    ) -> UnsafeBufferPointer<UInt32> {
        if list.epoch != epoch {
            list.epoch = epoch
            list.numbers.removeAll()
            entities.forEachAncestor(of: number, walk) { list.numbers.append($0) }
        }
        return list.numbers.numbers
    }

    /// This thread's handle of a snapshot.
    mutating func handle(of snapshot: some AnyObject & Sendable) -> SnapshotHandle {
        if let lastHandle, lastHandle.snapshot === snapshot { return lastHandle }
        let handle = SnapshotHandle(snapshot)
        lastHandle = handle
        return handle
    }

    // MARK: One for each thread

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        precondition(pthread_key_create(&key) { discard($0) } == 0, "the system has no thread-specific key left")
        return key
    }()

    /// The scratch of this thread. A decision runs from its beginning to its end on one thread and calls nothing that decides.
    @inline(__always)
    static var ofThread: UnsafeMutablePointer<Scratch> {
        pthread_getspecific(key)?.assumingMemoryBound(to: Scratch.self) ?? makeForThread()
    }

    @inline(never)
    private static func makeForThread() -> UnsafeMutablePointer<Scratch> {
        let scratch = UnsafeMutablePointer<Scratch>.allocate(capacity: 1)
        scratch.initialize(to: Scratch())
        precondition(pthread_setspecific(key, scratch) == 0, "there is no memory for a thread's scratch")
        return scratch
    }

    /// Called when a thread ends.
    private static func discard(_ scratch: UnsafeMutableRawPointer?) {
        guard let scratch = scratch?.assumingMemoryBound(to: Scratch.self) else { return }
        scratch.pointee.deallocate()
        scratch.deinitialize(count: 1)
        scratch.deallocate()
    }
}
