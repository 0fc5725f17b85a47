/// The answer to a request of which a part is unknown: what is certain already, and the policies that are left.
public struct PartialResponse: Sendable {
    /// A policy with what it came to.
    typealias Entry = (policy: Policy, outcome: PolicyOutcome)

    /// In the order of the policies' set.
    private let entries: [Entry]
    private let maximumNesting: Int
    private let features: LanguageFeatures
    /// Whether some permit is satisfied under every completion, which a forbid may still overrule.
    let isAnyPermitSatisfied: Bool

    /// The decision, when it is the same for every completion of the unknowns.
    ///
    /// Allow when a permit is satisfied and no forbid is satisfied or left; deny when a forbid is satisfied, or when no permit is satisfied
    /// or left.
    public let decision: Decision?
    /// The policies that are among the reasons under every completion, in the order of their set.
    public let reasons: [PolicyID]
    /// The policies that may yet become reasons, in the order of their set.
    public let possibleReasons: [PolicyID]
    /// The policies that are errors under every completion, in the order of their set.
    public let errors: [PolicyError]
    /// What is left of the policies whose outcome depends on the unknowns, under their own ids.
    public let residuals: PolicySet

    init(_ outcomes: [Entry], maximumNesting: Int, features: LanguageFeatures) {
        self.entries = outcomes
        self.maximumNesting = maximumNesting
        self.features = features
        self.errors = outcomes.compactMap { policy, outcome in
            if case .error(let error) = outcome { PolicyError(error, in: policy) } else { nil }
        }
        self.residuals = PolicySet(
            distinct: outcomes.compactMap { if case .residual(let policy) = $0.outcome { policy } else { nil } })

        func ids(_ outcomes: [Entry], _ effect: Effect? = nil) -> [PolicyID] {
            outcomes.filter { effect == nil || $0.policy.effect == effect }.map(\.policy.id)
        }
        let satisfied = outcomes.filter { $0.outcome == .satisfied }
        let left = outcomes.filter { $0.outcome.isResidual }
        let (permits, forbids) = (ids(satisfied, .permit), ids(satisfied, .forbid))
        isAnyPermitSatisfied = !permits.isEmpty
        if !forbids.isEmpty {
            (decision, reasons, possibleReasons) = (.deny, forbids, ids(left, .forbid))
        } else if permits.isEmpty && ids(left, .permit).isEmpty {
            (decision, reasons, possibleReasons) = (.deny, [], ids(left))
        } else if !permits.isEmpty && ids(left, .forbid).isEmpty {
            (decision, reasons, possibleReasons) = (.allow, permits, ids(left))
        } else {
            (decision, reasons) = (nil, [])
            possibleReasons = ids(outcomes.filter { $0.outcome.isResidual || $0.outcome == .satisfied })
        }
    }

    /// What each policy came to, in the order of their set.
    public var outcomes: [(policy: PolicyID, outcome: PolicyOutcome)] {
        entries.map { ($0.policy.id, $0.outcome) }
    }

    /// Decides a completed request by what is left of the policies.
    ///
    /// The response has the decision, the reasons and the failing policies that the whole policies give for the request.
    ///
    /// - Parameters:
    ///   - request: a completion of the partial request (``PartialRequest/isCompleted(by:)``).
    ///   - entities: the entities, with those that were unknown.
    public func completed(with request: Request, entities: Entities) -> Response {
        let evaluator = PartialEvaluator(
            request: PartialRequest(request), entities: entities, maximumNesting: maximumNesting,
            features: features)
        return Response(
            entries.lazy.map { policy, outcome in
                if case .residual(let residual) = outcome {
                    (policy, evaluator.evaluate(residual))
                } else {
                    (policy, outcome)
                }
            })
    }
}

extension PartialResponse {
    /// The decision on a request of which more is known, by what is left of the policies.
    ///
    /// Only residuals are evaluated, and no more of them than it takes.
    ///
    /// - Returns: `nil` when the evaluator's request leaves it open.
    func decision(with evaluator: PartialEvaluator) -> Decision? {
        if let decision { return decision }
        // No forbid is satisfied so far: that would have decided.
        let isPermitted = isAnyPermitSatisfied ? true : isAnySatisfied(.permit, with: evaluator)
        if isPermitted == false { return .deny }
        switch isAnySatisfied(.forbid, with: evaluator) {
        case true?: return .deny
        case false?: return isPermitted.map { _ in .allow }
        case nil: return nil
        }
    }

    /// Whether a residual of an effect is satisfied; `nil` when that is left open.
    private func isAnySatisfied(_ effect: Effect, with evaluator: PartialEvaluator) -> Bool? {
        var isAnyLeft = false
        for policy in residuals.policies where policy.effect == effect {
            switch evaluator.evaluate(policy) {
            case .satisfied: return true
            case .residual: isAnyLeft = true
            case .unsatisfied, .error: break
            }
        }
        return isAnyLeft ? nil : false
    }
}

extension PolicyOutcome {
    fileprivate var isResidual: Bool {
        if case .residual = self { true } else { false }
    }
}
