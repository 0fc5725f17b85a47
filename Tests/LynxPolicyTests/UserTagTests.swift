import LynxCedar
import LynxIdentity
import LynxPolicy
import Testing

@Suite("Tags of users")
struct UserTagTests {
    private static let policies = """
        permit (principal, action, resource) when { context has user && context.user.hasTag("team") && context.user.getTag("team") == "red" };
        """
    private let alice = Party(issuer: "https://idp.example", subject: "alice")

    private func isAllowed(actor: Party, claims: Claims?, entities: String = "[]") throws -> Bool {
        let schema = try LynxSchema.schema()
        let snapshot = PolicySnapshot(
            policies: try PolicySet(cedar: Self.policies), entities: try Entities(json: SourceText(entities), schema: schema), schema: schema)
        let caller = Caller(
            principal: actor == alice ? "Lynx::User::\"corporate|alice\"" : "Lynx::Agent::\"planner\"", party: actor, subject: alice,
            subjectPrincipal: "Lynx::User::\"corporate|alice\"", chain: ActorChain(), method: .client, issuer: "corporate", scopes: nil, expires: nil,
            tokenID: nil, groups: [], claims: claims)
        return snapshot.decide(
            AccessQuestion(
                caller: caller, action: "Lynx::Action::\"exchangeToken\"", resource: "Lynx::MCPServer::\"notes\"", circumstances: .init(now: 0, scopes: []))
        ).isAllowed
    }

    private let red = Claims([.init("team", "red")])
    private let blue = Claims([.init("team", "blue")])
    private let planner = Party(issuer: "https://idp.example", subject: "planner")

    @Test("the claims of the user's own token are its tags, whoever exchanges it")
    func claims() throws {
        #expect(try isAllowed(actor: alice, claims: red))
        #expect(try isAllowed(actor: planner, claims: red))
        #expect(try !isAllowed(actor: planner, claims: blue))
        #expect(try !isAllowed(actor: planner, claims: nil))
    }

    @Test("a tag that the entities give is there without a token, and comes before a claim")
    func stored() throws {
        let entities = #"[{"uid": {"type": "Lynx::User", "id": "corporate|alice"}, "attrs": {}, "parents": [], "tags": {"team": "red"}}]"#
        #expect(try isAllowed(actor: planner, claims: nil, entities: entities))
        #expect(try isAllowed(actor: alice, claims: blue, entities: entities))
    }
}
