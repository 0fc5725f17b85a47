import Foundation
import Testing

/// What a SARIF log must be: OASIS SARIF 2.1.0, sections named with the rules.
@Suite("cedarc validate --sarif")
struct SARIFTests {
    typealias Object = [String: Any]

    private func log(_ text: String) throws -> Object {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? Object)
    }

    private func run(_ log: Object) throws -> Object {
        let runs = try #require(log["runs"] as? [Object])
        #expect(runs.count == 1)
        return try #require(runs.first)
    }

    private func rules(_ run: Object) throws -> [Object] {
        let tool = try #require(run["tool"] as? Object)
        let driver = try #require(tool["driver"] as? Object)
        #expect(driver["name"] as? String == "cedarc")
        return try #require(driver["rules"] as? [Object])
    }

    private func report(_ policies: String, _ arguments: [String] = []) async throws -> (run: Run, log: Object) {
        let workspace = try ValidateTests.workspace(policies)
        let run = try await workspace.cedarc(ValidateTests.command + ["--sarif", "report.sarif"] + arguments)
        return (run, try log(try workspace.read("report.sarif")))
    }

    @Test("a report that cannot be written is an error, after the findings")
    func findingsBeforeReport() async throws {
        for policies in [ValidateTests.unknownType, "permit("] {
            let workspace = try ValidateTests.workspace(policies)
            let plain = try await workspace.cedarc(ValidateTests.command + ["-f", "plain"])
            let run = try await workspace.cedarc(ValidateTests.command + ["-f", "plain", "--sarif", "none/report.sarif"])
            #expect(run.output == plain.output)
            #expect(!plain.errors.isEmpty && run.errors.hasPrefix(plain.errors))
            #expect(run.errors.dropFirst(plain.errors.count).hasPrefix("error: cannot write the report file `none/report.sarif`: "))
            #expect(run.status == 1)
        }
    }

    @Test("the log names its version and schema, and its one run names the tool (3.13, 3.14, 3.18)")
    func head() async throws {
        let (outcome, log) = try await report(ValidateTests.valid)
        #expect(outcome.output == "policy set validation passed\n")
        #expect(outcome.status == 0)
        #expect(log["version"] as? String == "2.1.0")
        #expect((log["$schema"] as? String)?.hasSuffix("/sarif-schema-2.1.0.json") == true)
        let run = try run(log)
        #expect((run["results"] as? [Object])?.isEmpty == true)
        #expect(run["columnKind"] as? String == "unicodeCodePoints")
        let invocations = try #require(run["invocations"] as? [Object])
        #expect(invocations.first?["executionSuccessful"] as? Bool == true)
        let tool = try #require(run["tool"] as? Object)
        let driver = try #require(tool["driver"] as? Object)
        let version = try await Workspace().cedarc("--version")
        #expect(version.output == "cedarc \(try #require(driver["version"] as? String))\n")
    }

    @Test("every kind of finding has a rule with a distinct kebab-case id and a description (3.49)")
    func rules() async throws {
        let (_, log) = try await report(ValidateTests.valid)
        let rules = try rules(try run(log))
        let ids = rules.compactMap { $0["id"] as? String }
        #expect(ids.count == rules.count)
        #expect(Set(ids).count == ids.count)
        for rule in rules {
            let id = try #require(rule["id"] as? String)
            #expect(id.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }, "\(id)")
            for key in ["shortDescription", "help"] {
                let text = (rule[key] as? Object)?["text"] as? String
                #expect(text?.hasSuffix(".") == true, "\(id)")
            }
            let level = (rule["defaultConfiguration"] as? Object)?["level"] as? String
            #expect(["error", "warning"].contains(level), "\(id)")
        }
    }

    @Test("a result has its rule, level, message, place and policy (3.27)")
    func results() async throws {
        let (outcome, log) = try await report("// ä€😀\n" + ValidateTests.impossible + ValidateTests.unknownType)
        #expect(outcome.status == 3)
        // What people are told does not depend on the report.
        #expect(outcome.output == "policy set validation failed\n")
        #expect(outcome.errors.contains(" --> p.cedar:5:"))
        let run = try run(log)
        let ids = try rules(run).map { $0["id"] as? String }
        let results = try #require(run["results"] as? [Object])
        #expect(Set(results.compactMap { $0["level"] as? String }) == ["error", "warning"])
        for result in results {
            let index = try #require(result["ruleIndex"] as? Int)
            #expect(ids[index] == result["ruleId"] as? String)
            let text = try #require((result["message"] as? Object)?["text"] as? String)
            #expect(!text.isEmpty)
            let locations = try #require(result["locations"] as? [Object])
            #expect(locations.count == 1)
            let physical = try #require(locations.first?["physicalLocation"] as? Object)
            let artifact = try #require(physical["artifactLocation"] as? Object)
            #expect(artifact["uri"] as? String == "p.cedar")
            #expect(artifact["uriBaseId"] as? String == "%SRCROOT%")
            let region = try #require(physical["region"] as? [String: Int])
            #expect(Set(region.keys) == ["startLine", "startColumn", "endLine", "endColumn"])
            #expect(region.values.allSatisfy { $0 >= 1 })
        }
        let error = try #require(results.first { $0["ruleId"] as? String == "unknown-entity-type" })
        let location = try #require((error["locations"] as? [Object])?.first)
        let physical = try #require(location["physicalLocation"] as? Object)
        #expect((physical["region"] as? [String: Int])?["startLine"] == 5)
        let logical = try #require((location["logicalLocations"] as? [Object])?.first)
        #expect(logical["name"] as? String == "policy1")
    }

    @Test("columns count characters as columnKind says, and the end is the one behind the last (3.30)")
    func columns() async throws {
        // The fault is the second `1`, behind a text of characters of 1 to 4 bytes: the 56th character of the line.
        let (outcome, log) = try await report("permit(principal, action, resource) when { \"aä€😀\" == 1 1 };")
        #expect(outcome.status == 1)
        let results = try #require(try run(log)["results"] as? [Object])
        let physical = try #require((results.first?["locations"] as? [Object])?.first?["physicalLocation"] as? Object)
        let region = try #require(physical["region"] as? [String: Int])
        #expect(region == ["startLine": 1, "startColumn": 56, "endLine": 1, "endColumn": 57])
    }

    @Test("what does not parse is in the report too, which says that the run failed (3.20.14)")
    func unreadable() async throws {
        let (outcome, log) = try await report("permit(principal, action);\nforbid();\n")
        #expect(outcome.status == 1)
        let run = try run(log)
        let results = try #require(run["results"] as? [Object])
        #expect(results.count >= 2)
        #expect(results.allSatisfy { $0["ruleId"] as? String == "parse-error" && $0["level"] as? String == "error" })
        #expect((run["invocations"] as? [Object])?.first?["executionSuccessful"] as? Bool == false)
    }

    @Test("what is in no file is a notification (3.20.21)")
    func notification() async throws {
        let workspace = try ValidateTests.workspace("")
        let outcome = try await workspace.cedarc("validate", "-p", "missing", "-s", "s.cedarschema", "--sarif", "r")
        #expect(outcome.status == 1)
        let run = try run(try log(try workspace.read("r")))
        #expect((run["results"] as? [Object])?.isEmpty == true)
        let invocation = try #require((run["invocations"] as? [Object])?.first)
        #expect(invocation["executionSuccessful"] as? Bool == false)
        let notification = try #require((invocation["toolExecutionNotifications"] as? [Object])?.first)
        #expect(((notification["message"] as? Object)?["text"] as? String)?.contains("missing") == true)
    }

    @Test(
        "files are named by URIs, relative to the working directory where they are in it (3.4, RFC 3986)",
        arguments: [
            ("./p.cedar", "p.cedar"), ("d/../p.cedar", "p.cedar"), ("d/a b#ä%.cedar", "d/a%20b%23%C3%A4%25.cedar"),
            ("d/a:b", "d/a%3Ab"),
        ])
    func artifacts(path: String, uri: String) async throws {
        let workspace = try ValidateTests.workspace(ValidateTests.unknownType)
        try FileManager.default.createDirectory(at: workspace.folder.appendingPathComponent("d"), withIntermediateDirectories: false)
        try workspace.write(path, ValidateTests.unknownType)
        for (file, expected) in [(path, uri), (workspace.folder.resolvingSymlinksInPath().path + "/" + path, uri)] {
            let outcome = try await workspace.cedarc("validate", "-p", file, "-s", "s.cedarschema", "--sarif", "-")
            let results = try #require(try run(try log(outcome.output))["results"] as? [Object])
            let physical = try #require((results.first?["locations"] as? [Object])?.first?["physicalLocation"] as? Object)
            #expect((physical["artifactLocation"] as? Object)?["uri"] as? String == expected)
        }
        // Outside of the working directory.
        let outcome = try await workspace.shell("cd d && \"$cedarc\" validate -p ../p.cedar -s ../s.cedarschema --sarif -")
        #expect(outcome.output.contains("\"uri\": \"file:///"))
        #expect(!outcome.output.contains("/../"))
    }

    @Test("on the standard output the report is alone; the standard input has no URI")
    func standardStreams() async throws {
        let workspace = try ValidateTests.workspace("")
        let outcome = try await workspace.cedarc(
            ["validate", "-s", "s.cedarschema", "--sarif", "-"], input: ValidateTests.unknownType)
        #expect(outcome.status == 3)
        let results = try #require(try run(try log(outcome.output))["results"] as? [Object])
        let physical = try #require((results.first?["locations"] as? [Object])?.first?["physicalLocation"] as? Object)
        let artifact = try #require(physical["artifactLocation"] as? Object)
        #expect(artifact["uri"] == nil)
        #expect(artifact["description"] != nil)
    }

    @Test("a report that cannot be written is a failure")
    func unwritable() async throws {
        let run = try await ValidateTests.workspace(ValidateTests.valid).cedarc(ValidateTests.command + ["--sarif", "d/r"])
        #expect(run.errors.hasPrefix("error: cannot write the report file `d/r`: "))
        #expect(run.status == 1)
    }
}
