import LynxCedar
import LynxIdentity
import LynxPolicy
import Testing

@Suite("Lists")
struct ListingTests {
    private static let tools = """
        {"tools":[{"name":"refund","inputSchema":{"type":"object","required":["amount"],"properties":{"amount":{"type":"integer"}}}}]}
        """

    private func snapshot(_ policies: String, deniesOnForbidErrors: Bool = true) throws -> PolicySnapshot {
        let schema = try Schema(cedar: ToolSchema.text([("payments", JSONValue(parsing: SourceText(Self.tools)))]))
        return PolicySnapshot(
            policies: try PolicySet(cedar: policies), entities: try Entities(json: SourceText("[]"), schema: schema), schema: schema, deniesOnForbidErrors: deniesOnForbidErrors)
    }

    private let server = Destination(name: "payments", kind: .mcp, audience: "a")

    private func caller(groups: [CedarString] = []) -> Caller {
        let alice = Party(issuer: "https://idp.example", subject: "alice")
        let user: EntityUID = "Lynx::User::\"corporate|alice\""
        return Caller(
            principal: user, party: alice, subject: alice, subjectPrincipal: user, chain: ActorChain(), method: .oidc, issuer: "corporate",
            scopes: nil, expires: nil, tokenID: nil, groups: groups, claims: nil)
    }

    private func question(_ action: EntityUID, groups: [CedarString] = []) -> AccessQuestion {
        AccessQuestion(caller: caller(groups: groups), action: action, resource: server.resource, circumstances: .init(now: 0, scopes: []))
    }

    private func mayRefund(_ policies: String, groups: [CedarString] = [], deniesOnForbidErrors: Bool = true) throws -> Bool {
        let snapshot = try snapshot(policies, deniesOnForbidErrors: deniesOnForbidErrors)
        #expect(snapshot.readsInput(of: snapshot.action(ofTool: "payments/refund")))
        let listed = snapshot.listedTools(["refund", nil, "refund"], of: server, for: question("Lynx::Action::\"listTools\"", groups: groups))
        #expect(listed.count == 3 && !listed[1] && listed[0] == listed[2])
        return listed[0]
    }

    /// Policies that speak of single tools, of all, of targets, of the caller, and some that fail.
    private static let mixed = """
        permit (principal, action == Lynx::Action::"callTool", resource == Lynx::Tool::"payments/a");
        permit (principal, action in Lynx::Action::"mcp", resource in Lynx::MCPServer::"payments") when { context.depth == 0 && context has target && context.target like "file:///*" };
        permit (principal in Lynx::Group::"corporate|staff", action, resource in Lynx::MCPServer::"payments");
        forbid (principal, action == Lynx::Action::"callTool", resource == Lynx::Tool::"payments/b");
        forbid (principal, action, resource == Lynx::Tool::"payments/c") when { context.depth + 9223372036854775807 + 1 > 0 };
        forbid (principal, action == Lynx::Action::"readResource", resource) when { context has target && context.target like "*secret*" };
        forbid (principal, action, resource) when { Lynx::Tool::"payments/d" in Lynx::MCPServer::"payments" && resource == Lynx::Tool::"payments/d" };
        """

    @Test("what is listed is what the decision on its use would be, where nothing of that is unknown", arguments: [[], ["corporate|staff"]])
    func agreement(_ groups: [CedarString]) throws {
        for deniesOnForbidErrors in [true, false] {
            let snapshot = try snapshot(Self.mixed, deniesOnForbidErrors: deniesOnForbidErrors)
            let names: [CedarString] = ["a", "b", "c", "d", "e", "file:///a", "file:///secret"]
            var seen: Set<Bool> = []
            for (list, use) in [("listTools", nil), ("readResource", "readResource"), ("getPrompt", "getPrompt")] as [(CedarString, CedarString?)] {
                let question = question(EntityUID(type: "Lynx::Action", id: list), groups: groups)
                let listed = use == nil ? snapshot.listedTools(names, of: server, for: question) : snapshot.listedTargets(names, for: question)
                for (name, isListed) in zip(names, listed) {
                    var single = question
                    if use == nil {
                        single.resource = server.tool(name)
                        single.resourceParent = server.resource
                        single.action = snapshot.action(ofTool: single.resource.id)
                    } else {
                        single.circumstances.target = name
                    }
                    #expect(snapshot.decide(single).isAllowed == isListed, "\(list) \(name)")
                    seen.insert(isListed)
                }
            }
            #expect(seen == [true, false])
        }
    }

    @Test("templates are listed where some resource may be read", arguments: [
        ("permit (principal, action == Lynx::Action::\"readResource\", resource) when { context has target && context.target like \"file:///*\" };", true),
        ("permit (principal, action == Lynx::Action::\"readResource\", resource) when { context.depth == 1 };", false), ("", false),
        ("permit (principal, action, resource); forbid (principal, action == Lynx::Action::\"readResource\", resource);", false),
    ])
    func templates(_ policies: String, _ expected: Bool) throws {
        #expect(try snapshot(policies).listsTemplates(for: question("Lynx::Action::\"readResource\"")) == expected)
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
