import Testing

@testable import LynxCedar

/// Many of one thing: what takes more than linear time shows here as minutes.
@Suite("Any number of names, keys and faults is dealt with in linear time", .timeLimit(.minutes(5)))
struct HostileSizeTests {
    #if DEBUG
    private static let count = 20_000
    #else
    private static let count = 100_000
    #endif

    private static let uid = #"{"type":"U","id":"a"}"#

    private func names(_ name: (Int) -> String, separator: String = ",") -> String {
        (0..<Self.count).map(name).joined(separator: separator)
    }

    @Test("annotations of one policy, in both formats")
    func annotations() throws {
        let text = names({ "@a\($0)(\"\")" }, separator: " ") + " permit(principal, action, resource);"
        #expect(try Policy(cedar: text).annotations.count == Self.count)
        let json = #"{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[],"annotations":{"#
        #expect(try Policy(json: json + names { "\"a\($0)\":\"\"" } + "}}").annotations.count == Self.count)
    }

    @Test("fields of one record")
    func fields() throws {
        #expect(try Expression(cedar: "{" + names { "a\($0): 1" } + "}").children.count == Self.count)
    }

    @Test("quotes that nothing closes")
    func quotes() throws {
        for opening in ["\u{201E}", "'", "`", "\u{2018}"] {
            let text = "permit(principal, action, resource) when {" + names({ _ in opening + " ; permit ( " }, separator: "")
            #expect(parseError { try PolicySet(cedar: text) } != nil)
        }
    }

    @Test("keys that a request, an entity or an operator does not have")
    func unknownKeys() {
        let keys = names { "\"a\($0)\":1" }
        let request = parseError { try Request(json: "{\(keys),\"principal\":\(Self.uid),\"action\":\(Self.uid),\"resource\":\(Self.uid)}") }
        #expect((request?.diagnostics.count ?? 0) > 1_000)
        #expect(parseError { try Entities(json: "[{\(keys),\"uid\":\(Self.uid),\"attrs\":{},\"parents\":[]}]") } == nil)
        #expect((parseError { try Expression(json: "{\"==\":{\(keys)}}") }?.diagnostics.count ?? 0) > 1_000)
    }

    @Test("parents and attributes that a schema does not allow")
    func conformance() throws {
        let schema = try Schema(cedar: "entity U { a?: Long }; entity G; action A appliesTo { principal: U, resource: U };")
        let parents = names { "{\"type\":\"G\",\"id\":\"\($0)\"}" }
        let attributes = names { "\"b\($0)\":1" }
        for entity in [
            "{\"uid\":\(Self.uid),\"attrs\":{},\"parents\":[\(parents)]}", "{\"uid\":\(Self.uid),\"attrs\":{\(attributes)},\"parents\":[]}",
        ] {
            let error = parseError { try Entities(json: "[\(entity)]", schema: schema) }
            #expect((error?.diagnostics.count ?? 0) > 1_000)
        }
    }

    @Test("faults of one request beyond those that are told are counted")
    func conformanceFaults() throws {
        let schema = try Schema(cedar: "entity U; action A appliesTo { principal: U, resource: U };")
        let record = try #require(Record((0..<Self.count).map { Record.Attribute(name: CedarString("b\($0)"), value: 1) }))
        let request = Request(principal: "U::\"a\"", action: "Action::\"A\"", resource: "U::\"a\"", context: record)
        let error = try #require(throws: ConformanceError.self) { try schema.check(request) }
        #expect(error.faults.count == ConformanceError.maximumCount + 1)
        #expect(error.faults.last?.message == "there are \(Self.count - ConformanceError.maximumCount) more faults")
    }

    @Test("tests in one conjunction")
    func capabilities() throws {
        let schema = try Schema(cedar: "entity U; action A appliesTo { principal: U, resource: U, context: { a?: Long } };")
        let tests = names({ _ in "context has a" }, separator: " && ")
        let policies = try PolicySet(cedar: "permit(principal, action, resource) when { \(tests) && context.a == 1 };")
        #expect(Validator(schema).validate(policies).passed)
    }

    @Test(
        "record types that double at each step, and are declared twice",
        arguments: Validator.Mode.allCases, ["Long", "String"])
    func doublingTypes(mode: Validator.Mode, leaf: String) throws {
        let levels = 18
        func types(_ name: String, _ leaf: String) -> String {
            "type \(name)0 = { x: \(leaf) };\n"
                + (1...levels).map { "type \(name)\($0) = { a: \(name)\($0 - 1), b?: \(name)\($0 - 1) };\n" }.joined()
        }
        let schema = try Schema(
            cedar: types("T", "Long") + types("S", leaf)
                + "entity U { t: T\(levels) }; entity V { s: S\(levels) }; action A appliesTo { principal: U, resource: V };")
        let comparisons = Array(repeating: "principal.t == resource.s && [principal.t, resource.s].contains(resource.s)", count: 200)
        let policies = try PolicySet(cedar: "permit(principal, action, resource) when { \(comparisons.joined(separator: " && ")) };")
        let report = Validator(schema, mode: mode).validate(policies)
        // Strict validation compares only what is of one type.
        #expect(report.passed == (leaf == "Long" || mode == .permissive))
        #expect(report.errors.allSatisfy { $0.diagnostic.message.utf8.count < 1_000 })

        let request = Request(
            principal: "U::\"a\"", action: "Action::\"A\"", resource: "V::\"a\"", context: [:])
        #expect(throws: Never.self) { try schema.check(request) }
        let error = try #require(throws: ConformanceError.self) { try schema.check(Entity(uid: "U::\"a\"")) }
        #expect(error.description.utf8.count < 1_000)
        #expect(error.faults.allSatisfy { ($0.help ?? "").utf8.count < 200 })
    }

    @Test("faults far along one line, in every form")
    func faultsOnOneLine() throws {
        let text = "[" + String(repeating: " ", count: 20 * Self.count) + names { _ in "princpal" } + "]"
        let error = try #require(parseError { try Expression(cedar: text) })
        #expect(error.diagnostics.count == 1_001)
        for form in [.human(colored: false), .plain, .json] as [DiagnosticRenderer.Form] {
            #expect(!DiagnosticRenderer(form).render(error.diagnostics).isEmpty)
        }
    }

    @Test("bad escapes in one string are counted no further than they are reported")
    func escapes() throws {
        let error = try #require(parseError { try Expression(cedar: "\"" + String(repeating: "\\q", count: Self.count) + "\"") })
        #expect(error.diagnostics.count == 1_001)
    }

    @Test("a message stays short whatever the text that it quotes")
    func messages() throws {
        let name = String(repeating: "A::", count: Self.count)
        for scope in [
            "principal is \(name)\"x\"", "principal == \(name){}", "principal == \(name)A", "principal == ?\(name.filter { $0 != ":" })",
            "principal == U::\"a\", action == \(name)\"x\"",
        ] {
            let error = try #require(parseError { try PolicySet(cedar: "permit(\(scope), action, resource);") })
            #expect(error.description.utf8.count < 1_000)
        }
    }

    @Test("the error of a missing attribute keeps a few names, and says how many there are")
    func missingAttribute() throws {
        let record = try #require(Record((0..<1_000).map { Record.Attribute(name: CedarString("a\($0)"), value: 1) }))
        let request = Request(principal: "U::\"a\"", action: "Action::\"a\"", resource: "U::\"a\"", context: record)
        let error = #expect(throws: EvaluationError.self) { try Expression.context["b"].evaluate(request: request) }
        #expect(error?.kind == .attributeMissing("b", of: nil, available: ["a0", "a1", "a10", "a100", "a101"], omitted: 995))
        #expect(error?.description == "record does not have the attribute `b`; it has `a0`, `a1`, `a10`, `a100`, `a101` and 995 more")
    }
}
