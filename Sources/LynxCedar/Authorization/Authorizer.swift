/// Decides requests by a set of policies and a snapshot of the entities.
///
/// Every policy is evaluated. Any satisfied forbid denies; otherwise any satisfied permit allows; otherwise the answer is deny. Policies that
/// cannot be evaluated are skipped and reported.
///
///     let authorizer = Authorizer(policies: policies, entities: entities)
///     let response = authorizer.isAuthorized(request)
public struct Authorizer: Sendable {
    public let policies: PolicySet
    public let entities: Entities
    /// How deep the expressions of policies may nest; one that nests deeper is an error of its policy.
    public let maximumNesting: Int
    /// What is on beyond the released language.
    public let features: LanguageFeatures

    public init(
        policies: PolicySet, entities: Entities = Entities(), maximumNesting: Int = NestingLimit.standard,
        features: LanguageFeatures = []
    ) {
        self.policies = policies
        self.entities = entities
        self.maximumNesting = maximumNesting
        self.features = features
    }

    /// Decides a request.
    public func isAuthorized(_ request: Request) -> Response {
        Response(outcomes(for: PartialRequest(request)))
    }

    /// Decides several requests, each by itself; the responses are in the order of the requests.
    public func isAuthorized(_ requests: some Sequence<Request>) -> [Response] {
        requests.map { isAuthorized($0) }
    }

    /// Decides a request of which a part is unknown, as far as that goes.
    public func isAuthorizedPartially(_ request: PartialRequest) -> PartialResponse {
        PartialResponse(Array(outcomes(for: request)), maximumNesting: maximumNesting, features: features)
    }

    private func outcomes(
        for request: PartialRequest
    ) -> some Sequence<(policy: Policy, outcome: PolicyOutcome)> {
        let evaluator = PartialEvaluator(
            request: request, entities: entities, maximumNesting: maximumNesting, features: features)
        return policies.policies.lazy.map { ($0, evaluator.evaluate($0)) }
    }
}
