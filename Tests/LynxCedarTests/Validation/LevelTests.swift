import Testing

@testable import LynxCedar

/// The levels are those that RFC 76 defines: how many steps from the entities of the request a policy takes.
@Suite("Levels")
struct LevelTests {
    private static func level(_ condition: String) throws -> Int? {
        let schema = try Schema(
            cedar: """
                entity User in [Group] { age: Long, friend: User, home: { owner: User } } tags User;
                entity Group;
                action view appliesTo { principal: User, resource: User, context: { who: User, parts: { other: User } } };
                """)
        let policies = try PolicySet(cedar: "permit(principal, action, resource) when { \(condition) };")
        return (0..<8).first { Validator(schema, level: $0).validate(policies).passed }
    }

    @Test(
        "the smallest level at which a condition passes",
        arguments: [
            ("true", 0),
            ("principal == resource", 0),
            ("context.who == principal", 0),
            ("principal is User", 0),
            ("action == Action::\"view\"", 0),
            ("principal.age > 1", 1),
            ("principal in resource", 1),
            ("principal has age", 1),
            ("context.who.age > 1", 1),
            ("context.parts.other.age > 1", 1),
            ("principal.home.owner == principal", 1),
            ("principal in principal.friend", 1),
            ("principal.hasTag(\"a\")", 1),
            ("principal.friend.age > 1", 2),
            ("principal.home.owner.age > 1", 2),
            ("principal.friend in Group::\"g\"", 2),
            ("principal has friend.age", 2),
            ("principal.hasTag(\"a\") && principal.getTag(\"a\").age > 1", 2),
            ("(if principal.age > 1 then principal else principal.friend).age > 1", 2),
            ("{a: principal.friend}.a.age > 1", 2),
            ("{a: principal.friend, b: principal}.b.age > 1", 1),
            ("principal.friend.friend.friend.age > 1", 4),
            ("User::\"a\".age > 1", nil),
        ] as [(String, Int?)])
    func levels(condition: String, expected: Int?) throws {
        #expect(try Self.level(condition) == expected)
    }
}
