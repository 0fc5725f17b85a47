/// The answer to a request, and what it rests on.
public struct Response: Hashable, Sendable {
    public let decision: Decision
    /// The policies that determined the decision, in the order of their set: the satisfied permits of an allow, the satisfied forbids
    /// of a deny. Empty when the decision is deny because no policy permits.
    public let reasons: [PolicyID]
    /// The policies that could not be evaluated, in the order of their set.
    public let errors: [PolicyError]

    public init(decision: Decision, reasons: [PolicyID] = [], errors: [PolicyError] = []) {
        self.decision = decision
        self.reasons = reasons
        self.errors = errors
    }
}

extension Response {
    /// Decides on the outcomes of policies, given in the order of their set: any satisfied forbid denies, otherwise any satisfied permit
    /// allows, otherwise the answer is deny.
    init(_ outcomes: some Sequence<(policy: Policy, outcome: PolicyOutcome)>) {
        var permits: [PolicyID] = []
        var forbids: [PolicyID] = []
        var errors: [PolicyError] = []
        for (policy, outcome) in outcomes {
            switch outcome {
            case .unsatisfied:
                break
            case .satisfied:
                switch policy.effect {
                case .permit: permits.append(policy.id)
                case .forbid: forbids.append(policy.id)
                }
            case .error(let error):
                errors.append(PolicyError(error, in: policy))
            case .residual(let residual):
                // Under a whole request nothing is left. Should that ever not hold, the answer is the safe one.
                let rest = Expression.and(residual.conditions.map(\.body))
                errors.append(PolicyError(EvaluationError(.unknown(rest)), in: policy))
                if policy.effect == .forbid { forbids.append(policy.id) }
            }
        }
        if !forbids.isEmpty {
            self.init(decision: .deny, reasons: forbids, errors: errors)
        } else if !permits.isEmpty {
            self.init(decision: .allow, reasons: permits, errors: errors)
        } else {
            self.init(decision: .deny, errors: errors)
        }
    }
}
