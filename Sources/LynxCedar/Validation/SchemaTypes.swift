/// What the type checker asks a schema, with the answers that it asks for again and again.
struct SchemaTypes {
    let schema: Schema
    let features: LanguageFeatures
    private var ancestors: [Name: Set<Name>] = [:]
    private var actionAncestors: [EntityUID: Set<EntityUID>] = [:]

    init(_ schema: Schema, features: LanguageFeatures) {
        self.schema = schema
        self.features = features
    }

    func action(_ uid: EntityUID) -> Schema.Action? { schema.action(uid) }

    /// Whether the schema declares an entity type of that name.
    func isDeclared(_ name: Name) -> Bool { schema.entityType(name) != nil }

    // MARK: Membership

    /// Whether an entity of one type can be in one of another: itself, or an ancestor.
    mutating func canBeMember(_ member: Name, of container: Name) -> Bool {
        if member == container { return true }
        if let known = ancestors[member] { return known.contains(container) }
        var types = schema.ancestors(ofEntityType: member)
        if schema.actionTypes.contains(member) {
            for action in schema.actions where action.uid.type == member {
                for ancestor in schema.ancestors(ofAction: action.uid) { types.insert(ancestor.type) }
            }
        }
        ancestors[member] = types
        return types.contains(container)
    }

    /// Whether the schema puts an action into a group, or both are the same.
    mutating func isAction(_ action: EntityUID, in group: EntityUID) -> Bool {
        if action == group { return true }
        if let known = actionAncestors[action] { return known.contains(group) }
        let groups = schema.ancestors(ofAction: action)
        actionAncestors[action] = groups
        return groups.contains(group)
    }

    // MARK: Attributes and tags

    /// What is known of an attribute of records, or of entities of one or several types; `nil` when there is no one type for it.
    func attribute(_ name: CedarString, of type: ExpressionType) -> RecordShape.Attribute? {
        switch type {
        case .record(let shape): shape[name]
        case .entity(let entityType): attributes(of: entityType)[name]
        case .anyOf(let entityTypes): commonAttributes(of: entityTypes)[name]
        default: nil
        }
    }

    func attributeNames(of type: ExpressionType) -> [CedarString] {
        switch type {
        case .record(let shape): shape.names
        case .entity(let entityType): attributes(of: entityType).names
        case .anyOf(let entityTypes): commonAttributes(of: entityTypes).names
        default: []
        }
    }

    /// Whether some value of the type may have the attribute.
    func mayHave(_ name: CedarString, _ type: ExpressionType) -> Bool {
        switch type {
        case .never, .anyEntity: true
        case .record(let shape): shape.isOpen || shape[name] != nil
        case .entity(let entityType): attributes(of: entityType)[name] != nil
        case .anyOf(let entityTypes): entityTypes.contains { attributes(of: $0)[name] != nil }
        default: false
        }
    }

    /// Actions, and types that are not declared, have none.
    private func attributes(of entityType: Name) -> RecordShape {
        RecordShape(schema.entityType(entityType)?.attributes ?? RecordType())
    }

    private func commonAttributes(of entityTypes: [Name]) -> RecordShape {
        guard let first = entityTypes.first else { return RecordShape(RecordType()) }
        return entityTypes.dropFirst().reduce(attributes(of: first)) { common, type in
            RecordShape(inferred: common.commonAttributes(with: attributes(of: type)))
        }
    }

    /// The types of the tags of those entities that have any.
    func tagTypes(of type: ExpressionType) -> [ExpressionType] {
        let entityTypes = type.entityTypes?.compactMap { schema.entityType($0) } ?? (type == .anyEntity ? schema.entityTypes : [])
        var types: [ExpressionType] = []
        for tags in entityTypes.compactMap(\.tags) {
            let type = ExpressionType(tags)
            if !types.contains(type) { types.append(type) }
        }
        return types
    }
}
