import Testing

@testable import LynxCedar

@Suite("Policies parse with their scope, annotations and conditions")
struct PolicyParsingTests {
    @Test("an empty text is an empty set", arguments: ["", " \n", "// nothing"])
    func empty(text: String) throws {
        let set = try PolicySet(cedar: text)
        #expect(set.policies.isEmpty && set.templates.isEmpty)
        #expect(parseError { try Policy(cedar: text) } != nil)
    }

    @Test("ids count policies and templates alike, from policy0 on")
    func ids() throws {
        let set = try PolicySet(
            cedar: """
                permit(principal, action, resource);
                forbid(principal == ?principal, action, resource);
                @id("named") permit(principal, action, resource);
                """)
        #expect(set.policies.map(\.id) == ["policy0", "policy2"])
        #expect(set.templates.map(\.id) == ["policy1"])
    }

    private static let user = EntityUID(type: "User", id: "a")
    private static let view = EntityUID(type: "Action", id: "view")

    private static let principals: [(String, ScopeConstraint<EntityUID>)] = [
        ("", .any), ("== User::\"a\"", .equal(user)), ("in User::\"a\"", .in(user)), ("is User", .is("User")),
        ("is User in User::\"a\"", .isIn("User", user)), ("== (User::\"a\")", .equal(user)), ("in ((User::\"a\"))", .in(user)),
        ("is A::B in (User::\"a\")", .isIn("A::B", user)), ("is principal", .is("principal")), ("== User :: \"\\x61\"", .equal(user)),
    ]

    @Test("the principal and the resource are constrained in the same ways", arguments: principals)
    func scope(text: String, constraint: ScopeConstraint<EntityUID>) throws {
        #expect(try Policy(cedar: "permit(principal \(text), action, resource);").principal == constraint)
        #expect(try Policy(cedar: "permit(principal, action, resource \(text),);").resource == constraint)
    }

    private static let actions: [(String, ActionConstraint)] = [
        ("", .any), ("== Action::\"view\"", .equal(view)), ("in Action::\"view\"", .in([view])), ("in [Action::\"view\"]", .in([view])),
        ("in [Action::\"view\", Action::\"view\",]", .in([view, view])), ("in []", .in([])), ("== (Action::\"view\")", .equal(view)),
        ("in ([(Action::\"view\")])", .in([view])),
        ("== A::Action::\"view\"", .equal(EntityUID(type: "A::Action", id: "view"))),
    ]

    @Test("the action is fixed, or one of several", arguments: actions)
    func actionScope(text: String, constraint: ActionConstraint) throws {
        #expect(try Policy(cedar: "permit(principal, action \(text), resource);").action == constraint)
    }

    @Test("slots in the scope make a template")
    func slots() throws {
        let both = try Template(cedar: "permit(principal in ?principal, action, resource is R in (?resource));")
        #expect(both.slots == [.principal, .resource])
        #expect(both.principal == .in(.slot))
        #expect(both.resource == .isIn("R", .slot))
        #expect(try Template(cedar: "permit(principal, action, resource == ?resource);").slots == [.resource])
        #expect(try Template(cedar: "permit(principal, action, resource);").slots == [])
        #expect(parseError { try Policy(cedar: "permit(principal == ?principal, action, resource);") } != nil)
    }

    @Test("annotations keep their order and values; any word is a key; a bare one reads as the empty string")
    func annotations() throws {
        let policy = try Policy(cedar: "@id(\"a\\n\") @if @in(\"\") @permit(\"x\") @__cedar permit(principal, action, resource);")
        #expect(policy.annotations.map(\.key) == ["id", "if", "in", "permit", "__cedar"])
        #expect(policy.annotations.map(\.value) == ["a\n", nil, "", "x", nil])
        #expect(policy.annotation("if") == "")
        #expect(policy.annotation("none") == nil)
    }

    @Test("an annotation that stands twice is a fault at the second, with a note at the first")
    func duplicateAnnotation() throws {
        let text = "@a(\"1\") @b @a permit(principal, action, resource);"
        let diagnostic = try #require(parseError { try PolicySet(cedar: text) }).diagnostics[0]
        let source = SourceText(text)
        #expect(diagnostic.span.map { source.substring($0) } == "@a")
        #expect(diagnostic.span?.lowerBound == 11)
        #expect(diagnostic.notes.map { source.substring($0.span) } == ["@a(\"1\")"])
    }

    @Test("conditions keep their kind and order")
    func conditions() throws {
        let policy = try Policy(cedar: "forbid(principal, action, resource) when { 1 } unless { 2 } when { 3 };")
        #expect(policy.effect == .forbid)
        #expect(policy.conditions.map(\.kind) == [.when, .unless, .when])
        #expect(policy.conditions.map(\.body.kind) == [.literal(.long(1)), .literal(.long(2)), .literal(.long(3))])
    }

    @Test("policies, scope elements and conditions have the spans of their texts")
    func spans() throws {
        let first = "@a permit(principal is User, action == Action::\"x\", resource) when { true };"
        let second = "forbid(principal, action, resource);"
        let text = "// c\n\(first)\n\n\(second) "
        let set = try PolicySet(cedar: text)
        let source = SourceText(text)
        #expect(set.policies.compactMap(\.span).map { String(source.substring($0)) } == [first, second])
        let policy = try #require(set.policies.first)
        #expect(policy.scopeSpans.principal.map { source.substring($0) } == "principal is User")
        #expect(policy.scopeSpans.action.map { source.substring($0) } == "action == Action::\"x\"")
        #expect(policy.scopeSpans.resource.map { source.substring($0) } == "resource")
        #expect(policy.conditions.compactMap(\.span).map { source.substring($0) } == ["when { true }"])
        #expect(policy.annotations.compactMap(\.span).map { source.substring($0) } == ["@a"])
    }

    @Test("one policy is wanted where one is read", arguments: [
        "permit(principal, action, resource); permit(principal, action, resource);", "permit(principal, action, resource);;", ";",
    ])
    func onePolicy(text: String) {
        #expect(parseError { try Policy(cedar: text) } != nil)
        #expect(parseError { try Template(cedar: text) } != nil)
    }

    @Test(
        "an entity uid is read from text only when the text is nothing else",
        arguments: [
            ("User::\"a\"", true), (" A :: B :: \"\\u{61}\" // c", true), ("User", false), ("User::", false), ("\"a\"", false),
            ("User::\"a\".b", false), ("(User::\"a\")", false), ("?principal", false), ("", false), ("if::\"a\"", false),
            ("User::\"a\" User::\"b\"", false), ("User::\"\\q\"", false), ("User::{a: 1}", false),
        ])
    func entity(text: String, isValid: Bool) {
        #expect((parseError { try EntityUID(cedar: text) } == nil) == isValid)
    }
}
