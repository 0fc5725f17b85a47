public struct Entity: Hashable, Sendable {
    public var uid: EntityUID
    public var attributes: Record
    public var tags: Record
    public var parents: Set<EntityUID>
    public init(uid: EntityUID, attributes: Record = [:], tags: Record = [:], parents: Set<EntityUID> = []) {
        self.uid = uid
        self.attributes = attributes
        self.tags = tags
        self.parents = parents
    }
}
public struct Entities: Sendable {
    var map: [EntityUID: Entity] = [:]
    public init() {}
    public init(_ e: some Sequence<Entity>) throws { for e in e { map[e.uid] = e } }
    public subscript(uid: EntityUID) -> Entity? { map[uid] }
    public func ancestors(of uid: EntityUID) -> Set<EntityUID> {
        var seen: Set<EntityUID> = []
        var work = Array(map[uid]?.parents ?? [])
        while let next = work.popLast() {
            if seen.insert(next).inserted { work += Array(map[next]?.parents ?? []) }
        }
        return seen
    }
    public func isDescendant(_ uid: EntityUID, of other: EntityUID) -> Bool { ancestors(of: uid).contains(other) }
}
public struct Request: Hashable, Sendable {
    public var principal: EntityUID
    public var action: EntityUID
    public var resource: EntityUID
    public var context: Record
    public init(principal: EntityUID, action: EntityUID, resource: EntityUID, context: Record = [:]) {
        self.principal = principal
        self.action = action
        self.resource = resource
        self.context = context
    }
}
