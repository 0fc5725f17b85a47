import Foundation
import Testing

@Suite("cedarc and faulty inputs")
struct InputTests {
    /// A command that reads one input, and what messages call that input.
    struct Use: Sendable, CustomTestStringConvertible {
        let role: String
        let arguments: [String]

        var testDescription: String { role }

        /// The arguments with `file` as the input.
        func reading(_ file: String) -> [String] { arguments.map { $0 == "FILE" ? file : $0 } }
    }

    static let request = Sample.request("alice", "view", "cat")

    static let uses = [
        Use(role: "policies", arguments: ["authorize", "-p", "FILE"] + request),
        Use(role: "policies", arguments: ["check-parse", "-p", "FILE"]),
        Use(role: "policies", arguments: ["translate-policy", "--direction", "cedar-to-json", "-p", "FILE"]),
        Use(role: "policies", arguments: ["translate-policy", "--direction", "json-to-cedar", "-p", "FILE"]),
        Use(role: "policies", arguments: ["partially-authorize", "-p", "FILE"]),
        Use(role: "policies", arguments: ["link", "-p", "FILE", "--template-id", "t", "-n", "n", "-a", "{}"]),
        Use(role: "entities", arguments: ["authorize", "-p", "p.cedar", "--entities", "FILE"] + request),
        Use(role: "entities", arguments: ["evaluate", "1", "--entities", "FILE"]),
        Use(role: "entities", arguments: ["check-parse", "--entities", "FILE"]),
        Use(role: "context", arguments: ["authorize", "-p", "p.cedar", "-c", "FILE"] + request),
        Use(role: "request", arguments: ["authorize", "-p", "p.cedar", "--request-json", "FILE"]),
        Use(role: "request", arguments: ["partially-authorize", "-p", "p.cedar", "--request-json", "FILE"]),
        Use(role: "requests", arguments: ["authorize", "-p", "p.cedar", "--requests", "FILE"]),
        Use(role: "policies", arguments: ["validate", "-s", "s.cedarschema", "-p", "FILE"]),
        Use(role: "policies", arguments: ["run-tests", "--tests", "t.json", "-p", "FILE"]),
        Use(role: "entities", arguments: ["visualize", "--entities", "FILE"]),
        Use(role: "schema", arguments: ["authorize", "-p", "p.cedar", "-s", "FILE"] + request),
        Use(role: "schema", arguments: ["authorize", "-p", "p.cedar", "--schema-format", "json", "-s", "FILE"] + request),
        Use(role: "schema", arguments: ["partially-authorize", "-p", "p.cedar", "-s", "FILE"]),
        Use(role: "schema", arguments: ["evaluate", "1", "-s", "FILE"]),
        Use(role: "schema", arguments: ["check-parse", "-s", "FILE"]),
        Use(role: "schema", arguments: ["validate", "-p", "p.cedar", "-s", "FILE"]),
        Use(role: "schema", arguments: ["visualize", "--entities", "e.json", "-s", "FILE"]),
        Use(role: "schema", arguments: ["run-tests", "-p", "p.cedar", "--tests", "t.json", "-s", "FILE"]),
        Use(role: "tests", arguments: ["run-tests", "-p", "p.cedar", "--tests", "FILE"]),
        Use(role: "links", arguments: ["authorize", "-p", "p.cedar", "-k", "FILE"] + request),
    ]

    private func expectFailure(_ run: Run, _ message: String, _ use: Use) {
        #expect(run.status == 1, "\(use.arguments)")
        #expect(run.output == "", "\(use.arguments)")
        #expect(run.errors.hasPrefix("error: "), "\(use.arguments)")
        #expect(run.errors.contains(message), "\(use.arguments): \(run.errors)")
    }

    @Test("a missing file is named", arguments: uses)
    func missing(use: Use) async throws {
        let run = try await Sample.workspace().cedarc(use.reading("missing"))
        expectFailure(run, "cannot open the \(use.role) file `missing`: No such file or directory", use)
    }

    @Test("a directory is no file", arguments: uses)
    func directory(use: Use) async throws {
        let workspace = try Sample.workspace()
        try FileManager.default.createDirectory(at: workspace.folder.appendingPathComponent("d"), withIntermediateDirectories: false)
        expectFailure(try await workspace.cedarc(use.reading("d")), "the \(use.role) file `d` is a directory", use)
    }

    @Test("a path through a file is no path", arguments: uses)
    func throughFile(use: Use) async throws {
        let run = try await Sample.workspace().cedarc(use.reading("p.cedar/x"))
        expectFailure(run, "cannot open the \(use.role) file `p.cedar/x`: Not a directory", use)
    }

    @Test("a file that may not be read is named", .enabled(if: getuid() != 0), arguments: uses)
    func unreadable(use: Use) async throws {
        let workspace = try Sample.workspace()
        try workspace.write("f", "")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0], ofItemAtPath: workspace.folder.appendingPathComponent("f").path)
        expectFailure(
            try await workspace.cedarc(use.reading("f")), "cannot open the \(use.role) file `f`: Permission denied", use)
    }

    @Test("text that is not UTF-8 is refused, with the byte", arguments: uses)
    func invalidUTF8(use: Use) async throws {
        let workspace = try Sample.workspace()
        try workspace.write("f", bytes: Array("{} //".utf8) + [0xC3, 0x28])
        expectFailure(try await workspace.cedarc(use.reading("f")), "is not valid UTF-8: the fault is at byte 5", use)
    }

    @Test("a byte order mark is refused", arguments: uses)
    func byteOrderMark(use: Use) async throws {
        let workspace = try Sample.workspace()
        try workspace.write("f", bytes: [0xEF, 0xBB, 0xBF] + Array("[]".utf8))
        expectFailure(try await workspace.cedarc(use.reading("f")), "the text starts with a byte order mark", use)
    }

    @Test("UTF-16 is refused", arguments: uses)
    func utf16(use: Use) async throws {
        let workspace = try Sample.workspace()
        try workspace.write("f", bytes: [0xFF, 0xFE, 0x5B, 0x00, 0x5D, 0x00])
        expectFailure(try await workspace.cedarc(use.reading("f")), "the text is UTF-16", use)
    }

    @Test("a file of more than 4 GiB is refused unread", arguments: uses.filter { $0.role != "requests" })
    func tooLarge(use: Use) async throws {
        let workspace = try Sample.workspace()
        try workspace.write("f", "")
        let handle = try FileHandle(forWritingTo: workspace.folder.appendingPathComponent("f"))
        // A hole: it takes no space.
        try handle.truncate(atOffset: 5 << 30)
        try handle.close()
        expectFailure(try await workspace.cedarc(use.reading("f")), "the \(use.role) file `f` is too large", use)
    }

    @Test(
        "an empty file where JSON is needed is an error that says what nothing looks like",
        arguments: zip(
            ["entities", "context"],
            [("[]", ["--entities", "f"] + request), ("{}", ["-c", "f"] + request)]))
    func empty(role: String, use: (form: String, arguments: [String])) async throws {
        let workspace = try Sample.workspace()
        for text in ["", " \r\n"] {
            try workspace.write("f", text)
            let run = try await workspace.cedarc(["authorize", "-p", "p.cedar", "-f", "plain"] + use.arguments)
            #expect(run.errors == "f: error: the \(role) file is empty (where nothing is meant, write `\(use.form)`)\n")
            #expect(run.output == "")
            #expect(run.status == 1)
        }
    }

    @Test("empty policies are no policies, and an empty links file has no links")
    func emptyPolicies() async throws {
        let workspace = try Workspace()
        try workspace.write("f", "")
        let run = try await workspace.cedarc(["authorize", "-p", "f", "-k", "f"] + InputTests.request)
        #expect(run.output == "DENY\n")
        #expect(run.status == 2)
        let json = try await workspace.cedarc(["authorize", "-p", "f", "--policy-format", "json"] + InputTests.request)
        #expect(json.status == 1)
    }

    @Test("CRLF line ends are as good as LF, and places count the same")
    func carriageReturns() async throws {
        let workspace = try Workspace()
        try workspace.write("p.cedar", Sample.policies.replacing("\n", with: "\r\n"))
        try workspace.write("e.json", Sample.entities.replacing("\n", with: "\r\n"))
        let run = try await workspace.cedarc(AuthorizeTests.files + InputTests.request)
        #expect(run.output == "ALLOW\n")
        try workspace.write("p.cedar", "// first\r\npermit(\r\n  who);\r\n")
        let faulty = try await workspace.cedarc("check-parse", "-p", "p.cedar")
        #expect(faulty.errors.contains(" --> p.cedar:3:3\n"))
        #expect(faulty.errors.contains("3 |   who);\n"))
        #expect(!faulty.errors.contains("\r"))
        #expect(faulty.status == 1)
    }

    @Test("the wrong kind of file is an error")
    func wrongFiles() async throws {
        let workspace = try Sample.workspace()
        for arguments in [
            ["check-parse", "-p", "e.json"],
            ["check-parse", "--entities", "p.cedar"],
            ["check-parse", "-s", "p.cedar"],
            ["check-parse", "-s", "s.cedarschema", "--schema-format", "json"],
            ["validate", "-p", "s.cedarschema", "-s", "s.cedarschema"],
            ["validate", "-p", "p.cedar", "-s", "p.cedar"],
            ["run-tests", "-p", "p.cedar", "--tests", "p.cedar"],
            ["visualize", "--entities", "p.cedar"],
            ["check-parse", "-p", "p.cedar", "--policy-format", "json"],
            ["authorize", "-p", "p.cedar", "-c", "e.json"] + InputTests.request,
            ["authorize", "-p", "p.cedar", "--request-json", "e.json"],
            ["authorize", "-p", "p.cedar", "-k", "p.cedar"] + InputTests.request,
            ["translate-policy", "--direction", "json-to-cedar", "-p", "e.json"],
        ] {
            let run = try await workspace.cedarc(arguments)
            #expect(run.status == 1, "\(arguments)")
            #expect(run.output == "", "\(arguments)")
            #expect(run.errors.hasPrefix("error: "), "\(arguments)")
        }
    }

    @Test("a schema in JSON that is read as Cedar syntax is told for what it is")
    func schemaInJSON() async throws {
        let workspace = try Sample.workspace()
        try workspace.write("s.json", "\n { \"\": { \"entityTypes\": {}, \"actions\": {} } }")
        let run = try await workspace.cedarc("validate", "-p", "p.cedar", "-s", "s.json", "-f", "plain")
        #expect(run.errors == "s.json: error: the schema is in JSON, and Cedar syntax was expected (add the option `--schema-format json`)\n")
        #expect(run.status == 1)
    }

    @Test("a type in the place of an entity is asked for an id, not taken for a scope")
    func typeForEntity() async throws {
        let workspace = try Sample.workspace()
        for command in ["authorize", "partially-authorize"] {
            let run = try await workspace.cedarc(
                [command, "-p", "p.cedar", "-l", "Shop::Agent", "-a", "Action::\"view\"", "-r", "Photo::\"cat\"", "-f", "plain"])
            #expect(run.errors.contains("expected an entity, found the name `Shop::Agent` (write the id too, for instance `Shop::Agent::\"id\"`)"))
            #expect(run.status == 1)
        }
    }

    @Test("an empty request file is told what a request looks like")
    func emptyRequest() async throws {
        let workspace = try Sample.workspace()
        try workspace.write("r.json", " \n")
        let run = try await workspace.cedarc("authorize", "-p", "p.cedar", "--request-json", "r.json")
        #expect(run.errors.contains("help: write for instance `{\"principal\": "))
        #expect(run.status == 1)
    }

    @Test("deeply nested input is an error and not a crash")
    func nesting() async throws {
        let workspace = try Workspace()
        let depth = 1_000_000
        for opening in ["(", "!", "[", "{\"a\":", "-", "if "] {
            try workspace.write(
                "p.cedar", "permit(principal, action, resource) when { " + String(repeating: opening, count: depth))
            let run = try await workspace.cedarc("check-parse", "-p", "p.cedar")
            #expect(run.status == 1)
            #expect(run.errors.hasPrefix("error: "))
            #expect(run.errors.utf8.count < 1_000_000)
        }
        try workspace.write("s.cedarschema", "type a = " + String(repeating: "Set<", count: depth))
        #expect(try await workspace.cedarc("check-parse", "-s", "s.cedarschema").status == 1)
        try workspace.write("e.json", String(repeating: "[", count: depth))
        #expect(try await workspace.cedarc("visualize", "--entities", "e.json").status == 1)
        #expect(try await workspace.cedarc("run-tests", "-p", "/dev/null", "--tests", "e.json").status == 1)
        #expect(try await workspace.cedarc("check-parse", "--entities", "e.json").status == 1)
        #expect(try await workspace.cedarc("authorize", "--requests", "e.json", "-p", "/dev/null").status == 1)
    }
}
