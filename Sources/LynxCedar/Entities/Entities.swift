/// The entities that requests are decided with: a value, whose copies share what they have in common.
///
/// A copy costs nothing, and a change of one copy leaves the others as they were: hand a snapshot to whoever decides
/// requests, and go on changing yours.
///
/// No entity is its own ancestor; whatever would make one so is refused.
///
///     var entities = try Entities([Entity(uid: group), Entity(uid: alice, parents: [group])])
///     entities.isDescendant(alice, of: group)  // true
public struct Entities: Sendable {
    /// The same entities, flat.
    var store = EntityStore()

    /// What a store of entities is promised about their parents.
    public enum Closure: Hashable, Sendable {
        /// Parents are the direct ones; further ancestors are found through them.
        case compute
        /// Parents are all ancestors, as far as entities in the store tell; where one is not listed, the store is refused.
        case check
    }

    /// The store without entities.
    public init() {}

    init(store: EntityStore) {
        self.store = store
    }

    /// Takes entities in any order. An entity may occur repeatedly if it is the same each time.
    ///
    /// Linear in the number of entities and of their parents for `.compute`; `.check` looks, for each entity, at the parents
    /// of those of its parents that no other one of them has.
    ///
    /// - Throws: ``EntitiesError`` for the first contradictory duplicate, or else for a cycle, or else for an ancestor that
    ///   is not listed although `.check` asks for it.
    public init(_ entities: some Sequence<Entity>, closure: Closure = .compute) throws(EntitiesError) {
        var distinct: [Entity] = []
        var places: [EntityUID: Int] = [:]
        for entity in entities {
            if let place = places.updateValue(distinct.count, forKey: entity.uid) {
                guard distinct[place] == entity else { throw .contradictoryDuplicate(entity.uid) }
                places[entity.uid] = place
            } else {
                distinct.append(entity)
            }
        }
        try store.fill(distinct)
        if closure == .check { try checkClosure() }
    }

    public var count: Int { store.count }
    public var isEmpty: Bool { store.count == 0 }

    /// The entity with that uid. `O(1)` expected, and linear in its size.
    public subscript(uid: EntityUID) -> Entity? { store.entity(uid) }

    public func contains(_ uid: EntityUID) -> Bool { store.contains(uid) }

    /// An attribute of an entity, without the rest of it; `nil` where the entity lacks it or is not there.
    func attribute(_ name: CedarString, of uid: EntityUID) -> Value? {
        store.numbers.find(uid).flatMap { store.attribute(name, of: $0) }
    }

    /// A tag of an entity, without the rest of it; `nil` where the entity lacks it or is not there.
    func tag(_ name: CedarString, of uid: EntityUID) -> Value? {
        store.numbers.find(uid).flatMap { store.tag(name, of: $0) }
    }

    /// Adds an entity; does nothing if the same one is already there.
    ///
    /// As ``upsert(_:)`` in cost.
    ///
    /// - Throws: ``EntitiesError`` when another entity has the uid, or when the entity would be its own ancestor. The store
    ///   is then unchanged.
    public mutating func add(_ entity: Entity) throws(EntitiesError) {
        if let existing = store.entity(entity.uid) {
            guard existing == entity else { throw .contradictoryDuplicate(entity.uid) }
            return
        }
        try upsert(entity)
    }

    /// Adds several entities, which may refer to one another in any order.
    ///
    /// Linear in the number of the entities, of their ancestors and of the parents of these; where more than 256 of them are groups whose
    /// members are there already, linear in the whole store, once.
    ///
    /// - Throws: ``EntitiesError`` as ``add(_:)`` does. The store is then unchanged.
    public mutating func add(contentsOf entities: some Sequence<Entity>) throws(EntitiesError) {
        if isEmpty {
            self = try Entities(entities)
            return
        }
        var result = self
        var added: [EntityUID] = []
        for entity in entities {
            if let existing = result.store.entity(entity.uid) {
                guard existing == entity else { throw .contradictoryDuplicate(entity.uid) }
            } else {
                result.store.put(entity)
                added.append(entity.uid)
            }
        }
        try result.checkCycles(through: added)
        result.store.renewAncestors()
        self = result
    }

    /// Adds an entity, in place of the one with its uid if there is one.
    ///
    /// Linear in the size of some 256 entities that lie together, of which the entity is or becomes one, and in the number of its
    /// ancestors. Each 257th time that a group changes its parents, linear in the whole store: what the store keeps
    /// of ancestors is then made anew.
    ///
    /// - Throws: ``EntitiesError/cycle(_:)`` when the entity would be its own ancestor. The store is then unchanged.
    public mutating func upsert(_ entity: Entity) throws(EntitiesError) {
        if let cycle = cycle(byAdding: entity) { throw .cycle(cycle) }
        store.put(entity)
        store.renewAncestors()
    }

    /// These with `entities` in place of those with their uids, for a short time: what the store keeps of ancestors is not made anew.
    /// Of several with one uid the last counts.
    ///
    /// - Throws: ``EntitiesError/cycle(_:)`` when an entity would be its own ancestor, once all are there.
    func overlaid(with entities: some Sequence<Entity>) throws(EntitiesError) -> Entities {
        var result = self
        var put: [EntityUID] = []
        for entity in entities {
            result.store.put(entity)
            put.append(entity.uid)
        }
        try result.checkCycles(through: put)
        return result
    }

    /// Checks that none of these entities is its own ancestor. No others may be.
    private func checkCycles(through uids: [EntityUID]) throws(EntitiesError) {
        for uid in uids {
            guard let entity = self[uid], !entity.parents.isEmpty, let cycle = cycle(byAdding: entity) else { continue }
            throw .cycle(cycle)
        }
    }

    /// Puts in the actions of a schema, in place of those that have been found to be the same.
    ///
    /// - Precondition: no action among these or in the store is its own ancestor, and none has another parent than actions.
    func with(_ actions: [Entity]) -> Entities {
        var result = self
        for action in actions { result.store.put(action) }
        result.store.renewAncestors()
        return result
    }

    /// Removes an entity. Others that have it as a parent keep it so, as one that is not in the store: what was an ancestor
    /// through it only no longer is one. As ``upsert(_:)`` in cost.
    ///
    /// - Returns: the entity that was there.
    @discardableResult
    public mutating func remove(_ uid: EntityUID) -> Entity? {
        guard let number = store.numbers.find(uid), let entity = store.entity(number) else { return nil }
        store.remove(number)
        store.renewAncestors()
        return entity
    }

    /// This store and `entities`. As ``add(contentsOf:)``, and throws what that throws.
    public func merging(_ entities: some Sequence<Entity>) throws(EntitiesError) -> Entities {
        var result = self
        try result.add(contentsOf: entities)
        return result
    }
}

extension Entities: Sequence {
    /// Goes through the entities in no particular order.
    public struct Iterator: IteratorProtocol {
        fileprivate let store: EntityStore
        fileprivate var number: UInt32 = 0

        public mutating func next() -> Entity? {
            while number < store.numbers.count {
                defer { number += 1 }
                if let entity = store.entity(number) { return entity }
            }
            return nil
        }
    }

    public func makeIterator() -> Iterator { Iterator(store: store) }

    public var underestimatedCount: Int { count }
}

extension Entities: Equatable {
    public static func == (lhs: Entities, rhs: Entities) -> Bool {
        lhs.count == rhs.count && lhs.allSatisfy { rhs[$0.uid] == $0 }
    }
}
