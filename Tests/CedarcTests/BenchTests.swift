import Foundation
import Testing

@Suite("cedarc bench")
struct BenchTests {
    static let command = ["bench", "-p", "p.cedar", "--entities", "e.json", "--requests", "r.json", "--seconds", "0.1"]

    private static func workspace() throws -> Workspace {
        let workspace = try Sample.workspace()
        try workspace.write("r.json", "[" + RequestsTests.requests.joined(separator: ",\n") + "]")
        return workspace
    }

    private static func figures(_ run: Run) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    }

    private static func number(_ figures: [String: Any], _ key: String) throws -> Double {
        try #require((figures[key] as? NSNumber)?.doubleValue, "\(key)")
    }

    @Test("the JSON report is one object with the figures, which fit one another", arguments: [1, 2, 3])
    func json(threads: Int) async throws {
        let run = try await BenchTests.workspace().cedarc(
            BenchTests.command + ["--format", "json", "--threads", "\(threads)"])
        #expect(run.errors == "")
        #expect(run.status == 0)
        let figures = try BenchTests.figures(run)
        let nanoseconds = try BenchTests.number(figures, "nanosecondsPerDecision")
        let perSecond = try BenchTests.number(figures, "decisionsPerSecond")
        #expect(nanoseconds > 0)
        #expect(abs(nanoseconds * perSecond / (1e9 * Double(threads)) - 1) < 0.01)
        let p50 = try BenchTests.number(figures, "p50")
        #expect(p50 > 0)
        #expect(try p50 <= BenchTests.number(figures, "p99"))
        #expect(try BenchTests.number(figures, "policiesLoadMilliseconds") > 0)
        #expect(try BenchTests.number(figures, "entitiesLoadMilliseconds") > 0)
        // No process of ours gets by with less, and so small an input does not take more.
        #expect(try (1e6...1e9).contains(BenchTests.number(figures, "peakResidentBytes")))
        #expect(try BenchTests.number(figures, "threads") == Double(threads))
        #expect(try BenchTests.number(figures, "policies") == 3)
        #expect(try BenchTests.number(figures, "entities") == 4)
        #expect(try BenchTests.number(figures, "requests") == 4)
        #expect((figures["speedup"] is NSNull) == (threads == 1))
    }

    @Test("every answer is counted")
    func answers() async throws {
        let workspace = try BenchTests.workspace()
        // The last one cannot be evaluated: its context has no `level`.
        try workspace.write("r.json", (RequestsTests.requests + [Sample.line("root", "edit", "cat")]).joined(separator: "\n"))
        let figures = try BenchTests.figures(try await workspace.cedarc(BenchTests.command + ["--format", "json"]))
        #expect(try BenchTests.number(figures, "allowed") == 2)
        #expect(try BenchTests.number(figures, "denied") == 3)
        #expect(try BenchTests.number(figures, "withErrors") == 1)
    }

    @Test("the policies that cost most are named, with what they say about the requests")
    func costs() async throws {
        let run = try await BenchTests.workspace().cedarc(BenchTests.command + ["--format", "json"])
        let costs = try #require(try BenchTests.figures(run)["costliestPolicies"] as? [[String: Any]])
        #expect(Set(costs.compactMap { $0["policy"] as? String }) == ["owners", "locked", "policy2"])
        let nanoseconds = try costs.map { try BenchTests.number($0, "nanoseconds") }
        #expect(nanoseconds == nanoseconds.sorted(by: >))
        let owners = try #require(costs.first { $0["policy"] as? String == "owners" })
        #expect(try BenchTests.number(owners, "satisfied") == 2)
    }

    @Test("of many policies, those are measured that decide, and some of the others")
    func manyPolicies() async throws {
        let workspace = try BenchTests.workspace()
        let others = (0..<1000).map { "@id(\"other\($0)\") permit(principal == User::\"nobody\($0)\", action, resource);" }
        try workspace.write("p.cedar", others.joined(separator: "\n") + "\n" + Sample.policies.replacing("policy2", with: "x"))
        let figures = try BenchTests.figures(try await workspace.cedarc(BenchTests.command + ["--format", "json"]))
        #expect(try BenchTests.number(figures, "policies") == 1003)
        #expect(try (4..<1003).contains(BenchTests.number(figures, "policiesMeasured")))
        let costs = try #require(figures["costliestPolicies"] as? [[String: Any]])
        #expect(costs.contains { $0["policy"] as? String == "owners" })
    }

    @Test("the text has the figures, a histogram and the policies")
    func text() async throws {
        let run = try await BenchTests.workspace().cedarc(BenchTests.command)
        #expect(run.errors == "")
        #expect(run.status == 0)
        for part in [
            "policies        3, ready in ", "entities        4, ready in ", "4: 2 allowed, 2 denied, 0 with errors",
            "a decision ", "p50, p99 ", " decisions on one thread", "allocations ", "peak memory ", "█", "owners: satisfied by 2 of 4 requests",
        ] {
            #expect(run.output.contains(part), "\(part)")
        }
        #expect(!run.output.contains("\u{1B}"))
    }

    @Test("linked policies and a schema are taken")
    func linksAndSchema() async throws {
        let workspace = try BenchTests.workspace()
        try workspace.write("t.cedar", "@id(\"t\") permit(principal == ?principal, action, resource);")
        try workspace.write("l.json", #"[{"template_id":"t","link_id":"l","args":{"?principal":"User::\"alice\""}}]"#)
        let run = try await workspace.cedarc([
            "bench", "-p", "t.cedar", "-k", "l.json", "--entities", "e.json", "--requests", "r.json", "-s", "s.cedarschema",
            "--seconds", "0.1",
        ])
        #expect(run.errors == "")
        #expect(run.output.contains("l: satisfied by 2 of 4 requests"))
    }

    @Test("no entities and no policies can be measured too")
    func empty() async throws {
        let workspace = try BenchTests.workspace()
        try workspace.write("p.cedar", "")
        // Time enough for all of them: of less, a busy machine decides a sample.
        let run = try await workspace.cedarc("bench", "-p", "p.cedar", "--requests", "r.json", "--seconds", "1")
        #expect(run.errors == "")
        #expect(run.output.contains("4: 0 allowed, 4 denied, 0 with errors"))
        #expect(run.status == 0)
    }

    @Test("requests that the schema does not foresee are errors, each with its place")
    func nonconforming() async throws {
        let workspace = try BenchTests.workspace()
        try workspace.write(
            "r.json", Sample.line("a", "delete", "cat") + "\n" + Sample.line("a", "view", "cat", context: "{\"level\":\"x\"}"))
        let run = try await workspace.cedarc(BenchTests.command + ["-s", "s.cedarschema", "-f", "plain"])
        #expect(run.status == 1)
        #expect(run.output == "")
        #expect(run.errors.contains("r.json:1:"))
        #expect(run.errors.contains("r.json:2:"))
    }

    @Test("every faulty input is reported")
    func faults() async throws {
        let workspace = try Workspace()
        try workspace.write("p.cedar", "permit(")
        try workspace.write("e.json", "[1]")
        try workspace.write("r.json", "[{}")
        let run = try await workspace.cedarc(BenchTests.command + ["-f", "plain"])
        #expect(run.status == 1)
        #expect(run.output == "")
        for file in ["p.cedar:", "e.json:", "r.json:"] { #expect(run.errors.contains(file), "\(file)") }
    }

    @Test("no requests are nothing to measure", arguments: ["", "[]"])
    func noRequests(text: String) async throws {
        let workspace = try BenchTests.workspace()
        try workspace.write("r.json", text)
        let run = try await workspace.cedarc(BenchTests.command + ["-f", "plain"])
        #expect(run.errors == "error: there are no requests to decide\n")
        #expect(run.status == 1)
    }

    @Test(
        "numbers that make no sense are a usage error",
        arguments: [
            ["--threads", "0"], ["--threads=-1"], ["--threads", "1000000"], ["--seconds", "0"], ["--seconds", "nan"],
            ["--seconds", "inf"], ["--format", "xml"],
        ])
    func usage(arguments: [String]) async throws {
        let run = try await BenchTests.workspace().cedarc(BenchTests.command.dropLast(2) + arguments)
        #expect(run.status == 64)
        #expect(run.output == "")
    }
}
