import LynxCedar
import Testing

@Suite("Policies in JSON")
struct PolicyJSONTests {
    // MARK: Against the reference

    @Test("An expression is written as the reference writes it", arguments: ReferencePolicyJSON.expressions)
    func expressionWritten(_ example: ReferencePolicyJSON.Example) throws {
        let written = try Expression(cedar: example.cedar).json
        #expect(try written == JSONValue(parsing: SourceText(example.json)), "\(written)")
    }

    @Test("What the reference writes reads as the expression it came from", arguments: ReferencePolicyJSON.expressions)
    func expressionRead(_ example: ReferencePolicyJSON.Example) throws {
        let parsed = try Expression(cedar: example.cedar)
        #expect(try Expression(json: example.json) == parsed.withoutLongPaths)
    }

    @Test("A policy is written and read as the reference does", arguments: ReferencePolicyJSON.policies)
    func policy(_ example: ReferencePolicyJSON.Example) throws {
        let expected = try JSONValue(parsing: SourceText(example.json))
        if example.cedar.contains("?") {
            let template = try Template(cedar: example.cedar)
            #expect(template.json == expected, "\(template.json)")
            #expect(try Template(json: example.json) == template)
        } else {
            let policy = try Policy(cedar: example.cedar)
            #expect(policy.json == expected, "\(policy.json)")
            #expect(try Policy(json: example.json) == policy)
        }
    }

    // MARK: Reading more than is written

    @Test("Other notations of the same expression are read too", arguments: [
        (#"{"has": {"left": {"Var": "context"}, "attr": ["a", "b"]}}"#, "context has a.b"),
        (#"{"has": {"left": {"Var": "context"}, "attr": ["a b"]}}"#, "context has \"a b\""),
        (#"{"like": {"left": {"Value": "x"}, "pattern": [{"Literal": "a*b"}, "Wildcard", {"Literal": ""}]}}"#, #""x" like "a\*b*""#),
        (#"{"is": {"left": {"Var": "principal"}, "entity_type": "User", "in": null}}"#, "principal is User"),
        (#"{"Value": [1, {"a": {"__entity": {"type": "N::User", "id": "x"}}}, []]}"#, #"[1, {a: N::User::"x"}, []]"#),
        (#"{"Value": {"__extn": {"fn": "decimal", "arg": "1.0"}}}"#, #"decimal("1.0")"#),
        (
            #"{"Value": {"__extn": {"fn": "offset", "args": [{"__extn": {"fn": "datetime", "arg": "2024-01-01"}}, {"__extn": {"fn": "duration", "arg": "1h"}}]}}}"#,
            #"datetime("2024-01-01").offset(duration("1h"))"#
        ),
        (#"{"Value": {"__entity": {"type": "U", "id": "x"}, "b": 1}}"#, #"{"__entity": {"type": "U", "id": "x"}, b: 1}"#),
        (#"{"||": {"left": {"Value": true}, "right": {"||": {"left": {"Value": true}, "right": {"Value": false}}}}}"#, "true || (true || false)"),
    ])
    func otherNotations(json: String, cedar: String) throws {
        #expect(try Expression(json: json) == Expression(cedar: cedar))
    }

    @Test("Scopes are read with `all`, with `entities` of one, and with `__entity`")
    func otherScopes() throws {
        let policy = try Policy(
            json: #"""
                {"effect": "permit", "conditions": [], "principal": {"op": "all"},
                 "action": {"op": "in", "entities": [{"type": "Action", "id": "a"}]},
                 "resource": {"op": "is", "entity_type": "P", "in": {"entity": {"__entity": {"type": "A", "id": "x"}}}}}
                """#)
        #expect(try policy == Policy(cedar: #"permit(principal, action in [Action::"a"], resource is P in A::"x");"#))
    }

    // MARK: Sets

    private static let open = #"{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}"#
    private static let slotted = #"{"effect":"permit","principal":{"op":"==","slot":"?principal"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}"#

    private static func set(policies: String = "", templates: String = "", links: String = "") -> String {
        #"{"staticPolicies": {\#(policies)}, "templates": {\#(templates)}, "templateLinks": [\#(links)]}"#
    }

    @Test("A set is read with its ids and links, and written back")
    func policySet() throws {
        let text = Self.set(
            policies: #""p one": \#(Self.open)"#, templates: #""t": \#(Self.slotted)"#,
            links: #"{"templateId": "t", "newId": "l", "values": {"?principal": {"type": "User", "id": "a"}}}"#)
        let set = try PolicySet(json: text)
        #expect(set.policies.map(\.id) == ["p one", "l"])
        #expect(set.templates.map(\.id) == ["t"])
        #expect(set.policy("l")?.principal == .equal("User::\"a\""))
        #expect(set.policy("l")?.link == TemplateLink(template: "t", values: [.principal: "User::\"a\""]))
        let expected = text.replacing(#"{"type": "User", "id": "a"}"#, with: #"{"__entity": {"type": "User", "id": "a"}}"#)
        #expect(try set.json == JSONValue(parsing: SourceText(expected)))
    }

    // The reference, asked for each of these sets, accepts the same ones.
    @Test("A template without slots is taken, also by links")
    func templateWithoutSlots() throws {
        let text = Self.set(
            templates: #""t": \#(Self.open)"#, links: #"{"templateId": "t", "newId": "l", "values": {}}"#)
        let set = try PolicySet(json: text)
        #expect(set.policy("l")?.principal == .any)
    }

    @Test("Sets that do not hold together are refused", arguments: [
        (set(policies: #""p": \#(slotted)"#), "a policy may not have the slot `?principal`; only a template may"),
        (set(policies: #""p": \#(open)"#, templates: #""p": \#(slotted)"#), "the id `p` is taken"),
        (set(links: #"{"templateId": "t", "newId": "l", "values": {}}"#), "there is no template `t`"),
        (
            set(templates: #""t": \#(slotted)"#, links: #"{"templateId": "t", "newId": "l", "values": {}}"#),
            "the link gives no value for ?principal of the template `t`"
        ),
        (
            set(
                templates: #""t": \#(open)"#,
                links: #"{"templateId": "t", "newId": "l", "values": {"?principal": {"type": "U", "id": "x"}}}"#),
            "the template `t` has no slot ?principal"
        ),
        (
            set(
                templates: #""t": \#(slotted)"#,
                links: #"{"templateId": "t", "newId": "t", "values": {"?principal": {"type": "U", "id": "x"}}}"#),
            "the id `t` is taken"
        ),
        (
            set(
                templates: #""t": \#(slotted)"#,
                links: #"{"templateId": "t", "newId": "l", "values": {"?action": {"type": "U", "id": "x"}}}"#),
            "there is no slot \"?action\""
        ),
        (
            set(
                templates: #""t": \#(slotted)"#,
                links: #"{"templateId": "t", "newId": "l", "values": {"?principal": {"type": "U", "id": "x"}}, "x": 1}"#),
            "a template link does not take the key \"x\""
        ),
        (#"{"staticPolicies": {}, "templates": {}}"#, "a policy set lacks the key `templateLinks`"),
        (#"{"staticPolicies": {}, "templates": {}, "templateLinks": {}}"#, "`templateLinks` must be an array, not an object"),
        ("[]", "expected a policy set as an object, found an array"),
    ])
    func brokenSets(json: String, message: String) {
        let error = #expect(throws: ParseError.self) { try PolicySet(json: json) }
        #expect(error?.diagnostics.map(\.message) == [message])
    }

    // MARK: Faults

    /// Refused by the reference too.
    @Test("What is no expression is refused with a reason", arguments: [
        ("1", "expected an expression, found a number"),
        ("{}", "an expression is an object with one key, this has none"),
        (#"{"Var": "principal", "Value": 1}"#, #"an expression is an object with one key, this has "Var", "Value""#),
        (#"{"Var": "principle"}"#, #"there is no variable "principle""#),
        (#"{"Slot": "?principal"}"#, "a slot cannot stand in a condition"),
        (#"{"decimall": [{"Value": "1.0"}]}"#, #"there is no operator or function "decimall""#),
        (#"{"ip": {"Value": "::1"}}"#, "the arguments of `ip` must be an array, not an object"),
        (#"{"!": {"arg": {"Value": true}, "x": 1}}"#, #"the body of `!` does not take the key "x""#),
        (#"{"!": {}}"#, "the body of `!` lacks the key `arg`"),
        (#"{"==": [{"Value": 1}, {"Value": 2}]}"#, "expected the body of `==` as an object, found an array"),
        (#"{"==": {"lef": {"Value": 1}, "right": {"Value": 2}}}"#, #"the body of `==` does not take the key "lef""#),
        (#"{"&&": {"left": {"Value": true}}}"#, "the body of `&&` lacks the key `right`"),
        (#"{"has": {"left": {"Var": "context"}, "attr": []}}"#, "`attr` is a string or an array of one or more strings"),
        (#"{"like": {"left": {"Value": "x"}, "pattern": "a*"}}"#, "`pattern` must be an array, not a string"),
        (#"{"like": {"left": {"Value": "x"}, "pattern": ["*"]}}"#, #"a part of `pattern` is "Wildcard" or {"Literal": ...}"#),
        (#"{"is": {"left": {"Var": "principal"}, "entity_type": "A ::B"}}"#, #""A ::B" is no entity type"#),
        (#"{"Value": null}"#, "`null` is no Cedar value"),
        (#"{"Value": 1.0}"#, "`1.0` is no Cedar value: there are only integers"),
        (#"{"Value": {"__expr": "1"}}"#, "the escape `__expr` is no longer part of Cedar's JSON format"),
        (#"{"Value": {"__entity": {"type": "if", "id": "x"}}}"#, #""if" is no entity type"#),
        (#"{"Value": {"__extn": {"fn": "decimall", "arg": "1.0"}}}"#, #"there is no extension function "decimall""#),
        (#"{"Record": []}"#, "the body of `Record` must be an object, not an array"),
        (#"{"Set": {}}"#, "the body of `Set` must be an array, not an object"),
    ])
    func faultyExpressions(json: String, message: String) {
        let error = #expect(throws: ParseError.self) { try Expression(json: json) }
        #expect(error?.diagnostics.map(\.message) == [message])
    }

    @Test("A method without receiver is taken, though Cedar text cannot say it: evaluation counts the arguments")
    func receiverMissing() throws {
        #expect(try Expression(json: #"{"isIpv4": []}"#) == Expression(.call(.isIpv4, [])))
        #expect(
            try Expression(json: #"{"Value": {"__extn": {"fn": "isIpv4", "args": []}}}"#) == Expression(.call(.isIpv4, [])))
    }

    @Test("Misspelled words get a suggestion", arguments: [
        (#"{"Var": "principle"}"#, "did you mean `principal`?"),
        (#"{"containsall": {}}"#, "did you mean `containsAll`?"),
        (#"{"decimall": []}"#, "did you mean `decimal`?"),
        (#"{"==": {"lefft": {"Value": 1}, "right": {"Value": 2}}}"#, "did you mean `left`?"),
    ])
    func suggestions(json: String, help: String) {
        let error = #expect(throws: ParseError.self) { try Expression(json: json) }
        #expect(error?.diagnostics.map(\.help) == [help])
    }

    @Test("A fault in a scope is refused with a reason", arguments: [
        ("principal", #"{"op": "ALL"}"#, #"the scope's `principal` does not take the operator "ALL""#),
        ("principal", #"{"op": "All", "x": 1}"#, #"the scope's `principal` does not take the key "x""#),
        ("principal", #"{"op": "in"}"#, "the scope's `principal` lacks the key `entity`"),
        ("principal", #"{"op": "==", "slot": "?resource"}"#, "the only slot that can stand here is `?principal`"),
        ("principal", #"{"op": "==", "entity": "User::\"a\""}"#, "expected an entity uid as an object of `type` and `id`, found a string"),
        ("principal", #"{"op": "is", "entity_type": "U", "in": {"type": "U", "id": "x"}}"#, nil),
        ("principal", "1", "the scope's `principal` must be an object, not a number"),
        ("principal", #"{"entity": {"type": "U", "id": "x"}}"#, "the scope's `principal` lacks the key `op`"),
        ("action", #"{"op": "==", "slot": "?principal"}"#, "a slot cannot stand for the action"),
        ("action", #"{"op": "is", "entity_type": "U"}"#, #"the scope's `action` does not take the operator "is""#),
        ("action", #"{"op": "==", "entity": {"type": "U", "id": "x"}}"#, #"the scope's `action` takes only entities of a type `Action`, `U::"x"` is none"#),
        ("action", #"{"op": "in", "entities": {"type": "Action", "id": "x"}}"#, "`entities` must be an array, not an object"),
        ("effect", #""Permit""#, "the effect is `permit` or `forbid`"),
        ("conditions", #"[{"kind": "When", "body": {"Value": true}}]"#, "the kind of a condition is `when` or `unless`"),
        ("conditions", #"[{"kind": "when"}]"#, "a condition lacks the key `body`"),
        ("annotations", #"{"a b": "x"}"#, #"the name of an annotation is an identifier, "a b" is not"#),
        ("annotations", #"{"a": 1}"#, "the value of an annotation must be a string or null, not a number"),
        ("annotations", "null", "`annotations` must be an object, not `null`"),
    ])
    func faultyPolicies(key: String, json: String, message: String?) throws {
        var parts = [
            "effect": #""permit""#, "principal": #"{"op": "All"}"#, "action": #"{"op": "All"}"#,
            "resource": #"{"op": "All"}"#, "conditions": "[]",
        ]
        parts[key] = json
        let text = "{" + parts.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
        let error = #expect(throws: ParseError.self) { try Template(json: text) }
        if let message { #expect(error?.diagnostics.map(\.message) == [message]) }
    }

    @Test("All faults are reported, in the order of their places")
    func allFaults() {
        let error = #expect(throws: ParseError.self) {
            try Policy(
                json: #"""
                    {"effect": "allow", "principal": {"op": "All"}, "action": {"op": "All"}, "resource": {"op": "<"},
                     "conditions": [{"kind": "when", "body": {"&&": {"left": {"Var": "x"}, "right": {"Value": null}}}},
                                    {"kind": "if", "body": {}}], "anotations": {}}
                    """#)
        }
        #expect(
            error?.diagnostics.map(\.message) == [
                "the effect is `permit` or `forbid`",
                "the scope's `resource` does not take the operator \"<\"",
                "there is no variable \"x\"",
                "`null` is no Cedar value",
                "the kind of a condition is `when` or `unless`",
                "an expression is an object with one key, this has none",
                "a policy does not take the key \"anotations\"",
            ])
        #expect(error?.diagnostics.allSatisfy { $0.span != nil && $0.source != nil } == true)
    }

    // MARK: Spans

    @Test("Nodes have the spans of their JSON, and policies the text")
    func spans() throws {
        let text = #"{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[{"kind":"when","body":{"&&":{"left":{"Var":"context"},"right":{"Value":{"a":1}}}}}],"annotations":{"k":"v"}}"#
        let source = SourceText(text, name: "policy.json")
        let policy = try Policy(json: source)
        func slice(_ span: SourceSpan?) -> String { span.map { String(source.substring($0)) } ?? "" }
        #expect(policy.source === source)
        #expect(slice(policy.span) == text)
        #expect(slice(policy.scopeSpans.action) == #"{"op":"All"}"#)
        #expect(slice(policy.annotations.first?.span) == #""k":"v""#)
        let condition = try #require(policy.conditions.first)
        #expect(slice(condition.span).hasPrefix(#"{"kind":"when""#))
        #expect(slice(condition.body.span).hasPrefix(#"{"&&":"#))
        #expect(condition.body.children.map { slice($0.span) } == [#"{"Var":"context"}"#, #"{"Value":{"a":1}}"#])
        #expect(condition.body.children.last?.children.map { slice($0.span) } == ["1"])
    }

    // MARK: Depth and length

    @Test("Nesting is bounded, chains are not")
    func limits() throws {
        func nested(_ levels: Int) -> String {
            String(repeating: #"{"!":{"arg":"#, count: levels - 1) + #"{"Value":true}"# + String(repeating: "}}", count: levels - 1)
        }
        #expect(try Expression(json: nested(NestingLimit.standard)).json.description == nested(NestingLimit.standard))
        let error = #expect(throws: ParseError.self) { try Expression(json: nested(NestingLimit.standard + 1)) }
        #expect(error?.diagnostics.map(\.message) == ["the expression nests deeper than \(NestingLimit.standard) levels"])

        let values = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(throws: ParseError.self) { try Expression(json: "{\"Value\": \(values)}") }

        let chain = Expression.and(Array(repeating: Expression.context["a"], count: 30_000))
        #expect(try Expression(json: chain.json.description) == chain)
    }

    @Test("The deepest expressions of every form are read and written on half a megabyte of stack", arguments: [
        (#"{"!":{"arg":"#, "}}"), (#"{"==":{"right":{"Value":1},"left":"#, "}}"), (#"{".":{"attr":"a","left":"#, "}}"),
        (#"{"has":{"attr":"a","left":"#, "}}"), (#"{"is":{"left":{"Value":1},"entity_type":"A","in":"#, "}}"),
        (#"{"if-then-else":{"if":{"Value":true},"then":{"Value":1},"else":"#, "}}"), (#"{"isIpv4":["#, "]}"),
        (#"{"Set":["#, "]}"), (#"{"Record":{"a":"#, "}}"), (#"{"&&":{"left":{"Value":true},"right":"#, "}}"),
        (#"{"like":{"pattern":[],"left":"#, "}}"),
    ])
    func stack(opening: String, closing: String) {
        let levels = NestingLimit.standard - 1
        let text = String(repeating: opening, count: levels) + #"{"Value":true}"# + String(repeating: closing, count: levels)
        let ran = withStack(of: 512 * 1024) {
            let expression = try? Expression(json: text)
            #expect(expression?.json.description.utf8.count == text.utf8.count)
            #expect(expression?.description.isEmpty == false)
        }
        #expect(ran)
    }

    @Test("What nests as deep as the parser goes is read back from JSON")
    func deepestText() throws {
        let operators = NestingLimit.standard / 2 - 2
        let text = String(repeating: "!(", count: operators) + "[1]" + String(repeating: ")", count: operators)
        let expression = try Expression(cedar: text)
        #expect(try Expression(json: expression.json.description) == expression)
    }

    @Test("`has` on top of `has` does not multiply the text")
    func nestedPaths() throws {
        var expression = Expression.context
        for _ in 0..<100 { expression = expression.has("a", "b") }
        let text = expression.json.description
        #expect(text.utf8.count < 10_000)
        #expect(throws: Never.self) { try Expression(json: text) }

        let odd = #"{"has": {"left": {"has": {"left": {"Var": "context"}, "attr": ["a", "b c"]}}, "attr": ["a", "b c"]}}"#
        #expect(throws: ParseError.self) { try Expression(json: odd) }
    }

    // MARK: Round trips

    @Test("Any policy is the same after a way through JSON text, but for `has` written out", arguments: 0..<10)
    func roundTrip(seed: Int) throws {
        var generator = ExpressionGenerator(seed: 3_000 + UInt64(seed))
        for _ in 0..<100 {
            let policy = generator.policy()
            let copy = try Policy(json: policy.json.description)
            try #require(copy == policy.withoutLongPaths, "\(policy)")
            let template = generator.template()
            try #require(try Template(json: template.json.formatted()) == template.withoutLongPaths, "\(template)")
        }
    }
}

extension PolicyStatement {
    fileprivate var withoutLongPaths: Self {
        var copy = self
        copy.conditions = conditions.map { Condition($0.kind, $0.body.withoutLongPaths) }
        return copy
    }
}

extension Expression {
    /// The same with each `has a.b` written out (RFC 62), unless it stands on another such path.
    fileprivate var withoutLongPaths: Expression {
        func rewritten(_ expressions: [Expression]) -> [Expression] { expressions.map(\.withoutLongPaths) }
        switch kind {
        case .literal, .variable: return self
        case .conditional(if: let condition, let then, let otherwise):
            return .if(condition.withoutLongPaths, then: then.withoutLongPaths, else: otherwise.withoutLongPaths)
        case .and(let operands): return .and(rewritten(operands))
        case .or(let operands): return .or(rewritten(operands))
        case .unary(let operation, let operand): return Expression(.unary(operation, operand.withoutLongPaths))
        case .binary(let operation, let left, let right):
            return Expression(.binary(operation, left.withoutLongPaths, right.withoutLongPaths))
        case .attribute(let target, let name): return target.withoutLongPaths[name]
        case .has(let target, let path):
            if path.count == 1 || target.containsLongPath { return Expression(.has(target.withoutLongPaths, path)) }
            var prefix = target
            var tests: [Expression] = []
            for name in path {
                tests.append(prefix.has(name))
                prefix = prefix[name]
            }
            return .and(tests)
        case .like(let target, let pattern): return target.withoutLongPaths.like(pattern)
        case .isType(let target, let type, in: let container):
            return target.withoutLongPaths.is(type, in: container?.withoutLongPaths)
        case .set(let elements): return Expression(.set(rewritten(elements)))
        case .record(let fields):
            return Expression(.record(fields.map { Field($0.name, $0.value.withoutLongPaths) }))
        case .call(let function, let arguments): return Expression(.call(function, rewritten(arguments)))
        }
    }

    private var containsLongPath: Bool {
        if case .has(_, let path) = kind, path.count > 1 { return true }
        return children.contains(where: \.containsLongPath)
    }
}
