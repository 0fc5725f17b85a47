extension Entities {
    /// All entities that this one is a member of, directly or through others; without itself.
    ///
    /// Ancestors need not be in the store. Linear in their number and that of their parents.
    public func ancestors(of uid: EntityUID) -> Set<EntityUID> {
        var ancestors = self[uid]?.parents ?? []
        var pending = Array(ancestors)
        while let next = pending.popLast() {
            guard let entity = self[next] else { continue }
            for parent in entity.parents where ancestors.insert(parent).inserted {
                pending.append(parent)
            }
        }
        return ancestors
    }

    /// Whether one entity is a member of another, directly or through others. No entity is a descendant of itself.
    ///
    /// Linear in the number of ancestors and of their parents; direct parents are found at once.
    public func isDescendant(_ uid: EntityUID, of ancestor: EntityUID) -> Bool {
        guard let entity = self[uid] else { return false }
        if entity.parents.contains(ancestor) { return true }
        var visited = entity.parents
        var pending = Array(visited)
        while let next = pending.popLast() {
            guard let entity = self[next] else { continue }
            if entity.parents.contains(ancestor) { return true }
            for parent in entity.parents where visited.insert(parent).inserted {
                pending.append(parent)
            }
        }
        return false
    }

    /// The cycle that would come of adding an entity, in place of the one with its uid if there is one.
    func cycle(byAdding entity: Entity) -> [EntityUID]? {
        if entity.parents.contains(entity.uid) { return [entity.uid, entity.uid] }
        // Each ancestor with the entity through which it was reached.
        var children: [EntityUID: EntityUID] = [:]
        var pending: [EntityUID] = []
        for parent in entity.parents {
            children[parent] = entity.uid
            pending.append(parent)
        }
        while let next = pending.popLast() {
            guard let ancestor = self[next] else { continue }
            for parent in ancestor.parents where children[parent] == nil {
                children[parent] = next
                guard parent != entity.uid else { return Entities.path(to: entity.uid, children) }
                pending.append(parent)
            }
        }
        return nil
    }

    private static func path(to uid: EntityUID, _ children: [EntityUID: EntityUID]) -> [EntityUID] {
        var path = [uid]
        var place = uid
        while let child = children[place], child != uid {
            path.append(child)
            place = child
        }
        path.append(uid)
        return path.reversed()
    }

    /// A cycle that can be reached from one of `uids`, if there is one.
    func cycle(through uids: some Sequence<EntityUID>) -> [EntityUID]? {
        // An entity is `true` while the search goes through its ancestors, and `false` once none of them led to a cycle.
        var isOnPath: [EntityUID: Bool] = [:]
        var path: [(uid: EntityUID, parents: Set<EntityUID>.Iterator)] = []
        for start in uids where isOnPath[start] == nil {
            let parents = self[start]?.parents ?? []
            isOnPath[start] = !parents.isEmpty
            if !parents.isEmpty { path.append((start, parents.makeIterator())) }
            while var step = path.popLast() {
                guard let parent = step.parents.next() else {
                    isOnPath[step.uid] = false
                    continue
                }
                path.append(step)
                switch isOnPath[parent] {
                case true?: return Array(path.map(\.uid).drop { $0 != parent }) + [parent]
                case false?: break
                case nil:
                    let grandparents = self[parent]?.parents ?? []
                    isOnPath[parent] = !grandparents.isEmpty
                    if !grandparents.isEmpty { path.append((parent, grandparents.makeIterator())) }
                }
            }
        }
        return nil
    }

    /// Checks that every entity lists the parents of its parents. There must be no cycle.
    ///
    /// - Throws: ``EntitiesError/closureIncomplete(_:parent:missing:)`` for the first ancestor that is not listed.
    func checkClosure() throws(EntitiesError) {
        for entity in self {
            let parents = entity.parents.compactMap { self[$0] }.filter { !$0.parents.isEmpty }
            // Parents with many parents first: they are the near ones if the closure holds. What such a one covers, it
            // covers with all ancestors (or its own turn finds what it lacks), so these need no look.
            var covered: Set<EntityUID> = []
            for parent in parents.sorted(by: { $0.parents.count > $1.parents.count })
            where !covered.contains(parent.uid) {
                for grandparent in parent.parents {
                    guard entity.parents.contains(grandparent) else {
                        throw .closureIncomplete(entity.uid, parent: parent.uid, missing: grandparent)
                    }
                    covered.insert(grandparent)
                }
            }
        }
    }
}
