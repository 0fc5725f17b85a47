import LynxCedar

/// Entities in a dictionary, whose hierarchy is found by walking: what the store's hierarchy is held to.
///
/// Both ways of deciding ask the same store who is in what, so that they alone would not notice it to be wrong.
struct EntityModel {
    private var entities: [EntityUID: Entity] = [:]

    init(_ entities: [Entity]) {
        for entity in entities { self.entities[entity.uid] = entity }
    }

    /// In ascending order of uids, so that the same seed gives the same case.
    var all: [Entity] { entities.values.sorted { $0.uid < $1.uid } }

    subscript(uid: EntityUID) -> Entity? { entities[uid] }

    func ancestors(of uid: EntityUID) -> Set<EntityUID> {
        var ancestors: Set<EntityUID> = []
        var pending = entities[uid].map { Array($0.parents) } ?? []
        while let next = pending.popLast() {
            guard ancestors.insert(next).inserted, let entity = entities[next] else { continue }
            pending += entity.parents
        }
        return ancestors
    }

    /// The entities with `entity` in place of the one with its uid; `nil` when it would be its own ancestor.
    func with(_ entity: Entity) -> EntityModel? {
        let result = unchecked([entity])
        return result.ancestors(of: entity.uid).contains(entity.uid) ? nil : result
    }

    /// The entities with others in place of those with the same uids, whatever hierarchy comes of that.
    func unchecked(_ others: [Entity]) -> EntityModel {
        var result = self
        for entity in others { result.entities[entity.uid] = entity }
        return result
    }

    mutating func remove(_ uid: EntityUID) { entities[uid] = nil }
}
