import Foundation
import Testing

@Suite("cedarc authorize --requests")
struct RequestsTests {
    static let command = ["authorize", "-p", "p.cedar", "--entities", "e.json", "--requests"]
    static let requests = [
        Sample.line("alice", "view", "cat"), Sample.line("alice", "view", "secret"), Sample.line("bob", "view", "cat"),
        Sample.line("root", "edit", "cat", context: "{\"level\": 9}"),
    ]
    static let answers = """
        {"decision":"allow","reasons":["owners"],"errors":[]}
        {"decision":"deny","reasons":["locked"],"errors":[]}
        {"decision":"deny","reasons":[],"errors":[]}
        {"decision":"allow","reasons":["policy2"],"errors":[]}

        """

    /// Ways to write the same requests.
    static let forms: [String] = [
        requests.joined(separator: "\n"),
        requests.joined(separator: "\n") + "\n",
        requests.joined(separator: "\r\n") + "\r\n",
        "\n \n" + requests.joined(separator: "\n\n") + "\n  \n",
        "[" + requests.joined(separator: ",") + "]",
        " \n[\n  " + requests.joined(separator: " ,\n  ") + "\n]\n",
    ]

    @Test("JSON lines and a JSON array give a line each, in order", arguments: forms.indices)
    func everyForm(index: Int) async throws {
        let workspace = try Sample.workspace()
        try workspace.write("r.json", RequestsTests.forms[index])
        let run = try await workspace.cedarc(RequestsTests.command + ["r.json"])
        #expect(run.output == RequestsTests.answers)
        #expect(run.errors == "")
        #expect(run.status == 0)
    }

    @Test("the requests may come from the standard input")
    func standardInput() async throws {
        let run = try await Sample.workspace().cedarc(RequestsTests.command + ["-"], input: RequestsTests.forms[0])
        #expect(run.output == RequestsTests.answers)
        #expect(run.status == 0)
    }

    @Test("brackets, braces and commas in strings do not end a request")
    func punctuationInStrings() async throws {
        let workspace = try Sample.workspace()
        let line = Sample.line("alice", "view", "cat", context: #"{"a": "]},{[\"\\", "b": [[1], {"c": "]"}]}"#)
        try workspace.write("r.json", "[\(line),\(line)]")
        let run = try await workspace.cedarc(RequestsTests.command + ["r.json"])
        let answer = "{\"decision\":\"allow\",\"reasons\":[\"owners\"],\"errors\":[]}\n"
        #expect(run.output == answer + answer)
    }

    @Test("evaluation errors are part of the line and leave the exit status at 0")
    func evaluationErrors() async throws {
        let workspace = try Sample.workspace()
        try workspace.write("r.json", Sample.line("root", "edit", "cat"))
        let run = try await workspace.cedarc(RequestsTests.command + ["r.json"])
        #expect(run.output.hasPrefix(#"{"decision":"deny","reasons":[],"errors":[{"policy":"policy2","message":""#))
        #expect(run.output.hasSuffix("\"}]}\n"))
        #expect(run.errors == "")
        #expect(run.status == 0)
    }

    @Test("no requests are no lines", arguments: ["", "\n\n", "[]", " [ ] \n"])
    func none(text: String) async throws {
        let run = try await Sample.workspace().cedarc(RequestsTests.command + ["-"], input: text)
        #expect(run.output == "")
        #expect(run.errors == "")
        #expect(run.status == 0)
    }

    @Test("a malformed line is named; no answer is printed for it or behind it, and all malformed lines are reported")
    func malformedLine() async throws {
        let workspace = try Sample.workspace()
        let good = Sample.line("alice", "view", "cat")
        try workspace.write("r.jsonl", "\(good)\n\n{\"principal\":\n\(good)\n\(good) x\n[]\n")
        let run = try await workspace.cedarc(RequestsTests.command + ["r.jsonl", "-f", "plain"])
        #expect(run.output == "{\"decision\":\"allow\",\"reasons\":[\"owners\"],\"errors\":[]}\n")
        #expect(run.status == 1)
        let lines = run.errors.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("r.jsonl:3:14: error: ") })
        #expect(lines.contains { $0.hasPrefix("r.jsonl:5:\(good.utf8.count + 2): error: ") })
        #expect(lines.contains { $0.hasPrefix("r.jsonl:6:1: error: ") })
        #expect(!lines.contains { $0.hasPrefix("r.jsonl:4") })
    }

    @Test("the JSON form of a malformed request's error has the offset in the whole file")
    func malformedOffset() async throws {
        let workspace = try Sample.workspace()
        let good = Sample.line("alice", "view", "cat")
        try workspace.write("r.json", "[\(good),\n  {\"principal\" 1}]")
        let run = try await workspace.cedarc(RequestsTests.command + ["r.json", "-f", "json"])
        #expect(run.errors.contains("\"file\":\"r.json\",\"line\":2,\"column\":16,"))
        #expect(run.errors.contains("\"offset\":\(1 + good.utf8.count + 2 + 15),"))
        #expect(run.status == 1)
    }

    @Test(
        "a request that lacks a part or has one too many is an error",
        arguments: [
            #"{"principal":"User::\"a\"","action":"Action::\"b\""}"#,
            #"{"principal":"User::\"a\"","action":"Action::\"b\"","resource":"User"}"#,
            #"{"principal":"User::\"a\"","action":"Action::\"b\"","resource":"Photo::\"c\"","contexd":{}}"#,
            #"{"principal":"User::\"a\"","action":"Action::\"b\"","resource":"Photo::\"c\"","context":[]}"#,
            #"{"principal":"User::\"a\"","principal":"User::\"b\"","action":"Action::\"b\"","resource":"Photo::\"c\""}"#,
            "null",
            "7",
        ])
    func badRequest(line: String) async throws {
        let run = try await Sample.workspace().cedarc(
            RequestsTests.command + ["-", "-f", "plain"], input: Sample.line("alice", "view", "cat") + "\n" + line)
        #expect(run.output.split(separator: "\n").count == 1)
        #expect(run.errors.hasPrefix("<stdin>:2:"))
        #expect(run.status == 1)
    }

    @Test(
        "a faulty array is an error with its place",
        arguments: [
            ("[", "<stdin>:1:2: error: the array of requests is not closed"),
            ("[{}", "<stdin>:1:4: error: the array of requests is not closed"),
            ("[\"", "<stdin>:1:3: error: the array of requests is not closed"),
            ("[] x", "<stdin>:1:4: error: expected nothing behind the array of requests"),
            ("[,]", "<stdin>:1:2: error: expected a request, found `,`"),
            ("[\n\\", "<stdin>:2:2: error: the array of requests is not closed"),
        ])
    func badArray(text: String, error: String) async throws {
        let run = try await Sample.workspace().cedarc(RequestsTests.command + ["-", "-f", "plain"], input: text)
        #expect(run.output == "")
        #expect(run.errors.contains(error))
        #expect(run.status == 1)
    }

    @Test("a trailing comma in an array is an error")
    func trailingComma() async throws {
        let run = try await Sample.workspace().cedarc(
            RequestsTests.command + ["-", "-f", "plain"], input: "[\(Sample.line("alice", "view", "cat")),]")
        #expect(run.errors.contains("error: expected a request, found `]`"))
        #expect(run.status == 1)
    }

    @Test("a line that is not UTF-8 is named")
    func invalidLine() async throws {
        let workspace = try Sample.workspace()
        let good = Array(Sample.line("alice", "view", "cat").utf8)
        try workspace.write("r.jsonl", bytes: good + [0x0A] + good.dropLast() + [0xFF, 0x0A])
        let run = try await workspace.cedarc(RequestsTests.command + ["r.jsonl"])
        #expect(run.output.split(separator: "\n").count == 1)
        #expect(run.errors.contains("the request on line 2 cannot be read"))
        #expect(run.errors.contains("at byte \(good.count + 1 + good.count - 1)"))
        #expect(run.status == 1)
    }

    @Test("a file of garbage is given up on after some faults")
    func garbage() async throws {
        let run = try await Sample.workspace().cedarc(
            RequestsTests.command + ["-", "-f", "plain"], input: String(repeating: "x\n", count: 1000))
        #expect(run.output == "")
        #expect(run.errors.contains("stopped after 20 requests that cannot be read"))
        #expect(run.errors.utf8.count < 10_000)
        #expect(run.status == 1)
    }

    @Test("many requests, and one of a megabyte among them")
    func many() async throws {
        let workspace = try Sample.workspace()
        let large = Sample.line("alice", "view", "cat", context: "{\"text\": \"\(String(repeating: "x", count: 1 << 20))\"}")
        let lines = Array(repeating: Sample.line("alice", "view", "cat"), count: 1000)
        try workspace.write("r.jsonl", (lines + [large] + lines).joined(separator: "\n"))
        let run = try await workspace.cedarc(RequestsTests.command + ["r.jsonl"])
        let answer = "{\"decision\":\"allow\",\"reasons\":[\"owners\"],\"errors\":[]}\n"
        #expect(run.output == String(repeating: answer, count: 2001))
        #expect(run.status == 0)
    }

    @Test("a reader of the output that goes away ends the program without a crash and without a word")
    func brokenPipe() async throws {
        let workspace = try Sample.workspace()
        let lines = Array(repeating: Sample.line("alice", "view", "cat"), count: 5000)
        try workspace.write("r.jsonl", lines.joined(separator: "\n"))
        let run = try await workspace.shell(
            "{ $cedarc authorize -p p.cedar --entities e.json --requests r.jsonl; echo $? > status; } | head -n 1")
        #expect(run.output == "{\"decision\":\"allow\",\"reasons\":[\"owners\"],\"errors\":[]}\n")
        #expect(run.errors == "")
        #expect(try workspace.read("status") == "1\n")
    }

    @Test("output that cannot be written is an error", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func fullDevice() async throws {
        let run = try await Workspace().shell("$cedarc evaluate 1 > /dev/full")
        #expect(run.errors == "error: cannot write to the standard output: No space left on device\n")
        #expect(run.status == 1)
    }
}
