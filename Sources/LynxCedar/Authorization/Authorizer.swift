/// Decides requests by a set of policies and a snapshot of the entities.
///
/// Any satisfied forbid denies; otherwise any satisfied permit allows; otherwise the answer is deny. Policies that
/// cannot be evaluated are skipped and reported.
///
///     let authorizer = Authorizer(policies: policies, entities: entities)
///     let response = authorizer.isAuthorized(request)
public struct Authorizer: Sendable {
    var snapshot: AuthorizerSnapshot
    /// What ``entities`` conform to. Types then decide what they can about requests of which a part is unknown; about whole requests
    /// they have nothing to say.
    public let schema: Schema?
    /// How deep the expressions of policies may nest; one that nests deeper is an error of its policy.
    public let maximumNesting: Int
    /// What is on beyond the released language.
    public let features: LanguageFeatures

    /// Compiles the policies. Linear in their size.
    public init(
        policies: PolicySet, entities: Entities = Entities(), schema: Schema? = nil,
        maximumNesting: Int = NestingLimit.standard, features: LanguageFeatures = []
    ) {
        self.schema = schema
        self.maximumNesting = maximumNesting
        self.features = features
        snapshot = AuthorizerSnapshot(
            policies: policies, entities: entities, maximumNesting: maximumNesting, features: features)
    }

    public var policies: PolicySet { snapshot.policies }
    public var entities: Entities { Entities(store: snapshot.store) }

    /// Decides a request.
    ///
    /// The cost grows with the policies that match the request, not with those that are there. Nothing is allocated unless there are
    /// several reasons, or errors, or a policy turns a text of the request into an ip, a decimal, a datetime or a duration.
    public func isAuthorized(_ request: Request) -> Response { snapshot.decide(request) }

    /// Decides a request by evaluating every policy by the simple semantics: what ``isAuthorized(_:)-(Request)`` is held to.
    package func evaluatingEachPolicy(_ request: Request) -> Response {
        Response(outcomes(for: PartialRequest(request)))
    }

    /// Decides several requests, each by itself; the responses are in the order of the requests.
    public func isAuthorized(_ requests: some Sequence<Request>) -> [Response] {
        requests.map { isAuthorized($0) }
    }

    /// Decides a request of which a part is unknown, as far as that goes.
    ///
    /// With a schema, residuals are simplified by what types decide, and stand for the policies under those completions that conform to
    /// the schema: requests and entities alike.
    ///
    /// - Throws: ``PartialAuthorizationError``, only when there is a schema: when the action or the type of the principal or the resource is
    ///   unknown, when no completion conforms, or when a policy is not valid for the environment of the request.
    public func isAuthorizedPartially(
        _ request: PartialRequest
    ) throws(PartialAuthorizationError) -> PartialResponse {
        if let schema { try check(request, against: schema) }
        return response(to: request, schema: schema)
    }

    private func check(_ request: PartialRequest, against schema: Schema) throws(PartialAuthorizationError) {
        let environment: RequestEnvironment
        do throws(ConformanceError) {
            environment = try schema.environment(of: request)
        } catch {
            throw .request(error)
        }
        let findings = Validator(schema, features: features).errors(in: policies, for: environment)
        guard findings.isEmpty else { throw .policies(findings) }
    }

    /// - Parameter schema: what the completions of the request conform to.
    package func response(to request: PartialRequest, schema: Schema?) -> PartialResponse {
        PartialResponse(
            Array(outcomes(for: request, schema: schema)), maximumNesting: maximumNesting, features: features)
    }

    private func outcomes(
        for request: PartialRequest, schema: Schema? = nil
    ) -> some Sequence<(policy: Policy, outcome: PolicyOutcome)> {
        let evaluator = evaluator(for: request, schema: schema)
        return policies.policies.lazy.map { ($0, evaluator.evaluate($0)) }
    }

    /// - Parameter schema: what the completions of the request conform to.
    func evaluator(for request: PartialRequest, schema: Schema? = nil) -> PartialEvaluator {
        PartialEvaluator(
            request: request, entities: entities, maximumNesting: maximumNesting, features: features, schema: schema)
    }
}
