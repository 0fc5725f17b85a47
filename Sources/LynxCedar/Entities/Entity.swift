/// An entity: what policies can ask of a principal, an action, a resource or a thing that these refer to.
public struct Entity: Hashable, Sendable {
    public let uid: EntityUID
    public var attributes: Record
    public var tags: Record
    /// The entities that this one is a member of directly; they need not be in the store.
    public var parents: Set<EntityUID>

    public init(
        uid: EntityUID, attributes: Record = [:], tags: Record = [:], parents: Set<EntityUID> = []
    ) {
        self.uid = uid
        self.attributes = attributes
        self.tags = tags
        self.parents = parents
    }
}
