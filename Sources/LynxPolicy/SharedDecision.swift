import LynxCedar

/// What policies say of many requests that have most in common: that is evaluated once, and each request is then decided by what is left.
///
/// Linear in the number of policies once, and for each request in the number of those that are left and do not name another resource.
struct SharedDecision {
    private let authorizer: Authorizer
    private let schema: Schema?
    private let deniesOnForbidErrors: Bool
    /// Whether all are denied, and whether all are permitted unless a forbid that is left holds.
    private var isDenied = false
    private var isPermitted = false
    private var residuals: [Policy] = []
    /// Those that are for one resource only.
    private var residualsByResource: [EntityUID: [Policy]] = [:]

    /// - Parameters:
    ///   - request: what all have in common.
    ///   - authorizer: with the entities as they are for all, but for those that are unknown in `request`.
    init(_ request: PartialRequest, by authorizer: Authorizer, schema: Schema?, deniesOnForbidErrors: Bool) {
        self.authorizer = authorizer
        self.schema = schema
        self.deniesOnForbidErrors = deniesOnForbidErrors
        let evaluator = PartialEvaluator(
            request: request, entities: authorizer.entities, maximumNesting: authorizer.maximumNesting, features: authorizer.features)
        for policy in authorizer.policies.policies { add(policy, evaluator.evaluate(policy)) }
    }

    private mutating func add(_ policy: Policy, _ outcome: PolicyOutcome) {
        switch (outcome, policy.effect) {
        case (.satisfied, .forbid): isDenied = true
        case (.satisfied, .permit): isPermitted = true
        case (.error, .forbid): isDenied = isDenied || deniesOnForbidErrors
        case (.error, .permit), (.unsatisfied, _): break
        case (.residual(let residual), _):
            if case .equal(let uid) = residual.resource {
                residualsByResource[uid, default: []].append(residual)
            } else {
                residuals.append(residual)
            }
        }
    }

    /// Whether a request would be answered by yes for some value of what is still unknown in it, as far as types and what is known decide that.
    ///
    /// - Parameters:
    ///   - request: one of those that have in common what the decision was made of. It names its resource.
    ///   - entity: what is added to the entities for it, or stands in for one of them.
    func mayAllow(_ request: PartialRequest, with entity: Entity?) -> Bool {
        guard !isDenied, case .known(let resource) = request.resource else { return false }
        let left = residuals + residualsByResource[resource, default: []]
        guard !left.isEmpty else { return isPermitted }
        var entities = authorizer.entities
        if let entity {
            do throws(EntitiesError) {
                try entities.upsert(entity)
            } catch {
                return false
            }
        }
        // The policies have been checked against the schema when they were loaded.
        let evaluator = PartialEvaluator(
            request: request, entities: entities, maximumNesting: authorizer.maximumNesting, features: authorizer.features, schema: schema)
        var isPermitted = isPermitted
        for policy in left where policy.effect == .forbid || !isPermitted {
            switch (evaluator.evaluate(policy), policy.effect) {
            case (.satisfied, .forbid): return false
            case (.error, .forbid): if deniesOnForbidErrors { return false }
            case (.satisfied, .permit), (.residual, .permit): isPermitted = true
            case (.residual, .forbid), (.error, .permit), (.unsatisfied, _): break
            }
        }
        return isPermitted
    }
}
