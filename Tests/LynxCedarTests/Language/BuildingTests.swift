import LynxCedar
import Testing

@Suite("Building expressions and policies in Swift")
struct BuildingTests {
    struct Example: CustomTestStringConvertible, Sendable {
        let text: String
        let built: Expression
        var testDescription: String { text }

        init(_ text: String, _ built: Expression) {
            self.text = text
            self.built = built
        }
    }

    @Test("A built expression is the one that its text parses to", arguments: [
        Example("true", true),
        Example("-5", -5),
        Example(#""a\"b""#, "a\"b"),
        Example("[1, true, \"x\", []]", [1, true, "x", []]),
        Example("{a: 1, \"b c\": principal}", .record(["a": 1, "b c": .principal])),
        Example(#"principal in Group::"staff""#, .principal.isIn(.entity("Group::\"staff\""))),
        Example(#"action in [Action::"a", Action::"b"]"#, .action.isIn([.entity("Action::\"a\""), .entity("Action::\"b\"")])),
        Example("resource.owner == principal && !resource.private", .resource["owner"].equals(.principal) && !.resource["private"]),
        Example("context.a || context.b || context.c", .context["a"] || .context["b"] || .context["c"]),
        Example("context.a != 1 || 1 + 2 * 3 - context.b < 4", .context["a"].differs(from: 1) || 1 + 2 * 3 - .context["b"] < 4),
        Example("1 <= 2 && 2 > 1 && 2 >= 1", (1 as Expression) <= 2 && (2 as Expression) > 1 && (2 as Expression) >= 1),
        Example("-context.a", -.context["a"]),
        Example("resource has a", .resource.has("a")),
        Example("resource has a.b.c", .resource.has("a", "b", "c")),
        Example(#"resource.name like "*.jp\*g""#, .resource["name"].like(#"*.jp\*g"#)),
        Example("principal is User", .principal.is("User")),
        Example(#"principal is N::User in Group::"staff""#, .principal.is("N::User", in: .entity("Group::\"staff\""))),
        Example("if context.a then 1 else 2", .if(.context["a"], then: 1, else: 2)),
        Example("context.s.contains(1)", .context["s"].contains(1)),
        Example("context.s.containsAll([1])", .context["s"].containsAll([1])),
        Example("context.s.containsAny([1])", .context["s"].containsAny([1])),
        Example("context.s.isEmpty()", .context["s"].isEmpty()),
        Example("principal.hasTag(\"a\") && principal.getTag(\"a\")", .principal.hasTag("a") && .principal.getTag("a")),
        Example(
            #"context.ip.isInRange(ip("10.0.0.0/8"), ip("::1"))"#,
            .context["ip"].isInRange(.ip("10.0.0.0/8"), .ip("::1"))),
        Example("context.ip.isIpv4() || context.ip.isIpv6()", .context["ip"].isIpv4() || .context["ip"].isIpv6()),
        Example("context.ip.isLoopback() || context.ip.isMulticast()", .context["ip"].isLoopback() || .context["ip"].isMulticast()),
        Example(#"context.d.lessThan(decimal("1.0"))"#, .context["d"].lessThan(.decimal("1.0"))),
        Example(
            "context.d.lessThanOrEqual(context.e) || context.d.greaterThan(context.e) || context.d.greaterThanOrEqual(context.e)",
            .context["d"].lessThanOrEqual(.context["e"]) || .context["d"].greaterThan(.context["e"])
                || .context["d"].greaterThanOrEqual(.context["e"])),
        Example(
            #"datetime("2024-01-01").offset(duration("1h")).durationSince(context.t).toHours()"#,
            .datetime("2024-01-01").offset(.duration("1h")).durationSince(.context["t"]).toHours()),
        Example("context.t.toDate().toTime().toMilliseconds()", .context["t"].toDate().toTime().toMilliseconds()),
        Example("context.t.toSeconds() + context.t.toMinutes() + context.t.toDays()",
            .context["t"].toSeconds() + .context["t"].toMinutes() + .context["t"].toDays()),
    ])
    func expressions(_ example: Example) throws {
        #expect(try Expression(cedar: example.text) == example.built)
    }

    @Test("A built policy is the one that its text parses to")
    func policy() throws {
        let built = Policy.permit(
            "view", principal: .in("Group::\"staff\""), action: .equal("Action::\"view\""), resource: .is("Photo")
        )
        .when(.resource["public"]).unless(.context.has("banned")).annotated("owner", "platform").annotated("draft")
        let parsed = try Policy(
            cedar: """
                @owner("platform") @draft
                permit(principal in Group::"staff", action == Action::"view", resource is Photo)
                when { resource.public } unless { context has banned };
                """)
        #expect(built == parsed)
        #expect(built.id == "view")
        #expect(Policy.forbid("f", action: .in(["Action::\"a\"", "Action::\"b\""])) ==
            (try Policy(cedar: #"forbid(principal, action in [Action::"a", Action::"b"], resource);"#)))
    }

    @Test("A built template is the one that its text parses to")
    func template() throws {
        let built = Template.forbid("t", principal: .equal(.slot), resource: .isIn("Photo", "Album::\"a\"")).when(true)
        let parsed = try Template(
            cedar: #"forbid(principal == ?principal, action, resource is Photo in Album::"a") when { true };"#)
        #expect(built == parsed)
    }

    @Test("Annotating twice with one key keeps the last value in the first place")
    func annotations() {
        let policy = Policy.permit("p").annotated("a", "1").annotated("b").annotated("a", "2")
        #expect(policy.annotations == [Annotation(key: "a", value: "2"), Annotation(key: "b")])
    }

    @Test("In a pattern's text a star is a wildcard unless a backslash stands before it", arguments: [
        ("*.jpg", [Pattern.Element.wildcard, .scalar("."), .scalar("j"), .scalar("p"), .scalar("g")]),
        (#"\*"#, [.scalar("*")]),
        (#"\\*"#, [.scalar("\\"), .wildcard]),
        (#"\d\"#, [.scalar("\\"), .scalar("d"), .scalar("\\")]),
        ("", []),
    ])
    func patterns(text: String, elements: [Pattern.Element]) {
        #expect(Pattern(text).elements == elements)
    }
}
