import Testing

@testable import LynxCedar

@Suite("Expressions have the values that the language gives them")
struct ExpressionTests {
    @Test("an expression has its value, or is an error", arguments: ExpressionTable.rows)
    func value(of row: ExpressionTable.Row) throws {
        let world = try World()
        let expression = try Expression(cedar: row.expression)
        if let expected = row.value {
            let expected = try Expression(cedar: expected).evaluate(request: world.request, entities: world.entities)
            #expect(try expression.evaluate(request: world.request, entities: world.entities) == expected)
        } else {
            #expect(throws: EvaluationError.self) {
                try expression.evaluate(request: world.request, entities: world.entities)
            }
        }
    }

    @Test(
        "an error says what is wrong",
        arguments: [
            ("1 + true", .type(expected: [.long], actual: .bool)),
            ("true && 1", .type(expected: [.bool], actual: .long)),
            ("if \"a\" then 1 else 2", .type(expected: [.bool], actual: .string)),
            ("1 < \"a\"", .type(expected: [.long], actual: .string)),
            ("\"a\" < 1", .type(expected: [.long], actual: .string)),
            ("duration(\"1h\") < true", .type(expected: [.duration], actual: .bool)),
            ("\"a\" < \"b\"", .type(expected: [.long, .datetime, .duration], actual: .string)),
            ("1 in principal", .type(expected: [.entity], actual: .long)),
            ("principal in 1", .type(expected: [.entity, .set], actual: .long)),
            ("principal in [1]", .type(expected: [.entity], actual: .long)),
            ("context.hour.a", .type(expected: [.entity, .record], actual: .long)),
            ("1.contains(1)", .type(expected: [.set], actual: .long)),
            ("1 like \"a\"", .type(expected: [.string], actual: .long)),
            ("User::\"nobody\".name", .entityMissing("User::\"nobody\"")),
            ("User::\"nobody\".getTag(\"a\")", .entityMissing("User::\"nobody\"")),
            ("User::\"bob\".name", .attributeMissing("name", of: "User::\"bob\"", available: [])),
            ("{b: 1, a: 2}.c", .attributeMissing("c", of: nil, available: ["a", "b"])),
            ("principal.getTag(\"name\")", .tagMissing("name", of: "User::\"alice\"")),
            ("9223372036854775807 + 1", .overflow(.add)),
            ("-9223372036854775808 - 1", .overflow(.subtract)),
            ("9223372036854775807 * 2", .overflow(.multiply)),
            ("-(-9223372036854775808)", .overflow(.negate)),
        ] as [(String, EvaluationError.Kind)])
    func error(of text: String, is kind: EvaluationError.Kind) throws {
        let world = try World()
        let error = #expect(throws: EvaluationError.self) {
            try Expression(cedar: text.replacing("1.contains", with: "(1).contains"))
                .evaluate(request: world.request, entities: world.entities)
        }
        #expect(error?.kind == kind)
    }

    @Test(
        "an error points at the innermost expression that failed",
        arguments: [
            ("true && (1 + (2 + principal.nothing)) == 3", "principal.nothing"),
            ("[1, 2 + \"a\"].contains(1)", "2 + \"a\""),
            ("true && true && 3 && false", "3"),
            ("if 1 + 1 then 1 else 2", "1 + 1"),
            ("!(context.hour < \"a\")", "context.hour < \"a\""),
            ("{a: ip(\"1.2.3\")} has a", "ip(\"1.2.3\")"),
            ("principal is User in (1 + 1)", "principal is User in (1 + 1)"),
        ])
    func place(in text: String, of failing: String) throws {
        let world = try World()
        let source = SourceText(text)
        let error = #expect(throws: EvaluationError.self) {
            try Expression(cedar: source).evaluate(request: world.request, entities: world.entities)
        }
        let span = try #require(error?.span)
        #expect(source.substring(span) == failing)
    }

    @Test("without a request, what depends on one is an error that says on what")
    func withoutRequest() throws {
        #expect(try Expression(cedar: "1 + 1 == 2 || principal.x").evaluate() == true)
        let error = #expect(throws: EvaluationError.self) {
            try Expression(cedar: "1 + 1 == 2 && principal.x").evaluate()
        }
        #expect(error?.kind == .unknown(try Expression(cedar: "true && principal.x")))
    }
}
