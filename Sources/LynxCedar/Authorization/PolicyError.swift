/// A policy that could not be evaluated under a request. It counts for nothing in the decision.
public struct PolicyError: Error, Hashable, Sendable {
    public let policy: PolicyID
    public let error: EvaluationError
    /// The text that the policy was read from; the error's span points into it.
    public let source: SourceText?

    public init(policy: PolicyID, error: EvaluationError, source: SourceText? = nil) {
        self.policy = policy
        self.error = error
        self.source = source
    }

    init(_ error: EvaluationError, in policy: Policy) {
        // Where no expression of the policy has a place of its own, its statement is the next best.
        self.init(policy: policy.id, error: error.located(at: policy.span), source: policy.source)
    }

    public static func == (lhs: PolicyError, rhs: PolicyError) -> Bool {
        lhs.policy == rhs.policy && lhs.error == rhs.error
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(policy)
        hasher.combine(error)
    }

    /// The error for the policy's author: it points at the expression that failed.
    public var diagnostic: Diagnostic {
        Diagnostic(
            "error while evaluating policy `\(policy)`: \(error)", span: error.span, help: error.help, source: source)
    }
}

extension PolicyError: CustomStringConvertible {
    public var description: String { diagnostic.description }
}
