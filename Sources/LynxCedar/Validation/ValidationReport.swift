/// What a ``Validator`` found in a policy set.
public struct ValidationReport: Sendable {
    /// In the order of the policies, and within a policy in that of the text.
    public let errors: [ValidationFinding]
    /// In the same order. Policies with warnings are valid.
    public let warnings: [ValidationFinding]

    /// Whether there are no errors.
    public var passed: Bool { errors.isEmpty }
}

/// One thing that is wrong with a policy, or that its author should know of.
public struct ValidationFinding: Hashable, Sendable {
    /// The policy or template; for a value of a slot, the linked policy.
    public let policy: PolicyID
    public let kind: Kind
    /// Where in ``source``; `nil` for a policy that a program built, and for the values of slots.
    public let span: SourceSpan?
    /// The text that the policy was read from.
    public let source: SourceText?

    init(policy: PolicyID, kind: Kind, span: SourceSpan?, source: SourceText?) {
        self.policy = policy
        self.kind = kind
        self.span = span
        self.source = source
    }

    /// The finding for the author of the policy.
    public var diagnostic: Diagnostic {
        Diagnostic(kind.message, severity: kind.rule.severity, span: span, help: kind.help, source: source, code: kind.rule.code)
    }

    public static func == (lhs: ValidationFinding, rhs: ValidationFinding) -> Bool {
        lhs.policy == rhs.policy && lhs.span == rhs.span && lhs.kind == rhs.kind
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(policy)
        hasher.combine(span)
        hasher.combine(kind)
    }
}
