import CedarReference
import Testing

@testable import LynxCedar

/// The expected verdicts and wordings are those of the reference implementation (4.12).
@Suite("Strict validation")
struct ValidatorTests {
    private static func schema() throws -> Schema {
        try Schema(
            cedar: #"""
                entity User in [Group] { age: Long, nick?: String, home: { street?: String }, friend: User } tags Long;
                entity Group;
                entity Color enum ["red", "it's"];
                entity Photo { age: Long };
                action read;
                action view in [read] appliesTo { principal: User, resource: [User, Photo], context: { ip?: ipaddr, at: datetime } };
                action paint appliesTo { principal: User, resource: Color };
                """#)
    }

    private static func errors(_ policies: String, _ mode: Validator.Mode = .strict) throws -> Set<String> {
        let report = Validator(try schema(), mode: mode).validate(try PolicySet(cedar: policies))
        return Set(report.errors.map { ReferenceWording($0).message.replacing("for policy `policy0`, ", with: "") })
    }

    private static let view = #"permit(principal is User, action == Action::"view", resource is Photo) when { "#

    @Test(
        "conditions that pass",
        arguments: [
            "principal has nick && principal.nick like \"a*\"",
            "principal has home.street && principal.home.street == \"x\"",
            "if principal has nick then principal.nick == \"\" else true",
            "(principal has nick || principal has nick && true) && principal.nick == \"\"",
            "principal.hasTag(\"a\") && principal.getTag(\"a\") > 1",
            "context has ip && context.ip.isInRange(ip(\"10.0.0.0/8\"))",
            "context.at < datetime(\"2024-01-01\").offset(duration(\"1h\"))",
            "action == Action::\"paint\" && principal.nope",
            "principal in Group::\"g\" && principal is User in Group::\"g\"",
            "action in Action::\"read\"",
            "!(resource has nope && resource.nope.nope)",
        ])
    func passes(condition: String) throws {
        #expect(try Self.errors("\(Self.view)\(condition) };") == [])
    }

    @Test(
        "conditions that do not, and what is said of them",
        arguments: [
            ("principal.nick == \"\"", ["unable to guarantee safety of access to optional attribute `nick` on entity type `User`"]),
            ("!(principal has nick) || principal.nick == \"\"", ["unable to guarantee safety of access to optional attribute `nick` on entity type `User`"]),
            ("context.ip.isIpv4()", ["unable to guarantee safety of access to optional attribute `ip` in context for Action::\"view\""]),
            ("principal.nope", ["attribute `nope` on entity type `User` not found"]),
            ("principal.getTag(\"a\") > 1", ["unable to guarantee safety of access to tag `\"a\"` on entity type `User`"]),
            ("resource.age + \"1\" == 1", ["unexpected type: expected Long but saw String"]),
            ("principal.age == \"1\"", ["the types Long and String are not compatible"]),
            ("[1, true].isEmpty()", ["the types __cedar::internal::True and Long are not compatible"]),
            ("[].isEmpty()", ["empty set literals are forbidden in policies"]),
            ("ip(principal.home.street).isIpv4()", [
                "extension constructors may not be called with non-literal expressions",
                "unable to guarantee safety of access to optional attribute `home.street` on entity type `User`",
            ]),
            ("ip(\"x\").isIpv4()", ["error during extension function argument validation: Failed to parse as IP address: `\"x\"`"]),
            ("decimal(\"1.0\", \"2.0\") == decimal(\"1.0\")", ["wrong number of arguments in extension function application. Expected 1, got 2"]),
            ("principal is Usr", ["unrecognized entity type `Usr`"]),
            ("action == Action::\"nope\"", ["unrecognized action `Action::\"nope\"`"]),
            ("principal.friend in Color::\"blue\"", [
                "for policy `policy0`: entity `Color::\"blue\"` is of an enumerated entity type, but `\"blue\"` is not declared as a valid eid"
            ]),
        ] as [(String, [String])])
    func fails(condition: String, expected: [String]) throws {
        #expect(try Self.errors("\(Self.view)\(condition) };") == Set(expected))
    }

    @Test("behind a fault in one condition, the others still rely on each other")
    func conditionsBehindFault() throws {
        let conditions = "1 == principal.nope } when { principal has nick } when { principal.nick == \"\""
        #expect(try Self.errors("\(Self.view)\(conditions) };") == ["attribute `nope` on entity type `User` not found"])
    }

    @Test(
        "permissive validation takes different types in equalities, entities of several types together, and empty sets",
        arguments: ["principal.age == \"1\"", "[principal, resource].contains(principal)", "[].isEmpty()"])
    func permissive(condition: String) throws {
        #expect(try !Self.errors("\(Self.view)\(condition) };").isEmpty)
        #expect(try Self.errors("\(Self.view)\(condition) };", .permissive) == [])
    }

    @Test(
        "scopes to which no action applies",
        arguments: [
            "permit(principal is Photo, action, resource);", "permit(principal, action == Action::\"read\", resource);",
            "permit(principal, action == Action::\"paint\", resource is Photo);", "permit(principal in Photo::\"a\", action, resource);",
            "permit(principal == ?principal, action in [Action::\"paint\"], resource is User in ?resource);",
        ])
    func inapplicable(policy: String) throws {
        #expect(try Self.errors(policy) == ["unable to find an applicable action given the policy scope constraints"])
    }
}
