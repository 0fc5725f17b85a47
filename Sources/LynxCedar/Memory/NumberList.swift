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

    /// Puts the numbers in ascending order and takes out those that come twice.
    mutating func sortDistinct() {
        guard count > 1 else { return }
        sort()
        var kept = 1
        for index in 1..<count where base[index] != base[kept - 1] {
            base[kept] = base[index]
            kept += 1
        }
        count = kept
    }

    private func sort() {
        // The library's sort allocates; a short list is sorted by insertion instead, and one that is in order is only looked through.
        if count > 32 {
            var numbers = UnsafeMutableBufferPointer(start: base, count: count)
            numbers.sort()
            return
        }
        for index in 1..<count {
            let number = base[index]
            var place = index
            while place > 0, base[place - 1] > number {
                base[place] = base[place - 1]
                place -= 1
            }
            base[place] = number
        }
    }

    /// The numbers, for as long as the list does not change.
    var numbers: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(start: base, count: count) }
}
