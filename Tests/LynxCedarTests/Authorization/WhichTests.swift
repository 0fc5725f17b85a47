import Testing

@testable import LynxCedar

@Suite("Which resources, principals and actions")
struct WhichTests {
    @Test("the answer is that of asking each one", arguments: 0..<6, [true, false])
    func answers(seed: Int, withSchema: Bool) throws {
        var (some, none) = (0, 0)
        for round in 0..<60 {
            guard let world = try ConformingWorld(seed: UInt64(50_000 + seed * 1000 + round)) else { continue }
            let authorizer = Authorizer(
                policies: world.policies, entities: world.entities, schema: withSchema ? world.schema : nil)
            for request in world.requests {
                let comment: Comment = "seed \(seed), round \(round): \(request) with \(world.policies)"
                func asked(_ place: WritableKeyPath<Request, EntityUID>) -> [EntityUID] {
                    let type = request[keyPath: place].type
                    return world.entities.map(\.uid).filter { $0.type == type }.sorted().filter { uid in
                        var request = request
                        request[keyPath: place] = uid
                        return authorizer.isAuthorized(request).decision == .allow
                    }
                }
                let resources = authorizer.whichResources(
                    ofType: request.resource.type, for: request.principal, action: request.action, context: request.context)
                try #require(resources == asked(\.resource), comment)
                let principals = authorizer.whichPrincipals(
                    ofType: request.principal.type, action: request.action, resource: request.resource, context: request.context)
                try #require(principals == asked(\.principal), comment)
                if resources.isEmpty { none += 1 } else { some += 1 }
            }
        }
        #expect(some > 10 && none > 10)
    }

    @Test("an action is certain when each context allows it, and possible when one may", arguments: 0..<6, [true, false])
    func actions(seed: Int, withSchema: Bool) throws {
        for round in 0..<60 {
            guard let world = try ConformingWorld(seed: UInt64(70_000 + seed * 1000 + round)) else { continue }
            let authorizer = Authorizer(
                policies: world.policies, entities: world.entities, schema: withSchema ? world.schema : nil)
            for request in world.requests {
                let comment: Comment = "seed \(seed), round \(round): \(request) with \(world.policies)"
                let isAllowed = authorizer.isAuthorized(request).decision == .allow
                let known = authorizer.whichActions(
                    for: request.principal, resource: request.resource, context: PartialRecord(request.context))
                try #require(known.possible.isEmpty, comment)
                try #require(known.certain.contains(request.action) == isAllowed, comment)
                let unknown = authorizer.whichActions(for: request.principal, resource: request.resource)
                if unknown.certain.contains(request.action) { try #require(isAllowed, comment) }
                if isAllowed { try #require((unknown.certain + unknown.possible).contains(request.action), comment) }
            }
        }
    }

    private static let schema = """
        entity User in [Group];
        entity Group, Album;
        entity Photo in [Album] { owner: User, isPublic: Bool };
        action view, edit appliesTo { principal: User, resource: Photo, context: { mfa: Bool } };
        action delete appliesTo { principal: User, resource: Album };
        """

    private func authorizer(_ policies: String) throws -> Authorizer {
        let entities = try Entities([
            Entity(uid: "User::\"alice\"", parents: ["Group::\"staff\""]), Entity(uid: "User::\"bob\""),
            Entity(uid: "Group::\"staff\""), Entity(uid: "Album::\"pets\""),
            Entity(
                uid: "Photo::\"cat\"", attributes: ["owner": .entity("User::\"bob\""), "isPublic": true],
                parents: ["Album::\"pets\""]),
            Entity(uid: "Photo::\"tax\"", attributes: ["owner": .entity("User::\"alice\""), "isPublic": false]),
        ])
        return Authorizer(
            policies: try PolicySet(cedar: policies), entities: entities, schema: try Schema(cedar: SourceText(Self.schema)))
    }

    /// Policies, with the photos that alice may view, and who may view the photo of the cat.
    static let table: [(policies: String, photos: [EntityUID], viewers: [EntityUID])] = [
        ("", [], []),
        ("permit(principal, action, resource);", ["Photo::\"cat\"", "Photo::\"tax\""], ["User::\"alice\"", "User::\"bob\""]),
        ("permit(principal, action, resource) when { resource.owner == principal };", ["Photo::\"tax\""], ["User::\"bob\""]),
        ("permit(principal in Group::\"staff\", action, resource in Album::\"pets\");", ["Photo::\"cat\""], ["User::\"alice\""]),
        ("permit(principal, action, resource == Photo::\"tax\");", ["Photo::\"tax\""], []),
        // Named, but not among the entities.
        ("permit(principal, action, resource == Photo::\"dog\");", [], []),
        ("permit(principal, action, resource); forbid(principal, action, resource) unless { resource.isPublic };", ["Photo::\"cat\""], ["User::\"alice\"", "User::\"bob\""]),
        ("permit(principal, action, resource); forbid(principal == User::\"alice\", action, resource);", [], ["User::\"bob\""]),
        ("permit(principal, action == Action::\"edit\", resource);", [], []),
    ]

    @Test("entities are found in ascending order", arguments: table)
    func entities(policies: String, photos: [EntityUID], viewers: [EntityUID]) throws {
        let authorizer = try authorizer(policies)
        let context: Record = ["mfa": true]
        #expect(
            authorizer.whichResources(
                ofType: "Photo", for: "User::\"alice\"", action: "Action::\"view\"", context: context) == photos)
        #expect(
            authorizer.whichPrincipals(
                ofType: "User", action: "Action::\"view\"", resource: "Photo::\"cat\"", context: context) == viewers)
    }

    @Test("only actions that apply are told, in the order of the schema")
    func applicableActions() throws {
        let authorizer = try authorizer(
            """
            permit(principal, action == Action::"view", resource);
            permit(principal, action == Action::"edit", resource) when { context.mfa };
            permit(principal, action == Action::"delete", resource);
            """)
        let photo = authorizer.whichActions(for: "User::\"alice\"", resource: "Photo::\"cat\"")
        #expect(photo.certain == ["Action::\"view\""])
        #expect(photo.possible == ["Action::\"edit\""])
        let known = authorizer.whichActions(for: "User::\"alice\"", resource: "Photo::\"cat\"", context: ["mfa": true])
        #expect(known.certain == ["Action::\"view\"", "Action::\"edit\""])
        #expect(known.possible == [])
        let album = authorizer.whichActions(for: "User::\"alice\"", resource: "Album::\"pets\"")
        #expect(album.certain == ["Action::\"delete\""])
        #expect(album.possible == [])
    }
}
