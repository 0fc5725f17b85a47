import Testing

@Suite("cedarc's command line")
struct UsageTests {
    static let request = Sample.request("alice", "view", "cat")

    @Test(
        "a command line that cannot be understood ends with 64 and prints nothing to the standard output",
        arguments: [
            [],
            ["frobnicate"],
            ["authorize"],
            ["authorize", "--frobnicate"],
            ["authorize", "-p"],
            ["authorize", "-p", "p.cedar", "-l", "User::\"a\""],
            ["authorize", "-p", "p.cedar", "-c", "e.json"],
            ["authorize", "-p", "p.cedar", "--request-json", "e.json", "-l", "User::\"a\""],
            ["authorize", "-p", "p.cedar", "--request-json", "e.json", "-c", "e.json"],
            ["authorize", "-p", "p.cedar", "--requests", "e.json", "--request-json", "e.json"],
            ["authorize", "-p", "p.cedar", "--requests", "e.json", "-a", "Action::\"a\""],
            ["authorize", "-p", "p.cedar", "--policy-format", "xml"] + request,
            ["authorize", "-p", "p.cedar", "-f", "xml"] + request,
            ["-f", "xml", "authorize", "-p", "p.cedar"] + request,
            ["authorize", "-p", "p.cedar", "-p", "p.cedar"] + request,
            ["authorize", "-p", "p.cedar", "extra"] + request,
            // The standard input twice: policies by default, by name, and others by name.
            ["authorize", "--requests", "-"],
            ["authorize", "-p", "-", "--entities", "-"] + request,
            ["authorize", "-p", "p.cedar", "--entities", "-", "-c", "-"] + request,
            ["authorize", "-p", "p.cedar", "-k", "-", "--request-json", "-"],
            ["evaluate"],
            ["evaluate", "1", "2"],
            ["evaluate", "1", "--entities", "-", "--request-json", "-"],
            ["check-parse", "-k", "links.json", "--expression", "1"],
            ["check-parse", "-p", "-", "--entities", "-"],
            ["translate-policy"],
            ["translate-policy", "--direction", "sideways"],
            ["format", "--write"],
            ["format", "--write", "-"],
            ["format", "--write", "--check", "p.cedar"],
            ["format", "-", "-p", "-"],
            ["format", "--language", "json"],
            ["format", "--line-width", "0"],
            ["format", "--indent-width", "-1"],
            ["link", "-p", "p.cedar"],
            ["link", "-p", "p.cedar", "--template-id", "t", "-n", "n"],
            ["link", "-p", "p.cedar", "--template-id", "t", "-n", "n", "-a", "{}", "-k", "-"],
            ["partially-authorize", "-p", "p.cedar", "-l", "User::\"a\"", "--principal-type", "User"],
            ["partially-authorize", "-p", "p.cedar", "--resource-eid", "a"],
            ["partially-authorize", "-p", "p.cedar", "--unknown-context", "a..b"],
            ["partially-authorize", "-p", "p.cedar", "--unknown-context", ""],
            ["partially-authorize", "-p", "p.cedar", "--request-json", "e.json", "--principal-type", "User"],
            ["partially-authorize", "-p", "p.cedar", "-s", "-", "--entities", "-"],
            ["language-server", "--schema", "-"],
            ["language-version", "extra"],
            ["authorize", "-p", "p.cedar", "-s", "-", "--entities", "-"] + request,
            ["authorize", "-p", "p.cedar", "--schema-format", "xml"] + request,
            ["authorize", "-p", "p.cedar", "--request-validation", "maybe"] + request,
            ["authorize", "-p", "p.cedar", "--enable", "everything"] + request,
            ["evaluate", "1", "-s", "-", "--entities", "-"],
            ["check-parse", "-s", "-", "--entities", "-"],
            ["validate", "-p", "p.cedar"],
            ["validate", "-s", "-"],
            ["validate", "-p", "p.cedar", "-s", "s.cedarschema", "--level", "-1"],
            ["validate", "-p", "p.cedar", "-s", "s.cedarschema", "--level", "one"],
            ["validate", "-p", "p.cedar", "-s", "s.cedarschema", "--validation-mode", "partial"],
            ["run-tests", "-p", "p.cedar"],
            ["validate", "-p", "p.cedar", "-s", "s.cedarschema", "--sarif", "p.cedar"],
            ["visualize", "--entities", "e.json", "-o", "e.json"],
            ["run-tests", "--tests", "-"],
            ["visualize"],
            ["visualize", "--entities", "e.json", "--format", "png"],
            ["new"],
        ])
    func usageErrors(arguments: [String]) async throws {
        let run = try await Sample.workspace().cedarc(arguments)
        #expect(run.status == 64)
        #expect(run.output == "")
        #expect(run.errors.hasPrefix("Error: "))
        #expect(run.errors.contains("Usage: cedarc"))
    }

    @Test("an error format in the environment that there is not is a usage error")
    func environment() async throws {
        let run = try await Workspace().cedarc("language-version", environment: ["CEDAR_ERROR_FORMAT": "xml"])
        #expect(run.status == 64)
        #expect(run.errors.contains("CEDAR_ERROR_FORMAT"))
    }

    @Test("the language version is that of the reference, in its words")
    func languageVersion() async throws {
        let run = try await Workspace().cedarc("language-version")
        #expect(run.output == "Cedar language version: 4.5\n")
        #expect(run.status == 0)
    }

    @Test("--version and --help answer on the standard output and end with 0")
    func versionAndHelp() async throws {
        let workspace = try Workspace()
        let version = try await workspace.cedarc("--version")
        #expect(version.output.hasPrefix("cedarc "))
        #expect(version.status == 0)
        for command in [
            "", "authorize", "partially-authorize", "evaluate", "validate", "check-parse", "run-tests", "translate-policy", "format",
            "translate-schema", "link", "visualize", "new", "language-server", "language-version",
        ] {
            let help = try await workspace.cedarc((command.isEmpty ? [] : [command]) + ["--help"])
            #expect(help.output.contains("USAGE: cedarc"), "\(command)")
            #expect(help.errors == "")
            #expect(help.status == 0)
        }
    }

    @Test("shell completions are there", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) async throws {
        let run = try await Workspace().cedarc("--generate-completion-script", shell)
        #expect(run.output.contains("translate-policy"))
        #expect(run.status == 0)
    }
}
