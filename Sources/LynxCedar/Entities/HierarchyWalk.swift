/// The entities seen and still to be seen on a walk up the hierarchy. What a walk has needed is kept for the next.
struct HierarchyWalk: BitwiseCopyable {
    // Invariant: `marks` has room for `capacity` marks, all initialised.
    private var marks: UnsafeMutablePointer<UInt32>
    private var capacity = 1
    private var mark: UInt32 = 0
    private var pending = NumberList()

    init() {
        marks = .allocate(capacity: 1)
        marks.initialize(to: 0)
    }

    func deallocate() {
        marks.deallocate()
        pending.deallocate()
    }

    /// Calls `body` with a walk that lasts as long as the call.
    static func with<Result>(_ body: (UnsafeMutablePointer<HierarchyWalk>) -> Result) -> Result {
        var walk = HierarchyWalk()
        defer { walk.deallocate() }
        return withUnsafeMutablePointer(to: &walk, body)
    }

    /// Starts a walk among that many numbers.
    mutating func begin(numbers: Int) {
        pending.removeAll()
        if capacity < numbers {
            marks.deallocate()
            capacity = numbers + numbers / 4
            marks = .allocate(capacity: capacity)
            marks.initialize(repeating: 0, count: capacity)
            mark = 0
        }
        mark &+= 1
        if mark == 0 {
            marks.update(repeating: 0, count: capacity)
            mark = 1
        }
    }

    /// Plans to see an entity, unless that has been planned before.
    mutating func push(_ number: UInt32) {
        if note(number) { pending.append(number) }
    }

    /// Notes an entity as seen without planning to see it.
    ///
    /// - Returns: whether it is new.
    mutating func note(_ number: UInt32) -> Bool {
        guard marks[Int(number)] != mark else { return false }
        marks[Int(number)] = mark
        return true
    }

    mutating func pop() -> UInt32? { pending.popLast() }
}
