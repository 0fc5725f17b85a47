import LynxCedar

/// A policy with what is to be known of it for trying it out.
struct PolicyUnderTest {
    let policy: Policy
    /// The environments in which its scope can match; none where the schema rules it out.
    let environments: [RequestEnvironment]
    let literals: LiteralPool
    /// The policy without its conditions.
    let scope: Policy
    var branches: ConditionBranches
    /// Under how many cases it was satisfied, its scope matched, it could not be evaluated.
    var satisfied = 0
    var matched = 0
    var failed = 0

    init(_ policy: Policy, validator: Validator) {
        self.policy = policy
        environments = validator.environments(of: policy)
        literals = LiteralPool(policy)
        var scope = policy
        scope.conditions = []
        self.scope = scope
        branches = ConditionBranches(policy.conditions)
    }
}
