import LynxCedar

/// The sizes to design for: 100,000 policies, and 1,000,000 entities with three attributes and two parents.
enum Large {
    static let request = Request(
        principal: user(1), action: "Action::\"read\"", resource: "Document::\"of nobody\"", context: ["hour": 12])

    /// Made once, and shared by all benchmarks.
    static let authorizer: Authorizer? = {
        guard let policies = try? PolicySet((0..<100_000).map { policy($0, hour: 8) }),
            let entities = try? Entities(groups() + (0..<990_000).map { user($0, level: 1) })
        else { return nil }
        return Authorizer(policies: policies, entities: entities)
    }()

    static func policy(_ number: Int, hour: Int64) -> Policy {
        let document = EntityUID(type: "Document", id: CedarString("\(number)"))
        return Policy.permit(
            PolicyID("policy \(number)"), principal: .in(group(number % 9_900)), action: .equal("Action::\"read\""), resource: .equal(document)
        ).when(.context["hour"] > Expression(.literal(.long(hour))))
    }

    static func user(_ number: Int, level: Int64) -> Entity {
        Entity(
            uid: user(number),
            attributes: ["name": .string(CedarString("User \(number)")), "level": .long(level), "manager": .entity(user(number / 10))],
            parents: [group(number % 9_900), group(number * 7 % 9_900)])
    }

    private static func user(_ number: Int) -> EntityUID { EntityUID(type: "User", id: CedarString("user \(number)")) }

    static func group(_ number: Int) -> EntityUID { EntityUID(type: "Group", id: CedarString("group \(number)")) }

    private static func groups() -> [Entity] {
        (0..<9_900).map { Entity(uid: group($0), parents: [EntityUID(type: "Org", id: CedarString("org \($0 % 100)"))]) }
            + (0..<100).map { Entity(uid: EntityUID(type: "Org", id: CedarString("org \($0)"))) }
    }
}
