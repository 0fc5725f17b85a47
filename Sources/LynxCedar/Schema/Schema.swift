/// What entities, actions and contexts look like: a schema with all its names resolved.
///
/// Everything that it refers to is declared in it, no action is a member of itself, and common types have been put in the
/// place of their names.
///
///     let schema = try Schema(cedar: """
///         entity User in [Group] { mfa: Bool };
///         entity Group, Photo;
///         action view appliesTo { principal: User, resource: Photo };
///         """)
///     schema.entityType("User")?.attributes["mfa"]?.type  // .bool
public struct Schema: Sendable {
    /// In the order of their declarations.
    public let entityTypes: [EntityType]
    /// In the order of their declarations.
    public let actions: [Action]
    /// The common types, for those who look up what a name in the schema's text means; everything else here has them in place.
    public let commonTypes: [CommonType]
    /// The namespaces that are written out in the schema.
    public let namespaces: [Namespace]
    /// What the schema may do and its author should know of, such as a common type that hides a built-in one.
    public let warnings: [Diagnostic]
    /// The text that the spans point into.
    public let source: SourceText?

    private let entityTypeIndices: [Name: Int]
    private let actionIndices: [EntityUID: Int]
    /// The types that the declared actions are of.
    let actionTypes: Set<Name>
    let entityTypeHierarchy: Hierarchy<Name>
    let actionHierarchy: Hierarchy<EntityUID>

    /// - Precondition: names and uids are distinct, what they refer to is declared, and no action is an ancestor of itself.
    init(
        entityTypes: [EntityType], actions: [Action], commonTypes: [CommonType], namespaces: [Namespace],
        warnings: [Diagnostic], source: SourceText?
    ) {
        self.entityTypes = entityTypes
        self.actions = actions
        self.commonTypes = commonTypes
        self.namespaces = namespaces
        self.warnings = warnings
        self.source = source
        self.entityTypeIndices = Dictionary(
            entityTypes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.actionIndices = Dictionary(
            actions.enumerated().map { ($1.uid, $0) }, uniquingKeysWith: { first, _ in first })
        self.actionTypes = Set(actions.lazy.map(\.uid.type))
        self.entityTypeHierarchy = Hierarchy(entityTypes.lazy.map { ($0.name, $0.memberOf) })
        self.actionHierarchy = Hierarchy(actions.lazy.map { ($0.uid, $0.memberOf) })
    }

    /// The entity type of that name, `nil` if none is declared. `O(1)` expected.
    public func entityType(_ name: Name) -> EntityType? {
        entityTypeIndices[name].map { entityTypes[$0] }
    }

    /// The action with that uid, `nil` if none is declared. `O(1)` expected.
    public func action(_ uid: EntityUID) -> Action? {
        actionIndices[uid].map { actions[$0] }
    }

    /// The actions as entities, each with its direct parents.
    public var actionEntities: [Entity] {
        actions.map { Entity(uid: $0.uid, parents: Set($0.memberOf)) }
    }
}
