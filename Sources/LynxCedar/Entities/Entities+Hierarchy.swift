extension Entities {
    /// All entities that this one is a member of, directly or through others; without itself.
    ///
    /// Ancestors need not be in the store. Linear in their number, and in the size of the store where it does not keep them.
    public func ancestors(of uid: EntityUID) -> Set<EntityUID> { store.ancestors(of: uid) }

    /// Whether one entity is a member of another, directly or through others. No entity is a descendant of itself.
    ///
    /// `O(log n)` in the number of ancestors where the store keeps them; elsewhere as ``ancestors(of:)``.
    public func isDescendant(_ uid: EntityUID, of ancestor: EntityUID) -> Bool {
        uid != ancestor && store.isMember(uid, of: ancestor)
    }

    /// The cycle that would come of adding an entity, in place of the one with its uid if there is one.
    func cycle(byAdding entity: Entity) -> [EntityUID]? {
        if entity.parents.contains(entity.uid) { return [entity.uid, entity.uid] }
        guard store.isAnyMember(entity.parents, of: entity.uid) else { return nil }
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
