import LynxCedar
import LynxIdentity
import LynxPolicy
import Testing

@Suite("Tools in lists")
struct ListingTests {
    private static let tools = """
        {"tools":[{"name":"refund","inputSchema":{"type":"object","required":["amount"],"properties":{"amount":{"type":"integer"}}}}]}
        """

    private func snapshot(_ policies: String, deniesOnForbidErrors: Bool = true) throws -> PolicySnapshot {
        let schema = try Schema(cedar: ToolSchema.text([("payments", JSONValue(parsing: SourceText(Self.tools)))]))
        return PolicySnapshot(
            policies: try PolicySet(cedar: policies), entities: try Entities(json: SourceText("[]"), schema: schema), schema: schema, deniesOnForbidErrors: deniesOnForbidErrors)
    }

    private func mayRefund(_ policies: String, groups: [CedarString] = [], deniesOnForbidErrors: Bool = true) throws -> Bool {
        let snapshot = try snapshot(policies, deniesOnForbidErrors: deniesOnForbidErrors)
        let alice = Party(issuer: "https://idp.example", subject: "alice")
        let user: EntityUID = "Lynx::User::\"corporate|alice\""
        let caller = Caller(
            principal: user, party: alice, subject: alice, subjectPrincipal: user, chain: ActorChain(), method: .oidc, issuer: "corporate",
            scopes: nil, expires: nil, tokenID: nil, groups: groups, claims: nil)
        let action = snapshot.action(ofTool: "payments/refund")
        #expect(snapshot.readsInput(of: action))
        return snapshot.mayAllow(
            AccessQuestion(
                caller: caller, action: action, resource: "Lynx::Tool::\"payments/refund\"", resourceParent: "Lynx::MCPServer::\"payments\"",
                circumstances: .init(now: 0, scopes: [])),
            unknown: "input")
    }

    // Which of these hold for some amount follows from Cedar's rules: a forbid wins, and what fails is skipped.
    @Test("a tool is listed that may be called with some input", arguments: [
        ("", false),
        ("permit (principal, action, resource);", true),
        ("permit (principal, action == Lynx::Action::\"payments/refund\", resource) when { context.input.amount < 100 };", true),
        ("permit (principal, action, resource) when { context.depth == 1 };", false),
        ("permit (principal, action, resource); forbid (principal, action == Lynx::Action::\"payments/refund\", resource) when { context.input.amount > 100 };", true),
        ("permit (principal, action, resource); forbid (principal, action in Lynx::Action::\"callTool\", resource);", false),
        ("permit (principal, action == Lynx::Action::\"payments/refund\", resource) when { context.input.amount < 100 && context.depth == 1 };", false),
        ("permit (principal, action, resource in Lynx::MCPServer::\"payments\");", true),
        ("permit (principal, action, resource in Lynx::MCPServer::\"notes\");", false),
    ])
    func listed(_ policies: String, _ expected: Bool) throws {
        #expect(try mayRefund(policies) == expected)
    }

    @Test("the groups of a user count")
    func groups() throws {
        let policy = "permit (principal in Lynx::Group::\"corporate|staff\", action == Lynx::Action::\"payments/refund\", resource) when { context.input.amount < 5 };"
        #expect(try mayRefund(policy, groups: ["corporate|staff"]))
        #expect(try !mayRefund(policy, groups: ["corporate|guests"]))
    }

    @Test("a forbid that fails whatever the input is denies here too")
    func failingForbid() throws {
        let policies = """
            permit (principal, action, resource);
            forbid (principal, action == Lynx::Action::"payments/refund", resource) when { context.depth + 9223372036854775807 + 1 > 0 };
            """
        #expect(try !mayRefund(policies))
        #expect(try mayRefund(policies, deniesOnForbidErrors: false))
    }
}
