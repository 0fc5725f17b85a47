extension EntityStore {
    /// A cycle, as a path that ends where it begins; `nil` when no entity is its own ancestor.
    func cycle() -> [EntityUID]? {
        withView { view in
            // An entity is `true` while the search goes through its ancestors, and `false` once none of them led to a cycle.
            var isOnPath = ContiguousArray<Bool?>(repeating: nil, count: Int(min(view.rowCount, view.keys.count)))
            var path: [(number: UInt32, parents: UnsafeBufferPointer<UInt32>.Iterator)] = []
            for start in isOnPath.indices where isOnPath[start] == nil {
                visit(UInt32(truncatingIfNeeded: start), view, &isOnPath, &path)
                while var step = path.popLast() {
                    guard let parent = step.parents.next() else {
                        isOnPath[Int(step.number)] = false
                        continue
                    }
                    path.append(step)
                    guard Int(parent) < isOnPath.count else { continue }
                    if isOnPath[Int(parent)] == true {
                        return (path.map(\.number).drop { $0 != parent } + [parent]).map { numbers.uid($0) }
                    }
                    if isOnPath[Int(parent)] == nil { visit(parent, view, &isOnPath, &path) }
                }
            }
            return nil
        }
    }

    private func visit(
        _ number: UInt32, _ view: EntityView, _ isOnPath: inout ContiguousArray<Bool?>,
        _ path: inout [(number: UInt32, parents: UnsafeBufferPointer<UInt32>.Iterator)]
    ) {
        guard let row = view.row(number), row.pointee.parentCount > 0 else {
            isOnPath[Int(number)] = false
            return
        }
        isOnPath[Int(number)] = true
        path.append((number, view.parents(number, row).makeIterator()))
    }

    /// Whether an entity is another or a descendant of it.
    func isMember(_ uid: EntityUID, of ancestor: EntityUID) -> Bool {
        guard let number = numbers.find(uid), let ancestor = numbers.find(ancestor) else { return uid == ancestor }
        return withView { view in HierarchyWalk.with { view.isMember(number, of: ancestor, $0) } }
    }

    /// Whether any of some entities is another or a descendant of it.
    func isAnyMember(_ uids: Set<EntityUID>, of ancestor: EntityUID) -> Bool {
        if uids.contains(ancestor) { return true }
        guard let ancestor = numbers.find(ancestor) else { return false }
        return withView { view in
            HierarchyWalk.with { walk in
                uids.contains { uid in numbers.find(uid).map { view.isMember($0, of: ancestor, walk) } ?? false }
            }
        }
    }

    func ancestors(of uid: EntityUID) -> Set<EntityUID> {
        guard let number = numbers.find(uid) else { return [] }
        var ancestors: Set<EntityUID> = []
        withView { view in
            HierarchyWalk.with { walk in view.forEachAncestor(of: number, walk) { ancestors.insert(numbers.uid($0)) } }
        }
        return ancestors
    }
}
