import Foundation
import Testing

@Suite("cedarc run-tests")
struct RunTestsTests {
    static let command = ["run-tests", "-p", "p.cedar", "--tests", "t.json"]

    /// A test in the reference implementation's format.
    static func test(
        _ name: String? = nil, _ principal: String = "alice", _ resource: String = "cat", context: String = "{}",
        decision: String = "allow", reason: String = #"["owners"]"#, errors: String = "0"
    ) -> String {
        """
        {\(name.map { "\"name\": \"\($0)\",\n " } ?? "")"request": {"principal": "User::\\"\(principal)\\"", "action": "Action::\\"view\\"", "resource": "Photo::\\"\(resource)\\"", "context": \(context)},
         "entities": \(Sample.entities),
         "decision": "\(decision)", "reason": \(reason), "num_errors": \(errors)}
        """
    }

    private func run(_ tests: [String], _ arguments: [String] = []) async throws -> Run {
        let workspace = try Sample.workspace()
        try workspace.write("t.json", "[\n" + tests.joined(separator: ",\n") + "\n]\n")
        return try await workspace.cedarc(RunTestsTests.command + arguments)
    }

    @Test("a line for each test and a summary, in the reference's words; 0 when all passed")
    func passing() async throws {
        let run = try await run([
            RunTestsTests.test("owner sees"), RunTestsTests.test(nil, "bob", decision: "deny", reason: "[]"),
        ])
        #expect(run.output == "running 2 test(s)\n  test owner sees ... ok\n  test (unnamed) ... ok\nresults: 2 passed, 0 failed\n")
        #expect(run.errors == "")
        #expect(run.status == 0)
    }

    @Test("another decision, a missing reason or another number of errors fails, with 1")
    func failing() async throws {
        let run = try await run([
            RunTestsTests.test("a", decision: "deny"),
            RunTestsTests.test("b", reason: #"["owners", "x", "y"]"#),
            RunTestsTests.test("c", errors: "2"),
            RunTestsTests.test("d"),
        ])
        #expect(
            run.output == """
                running 4 test(s)
                  test a ... fail: expected deny, got allow
                  test b ... fail: missing reason(s): `x`, `y`
                  test c ... fail: expected 2 error(s), but got 0 runtime error(s)
                  test d ... ok
                results: 1 passed, 3 failed

                """)
        #expect(run.status == 1)
    }

    @Test("reasons are a subset: others may decide too")
    func subset() async throws {
        let run = try await run([RunTestsTests.test("a", reason: "[]")])
        #expect(run.status == 0)
    }

    @Test("expected evaluation errors are no failure; unexpected ones are shown at the expression that failed")
    func evaluationErrors() async throws {
        let root = RunTestsTests.test("a", "root", context: #"{"level": "high"}"#, decision: "deny", reason: "[]", errors: "1")
        let expected = try await run([root])
        #expect(expected.status == 0)
        #expect(expected.errors == "")
        let unexpected = try await run([root.replacing("\"num_errors\": 1", with: "\"num_errors\": 0")], ["-f", "plain"])
        #expect(unexpected.output.contains("  test a ... fail: expected 0 error(s), but got 1 runtime error(s)\n"))
        #expect(unexpected.errors.hasPrefix("p.cedar:5:63: error: "))
        #expect(unexpected.status == 1)
    }

    @Test(
        "a faulty test is an error at its place, and the others run",
        arguments: [
            "7", "{}", RunTestsTests.test(decision: "Allow"), RunTestsTests.test(reason: "{}"), RunTestsTests.test(reason: "[1]"),
            RunTestsTests.test(errors: "-1"), RunTestsTests.test(errors: "\"0\""), RunTestsTests.test(context: "[]"),
            RunTestsTests.test().replacing("\"entities\"", with: "\"entitys\""),
            RunTestsTests.test().replacing(#"{"type": "User", "id": "alice"}, "attrs""#, with: #"{"type": "User"}, "attrs""#),
            RunTestsTests.test().replacing(#""User::\"alice\"""#, with: #""User""#),
        ])
    func faulty(test: String) async throws {
        let run = try await run([test, RunTestsTests.test("good")], ["-f", "plain"])
        let lines = run.output.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[1].hasPrefix("  test (unnamed) ... error: "))
        #expect(lines[2] == "  test good ... ok")
        #expect(lines[3] == "results: 1 passed, 1 failed")
        #expect(run.errors.hasPrefix("t.json:"))
        #expect(run.status == 1)
    }

    @Test("members that have no meaning are passed over, as in the reference")
    func otherMembers() async throws {
        let run = try await run([RunTestsTests.test().replacing("\"reason\"", with: "\"comment\": null, \"reason\"")])
        #expect(run.status == 0)
    }

    @Test("a file that is no array of tests is an error", arguments: ["", "{}", "[", "{\"wrong-format\":true}"])
    func wrongFile(text: String) async throws {
        let workspace = try Sample.workspace()
        try workspace.write("t.json", text)
        let run = try await workspace.cedarc(RunTestsTests.command + ["-f", "plain"])
        #expect(run.output == "")
        #expect(run.errors.hasPrefix("t.json:"))
        #expect(run.status == 1)
    }

    @Test("no tests pass")
    func none() async throws {
        let run = try await run([])
        #expect(run.output == "running 0 test(s)\nresults: 0 passed, 0 failed\n")
        #expect(run.status == 0)
    }

    @Test("with --error-format json, an object a line")
    func json() async throws {
        let run = try await run([RunTestsTests.test("a"), "{}", RunTestsTests.test("b", decision: "deny")], ["-f", "json"])
        let lines = run.output.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[0] == #"{"test":"a","line":2,"result":"ok","problems":[]}"#)
        #expect(lines[1].hasPrefix(#"{"test":null,"line":"#))
        #expect(lines[1].contains(#""result":"error","problems":[""#))
        #expect(lines[2].hasSuffix(#""result":"fail","problems":["expected deny, got allow"]}"#))
        #expect(lines[3] == #"{"passed":1,"failed":2}"#)
        #expect(run.errors.split(separator: "\n").allSatisfy { $0.hasPrefix("{\"severity\":\"error\"") })
        #expect(run.status == 1)
    }

    @Test("a name cannot steer the terminal or fake a line")
    func names() async throws {
        let run = try await run([RunTestsTests.test(#"x\n\u001b[2Jtest y ... ok"#)])
        #expect(run.output.split(separator: "\n").count == 3)
        #expect(!run.output.contains("\u{1B}"))
    }

    @Test("with a schema, request and entities must be as it says, and are read so")
    func schema() async throws {
        let workspace = try SchemaTests.workspace()
        func test(_ resource: String) -> String {
            """
            {"request": {"principal": "App::User::\\"alice\\"", "action": "App::Action::\\"view\\"", "resource": "App::Doc::\\"\(resource)\\"",
              "context": {"from": "10.0.0.1"}}, "entities": \(SchemaTests.entities), "decision": "allow", "reason": ["policy0"], "num_errors": 0}
            """
        }
        try workspace.write("p.cedar", "permit(principal is App::User, action in App::Action::\"read\", resource) when { context.from == principal.address };")
        try workspace.write("t.json", "[\(test("plan")), \(test("memo"))]")
        let run = try await workspace.cedarc(RunTestsTests.command + ["-s", "s.cedarschema", "-f", "plain"])
        #expect(run.output.contains("  test (unnamed) ... ok\n  test (unnamed) ... error: "))
        #expect(run.errors.hasPrefix("t.json:"))
        #expect(run.status == 1)
    }

    @Test("with a schema, policies that it finds fault with fail every test", arguments: ["permit(principal is Userr, action, resource);", "permit(principal, action, resource) when { false };"])
    func invalidPolicies(policy: String) async throws {
        let workspace = try Sample.workspace()
        try workspace.write("p.cedar", policy)
        try workspace.write("t.json", "[\(RunTestsTests.test("a", decision: "deny", reason: "[]"))]")
        #expect(try await workspace.cedarc(RunTestsTests.command).status == 0)
        let run = try await workspace.cedarc(RunTestsTests.command + ["-s", "s.cedarschema", "-f", "plain"])
        #expect(run.output == "running 1 test(s)\n  test a ... error: policy set validation failed\nresults: 0 passed, 1 failed\n")
        #expect(run.errors.hasPrefix("p.cedar:1:"))
        #expect(run.status == 1)
    }

    @Test("tests or policies may come from the standard input, links count, features can be enabled, and time is taken")
    func inputs() async throws {
        let workspace = try Sample.workspace()
        let tests = "[\(RunTestsTests.test("a"))]"
        try workspace.write("t.json", tests)
        #expect(try await workspace.cedarc(["run-tests", "-p", "p.cedar", "--tests", "-"], input: tests).status == 0)
        let timed = try await workspace.cedarc(["run-tests", "--tests", "t.json", "-t"], input: Sample.policies)
        #expect(timed.status == 0)
        #expect(timed.errors.hasPrefix("Authorization Time (micro seconds) : "))
        try workspace.write(
            "p.cedar",
            #"@id("owners") permit(principal, action, resource) when { ip("::1").isInRange(ip("10.0.0.0/8"), ip("::/0")) };"#)
        #expect(try await workspace.cedarc(RunTestsTests.command).status == 1)
        #expect(try await workspace.cedarc(RunTestsTests.command + ["--enable", "variadic-is-in-range"]).status == 0)
        try workspace.write("p.cedar", #"@id("t") permit(principal == ?principal, action, resource);"#)
        try workspace.write("k.json", #"[{"template_id": "t", "link_id": "owners", "args": {"?principal": "User::\"alice\""}}]"#)
        #expect(try await workspace.cedarc(RunTestsTests.command + ["-k", "k.json"]).status == 0)
    }

    @Test("CRLF line ends count the same")
    func carriageReturns() async throws {
        let workspace = try Sample.workspace()
        try workspace.write("t.json", "[\(RunTestsTests.test("a")),\n{}]".replacing("\n", with: "\r\n"))
        let run = try await workspace.cedarc(RunTestsTests.command + ["-f", "plain"])
        #expect(run.output.contains("  test a ... ok\n"))
        let line = "[\(RunTestsTests.test("a")),\n{}]".split(separator: "\n").count
        #expect(run.errors.hasPrefix("t.json:\(line):1: error: "))
    }
}
