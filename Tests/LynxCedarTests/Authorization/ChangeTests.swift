import LynxCedar
import Testing

@Suite("Changes of an authorizer")
struct ChangeTests {
    private static let alice: EntityUID = "User::\"alice\""
    private static let readers: EntityUID = "Group::\"readers\""
    private static let request = Request(principal: alice, action: "Action::\"read\"", resource: "File::\"plan\"")

    private static func authorizer(_ policies: String = "permit(principal in Group::\"readers\", action, resource);") throws -> Authorizer {
        Authorizer(policies: try PolicySet(cedar: policies), entities: try Entities([Entity(uid: alice, parents: [readers])]))
    }

    @Test("leave copies made before as they were")
    func snapshots() throws {
        let before = try Self.authorizer()
        var after = before
        after.removeEntity(Self.alice)
        #expect(before.isAuthorized(Self.request).decision == .allow)
        #expect(after.isAuthorized(Self.request).decision == .deny)

        var forbidding = before
        try forbidding.add(Policy(id: "stop", effect: .forbid))
        #expect(before.isAuthorized(Self.request).reasons == ["policy0"])
        #expect(forbidding.isAuthorized(Self.request).reasons == ["stop"])
        try forbidding.removePolicy("stop")
        #expect(forbidding.isAuthorized(Self.request) == before.isAuthorized(Self.request))
    }

    @Test("an answer keeps its reasons and errors through later changes")
    func answers() throws {
        var authorizer = try Self.authorizer("permit(principal, action, resource); permit(principal, action, resource) when { context.x };")
        let response = authorizer.isAuthorized(Self.request)
        try authorizer.removePolicy("policy0")
        try authorizer.removePolicy("policy1")
        #expect(response.reasons == ["policy0"])
        #expect(response.errors.map(\.policy) == ["policy1"])
        #expect(authorizer.isAuthorized(Self.request) == Response(decision: .deny))
    }

    @Test("a replaced policy comes last and counts as it now is")
    func replacement() throws {
        var authorizer = try Self.authorizer("permit(principal, action, resource); permit(principal, action, resource);")
        try authorizer.replace(Policy(id: "policy0", effect: .permit))
        #expect(authorizer.isAuthorized(Self.request).reasons == ["policy1", "policy0"])
        try authorizer.replace(Policy(id: "policy1", effect: .forbid))
        #expect(authorizer.isAuthorized(Self.request).decision == .deny)
    }

    @Test("what is not there, or there already, is refused and changes nothing")
    func refusals() throws {
        var authorizer = try Self.authorizer()
        #expect(throws: PolicySetError.duplicateID("policy0")) { try authorizer.add(Policy(id: "policy0", effect: .forbid)) }
        #expect(throws: PolicySetError.policyUnknown("x")) { try authorizer.removePolicy("x") }
        #expect(throws: PolicySetError.policyUnknown("x")) { try authorizer.replace(Policy(id: "x", effect: .forbid)) }
        #expect(throws: EntitiesError.self) { try authorizer.upsert(Entity(uid: Self.readers, parents: [Self.alice])) }
        #expect(authorizer.isAuthorized(Self.request).decision == .allow)
    }

    @Test("a group that moves takes its members along")
    func groups() throws {
        var authorizer = try Self.authorizer("permit(principal in Group::\"all\", action, resource);")
        #expect(authorizer.isAuthorized(Self.request).decision == .deny)
        try authorizer.upsert(Entity(uid: Self.readers, parents: ["Group::\"all\""]))
        #expect(authorizer.isAuthorized(Self.request).decision == .allow)
        try authorizer.upsert(Entity(uid: Self.readers))
        #expect(authorizer.isAuthorized(Self.request).decision == .deny)
    }

    @Test("entities that come with a request count for it alone, in place of those with the same uid")
    func entitiesOfRequest() throws {
        let authorizer = try Self.authorizer()
        #expect(try authorizer.isAuthorized(Self.request, with: [Entity(uid: Self.alice)]).decision == .deny)
        #expect(authorizer.isAuthorized(Self.request).decision == .allow)
        let bob = Request(principal: "User::\"bob\"", action: "Action::\"read\"", resource: "File::\"plan\"")
        #expect(try authorizer.isAuthorized(bob, with: [Entity(uid: "User::\"bob\"", parents: [Self.readers])]).decision == .allow)
        #expect(authorizer.isAuthorized(bob).decision == .deny)
    }
}
