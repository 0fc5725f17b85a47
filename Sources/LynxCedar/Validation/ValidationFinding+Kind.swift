extension ValidationFinding {
    /// What was found, with the parts that its ``message`` speaks of.
    public enum Kind: Hashable, Sendable {
        /// A type that the schema does not declare; with one that it does, where a name is close.
        case unknownEntityType(Name, suggestion: Name?)
        /// An action that the schema does not declare.
        case unknownAction(EntityUID, suggestion: EntityUID?)
        /// An id that is none of those of an enumeration.
        case unknownEnumerationMember(EntityUID, members: [CedarString])
        /// No action of the scope applies to a principal and a resource of the scope. The flags tell whether `in` in place of `==`
        /// would make one; the group is what `==` compares the action with, where `in` would make one.
        case inapplicableAction(inForPrincipal: Bool, inForResource: Bool, inForAction: EntityUID?)
        /// An operand of another type than its operator takes.
        case unexpectedType(expected: [ExpressionType], actual: ExpressionType, advice: Advice?)
        /// Types without a common supertype where one is needed.
        case incompatibleTypes([ExpressionType], ExpressionType.Incompatibility, place: Place)
        /// An attribute that is not declared, or not for all the entity types that the access is on.
        case unknownAttribute(AttributeAccess, suggestion: CedarString?, mayExist: Bool)
        /// An optional attribute that is used where it may be missing.
        case optionalAttribute(AttributeAccess)
        /// A tag that is used where it may be missing; the types of the entities, where they are known.
        case unsafeTag(Expression, of: [Name])
        /// A tag of entities that have none.
        case noTags(of: [Name])
        case wrongArgumentCount(ExtensionFunction, expected: ExtensionFunction.Arity, actual: Int)
        /// A text that a constructor cannot read.
        case malformedLiteral(ExtensionFunction, CedarString)
        /// A constructor whose argument is no literal. In strict validation only.
        case computedLiteral(ExtensionFunction)
        /// `[]`, of which the type is not known. In strict validation only.
        case emptySet
        /// More steps from entity to entity than the level allows.
        case levelExceeded(required: Int, allowed: Int)
        /// A step from an entity that the policy names: with levels, only those of the request are there.
        case literalDereferenced
        /// False for every request that the schema foresees.
        case impossiblePolicy
        /// Characters that look like others or cannot be seen.
        case suspiciousText(CedarString, TextSuspicion, isIdentifier: Bool)
    }

    /// What types must fit together.
    public enum Place: String, Hashable, Sendable {
        case setElements
        case conditionalBranches
        case equality
        case contains
        case containsAllOrAny
        case tagTypes
    }

    /// What an author may have meant by an operator that does not fit.
    public enum Advice: Hashable, Sendable {
        case useLike
        case useSetMethods
        case useContains
        case useHas
        case useIs
        case useIn
        case compareWithEmptyString
        case noTypeTest
        case noConcatenation
        case noSetArithmetic
    }

    /// A chain of attributes, as far as it can be told what it starts from.
    public struct AttributeAccess: Hashable, Sendable {
        public let base: Base
        /// From the base on; never empty. The last is the one that the finding is about.
        public let path: [CedarString]
        /// What the last attribute is taken from, as Cedar text, where that is a variable or a chain of attributes of one.
        public let target: String?

        public enum Base: Hashable, Sendable {
            /// An entity of one of these types; never empty.
            case entity([Name])
            /// The context of an action.
            case context(EntityUID)
            /// Any other record.
            case record
        }
    }
}
