/// Why an expression has no value. The policy that holds it is skipped, and the error is reported with the response.
public struct EvaluationError: Error, Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// An operand's kind is not one that the operation takes.
        case type(expected: [Value.Kind], actual: Value.Kind)
        /// An attribute of an entity that is not in the store.
        case entityMissing(EntityUID)
        /// An attribute that the entity or record lacks; `of` is the entity, `nil` for a record.
        ///
        /// `available` has the first few names that are there, and `omitted` says how many more there are: a request may have
        /// any number, and each of the policies that fail on it keeps its error.
        case attributeMissing(CedarString, of: EntityUID?, available: [CedarString], omitted: Int = 0)
        /// A tag that the entity lacks.
        case tagMissing(CedarString, of: EntityUID)
        /// The result does not fit in 64 bits.
        case overflow(Operation)
        /// An extension function refused its argument; the text says why.
        case extensionFunction(ExtensionFunction, String)
        /// An extension function was given another number of arguments than it takes.
        case argumentCount(ExtensionFunction, actual: Int)
        /// The expression, or a value in it, nests deeper than the evaluator goes.
        case nestingTooDeep(limit: Int)
        /// The value depends on a part of the request or of the entities that is not known; the expression is what is left.
        case unknown(Expression)
    }

    /// The operations whose result can leave the range of 64-bit integers.
    public enum Operation: Hashable, Sendable {
        case add, subtract, multiply, negate
        case method(ExtensionFunction)
    }

    public var kind: Kind { contents.kind }
    /// What an author can do about it, where that is known.
    public var help: String? { contents.help }
    /// The expression that failed, in the policy's own source.
    public var span: SourceSpan? { contents.span }

    // One reference wide: every level of a recursive evaluation keeps room for an error on the stack.
    private let contents: Contents

    private final class Contents: Sendable {
        let kind: Kind
        let help: String?
        let span: SourceSpan?

        init(_ kind: Kind, help: String?, span: SourceSpan?) {
            self.kind = kind
            self.help = help
            self.span = span
        }
    }

    public init(_ kind: Kind, help: String? = nil, span: SourceSpan? = nil) {
        self.contents = Contents(kind, help: help, span: span)
    }

    public static func overflow(_ operation: Operation) -> EvaluationError {
        EvaluationError(.overflow(operation))
    }

    /// The error for an operand of the wrong kind.
    static func type(_ value: Value, expected: Value.Kind...) -> EvaluationError {
        let help: String? =
            switch (value, expected.first) {
            case (.string, .decimal): "did you mean `decimal(...)` around the string?"
            case (.string, .ip): "did you mean `ip(...)` around the string?"
            case (.string, .datetime): "did you mean `datetime(...)` around the string?"
            case (.string, .duration): "did you mean `duration(...)` around the string?"
            default: nil
            }
        return EvaluationError(.type(expected: expected, actual: value.kind), help: help)
    }

    /// The same error, located: the innermost failing expression keeps its span.
    func located(at span: SourceSpan?) -> EvaluationError {
        self.span == nil ? EvaluationError(kind, help: help, span: span) : self
    }
}

extension EvaluationError {
    public static func == (lhs: EvaluationError, rhs: EvaluationError) -> Bool {
        lhs.kind == rhs.kind && lhs.help == rhs.help && lhs.span == rhs.span
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(span)
    }
}

extension EvaluationError: CustomStringConvertible {
    public var description: String {
        switch kind {
        case .type(let expected, let actual):
            let names = expected.map { "\($0)" }.joined(separator: " or ")
            return "type error: expected \(names), got \(actual)"
        case .entityMissing(let uid):
            return "entity `\(uid)` does not exist"
        case .attributeMissing(let name, let entity?, let available, let omitted):
            return "`\(entity)` does not have the attribute `\(name)`" + EvaluationError.listing(available, omitted)
        case .attributeMissing(let name, nil, let available, let omitted):
            return "record does not have the attribute `\(name)`" + EvaluationError.listing(available, omitted)
        case .tagMissing(let name, let entity):
            return "`\(entity)` does not have the tag `\(name)`"
        case .overflow(let operation):
            return "integer overflow while attempting to \(operation)"
        case .extensionFunction(let function, let reason):
            return "error while evaluating `\(function)`: \(reason)"
        case .argumentCount(let function, let actual):
            return "wrong number of arguments: `\(function)` takes \(function.arity), got \(actual)"
        case .nestingTooDeep(let limit):
            return "the expression nests deeper than \(limit) levels"
        case .unknown(let residual):
            return "the value is not determined, because `\(residual)` is not known"
        }
    }

    /// The names that are there, to spot a misspelling.
    private static func listing(_ names: [CedarString], _ omitted: Int) -> String {
        guard !names.isEmpty else { return "; it has none" }
        let shown = names.map { "`\($0)`" }.joined(separator: ", ")
        return "; it has \(shown)" + (omitted > 0 ? " and \(omitted) more" : "")
    }
}

extension EvaluationError.Operation: CustomStringConvertible {
    public var description: String {
        switch self {
        case .add: "add"
        case .subtract: "subtract"
        case .multiply: "multiply"
        case .negate: "negate"
        case .method(let function): "apply `\(function)`"
        }
    }
}
