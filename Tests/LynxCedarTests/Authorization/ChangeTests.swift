import Testing

@testable import LynxCedar

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

    @Test("entities that come with a request may refer to each other in any order")
    func entitiesInAnyOrder() throws {
        let authorizer = Authorizer(
            policies: try PolicySet(cedar: "permit(principal in Group::\"b\", action, resource);"),
            entities: try Entities([Entity(uid: "Group::\"a\""), Entity(uid: "Group::\"b\"", parents: ["Group::\"a\""])]))
        let request = Request(principal: "Group::\"a\"", action: "Action::\"read\"", resource: "File::\"plan\"")
        let turned = [Entity(uid: "Group::\"a\"", parents: ["Group::\"b\""]), Entity(uid: "Group::\"b\"")]
        for entities in [turned, turned.reversed()] {
            #expect(try authorizer.isAuthorized(request, with: entities).decision == .allow)
        }
        #expect(throws: EntitiesError.self) { try authorizer.isAuthorized(request, with: turned.prefix(1)) }
        // Of two with the same uid the last counts, also for what would be a cycle.
        let repeated = [turned[0], Entity(uid: "Group::\"a\"")]
        #expect(try authorizer.isAuthorized(request, with: repeated).decision == .deny)
    }

    @Test("more groups move than the store keeps changes of, one by one or with a request, and all answers stay right")
    func manyMoves() throws {
        func group(_ number: Int) -> EntityUID { EntityUID(type: "Group", id: CedarString("g\(number)")) }
        func user(_ number: Int) -> EntityUID { EntityUID(type: "User", id: CedarString("u\(number)")) }
        let count = 700
        let authorizer = Authorizer(
            policies: try PolicySet(cedar: "permit(principal in Group::\"top\", action, resource);"),
            entities: try Entities((0..<count).flatMap { [Entity(uid: group($0)), Entity(uid: user($0), parents: [group($0)])] }))
        let moved = stride(from: 0, to: count, by: 2).map { Entity(uid: group($0), parents: ["Group::\"top\""]) }
        var changed = authorizer
        for entity in moved { try changed.upsert(entity) }
        for number in stride(from: 0, to: count, by: 7) {
            let request = Request(principal: user(number), action: "Action::\"read\"", resource: "File::\"plan\"")
            #expect(changed.isAuthorized(request).decision == (number.isMultiple(of: 2) ? .allow : .deny))
            #expect(try authorizer.isAuthorized(request, with: moved) == changed.isAuthorized(request))
            #expect(authorizer.isAuthorized(request).decision == .deny)
        }
    }

    @Test("what only policies that are gone asked for is asked for no more")
    func removedConditions() throws {
        var authorizer = Authorizer(policies: PolicySet())
        for index in 0..<20 { try authorizer.add(try policy("kept\(index)", index)) }
        let before = authorizer.snapshot.compiled.index.nodes.count
        for index in 100..<1_100 {
            try authorizer.add(try policy("passing", index))
            try authorizer.removePolicy("passing")
        }
        #expect(authorizer.snapshot.compiled.index.nodes.count < before + 16)
        for index in 0..<20 { try authorizer.removePolicy(PolicyID("kept\(index)")) }
        #expect(authorizer.snapshot.compiled.index.nodes[0].isEmpty)
    }

    private func policy(_ id: PolicyID, _ index: Int) throws -> Policy {
        let conditions = ["context.n < \(index)", "context.name == \"n\(index)\"", "context.at == decimal(\"\(index).5\")", "resource.n != -\(index)"]
        let text = "permit(principal in Group::\"g\(index % 3)\", action, resource) when { \(conditions[index % conditions.count]) && principal.n == \(index) };"
        var policy = try Policy(cedar: text)
        policy.id = id
        return policy
    }
}
