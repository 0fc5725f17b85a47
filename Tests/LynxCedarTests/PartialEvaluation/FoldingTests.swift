import Testing

@testable import LynxCedar

@Suite("What partial evaluation folds, and what it leaves")
struct FoldingTests {
    /// `principal` is an unknown `User`, `action` is `Action::"view"`, `resource` is unknown. Of the context, `hour` is 14, `x` and `y` are there with unknown values,
    /// `maybe` may be there, `parts` is a record with `one` being 1 and `unknown` unknown. `User::"ghost"` is unknown.
    private let request = PartialRequest(
        principal: .unknown(type: "User"),
        action: .known("Action::\"view\""),
        resource: .unknown(),
        context: PartialRecord(
            ["hour": 14],
            unknown: [
                "x": .value, "y": .value, "maybe": .presence,
                "parts": .parts(PartialRecord(["one": 1], unknown: ["unknown": .value])),
            ]),
        unknownEntities: .only(["User::\"ghost\""]))

    @Test(
        "an expression comes to its residual",
        arguments: [
            // Short circuit
            ("false && context.x", "false"),
            ("context.x && false", "context.x && false"),
            ("true && context.x", "true && context.x"),
            ("context.x && true", "true && context.x"),
            ("true && context.x == 1", "context.x == 1"),
            ("context.x == 1 && true", "context.x == 1"),
            ("context.x == 1 && false", "false"),
            ("context.x == 1 || true", "true"),
            ("context.x < 1 && false", "context.x < 1 && false"),
            ("context.x < 1 || true", "context.x < 1 || true"),
            ("context.x < 1 || false", "context.x < 1"),
            ("context.x || false", "false || context.x"),
            ("true || context.x", "true"),
            ("context.x < 1 && true && context.y < 2", "context.x < 1 && context.y < 2"),
            ("context.x < 1 && false && context.y < 2", "context.x < 1 && false"),
            ("context.x < 1 && context.nothing && context.y < 2", "context.x < 1 && context.nothing"),
            ("context.x < 1 && 3", "context.x < 1 && 3"),
            ("context.x < 1 || 1 + 1", "context.x < 1 || 1 + 1"),
            ("true && (context.x < 1 && context.y < 1) && context.x < 2", "context.x < 1 && context.y < 1 && context.x < 2"),
            // if
            ("if context.hour == 14 then context.x else context.nothing", "context.x"),
            ("if context.x then 1 + 1 else context.nothing", "if context.x then 2 else context.nothing"),
            // Strict operators
            ("context.x == context.hour", "context.x == 14"),
            ("context.hour + 1 < context.x", "15 < context.x"),
            ("context.x + context.hour * 2", "context.x + 28"),
            ("!(context.x)", "!context.x"),
            ("[context.hour, context.x].contains(context.y)", "[14, context.x].contains(context.y)"),
            ("decimal(\"1.0\").lessThan(context.x)", "decimal(\"1.0\").lessThan(context.x)"),
            ("context.x like \"a*\"", "context.x like \"a*\""),
            // Principals of a known type
            ("principal is User", "true"),
            ("principal is Group", "false"),
            ("resource is Photo", "resource is Photo"),
            ("principal == User::\"alice\"", "principal == User::\"alice\""),
            ("principal == Group::\"alice\"", "false"),
            ("Group::\"alice\" != principal", "true"),
            ("principal == 3", "false"),
            ("resource == 3", "false"),
            ("context.x == 3", "context.x == 3"),
            ("principal is User in Group::\"staff\"", "principal in Group::\"staff\""),
            ("principal is Group in Group::\"staff\"", "false"),
            ("resource is Photo in context.nothing", "resource is Photo in context.nothing"),
            ("principal in Group::\"staff\" && false", "false"),
            ("principal.name == \"a\" || true", "principal.name == \"a\" || true"),
            // Records of which parts are known
            ("context has hour", "true"),
            ("context has x", "true"),
            ("context has maybe", "context has maybe"),
            ("context has maybe && false", "false"),
            ("context has nothing", "false"),
            ("context has parts.one", "true"),
            ("context has parts.two", "false"),
            ("context has parts.unknown.a", "context has parts.unknown.a"),
            ("context.parts.one", "1"),
            ("context.parts.unknown", "context.parts.unknown"),
            ("context == {}", "context == {}"),
            ("{a: 1, b: context.x}.a", "1"),
            ("{a: 1, b: context.x}.b", "context.x"),
            ("{a: 1, b: context.x} has a", "true"),
            ("{a: 1, b: context.x} has c", "false"),
            ("{a: 1, b: context.maybe}.a", "{a: 1, b: context.maybe}.a"),
            ("{a: 1, b: context.maybe}.b", "context.maybe"),
            ("{a: 1, b: context.maybe} has a", "{a: 1, b: context.maybe} has a"),
            ("{a: context.parts}.a.one", "1"),
            // Unknown entities
            ("User::\"ghost\".name", "User::\"ghost\".name"),
            ("User::\"ghost\" has name", "User::\"ghost\" has name"),
            ("User::\"ghost\".hasTag(\"a\")", "User::\"ghost\".hasTag(\"a\")"),
            ("User::\"ghost\" in User::\"ghost\"", "true"),
            ("User::\"ghost\" in Group::\"staff\"", "User::\"ghost\" in Group::\"staff\""),
            ("User::\"ghost\" in []", "false"),
            ("{g: User::\"ghost\"} has g.name", "User::\"ghost\" has name"),
            ("User::\"alice\" in Group::\"everyone\"", "true"),
            ("User::\"alice\" in Group::\"nowhere\"", "false"),
        ])
    func residual(of text: String, is expected: String) throws {
        let evaluator = PartialEvaluator(request: request, entities: try World().entities)
        let expected = try Expression(cedar: expected)
        switch try evaluator.evaluate(try Expression(cedar: text)) {
        case .value(let value): #expect(Expression(value) == expected)
        case .residual(let residual): #expect(residual == expected)
        }
    }

    @Test(
        "an operand that certainly fails makes a strict operation fail",
        arguments: [
            "context.x == context.nothing", "[context.x, 1 + true]", "context.nothing + context.x",
            "{a: context.x, b: 1}.c", "context.nothing && context.x", "context.parts.two", "context has hour.minute",
        ])
    func failure(of text: String) throws {
        let evaluator = PartialEvaluator(request: request, entities: try World().entities)
        #expect(throws: EvaluationError.self) { try evaluator.evaluate(try Expression(cedar: text)) }
    }

    @Test("of an open record, what is not named is unknown")
    func openRecord() throws {
        let evaluator = PartialEvaluator(request: PartialRequest(), entities: Entities())
        for text in ["context has a", "context.a", "context has a.b"] {
            let expression = try Expression(cedar: text)
            #expect(try evaluator.evaluate(expression) == .residual(expression))
        }
    }

    @Test("an entity that is not in the store may be unknown, and with it what lies above it")
    func missingEntities() throws {
        let entities = try Entities([Entity(uid: "User::\"a\"", parents: ["Group::\"g\""])])
        let request = PartialRequest(principal: .known("User::\"a\""), unknownEntities: .missing)
        let evaluator = PartialEvaluator(request: request, entities: entities)
        #expect(try evaluator.evaluate(try Expression(cedar: "principal has name")) == .value(false))
        #expect(try evaluator.evaluate(try Expression(cedar: "principal in Group::\"g\"")) == .value(true))
        let above = try Expression(cedar: "User::\"a\" in Group::\"h\"")
        #expect(try evaluator.evaluate(try Expression(cedar: "principal in Group::\"h\"")) == .residual(above))
    }

    @Test("a residual keeps the places of what it is made of")
    func spans() throws {
        let source = SourceText("action == Action::\"view\" && context.x == context.hour")
        let evaluator = PartialEvaluator(request: request, entities: Entities())
        guard case .residual(let residual) = try evaluator.evaluate(try Expression(cedar: source)) else {
            Issue.record("there is no residual")
            return
        }
        #expect(try source.substring(#require(residual.span)) == "context.x == context.hour")
        #expect(try residual.children.map { try source.substring(#require($0.span)) } == ["context.x", "context.hour"])
    }
}
