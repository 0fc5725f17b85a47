import Testing

@testable import LynxCedar

@Suite("Authorization")
struct AuthorizerTests {
    private static let permit = "permit(principal, action, resource);"
    private static let forbid = "forbid(principal, action, resource);"
    private static let failing = "permit(principal, action, resource) when { principal.nothing };"

    /// Policies in Cedar, with the decision and the reasons for alice who views the cat.
    static let table: [(policies: String, decision: Decision, reasons: [PolicyID], errors: [PolicyID])] = [
        ("", .deny, [], []),
        (permit, .allow, ["policy0"], []),
        (forbid, .deny, ["policy0"], []),
        (permit + forbid, .deny, ["policy1"], []),
        (forbid + permit + forbid, .deny, ["policy0", "policy2"], []),
        (permit + permit, .allow, ["policy0", "policy1"], []),
        (failing, .deny, [], ["policy0"]),
        (failing + permit, .allow, ["policy1"], ["policy0"]),
        ("forbid(principal, action, resource) when { principal.nothing };" + permit, .allow, ["policy1"], ["policy0"]),
        (failing + permit + failing + forbid, .deny, ["policy3"], ["policy0", "policy2"]),
        // Scopes
        ("permit(principal == User::\"alice\", action, resource);", .allow, ["policy0"], []),
        ("permit(principal == User::\"bob\", action, resource);", .deny, [], []),
        ("permit(principal in Group::\"everyone\", action, resource);", .allow, ["policy0"], []),
        ("permit(principal in User::\"alice\", action, resource);", .allow, ["policy0"], []),
        ("permit(principal in Group::\"bosses\", action, resource);", .deny, [], []),
        ("permit(principal is User, action, resource);", .allow, ["policy0"], []),
        ("permit(principal is Group, action, resource);", .deny, [], []),
        ("permit(principal is User in Group::\"staff\", action, resource);", .allow, ["policy0"], []),
        ("permit(principal is User in Group::\"bosses\", action, resource);", .deny, [], []),
        ("permit(principal, action == Action::\"view\", resource);", .allow, ["policy0"], []),
        ("permit(principal, action == Action::\"read\", resource);", .deny, [], []),
        ("permit(principal, action in Action::\"read\", resource);", .allow, ["policy0"], []),
        ("permit(principal, action in [Action::\"write\", Action::\"read\"], resource);", .allow, ["policy0"], []),
        ("permit(principal, action in [], resource);", .deny, [], []),
        ("permit(principal, action, resource in Album::\"pets\");", .allow, ["policy0"], []),
        ("permit(principal, action, resource is Photo in Album::\"pets\");", .allow, ["policy0"], []),
        // A scope that does not match keeps the conditions from being evaluated
        ("permit(principal == User::\"bob\", action, resource) when { principal.nothing };", .deny, [], []),
        // Conditions
        ("permit(principal, action, resource) when { true } unless { false };", .allow, ["policy0"], []),
        ("permit(principal, action, resource) when { true } unless { true };", .deny, [], []),
        ("permit(principal, action, resource) when { false } when { principal.nothing };", .deny, [], []),
        ("permit(principal, action, resource) when { principal.nothing } when { false };", .deny, [], ["policy0"]),
        ("permit(principal, action, resource) when { 1 };", .deny, [], ["policy0"]),
        ("permit(principal, action, resource) unless { 1 };", .deny, [], ["policy0"]),
        ("permit(principal, action, resource) when { true } when { \"true\" };", .deny, [], ["policy0"]),
    ]

    @Test("a request is decided, with reasons and errors", arguments: table)
    func response(policies: String, decision: Decision, reasons: [PolicyID], errors: [PolicyID]) throws {
        let world = try World()
        let authorizer = Authorizer(policies: try PolicySet(cedar: policies), entities: world.entities)
        let response = authorizer.isAuthorized(world.request)
        #expect(response.decision == decision)
        #expect(response.reasons == reasons)
        #expect(response.errors.map(\.policy) == errors)
        // With nothing unknown, the partial answer is the whole one.
        let partial = try authorizer.isAuthorizedPartially(PartialRequest(world.request))
        #expect(partial.decision == decision)
        #expect(partial.reasons == reasons)
        #expect(partial.errors == response.errors)
        #expect(partial.residuals.isEmpty && partial.possibleReasons.isEmpty)
    }

    @Test("linked policies decide, templates do not")
    func links() throws {
        let world = try World()
        var policies = try PolicySet(cedar: "permit(principal == ?principal, action, resource in ?resource);")
        let authorizer = Authorizer(policies: policies, entities: world.entities)
        #expect(authorizer.isAuthorized(world.request) == Response(decision: .deny))
        try policies.link(
            template: "policy0", as: "link", values: [.principal: "User::\"alice\"", .resource: "Album::\"pets\""])
        let linked = Authorizer(policies: policies, entities: world.entities)
        #expect(linked.isAuthorized(world.request) == Response(decision: .allow, reasons: ["link"]))
        // What is left of a link stands for itself.
        let partial = try linked.isAuthorizedPartially(
            PartialRequest(action: .known("Action::\"view\""), resource: .known("Photo::\"cat\"")))
        let residual = try #require(partial.residuals.policy("link"))
        #expect(residual.link == nil)
        #expect(residual == (try Policy(cedar: "permit(principal == User::\"alice\", action, resource);")))
    }

    @Test("several requests are decided each by itself, in their order")
    func batch() throws {
        let world = try World()
        let policies = try PolicySet(cedar: "permit(principal == User::\"alice\", action, resource);")
        var other = world.request
        other.principal = "User::\"bob\""
        let authorizer = Authorizer(policies: policies, entities: world.entities)
        let responses = authorizer.isAuthorized([world.request, other, world.request])
        #expect(responses.map(\.decision) == [.allow, .deny, .allow])
    }

    @Test("an error points into the source of its policy")
    func diagnostics() throws {
        let world = try World()
        let text = "permit(principal, action, resource)\n    when { context.hour + \"a\" == 3 };"
        let policies = try PolicySet(cedar: text, name: "p.cedar")
        let response = Authorizer(policies: policies, entities: world.entities).isAuthorized(world.request)
        let error = try #require(response.errors.first)
        #expect(error.error.kind == .type(expected: [.long], actual: .string))
        let diagnostic = error.diagnostic
        #expect(diagnostic.severity == .error)
        #expect(diagnostic.message.contains("policy0"))
        let source = try #require(diagnostic.source)
        #expect(source.name == "p.cedar")
        let span = try #require(diagnostic.span)
        #expect(source.substring(span) == "context.hour + \"a\"")
        #expect(source.position(of: span.lowerBound).description == "2:12")
    }

    @Test("a policy that nests too deep is an error of that policy, not of the engine")
    func nesting() throws {
        let world = try World()
        let deep = (0..<1000).reduce(Expression(.literal(.bool(true)))) { inner, _ in Expression(.unary(.not, inner)) }
        let policy = Policy(id: "deep", effect: .forbid, conditions: [Condition(.when, deep)])
        let other = Policy(id: "other", effect: .permit)
        let response = Authorizer(policies: try PolicySet([policy, other]), entities: world.entities)
            .isAuthorized(world.request)
        #expect(response.decision == .allow)
        #expect(response.errors.map(\.error.kind) == [.nestingTooDeep(limit: NestingLimit.standard)])
    }
}
