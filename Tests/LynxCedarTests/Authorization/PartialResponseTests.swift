import Testing

@testable import LynxCedar

@Suite("Partial authorization")
struct PartialResponseTests {
    private static let permit = "permit(principal, action, resource);"
    private static let forbid = "forbid(principal, action, resource);"
    private static let maybePermit = "permit(principal, action, resource) when { context.x == 1 };"
    private static let maybeForbid = "forbid(principal, action, resource) when { context.x == 1 };"
    private static let failing = "permit(principal, action, resource) when { 1 };"

    /// Policies with what is certain while `context.x` is unknown.
    static let table: [(policies: String, decision: Decision?, reasons: [PolicyID], possible: [PolicyID])] = [
        ("", .deny, [], []),
        (permit, .allow, ["policy0"], []),
        (permit + maybePermit, .allow, ["policy0"], ["policy1"]),
        (permit + maybeForbid, nil, [], ["policy0", "policy1"]),
        (permit + forbid + maybeForbid + maybePermit, .deny, ["policy1"], ["policy2"]),
        (forbid, .deny, ["policy0"], []),
        (maybePermit, nil, [], ["policy0"]),
        (maybeForbid, .deny, [], ["policy0"]),
        (maybePermit + maybeForbid, nil, [], ["policy0", "policy1"]),
        (failing + maybePermit, nil, [], ["policy1"]),
        (failing, .deny, [], []),
    ]

    @Test("the decision is given when it is certain, with the certain and the possible reasons", arguments: table)
    func decision(policies: String, decision: Decision?, reasons: [PolicyID], possible: [PolicyID]) throws {
        let request = PartialRequest(context: PartialRecord(unknown: ["x": .value]))
        let partial = try Authorizer(policies: try PolicySet(cedar: policies)).isAuthorizedPartially(request)
        #expect(partial.decision == decision)
        #expect(partial.reasons == reasons)
        #expect(partial.possibleReasons == possible)
    }

    /// Policies with what is left of them, `nil` for nothing, when the principal is an unknown `User`, the action is `Action::"view"`,
    /// the resource is unknown and of the context `hour` is 14 and `x` is there.
    static let residuals: [(policy: String, residual: String?)] = [
        ("permit(principal, action, resource);", nil),
        ("permit(principal == Group::\"g\", action, resource);", nil),
        ("permit(principal, action == Action::\"edit\", resource in Album::\"a\");", nil),
        ("permit(principal == User::\"a\", action == Action::\"view\", resource);", "permit(principal == User::\"a\", action, resource);"),
        ("permit(principal is User in Group::\"g\", action, resource);", "permit(principal in Group::\"g\", action, resource);"),
        ("permit(principal is User, action, resource is Photo);", "permit(principal, action, resource is Photo);"),
        ("permit(principal, action, resource is Photo in Album::\"a\");", "permit(principal, action, resource is Photo in Album::\"a\");"),
        ("permit(principal, action, resource) when { context.hour == 14 } unless { context.x };", "permit(principal, action, resource) unless { context.x };"),
        ("permit(principal, action, resource) when { context.x == 1 } when { false };", nil),
        ("permit(principal, action, resource) when { context.x < 1 } when { false };", "permit(principal, action, resource) when { context.x < 1 } when { false };"),
        ("permit(principal, action, resource) when { context.x < 1 } unless { true } when { context.x < 2 };", "permit(principal, action, resource) when { context.x < 1 } unless { true };"),
        ("permit(principal == User::\"a\", action, resource) when { 1 + 2 };", "permit(principal == User::\"a\", action, resource) when { 1 + 2 };"),
        ("permit(principal == User::\"a\", action, resource) when { 1 + 2 == 4 };", nil),
        ("@id(\"a\") forbid(principal, action, resource in Album::\"a\") when { 1 + 2 == 3 };", "@id(\"a\") forbid(principal, action, resource in Album::\"a\");"),
    ]

    @Test("what is decided is taken out of a policy", arguments: residuals)
    func residual(of policy: String, is expected: String?) throws {
        let request = PartialRequest(
            principal: .unknown(type: "User"), action: .known("Action::\"view\""),
            context: PartialRecord(["hour": 14], unknown: ["x": .value]))
        let policies = try PolicySet(cedar: policy)
        let partial = try Authorizer(policies: policies).isAuthorizedPartially(request)
        #expect(partial.residuals.policy("policy0") == (try expected.map { try Policy(cedar: $0) }))
        if let residual = partial.residuals.policy("policy0") {
            let original = try #require(policies.policy("policy0"))
            #expect(residual.id == original.id)
            #expect(residual.span == original.span)
            #expect(residual.source === original.source)
        }
    }

    @Test("a completed request gets the response that the whole policies give")
    func completion() throws {
        let world = try World()
        let policies = try PolicySet(
            cedar: """
                permit(principal in Group::"staff", action in Action::"read", resource) when { context.hour < 18 };
                forbid(principal, action, resource) unless { resource.owner == principal };
                permit(principal, action, resource) when { context.hour.minute == 3 };
                permit(principal, action, resource) when { principal.age > 18 };
                """)
        let authorizer = Authorizer(policies: policies, entities: world.entities)
        let partial = try authorizer.isAuthorizedPartially(PartialRequest(resource: .known("Photo::\"cat\"")))
        #expect(partial.decision == nil)
        let response = partial.completed(with: world.request, entities: world.entities)
        #expect(response == authorizer.isAuthorized(world.request))
        #expect(response.decision == .allow)
        #expect(response.reasons == ["policy0", "policy3"])
        #expect(response.errors.map(\.policy) == ["policy2"])
    }
}
