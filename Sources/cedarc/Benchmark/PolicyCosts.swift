import LynxCedar

/// What single policies cost: each alone in its set, less the empty set.
///
/// Together, policies may share work, so these figures do not add up to a decision's.
struct PolicyCosts {
    struct Cost {
        let policy: PolicyID
        /// A decision's nanoseconds on average over the requests.
        let nanoseconds: Double
        /// How many of the requests satisfied the policy, and under how many it could not be evaluated.
        let satisfied: Int
        let errors: Int
    }

    /// The costs of the policies that were measured, the most expensive first.
    let costs: [Cost]
    /// How many policies there are.
    let policyCount: Int
    /// How many requests were decided with each.
    let requestCount: Int

    /// Beyond this many policies those are taken that have something to say about the requests, and an even sample of the others.
    private static let maximumPolicies = 200
    private static let maximumRequests = 100
    private static let rounds = 5

    /// - Parameters:
    ///   - budget: how long all of it may take, about, in nanoseconds; each policy decides some requests at least
    ///     three times whatever that takes.
    ///   - estimate: what a decision by all policies takes.
    init(of policies: PolicySet, by workload: Workload, estimate: Double, budget: Double) {
        let all = Array(policies.policies)
        let affordable = Swift.max(1, Int(clamping: budget / 4 / Swift.max(estimate, 1)))
        let chosen = PolicyCosts.choose(from: all, by: workload.sampled(to: affordable))
        let workload = workload.sampled(to: PolicyCosts.maximumRequests)
        let share = budget / 2 / Double(Swift.max(1, chosen.count) * PolicyCosts.rounds)
        let empty = PolicyCosts.time(of: workload.with(PolicySet()), for: budget / 8 / Double(PolicyCosts.rounds))

        costs = chosen.compactMap { policy in
            guard let alone = try? PolicySet([policy], templates: policies.template(of: policy)) else { return nil }
            let workload = workload.with(alone)
            let responses = workload.requests.map { workload.authorizer.isAuthorized($0) }
            return Cost(
                policy: policy.id,
                nanoseconds: Swift.max(0, PolicyCosts.time(of: workload, for: share) - empty),
                satisfied: responses.count { !$0.reasons.isEmpty }, errors: responses.count { !$0.errors.isEmpty })
        }
        .sorted { $0.nanoseconds > $1.nanoseconds }
        policyCount = all.count
        requestCount = workload.requests.count
    }

    private static func choose(from policies: [Policy], by workload: Workload) -> [Policy] {
        guard policies.count > maximumPolicies else { return policies }
        var speaking: Set<PolicyID> = []
        for request in workload.requests {
            let response = workload.authorizer.isAuthorized(request)
            speaking.formUnion(response.reasons)
            speaking.formUnion(response.errors.map(\.policy))
        }
        let first = policies.filter { speaking.contains($0.id) }.evenlySampled(maximumPolicies / 2)
        let others = policies.filter { !speaking.contains($0.id) }
        return first + others.evenlySampled(maximumPolicies - first.count)
    }

    /// What a decision takes: the median of the rounds, each of whole passes and about `share` nanoseconds long.
    private static func time(of workload: Workload, for share: Double) -> Double {
        var index = 0
        let count = workload.requests.count
        let start = MonotonicClock.now
        _ = workload.decide(count, from: &index)
        let pass = MonotonicClock.since(start)
        // Where a pass alone is over the share, one round has to do.
        let passes = Swift.max(1, Int(clamping: share / Swift.max(pass, 1)))
        return (0..<(pass > share ? 1 : rounds)).map { _ in
            let start = MonotonicClock.now
            _ = workload.decide(passes * count, from: &index)
            return MonotonicClock.since(start) / Double(passes * count)
        }.quantile(0.5)
    }
}

extension Workload {
    /// The same requests, decided by other policies.
    fileprivate func with(_ policies: PolicySet) -> Workload {
        Workload(
            authorizer: Authorizer(
                policies: policies, entities: authorizer.entities, schema: authorizer.schema,
                features: authorizer.features),
            requests: requests)
    }
}

extension PolicySet {
    /// What a linked policy needs beside it in a set.
    fileprivate func template(of policy: Policy) -> [Template] {
        policy.link.flatMap { template($0.template) }.map { [$0] } ?? []
    }
}
