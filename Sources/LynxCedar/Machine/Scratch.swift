#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The memory that a thread's decisions work in, kept from one to the next, so that a decision allocates nothing.
final class Scratch {
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
    private var chunks: [(start: UnsafeMutableRawPointer, capacity: Int)]
    private var chunk = 0
    private var used = 0
    let walk = HierarchyWalk()

    /// The places of the policies that the decision found.
    var permits: ContiguousArray<UInt32> = []
    var forbids: ContiguousArray<UInt32> = []
    var errors: ContiguousArray<UInt32> = []
    /// Those that are left to the simple semantics.
    var interpreted: ContiguousArray<UInt32> = []
    /// The ancestors of the action, the principal and the resource, as far as somebody asked.
    private(set) var ancestors: ContiguousArray<ContiguousArray<UInt32>> = [[], [], []]
    /// The decisions that they are of.
    private var ancestorEpochs: ContiguousArray<UInt64> = [0, 0, 0]

    private static let firstChunk = 1 << 14
    /// Chunks that a large request needed are given back when the next one begins.
    private static let chunkKept = 1 << 20

    private init() {
        memos = .allocate(capacity: memoCapacity)
        memos.initialize(repeating: Memo(epoch: 0, value: .error), count: memoCapacity)
        chunks = [(.allocate(byteCount: Scratch.firstChunk, alignment: 16), Scratch.firstChunk)]
    }

    deinit {
        memos.deallocate()
        for chunk in chunks { chunk.start.deallocate() }
    }

    func begin(memoCount: Int) {
        epoch += 1
        if memoCount > memoCapacity {
            memos.deallocate()
            memoCapacity = memoCount * 2
            memos = .allocate(capacity: memoCapacity)
            memos.initialize(repeating: Memo(epoch: 0, value: .error), count: memoCapacity)
        }
        while chunks.count > 1, let last = chunks.last, last.capacity > Scratch.chunkKept {
            last.start.deallocate()
            chunks.removeLast()
        }
        chunk = 0
        used = 0
        permits.removeAll(keepingCapacity: true)
        forbids.removeAll(keepingCapacity: true)
        errors.removeAll(keepingCapacity: true)
        interpreted.removeAll(keepingCapacity: true)
    }

    /// Memory until the decision is over, aligned to 8 bytes.
    func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
        let size = (byteCount + 15) & ~15
        while used + size > chunks[chunk].capacity {
            if chunk + 1 == chunks.count {
                let capacity = max(size, min(chunks[chunk].capacity * 2, Scratch.chunkKept))
                chunks.append((.allocate(byteCount: capacity, alignment: 16), capacity))
            }
            chunk += 1
            used = 0
        }
        defer { used += size }
        return chunks[chunk].start + used
    }

    /// Finds the ancestors of the action (0), the principal (1) or the resource (2).
    func findAncestors(of number: UInt32, as place: Int, in entities: EntityView) {
        guard ancestorEpochs[place] != epoch else { return }
        ancestorEpochs[place] = epoch
        ancestors[place].removeAll(keepingCapacity: true)
        entities.forEachAncestor(of: number, walk) { ancestors[place].append($0) }
    }

    private var lastHandle: AuthorizerHandle?

    /// This thread's handle of a snapshot.
    func handle(of snapshot: AuthorizerSnapshot) -> AuthorizerHandle {
        if let lastHandle, lastHandle.snapshot === snapshot { return lastHandle }
        let handle = AuthorizerHandle(snapshot)
        lastHandle = handle
        return handle
    }

    // MARK: One for each thread

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        // Without a key each decision makes its own scratch: slower, and still right.
        _ = pthread_key_create(&key) { scratch in
            #if canImport(Darwin)
                Unmanaged<Scratch>.fromOpaque(scratch).release()
            #else
                if let scratch { Unmanaged<Scratch>.fromOpaque(scratch).release() }
            #endif
        }
        return key
    }()

    /// The scratch of this thread. A decision runs from its beginning to its end on one thread and calls nothing that decides.
    @inline(__always)
    static var ofThread: Scratch {
        if let scratch = pthread_getspecific(key) { return Unmanaged<Scratch>.fromOpaque(scratch).takeUnretainedValue() }
        return makeForThread()
    }

    @inline(never)
    private static func makeForThread() -> Scratch {
        let scratch = Scratch()
        if pthread_setspecific(key, Unmanaged.passRetained(scratch).toOpaque()) != 0 {
            Unmanaged.passUnretained(scratch).release()
        }
        return scratch
    }
}
