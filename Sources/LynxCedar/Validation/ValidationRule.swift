/// The kinds of what a ``Validator`` finds, for tools that count, sort or silence them.
public enum ValidationRule: String, CaseIterable, Hashable, Sendable {
    case unknownEntityType = "unknown-entity-type"
    case unknownAction = "unknown-action"
    case unknownEnumerationMember = "unknown-enumeration-member"
    case inapplicableAction = "inapplicable-action"
    case unexpectedType = "unexpected-type"
    case incompatibleTypes = "incompatible-types"
    case unknownAttribute = "unknown-attribute"
    case optionalAttribute = "optional-attribute"
    case unsafeTag = "unsafe-tag"
    case noTags = "no-tags"
    case wrongArgumentCount = "wrong-argument-count"
    case malformedLiteral = "malformed-literal"
    case computedLiteral = "computed-literal"
    case emptySet = "empty-set"
    case levelExceeded = "level-exceeded"
    case literalDereferenced = "literal-dereferenced"
    case impossiblePolicy = "impossible-policy"
    case bidirectionalText = "bidirectional-text"
    case mixedScripts = "mixed-scripts"
    case confusableCharacter = "confusable-character"

    /// A stable name in lower case, with hyphens.
    public var code: String { rawValue }

    public var severity: Diagnostic.Severity {
        switch self {
        case .impossiblePolicy, .bidirectionalText, .mixedScripts, .confusableCharacter: .warning
        default: .error
        }
    }

    /// What the rule asks for: a sentence.
    public var summary: String {
        switch self {
        case .unknownEntityType: "Entity types must be declared in the schema."
        case .unknownAction: "Actions must be declared in the schema."
        case .unknownEnumerationMember: "Entities of an enumerated type must be among those that the schema lists."
        case .inapplicableAction: "Some action of the scope must apply to some principal and resource of the scope."
        case .unexpectedType: "Operands must be of the types that their operator takes."
        case .incompatibleTypes: "Set elements, branches and compared values must have a common type."
        case .unknownAttribute: "Attributes must be declared in the schema."
        case .optionalAttribute: "Optional attributes must be tested for with `has` before they are used."
        case .unsafeTag: "Tags must be tested for with `hasTag` before they are used."
        case .noTags: "Only entities of a type with `tags` have tags."
        case .wrongArgumentCount: "Functions must be called with as many arguments as they take."
        case .malformedLiteral: "Texts of extension values must be in the form that their constructor reads."
        case .computedLiteral: "Constructors of extension values must be called with literals."
        case .emptySet: "Set literals must not be empty, because their type could not be told."
        case .levelExceeded: "Policies must not go further from the entities of the request than the level allows."
        case .literalDereferenced: "With levels, entities that a policy names must not be looked into."
        case .impossiblePolicy: "Policies should be true of some request."
        case .bidirectionalText: "Text should be free of characters that change the direction of writing."
        case .mixedScripts: "Text should be written in one script."
        case .confusableCharacter: "Identifiers should consist of characters that are recommended for identifiers."
        }
    }
}

extension ValidationFinding.Kind {
    public var rule: ValidationRule {
        switch self {
        case .unknownEntityType: .unknownEntityType
        case .unknownAction: .unknownAction
        case .unknownEnumerationMember: .unknownEnumerationMember
        case .inapplicableAction: .inapplicableAction
        case .unexpectedType: .unexpectedType
        case .incompatibleTypes: .incompatibleTypes
        case .unknownAttribute: .unknownAttribute
        case .optionalAttribute: .optionalAttribute
        case .unsafeTag: .unsafeTag
        case .noTags: .noTags
        case .wrongArgumentCount: .wrongArgumentCount
        case .malformedLiteral: .malformedLiteral
        case .computedLiteral: .computedLiteral
        case .emptySet: .emptySet
        case .levelExceeded: .levelExceeded
        case .literalDereferenced: .literalDereferenced
        case .impossiblePolicy: .impossiblePolicy
        case .suspiciousText(_, .bidirectionalControls, _): .bidirectionalText
        case .suspiciousText(_, .mixedScripts, _): .mixedScripts
        case .suspiciousText(_, .confusable, _): .confusableCharacter
        }
    }
}
