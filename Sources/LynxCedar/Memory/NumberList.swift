/// A growing list of numbers in memory of its own, which whoever has the list gives back.
struct NumberList: BitwiseCopyable {
    // Invariant: `base` has room for `capacity` numbers, of which the first `count` are initialised.
    private var base: UnsafeMutablePointer<UInt32>
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int = 16) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    func deallocate() { base.deallocate() }

    var isEmpty: Bool { count == 0 }

    @inline(__always)
    subscript(index: Int) -> UInt32 {
        assert(index < count)
        return base[index]
    }

    @inline(__always)
    mutating func append(_ number: UInt32) {
        if count == capacity { grow() }
        base[count] = number
        count += 1
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity * 2)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
        capacity *= 2
    }

    @inline(__always)
    mutating func popLast() -> UInt32? {
        guard count > 0 else { return nil }
        count -= 1
        return base[count]
    }

    mutating func removeAll() { count = 0 }

    /// The numbers, for as long as the list does not change.
    var numbers: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(start: base, count: count) }
}
