import LynxCedar
import LynxIdentity
import LynxPolicy
import Testing

@Suite("What questions bring along")
struct OverlayTests {
    private static let policies = """
        @id("staff") permit (principal, action, resource in Lynx::MCPServer::"notes") when { context has user && context.user in Lynx::Group::"staff" };
        @id("red") permit (principal, action, resource) when { context has user && context.user.hasTag("team") && context.user.getTag("team") == "red" };
        @id("payments") forbid (principal, action, resource in Lynx::MCPServer::"payments") when { !(context has user && context.user in Lynx::Group::"admins") };
        """
    private static let shadow = """
        @id("tried") permit (principal, action, resource in Lynx::MCPServer::"payments");
        """

    private static func snapshot() throws -> PolicySnapshot {
        PolicySnapshot(
            policies: try PolicySet(cedar: policies), shadow: try PolicySet(cedar: shadow),
            entities: try Entities(json: #"[{"uid": {"type": "Lynx::User", "id": "corporate|bob"}, "attrs": {}, "parents": [{"type": "Lynx::Group", "id": "staff"}]}]"#),
            schema: nil)
    }

    private static func caller(_ user: String?, _ groups: [CedarString], _ team: String?) -> Caller {
        let party = Party(issuer: "https://idp.example", subject: CedarString(user ?? "planner"))
        let uid = user.map { EntityUID(type: "Lynx::User", id: CedarString("corporate|\($0)")) }
        return Caller(
            principal: uid ?? "Lynx::Agent::\"planner\"", party: party, subject: party, subjectPrincipal: uid ?? "Lynx::Agent::\"planner\"",
            chain: ActorChain(), method: .oidc, issuer: "corporate", scopes: nil, expires: nil, tokenID: nil, groups: groups,
            claims: Claims(team.map { [JSONValue.Member("team", JSONValue(.string(CedarString($0))))] } ?? []))
    }

    private static var questions: [AccessQuestion] {
        var questions: [AccessQuestion] = []
        for user in ["alice", "bob", nil] {
            for groups in [[], ["staff"], ["admins"], ["staff", "admins"]] as [[CedarString]] {
                for team in ["red", "blue", nil] {
                    for tool in ["add", "pay"] {
                        for server in ["notes", "payments", nil] as [CedarString?] {
                            questions.append(
                                AccessQuestion(
                                    caller: caller(user, groups, team), action: "Lynx::Action::\"callTool\"",
                                    resource: EntityUID(type: "Lynx::Tool", id: CedarString(tool)),
                                    resourceParent: server.map { EntityUID(type: "Lynx::MCPServer", id: $0) }, circumstances: .init(now: 0, scopes: [])))
                        }
                    }
                }
            }
        }
        return questions
    }

    @Test("a question is answered as if it were the first, whoever asked what before")
    func independence() throws {
        let asked = try Self.snapshot()
        // Each is asked twice, among others.
        for question in Self.questions.shuffled() + Self.questions.shuffled() {
            let answer = asked.decide(question)
            let first = try Self.snapshot().decide(question)
            #expect(answer.isAllowed == first.isAllowed && answer.policies == first.policies && answer.reason == first.reason)
            #expect(answer.shadow?.isAllowed == first.shadow?.isAllowed && answer.shadow?.policies == first.shadow?.policies)
        }
        let allowed = Self.questions.filter { asked.decide($0).isAllowed }
        #expect(!allowed.isEmpty && allowed.count < Self.questions.count)
    }

    @Test("what would be its own ancestor is denied each time")
    func cycles() throws {
        let asked = try Self.snapshot()
        for _ in 0..<2 {
            let answer = asked.decide(
                AccessQuestion(
                    caller: Self.caller("alice", [], "red"), action: "Lynx::Action::\"callTool\"", resource: "Lynx::Tool::\"add\"",
                    resourceParent: "Lynx::Tool::\"add\"", circumstances: .init(now: 0, scopes: [])))
            #expect(!answer.isAllowed && answer.reason == "entities-cyclic")
        }
    }
}
