/// Finds the ancestor sets of a whole store.
///
/// Entities that others have as a parent come first, then the rest, each after its ancestors, until the memory meant for the sets is used
/// up; an entity without a set is answered through its parents. Hierarchies of any depth are walked without recursion.
struct AncestorBuilder {
    private let view: EntityView
    /// How many bytes the sets may still take.
    private var budget: Int
    private var refusals = 0
    private(set) var places = PagedArray<AncestorPlace>()
    private(set) var sets = PagedArray<AncestorSet>()
    private(set) var memory = BlockArena()
    /// The sets by their members.
    private var setIndex = HashIndex()
    /// Entities with a place by their parents: others with the same ones have the same place.
    private var parentsIndex = HashIndex()
    /// How many members may still be gathered.
    private var work = 1 << 26
    private var walk = HierarchyWalk()
    private var members: [UInt32] = []

    init(_ view: EntityView, budget: Int) {
        self.view = view
        self.budget = budget
    }

    /// Sets larger than this are left to a walk: each of a long chain would be a set of its own.
    private static let maximumCount = 1 << 16

    mutating func build() {
        defer { walk.deallocate() }
        let count = min(view.rowCount, view.keys.count)
        for _ in 0..<count { places.append(.throughParents) }
        var isDone = ContiguousArray(repeating: false, count: Int(count))
        for inner in [true, false] {
            for number in 0..<count where view.keys[number].isParent == inner && !isDone[Int(number)] {
                visit(number, &isDone)
            }
        }
    }

    /// Finds the sets of an entity and of those of its ancestors that have none yet.
    private mutating func visit(_ start: UInt32, _ isDone: inout ContiguousArray<Bool>) {
        // There is no cycle, so an entity is either done or not begun when it is met, or waits further down for ancestors that
        // do not need it.
        var pending = [start]
        while let number = pending.last {
            guard number < isDone.count, !isDone[Int(number)], let row = view.row(number), row.pointee.parentCount > 0 else {
                if number < isDone.count, !isDone[Int(number)] {
                    isDone[Int(number)] = true
                    places[number] = .parents
                }
                pending.removeLast()
                continue
            }
            let waiting = pending.count
            for parent in view.parents(number, row) where parent < isDone.count && !isDone[Int(parent)] && view.row(parent) != nil {
                pending.append(parent)
            }
            if pending.count > waiting { continue }
            pending.removeLast()
            isDone[Int(number)] = true
            places[number] = place(of: number, view.parents(number, row))
        }
    }

    private mutating func place(of number: UInt32, _ parents: UnsafeBufferPointer<UInt32>) -> AncestorPlace {
        let isFlat = parents.allSatisfy { parent in view.row(parent).map { $0.pointee.parentCount == 0 } ?? true }
        if isFlat && parents.count <= 8 { return .parents }
        let hash = ContentHash.of(UnsafeRawBufferPointer(parents))
        if let sibling = parentsIndex.find(hash, where: { hasParents($0, parents) }) { return places[sibling] }
        let place = collect(parents) ? place(ofMembers: isFlat) : isFlat ? .parents : .throughParents
        parentsIndex.insert(number, hash: hash)
        return place
    }

    private func hasParents(_ number: UInt32, _ parents: UnsafeBufferPointer<UInt32>) -> Bool {
        view.row(number).map { view.parents(number, $0).elementsEqual(parents) } ?? false
    }

    private mutating func place(ofMembers isFlat: Bool) -> AncestorPlace {
        members.sort()
        let hash = members.withUnsafeBytes { ContentHash.of($0) }
        if let known = setIndex.find(hash, where: { sets[$0].isEqual(to: members) }) { return .set(Int(known)) }
        let size = AncestorSet.size(of: members) + 16
        guard size <= budget else {
            // Where several are too large, those above are about as large: there is no use in gathering them.
            refusals += 1
            if refusals > 16 { budget = 0 }
            return isFlat ? .parents : .throughParents
        }
        budget -= size
        sets.append(AncestorSet(members, in: &memory))
        setIndex.insert(UInt32(truncatingIfNeeded: sets.count - 1), hash: hash)
        return .set(sets.count - 1)
    }

    private func set(of number: UInt32) -> AncestorSet? {
        guard number < places.count, let index = places[number].index else { return nil }
        return sets[index]
    }

    /// Gathers the parents and all their ancestors, unless that is too much.
    private mutating func collect(_ parents: UnsafeBufferPointer<UInt32>) -> Bool {
        var count = parents.count
        for parent in parents {
            if let set = set(of: parent) {
                count += set.count
            } else if parent < places.count, places[parent] == .throughParents {
                return false
            }
        }
        guard budget > 0, work > count, count <= AncestorBuilder.maximumCount else { return false }
        work -= count
        members.removeAll(keepingCapacity: true)
        walk.begin(numbers: Int(view.keys.count))
        for parent in parents { walk.push(parent) }
        while let next = walk.pop() {
            members.append(next)
            if let set = set(of: next) {
                // All of them, and none has ancestors that are not in the set.
                set.forEach { if walk.note($0) { members.append($0) } }
            } else if let row = view.row(next) {
                for parent in view.parents(next, row) { walk.push(parent) }
            }
        }
        return true
    }
}
