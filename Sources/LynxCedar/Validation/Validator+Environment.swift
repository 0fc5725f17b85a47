extension Validator {
    /// What keeps policies from being valid for the requests of one environment.
    ///
    /// Takes time in the sizes of the policies. What is wrong with a policy for requests of other environments only is not found; in this
    /// one, a policy may be false whatever the request is.
    ///
    /// - Returns: findings that are errors, policy by policy; a linked policy is checked with what fills its slots.
    public func errors(in policies: PolicySet, for environment: RequestEnvironment) -> [ValidationFinding] {
        policies.policies.flatMap { errors(in: $0, for: environment) }
    }

    private func errors(in policy: Policy, for environment: RequestEnvironment) -> [ValidationFinding] {
        var names = ScopeChecker(schema)
        names.check(policy)
        var types = TypeChecker(
            PolicyTerms(policy), schema: SchemaTypes(schema, features: features), mode: mode, environment: environment)
        _ = types.check()
        return (names.faults + types.faults).map { finding($0, in: policy) }.filter {
            // Other environments are none of this one's concern.
            $0.kind.rule.severity == .error && $0.kind.rule != .inapplicableAction
        }
    }
}
