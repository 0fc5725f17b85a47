import LynxCedar
import Testing

@Suite("Printing Cedar text")
struct CedarPrinterTests {
    /// An expression and the text that the grammar gives it.
    struct Example: CustomTestStringConvertible, Sendable {
        let expression: Expression
        let text: String
        var testDescription: String { text }

        init(_ text: String, _ expression: Expression) {
            self.expression = expression
            self.text = text
        }
    }

    private static func negated(_ operand: Expression, times: Int = 1) -> Expression {
        (0..<times).reduce(operand) { operand, _ in Expression(.unary(.negate, operand)) }
    }

    private static func not(_ operand: Expression, times: Int) -> Expression {
        (0..<times).reduce(operand) { operand, _ in Expression(.unary(.not, operand)) }
    }

    private static let a = Expression.context["a"]
    private static let b = Expression.context["b"]
    private static let c = Expression.context["c"]
    private static let alice = EntityUID(type: "User", id: "alice")

    @Test("Parentheses stand where the grammar needs them and nowhere else", arguments: [
        Example("context.a && context.b && context.c", a && b && c),
        Example("context.a && (context.b && context.c)", a && (b && c)),
        Example("context.a || (context.b || context.c)", a || (b || c)),
        Example("context.a && context.b || context.c", a && b || c),
        Example("context.a && (context.b || context.c)", a && (b || c)),
        Example("(context.a || context.b) && context.c", (a || b) && c),
        Example("context.a - context.b - context.c", a - b - c),
        Example("context.a - (context.b - context.c)", a - (b - c)),
        Example("context.a + (context.b + context.c)", a + (b + c)),
        Example("context.a + context.b * context.c", a + b * c),
        Example("(context.a + context.b) * context.c", (a + b) * c),
        Example("context.a * context.b * context.c", a * b * c),
        Example("context.a * (context.b * context.c)", a * (b * c)),
        Example("context.a < context.b + context.c", a < b + c),
        Example("(context.a < context.b) == (context.b < context.c)", (a < b).equals(b < c)),
        Example("(context.a == context.b) == context.c", a.equals(b).equals(c)),
        Example("context.a == (context.b like \"x*\")", a.equals(b.like("x*"))),
        Example("(context.a is User in context.b) == context.c", a.is("User", in: b).equals(c)),
        Example("context.a is User in context.b && context.c", a.is("User", in: b) && c),
        Example("context.a is N::User in (context.b in context.c)", a.is("N::User", in: b.isIn(c))),
        Example("(context.a has b) has c", a.has("b").has("c")),
        Example("!context.a && !(context.b || context.c)", !a && !(b || c)),
        Example("!(context.a == context.b)", !a.equals(b)),
        Example("(if context.a then 1 else 2) + 1", .if(a, then: 1, else: 2) + 1),
        Example("context.a && (if context.b then true else false)", a && .if(b, then: true, else: false)),
        Example("if context.a then 1 else if context.b then 2 else 3", .if(a, then: 1, else: .if(b, then: 2, else: 3))),
        Example("[if context.a then 1 else 2]", [.if(a, then: 1, else: 2)]),
        Example("(context.a + context.b).c", (a + b)["c"]),
        Example("(context.a || context.b).contains(context.a || context.b)", (a || b).contains(a || b)),
        Example("(!context.a).isEmpty()", (!a).isEmpty()),
    ])
    func parentheses(_ example: Example) {
        #expect(example.expression.description == example.text)
    }

    @Test("A sign before digits is a literal, and at most four signs stand in a row", arguments: [
        Example("-1", -1),
        Example("-9223372036854775808", Expression(.literal(.long(.min)))),
        Example("--9223372036854775808", negated(Expression(.literal(.long(.min))))),
        Example("-(1)", negated(1)),
        Example("--1", negated(-1)),
        Example("--(1)", negated(1, times: 2)),
        Example("----1", negated(-1, times: 3)),
        Example("----(-1)", negated(-1, times: 4)),
        Example("----context.a", negated(a, times: 4)),
        Example("----(-context.a)", negated(a, times: 5)),
        Example("!!!!(!!context.a)", not(a, times: 6)),
        Example("!(-context.a)", not(negated(a), times: 1)),
        Example("-(!context.a)", negated(not(a, times: 1))),
        Example("!(-1)", not(-1, times: 1)),
        Example("(-1).x", (-1 as Expression)["x"]),
        Example("1.x", (1 as Expression)["x"]),
        Example("-(1.x)", negated((1 as Expression)["x"])),
        Example("context.a - -1", a - -1),
        Example("-1 * -2", (-1 as Expression) * -2),
        Example("-context.a * context.b", negated(a) * b),
        Example("-(context.a * context.b)", negated(a * b)),
    ])
    func signs(_ example: Example) {
        #expect(example.expression.description == example.text)
    }

    @Test("Names that are identifiers stand bare, all others in quotes", arguments: [
        Example("principal.name", .principal["name"]),
        Example("principal[\"given name\"]", .principal["given name"]),
        Example("principal[\"if\"]", .principal["if"]),
        Example("principal[\"__cedar\"]", .principal["__cedar"]),
        Example("principal.when.permit", .principal["when"]["permit"]),
        Example("principal[\"\"]", .principal[""]),
        Example(#"principal["cafe\u{301}"]"#, .principal["cafe\u{301}"]),
        Example("{a: 1, \"in\": 2, \"b c\": {}}", .record(["a": 1, "in": 2, "b c": .record([:])])),
        Example("{a: 1}.a", .record(["a": 1])["a"]),
        Example("resource has owner", .resource.has("owner")),
        Example("resource has \"the owner\"", .resource.has("the owner")),
        Example("resource has \"like\"", .resource.has("like")),
        Example("resource has owner.address.city", .resource.has("owner", "address", "city")),
        Example(
            "resource has owner && resource.owner has \"home address\" && resource.owner[\"home address\"] has city",
            .resource.has("owner", "home address", "city")),
        Example("context.a || resource has owner && resource.owner has \"in\"", a || .resource.has("owner", "in")),
        Example("!(resource has owner && resource.owner has \"in\")", !.resource.has("owner", "in")),
    ])
    func names(_ example: Example) {
        #expect(example.expression.description == example.text)
    }

    @Test("Methods stand behind their receiver, functions before their arguments", arguments: [
        Example("User::\"alice\".tags.contains(\"x\")", .entity(alice)["tags"].contains("x")),
        Example("principal.hasTag(\"x\") && principal.getTag(\"x\") == 1", .principal.hasTag("x") && .principal.getTag("x").equals(1)),
        Example("[1, 2].containsAll([]) || [].isEmpty()", ([1, 2] as Expression).containsAll([]) || ([] as Expression).isEmpty()),
        Example("ip(\"10.0.0.1\").isInRange(ip(\"10.0.0.0/8\"), context.a)", .ip("10.0.0.1").isInRange(.ip("10.0.0.0/8"), a)),
        Example("(if context.a then context.b else context.c).isLoopback()", .if(a, then: b, else: c).isLoopback()),
        Example("datetime(\"2024-01-01\").offset(duration(\"1h\")).toDate()", .datetime("2024-01-01").offset(.duration("1h")).toDate()),
        Example("(-1).contains(1)", (-1 as Expression).contains(1)),
    ])
    func calls(_ example: Example) {
        #expect(example.expression.description == example.text)
    }

    @Test("Strings and patterns are escaped", arguments: [
        Example(#""a\"b\\c\n\t\r\0é\u{202e}""#, "a\"b\\c\n\t\r\0é\u{202E}"),
        Example(#"context.a like "*\*\"\\""#, a.like(#"*\*"\\"#)),
        Example(#"User::"a\"b" in [N::Group::"x"]"#,
            Expression.entity(EntityUID(type: "User", id: "a\"b")).isIn([.entity(EntityUID(type: "N::Group", id: "x"))])),
    ])
    func escapes(_ example: Example) {
        #expect(example.expression.description == example.text)
    }

    @Test("A tree of 1,000 levels prints on little stack")
    func deepTree() {
        let ran = withStack(of: 512 * 1024) {
            let tree = (0..<1_000).reduce(Self.a) { inner, _ in 1 - inner }
            #expect(tree.description.utf8.count == 1_000 * "1 - ()".utf8.count - 2 + "context.a".utf8.count)
        }
        #expect(ran)
    }

    @Test("A chain of 100,000 operands prints")
    func longChain() {
        let chain = Expression.or(Array(repeating: Self.a, count: 100_000))
        #expect(chain.description.utf8.count == 100_000 * "context.a".utf8.count + 99_999 * 4)
    }
}

@Suite("Printing policies")
struct PolicyPrinterTests {
    private let staff = EntityUID(type: "Group", id: "staff")
    private let view = EntityUID(type: "Action", id: "view")

    @Test("A policy has its annotations, scope and conditions on lines of their own")
    func policy() {
        let policy = Policy.permit("p", principal: .in(staff), action: .equal(view), resource: .is("Photo"))
            .when(.resource["public"]).unless(.context.has("banned"))
            .annotated("id", "a \"b\"").annotated("if")
        #expect(
            policy.description == """
                @id("a \\"b\\"")
                @if
                permit(principal in Group::"staff", action == Action::"view", resource is Photo)
                when { resource.public }
                unless { context has banned };
                """)
        #expect(Policy.forbid("p").description == "forbid(principal, action, resource);")
    }

    @Test("A scope that is wider than 80 columns is broken into lines")
    func wideScope() {
        let actions = ["view", "edit"].map { EntityUID(type: "Action", id: $0) }
        let policy = Policy.permit(
            "p", principal: .isIn("Company::Employee", staff), action: .in(actions), resource: .any)
        #expect(
            policy.description == """
                permit(
                  principal is Company::Employee in Group::"staff",
                  action in [Action::"view", Action::"edit"],
                  resource
                );
                """)
    }

    @Test("Exactly 80 columns fit, counted in scalars", arguments: [(80, true), (81, false)])
    func widthLimit(columns: Int, fits: Bool) {
        let others = "permit(principal == U::\"\", action, resource)".count
        let id = CedarString(String(repeating: "é", count: columns - others))
        let policy = Policy.permit("p", principal: .equal(EntityUID(type: "U", id: id)))
        #expect(policy.description.contains("\n") == !fits)
    }

    @Test("A template prints its slots, a link of it their values")
    func template() throws {
        let template = Template.permit("t", principal: .equal(.slot), resource: .isIn("Photo", .slot))
        #expect(template.description == "permit(principal == ?principal, action, resource is Photo in ?resource);")
        let album = EntityUID(type: "Album", id: "a")
        let link = try template.linked(as: "l", values: [.principal: staff, .resource: album])
        #expect(
            link.description == "permit(principal == Group::\"staff\", action, resource is Photo in Album::\"a\");")
    }

    @Test("An empty line separates the policies of a set")
    func policySet() throws {
        var set = try PolicySet([Policy.forbid("p")], templates: [Template.permit("t", principal: .in(.slot))])
        try set.link(template: "t", as: "l", values: [.principal: staff])
        #expect(
            set.description == """
                permit(principal in ?principal, action, resource);

                forbid(principal, action, resource);

                permit(principal in Group::"staff", action, resource);

                """)
        #expect(PolicySet().description.isEmpty)
    }
}
