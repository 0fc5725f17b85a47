/// What a schema says of requests and entities that conform to it, in the form in which the evaluator asks for it.
///
/// A reference, so that the evaluator, which is passed from level to level, stays small.
final class ConformingTypes: Sendable {
    let schema: Schema
    /// The type of the context, where the action is known.
    let context: RecordType?

    init(_ schema: Schema, action: PartialEntityUID) {
        self.schema = schema
        if case .known(let uid) = action { context = schema.action(uid)?.context } else { context = nil }
    }

    /// The attributes that entities of a type have, `nil` when the schema does not know the type.
    ///
    /// An entity that is missing from the store has none of them, required or not.
    func attributes(of type: Name) -> RecordType? {
        if let declared = schema.entityType(type) { return declared.attributes }
        return isActionType(type) ? RecordType() : nil
    }

    /// The type of the tags that entities of a type have: the inner `nil` when they have none, the outer when the schema does not
    /// know the type.
    func tags(of type: Name) -> SchemaType?? {
        if let declared = schema.entityType(type) { return .some(declared.tags) }
        return isActionType(type) ? .some(nil) : nil
    }

    /// Whether an entity of a type can be one of these or a descendant of one. Linear in the number of types that its ancestors
    /// can be of and of the ``Schema/EntityType/memberOf`` of these; for the type of actions, in the number of actions.
    func canBeMember(_ member: Name, ofAnyOf containers: Set<Name>) -> Bool {
        if containers.contains(member) { return true }
        var types = SchemaTypes(schema, features: [])
        return containers.contains { types.canBeMember(member, of: $0) }
    }

    private func isActionType(_ type: Name) -> Bool { schema.actionTypes.contains(type) }
}

extension PartialRecord {
    /// The record that stands for those completions that conform to a type.
    ///
    /// Linear in the number of attributes.
    func narrowed(to type: RecordType) -> PartialRecord {
        var narrowed: [CedarString: Unknown] = [:]
        for attribute in type.attributes where known[attribute.name] == nil {
            switch (unknown[attribute.name], attribute.type) {
            case (.parts(let parts)?, .record(let type)): narrowed[attribute.name] = .parts(parts.narrowed(to: type))
            case (.parts(let parts)?, _): narrowed[attribute.name] = .parts(parts)
            case (.value?, _): narrowed[attribute.name] = .value
            case (.presence?, _): narrowed[attribute.name] = attribute.isRequired ? .value : .presence
            case (nil, _) where isOpen: narrowed[attribute.name] = attribute.isRequired ? .value : .presence
            case (nil, _): break
            }
        }
        return PartialRecord(known, unknown: narrowed)
    }
}
