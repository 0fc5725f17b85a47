/// A type as a schema's author wrote it.
struct TypeExpression: Hashable, Sendable {
    var kind: Kind
    @Incidental var span: SourceSpan?

    indirect enum Kind: Hashable, Sendable {
        case name(Name, NameKind)
        case set(TypeExpression)
        case record([AttributeDeclaration])
        /// A type that the JSON format writes as itself, whatever the schema declares by its name.
        case builtIn(BuiltInType)
    }

    /// What kinds of type a name can stand for.
    enum NameKind: Hashable, Sendable {
        /// A common type or else an entity type: all names in Cedar syntax, `EntityOrCommon` in JSON.
        case any
        /// `Entity` in JSON, and wherever a schema lists types of parents, principals or resources.
        case entity
        /// Any other `type` in JSON, and the context of an action.
        case common
    }
}

/// `NAME?: TYPE`
struct AttributeDeclaration: Hashable, Sendable {
    var name: CedarString
    var isRequired: Bool
    var type: TypeExpression
    var annotations: [Annotation]
    @Incidental var nameSpan: SourceSpan?
    @Incidental var span: SourceSpan?
}
