/// What can stand in a namespace of a schema.
enum SchemaDeclaration: Hashable, Sendable {
    case entity(EntityDeclaration)
    case action(ActionDeclaration)
    case commonType(CommonTypeDeclaration)
}

/// `entity NAME, ... in [TYPE, ...] { ATTRIBUTE, ... } tags TYPE;` or `entity NAME, ... enum ["ID", ...];`
struct EntityDeclaration: Hashable, Sendable {
    /// Types that are declared alike. Never empty.
    var names: [DeclaredName]
    var kind: Kind
    var annotations: [Annotation]
    @Incidental var span: SourceSpan?

    enum Kind: Hashable, Sendable {
        /// - Parameters:
        ///   - attributes: `nil` where the declaration gives none. A record in Cedar syntax; the JSON format can name one too.
        case standard(memberOf: [TypeName], attributes: TypeExpression?, tags: TypeExpression?)
        /// Never empty.
        case enumeration([DeclaredID])
    }
}

/// `action "ID", ... in [ACTION, ...] appliesTo { principal: [TYPE, ...], resource: [TYPE, ...], context: TYPE };`
struct ActionDeclaration: Hashable, Sendable {
    /// Actions that are declared alike. Never empty.
    var ids: [DeclaredID]
    /// `nil` where the declaration has no `in`.
    var memberOf: [ActionName]?
    /// `nil` where the declaration has no `appliesTo`: the action is then only a group.
    var appliesTo: AppliesTo?
    var annotations: [Annotation]
    @Incidental var span: SourceSpan?

    struct AppliesTo: Hashable, Sendable {
        var principals: [TypeName]
        var resources: [TypeName]
        /// `nil` where the declaration gives none; the context is then empty.
        var context: TypeExpression?
    }
}

/// `type NAME = TYPE;`
struct CommonTypeDeclaration: Hashable, Sendable {
    var name: DeclaredName
    var type: TypeExpression
    var annotations: [Annotation]
    @Incidental var span: SourceSpan?
}

/// The name that a declaration gives to an entity type or common type: one identifier, to be read in its namespace.
struct DeclaredName: Hashable, Sendable {
    var name: String
    @Incidental var span: SourceSpan?
}

/// The id of a declared action, or one of those of an enumeration.
struct DeclaredID: Hashable, Sendable {
    var id: CedarString
    @Incidental var span: SourceSpan?
}

/// A type by its name, which may be relative to the namespace that it stands in.
struct TypeName: Hashable, Sendable {
    /// Unlike other names, it may begin with `__cedar`.
    var name: Name
    @Incidental var span: SourceSpan?
}

/// An action that others are members of.
struct ActionName: Hashable, Sendable {
    /// `nil` where only the id is given: the type is then `Action`, in this namespace or the empty one.
    var type: TypeName?
    var id: CedarString
    @Incidental var span: SourceSpan?
    /// Where the id alone stands.
    @Incidental var idSpan: SourceSpan?
}
