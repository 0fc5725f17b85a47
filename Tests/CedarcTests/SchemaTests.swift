import Testing

@Suite("cedarc and schemas as guides")
struct SchemaTests {
    static let schema = """
        namespace App {
          entity Team;
          entity User in [Team] { address: ipaddr, manager?: User };
          entity Doc enum ["plan", "budget"];
          action read;
          action view in [read] appliesTo { principal: User, resource: Doc, context: { from: ipaddr, level?: Long } };
        }
        """
    /// Entities that only the schema makes sense of: an address as plain text, an entity without `__entity`.
    static let entities = """
        [
          {"uid": {"type": "App::User", "id": "alice"},
           "attrs": {"address": "10.0.0.1", "manager": {"type": "App::User", "id": "bob"}},
           "parents": [{"type": "App::Team", "id": "staff"}]}
        ]
        """
    static let policies = """
        permit(principal, action in App::Action::"read", resource)
        when { context.from == principal.address && principal has manager && principal.manager == App::User::"bob" };
        """
    static let request = ["-l", #"App::User::"alice""#, "-a", #"App::Action::"view""#, "-r", #"App::Doc::"plan""#]
    static let files = ["-p", "p.cedar", "-s", "s.cedarschema", "--entities", "e.json"]

    static func workspace() throws -> Workspace {
        let workspace = try Workspace()
        try workspace.write("s.cedarschema", schema)
        try workspace.write("e.json", entities)
        try workspace.write("p.cedar", policies)
        try workspace.write("c.json", #"{"from": "10.0.0.1"}"#)
        return workspace
    }

    private func line(_ principal: String, _ resource: String, context: String) -> String {
        #"{"principal": "App::User::\"\#(principal)\"", "action": "App::Action::\"view\"", "resource": "App::Doc::\"\#(resource)\"", "context": \#(context)}"#
    }

    // MARK: Reading

    @Test("entities and context are read as the schema says, and its actions are among the entities")
    func guided() async throws {
        let workspace = try SchemaTests.workspace()
        let run = try await workspace.cedarc(["authorize", "-c", "c.json"] + SchemaTests.files + SchemaTests.request)
        #expect(run.output == "ALLOW\n")
        #expect(run.errors == "")
        #expect(run.status == 0)
        // Without the schema the same texts are other values, and the action is in no group.
        let plain = try await workspace.cedarc(
            ["authorize", "-c", "c.json", "-p", "p.cedar", "--entities", "e.json"] + SchemaTests.request)
        #expect(plain.output == "DENY\n")
    }

    @Test("without entities, the schema's actions are there all the same")
    func actionsOnly() async throws {
        let workspace = try SchemaTests.workspace()
        let run = try await workspace.cedarc(
            ["evaluate", #"action in App::Action::"read""#, "-s", "s.cedarschema", "-c", "c.json"] + SchemaTests.request)
        #expect(run.output == "true\n")
    }

    @Test("a schema in JSON serves as well")
    func jsonSchema() async throws {
        let workspace = try Sample.workspace()
        try workspace.write(
            "s.json",
            """
            {"": {"entityTypes": {
                "Group": {}, "User": {"memberOfTypes": ["Group"]},
                "Photo": {"shape": {"type": "Record", "attributes": {"owner": {"type": "Entity", "name": "User"}}}}},
              "actions": {"view": {"appliesTo": {"principalTypes": ["User"], "resourceTypes": ["Photo"]}}}}}
            """)
        let arguments = AuthorizeTests.files + ["-s", "s.json", "--schema-format", "json"]
        let run = try await workspace.cedarc(arguments + Sample.request("alice", "view", "cat"))
        #expect(run.output == "ALLOW\n")
        let edit = try await workspace.cedarc(arguments + Sample.request("alice", "edit", "cat"))
        #expect(edit.status == 1)
    }

    @Test("what of the entities is not as the schema says is reported at its place")
    func entityFaults() async throws {
        let workspace = try SchemaTests.workspace()
        try workspace.write(
            "e.json",
            """
            [
              {"uid": {"type": "App::User", "id": "alice"},
               "attrs": {"address": "10.0.0.1", "manager": 7}, "parents": []},
              {"uid": {"type": "App::User", "id": "bob"}, "attrs": {}, "parents": []},
              {"uid": {"type": "App::Usr", "id": "x"}, "attrs": {}, "parents": []},
              {"uid": {"type": "App::Doc", "id": "memo"}, "attrs": {}, "parents": []}
            ]
            """)
        for command in [
            ["check-parse", "-s", "s.cedarschema", "--entities", "e.json"],
            ["evaluate", "1", "-s", "s.cedarschema", "--entities", "e.json"],
            ["visualize", "-s", "s.cedarschema", "--entities", "e.json"],
        ] {
            let run = try await workspace.cedarc(command + ["-f", "plain"])
            #expect(run.status == 1)
            #expect(run.output == "")
            for place in ["e.json:3:48: error: ", "e.json:4:", "e.json:5:", "e.json:6:"] {
                #expect(run.errors.contains(place), "\(command): \(place) in \(run.errors)")
            }
        }
    }

    // MARK: Requests

    @Test("a request that the schema does not foresee is an error at its part, not a denial")
    func requestFaults() async throws {
        let workspace = try SchemaTests.workspace()
        let run = try await workspace.cedarc(
            ["authorize", "-f", "plain", "-c", "c.json"] + SchemaTests.files + [
                "-l", #"App::Team::"staff""#, "-a", #"App::Action::"view""#, "-r", #"App::Doc::"memo""#,
            ])
        #expect(run.status == 1)
        #expect(run.output == "")
        #expect(run.errors.contains("--principal:1:1: error: "))
        #expect(run.errors.contains("--resource:1:1: error: "))
    }

    @Test("an action that the schema does not declare is reported once")
    func unknownAction() async throws {
        let workspace = try SchemaTests.workspace()
        let run = try await workspace.cedarc(
            ["authorize", "-f", "plain", "-c", "c.json"] + SchemaTests.files + [
                "-l", #"App::User::"alice""#, "-a", #"App::Action::"vew""#, "-r", #"App::Doc::"plan""#,
            ])
        #expect(run.status == 1)
        #expect(run.errors.split(separator: "\n").count == 1)
        #expect(run.errors.hasPrefix("--action:1:1: error: "))
    }

    @Test("a context that is not as the schema says is an error", arguments: ["{}", #"{"from": "x"}"#, #"{"from": "10.0.0.1", "level": "1"}"#, #"{"from": "10.0.0.1", "lvl": 1}"#])
    func contextFaults(context: String) async throws {
        let workspace = try SchemaTests.workspace()
        try workspace.write("c.json", context)
        let run = try await workspace.cedarc(
            ["authorize", "-f", "plain", "-c", "c.json"] + SchemaTests.files + SchemaTests.request)
        #expect(run.status == 1)
        #expect(run.output == "")
        #expect(run.errors.hasPrefix("c.json:1:"))
        try workspace.write("r.json", line("alice", "plan", context: context))
        let file = try await workspace.cedarc(
            ["authorize", "-f", "plain", "--request-json", "r.json"] + SchemaTests.files)
        #expect(file.status == 1)
        #expect(file.errors.hasPrefix("r.json:1:"))
    }

    @Test("a context that is left out lacks what the schema requires")
    func missingContext() async throws {
        let run = try await SchemaTests.workspace().cedarc(["authorize"] + SchemaTests.files + SchemaTests.request)
        #expect(run.status == 1)
        #expect(run.errors.contains("`from`"))
    }

    @Test("--request-validation false lets a request through, but not a context, as in the reference")
    func withoutRequestValidation() async throws {
        let workspace = try SchemaTests.workspace()
        let other = ["-l", #"App::Team::"staff""#, "-a", #"App::Action::"view""#, "-r", #"App::Doc::"memo""#]
        let arguments = ["authorize", "--request-validation", "false"] + SchemaTests.files
        #expect(try await workspace.cedarc(arguments + ["-c", "c.json"] + other).output == "DENY\n")
        #expect(try await workspace.cedarc(arguments + other).output == "DENY\n")
        try workspace.write("r.json", line("alice", "memo", context: #"{"from": "10.0.0.1"}"#))
        #expect(try await workspace.cedarc(arguments + ["--request-json", "r.json"]).output == "ALLOW\n")
        try workspace.write("c.json", #"{"from": 1}"#)
        #expect(try await workspace.cedarc(arguments + ["-c", "c.json"] + other).status == 1)
        try workspace.write("r.json", line("alice", "memo", context: "{}"))
        #expect(try await workspace.cedarc(arguments + ["--request-json", "r.json"]).status == 1)
        let explicit = try await workspace.cedarc(
            ["authorize", "--request-validation", "true", "-c", "c.json"] + SchemaTests.files + other)
        #expect(explicit.status == 1)
    }

    @Test("each of many requests is read and checked with the schema, at its line")
    func manyRequests() async throws {
        let workspace = try SchemaTests.workspace()
        try workspace.write(
            "r.jsonl",
            [
                line("alice", "plan", context: #"{"from": "10.0.0.1"}"#),
                line("alice", "budget", context: #"{"from": "10.0.0.2"}"#),
                line("alice", "memo", context: #"{"from": "10.0.0.1"}"#),
                line("alice", "plan", context: "{}"),
            ].joined(separator: "\n"))
        let arguments = ["authorize", "--requests", "r.jsonl", "-f", "plain"] + SchemaTests.files
        let run = try await workspace.cedarc(arguments)
        #expect(
            run.output == """
                {"decision":"allow","reasons":["policy0"],"errors":[]}
                {"decision":"deny","reasons":[],"errors":[]}

                """)
        #expect(run.status == 1)
        #expect(run.errors.contains("r.jsonl:3:"))
        #expect(run.errors.contains("r.jsonl:4:"))
        let unchecked = try await workspace.cedarc(arguments + ["--request-validation", "false"])
        #expect(unchecked.output.split(separator: "\n").count == 3)
        #expect(!unchecked.errors.contains("r.jsonl:3:"))
        #expect(unchecked.errors.contains("r.jsonl:4:"))
    }

    // MARK: Schemas

    @Test("the faults of a schema are reported together with those of the other inputs")
    func schemaFaults() async throws {
        let workspace = try Workspace()
        try workspace.write("s.cedarschema", "entity A in [B];\naction a appliesTo { principal: [C], resource: [A] };\n")
        try workspace.write("p.cedar", "permit(principal, action);")
        let run = try await workspace.cedarc(
            ["authorize", "-f", "plain", "-s", "s.cedarschema", "-p", "p.cedar"] + Sample.request("a", "b", "c"))
        #expect(run.status == 1)
        for place in ["s.cedarschema:1:14: error: ", "s.cedarschema:2:34: error: ", "p.cedar:1:"] {
            #expect(run.errors.contains(place), "\(place) in \(run.errors)")
        }
    }

    @Test("check-parse takes a schema alone, from the standard input too, and prints its warnings")
    func checkParse() async throws {
        let workspace = try SchemaTests.workspace()
        let run = try await workspace.cedarc("check-parse", "-s", "s.cedarschema")
        #expect(run.output + run.errors == "")
        #expect(run.status == 0)
        let input = try await workspace.cedarc(["check-parse", "-s", "-"], input: "entity A")
        #expect(input.errors.contains(" --> <stdin>:1:9\n"))
        #expect(input.status == 1)
        // The schema specification: a common type may hide a built-in one, which is worth a warning.
        let warning = try await workspace.cedarc(["check-parse", "-s", "-"], input: "type ipaddr = String;")
        #expect(warning.errors.hasPrefix("warning: "))
        #expect(warning.status == 0)
    }

    @Test("an empty schema declares nothing; an empty file is no JSON schema")
    func emptySchema() async throws {
        let workspace = try Workspace()
        try workspace.write("s", "")
        #expect(try await workspace.cedarc("check-parse", "-s", "s").status == 0)
        let json = try await workspace.cedarc("check-parse", "-s", "s", "--schema-format", "json", "-f", "plain")
        #expect(json.errors == "s: error: the schema file is empty (where nothing is meant, write `{}`)\n")
        #expect(json.status == 1)
    }

    @Test("CRLF line ends in schemas count the same")
    func carriageReturns() async throws {
        let workspace = try SchemaTests.workspace()
        try workspace.write("s.cedarschema", SchemaTests.schema.replacing("\n", with: "\r\n"))
        #expect(try await workspace.cedarc("check-parse", "-s", "s.cedarschema", "--entities", "e.json").status == 0)
        try workspace.write("s.cedarschema", "entity A;\r\nentity B in [C];\r\n")
        let run = try await workspace.cedarc("check-parse", "-s", "s.cedarschema", "-f", "plain")
        #expect(run.errors.hasPrefix("s.cedarschema:2:14: error: "))
    }

    // MARK: Partial requests

    @Test("of a partial request, what is known must be as the schema says")
    func partial() async throws {
        let workspace = try SchemaTests.workspace()
        let command = ["partially-authorize", "-f", "plain"] + SchemaTests.files
        let view = ["-a", #"App::Action::"view""#]
        let known = try await workspace.cedarc(
            command + view + ["-l", #"App::User::"alice""#, "--resource-type", "App::Doc", "-c", "c.json"])
        #expect(known.output == "ALLOW\n")
        for faulty in [
            ["--principal-type", "App::Team"], ["--resource-type", "App::User"], ["-r", #"App::Doc::"memo""#],
            ["--principal-type", "User"],
        ] {
            let run = try await workspace.cedarc(command + view + faulty)
            #expect(run.status == 1, "\(faulty)")
            #expect(run.output == "")
            // Also where the action is unknown: no action of the schema fits.
            #expect(try await workspace.cedarc(command + faulty).status == 1, "\(faulty)")
        }
        let open = try await workspace.cedarc(command + ["--principal-type", "App::User"])
        #expect(open.status == 4)
        try workspace.write("r.json", #"{"action": "App::Action::\"view\"", "resource": "App::Doc::\"memo\""}"#)
        let file = try await workspace.cedarc(command + ["--request-json", "r.json"])
        #expect(file.errors.hasPrefix("r.json:1:"))
        #expect(file.status == 1)
    }

    @Test("a partial context may lack what is unknown, and nothing else")
    func partialContext() async throws {
        let workspace = try SchemaTests.workspace()
        let command =
            ["partially-authorize", "-c", "c.json"] + SchemaTests.files + SchemaTests.request
        try workspace.write("c.json", #"{"level": 1}"#)
        #expect(try await workspace.cedarc(command).status == 1)
        let unknown = try await workspace.cedarc(command + ["--unknown-context", "from"])
        #expect(unknown.status == 4)
        #expect(unknown.output.hasPrefix("UNKNOWN\n"))
        let other = try await workspace.cedarc(command + ["--unknown-context", "level"])
        #expect(other.status == 1)
        #expect(other.errors.contains("`from`"))
        try workspace.write("c.json", #"{"level": "1"}"#)
        #expect(try await workspace.cedarc(command + ["--unknown-context", "from"]).status == 1)
    }
}
