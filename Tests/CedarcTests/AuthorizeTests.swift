import Testing

@Suite("cedarc authorize, one request")
struct AuthorizeTests {
    static let files = ["authorize", "-p", "p.cedar", "--entities", "e.json"]

    @Test("an allowed request prints ALLOW and ends with 0")
    func allow() async throws {
        let run = try await Sample.workspace().cedarc(AuthorizeTests.files + Sample.request("alice", "view", "cat"))
        #expect(run.output == "ALLOW\n")
        #expect(run.errors == "")
        #expect(run.status == 0)
    }

    @Test("a denied request prints DENY and ends with 2", arguments: [("bob", "cat"), ("alice", "secret")])
    func deny(principal: String, resource: String) async throws {
        let run = try await Sample.workspace().cedarc(AuthorizeTests.files + Sample.request(principal, "view", resource))
        #expect(run.output == "DENY\n")
        #expect(run.errors == "")
        #expect(run.status == 2)
    }

    @Test("-v names the policies that decided, by their @id")
    func verbose() async throws {
        let workspace = try Sample.workspace()
        let allow = try await workspace.cedarc(AuthorizeTests.files + ["-v"] + Sample.request("alice", "view", "cat"))
        #expect(allow.output == "ALLOW\nnote: this decision was due to the following policies:\n  owners\n")
        let deny = try await workspace.cedarc(AuthorizeTests.files + ["--verbose"] + Sample.request("alice", "view", "secret"))
        #expect(deny.output == "DENY\nnote: this decision was due to the following policies:\n  locked\n")
        let none = try await workspace.cedarc(AuthorizeTests.files + ["-v"] + Sample.request("bob", "view", "cat"))
        #expect(none.output == "DENY\nnote: no policies applied to this request\n")
        #expect(none.status == 2)
    }

    @Test("a policy without @id goes by its position")
    func positionalID() async throws {
        let workspace = try Sample.workspace()
        try workspace.write("c.json", "{\"level\": 5}")
        let run = try await workspace.cedarc(
            AuthorizeTests.files + ["-v", "-c", "c.json"] + Sample.request("root", "edit", "cat"))
        #expect(run.output == "ALLOW\nnote: this decision was due to the following policies:\n  policy2\n")
    }

    @Test("an evaluation error is shown with the failing expression, and the decision stands")
    func evaluationError() async throws {
        let workspace = try Sample.workspace()
        try workspace.write("c.json", "{\"level\": \"high\"}")
        let arguments = AuthorizeTests.files + ["-c", "c.json"] + Sample.request("root", "edit", "cat")
        let human = try await workspace.cedarc(arguments)
        #expect(human.output == "DENY\n")
        #expect(human.status == 2)
        #expect(human.errors.hasPrefix("error: "))
        #expect(human.errors.contains("policy2"))
        #expect(human.errors.contains(" --> p.cedar:5:63\n"))
        #expect(human.errors.contains("5 | permit(principal in Group::\"admins\", action, resource) when { context.level + 1 > 2 };\n"))
        #expect(!human.errors.contains("\u{1B}"))

        let plain = try await workspace.cedarc(arguments + ["-f", "plain"])
        #expect(plain.errors.hasPrefix("p.cedar:5:63: error: "))
        #expect(plain.errors.split(separator: "\n").count == 1)

        let json = try await workspace.cedarc(arguments + ["--error-format", "json"])
        #expect(json.errors.hasPrefix("{\"severity\":\"error\",\"message\":\""))
        #expect(json.errors.contains("\"file\":\"p.cedar\",\"line\":5,\"column\":63,"))
    }

    @Test("the error format may stand before the command, and be set in the environment")
    func errorFormat() async throws {
        let workspace = try Workspace()
        let before = try await workspace.cedarc("-f", "plain", "check-parse", "-p", "missing.cedar")
        let after = try await workspace.cedarc("check-parse", "-p", "missing.cedar", "-f", "plain")
        let variable = try await workspace.cedarc(
            "check-parse", "-p", "missing.cedar", environment: ["CEDAR_ERROR_FORMAT": "plain"])
        #expect(before.errors == after.errors)
        #expect(variable.errors == after.errors)
        #expect(after.errors == "error: cannot open the policies file `missing.cedar`: No such file or directory\n")
        let overridden = try await workspace.cedarc(
            "check-parse", "-p", "missing.cedar", "-f", "json", environment: ["CEDAR_ERROR_FORMAT": "plain"])
        #expect(overridden.errors.hasPrefix("{"))
    }

    @Test("policies come from the standard input when no file is given, and when the file is -")
    func standardInput() async throws {
        let workspace = try Sample.workspace()
        let request = Sample.request("alice", "view", "cat")
        for source in [[], ["-p", "-"]] {
            let run = try await workspace.cedarc(
                ["authorize", "--entities", "e.json"] + source + request, input: Sample.policies)
            #expect(run.output == "ALLOW\n")
        }
        let faulty = try await workspace.cedarc(["authorize", "-f", "plain"] + request, input: "permit(")
        #expect(faulty.errors.hasPrefix("<stdin>:1:8: error: "))
        #expect(faulty.status == 1)
    }

    @Test("no policies at all deny")
    func emptyPolicies() async throws {
        let run = try await Workspace().cedarc(["authorize"] + Sample.request("alice", "view", "cat"), input: "")
        #expect(run.output == "DENY\n")
        #expect(run.status == 2)
    }

    @Test("the request may come as a file, uids as objects or as Cedar text")
    func requestFile() async throws {
        let workspace = try Sample.workspace()
        try workspace.write("r.json", Sample.line("alice", "view", "cat"))
        let run = try await workspace.cedarc(AuthorizeTests.files + ["--request-json", "r.json"])
        #expect(run.output == "ALLOW\n")
        let fromInput = try await workspace.cedarc(
            AuthorizeTests.files + ["--request-json", "-"], input: Sample.line("alice", "view", "secret"))
        #expect(fromInput.output == "DENY\n")
    }

    @Test("isInRange with several ranges is an error unless it is enabled (RFC 99)")
    func variadicIsInRange() async throws {
        let workspace = try Workspace()
        try workspace.write(
            "p.cedar",
            """
            permit(principal, action, resource)
            when { ip("10.0.0.1").isInRange(ip("192.168.0.0/16"), ip("10.0.0.0/8")) };
            """)
        let arguments = ["-p", "p.cedar"] + Sample.request("a", "b", "c")
        let released = try await workspace.cedarc(["authorize"] + arguments)
        #expect(released.status != 0)
        #expect(released.errors.hasPrefix("error: "))
        let enabled = try await workspace.cedarc(["authorize", "--enable", "variadic-is-in-range"] + arguments)
        #expect(enabled.output == "ALLOW\n")
        #expect(enabled.errors == "")
        let partial = try await workspace.cedarc(
            "partially-authorize", "-p", "p.cedar", "--enable", "variadic-is-in-range")
        #expect(partial.output == "ALLOW\n")
        let value = try await workspace.cedarc(
            "evaluate", "--enable", "variadic-is-in-range", #"ip("::1").isInRange(ip("10.0.0.0/8"), ip("::/0"))"#)
        #expect(value.output == "true\n")
    }

    @Test("two policies with the same @id are refused, with both places")
    func duplicateID() async throws {
        let workspace = try Workspace()
        try workspace.write(
            "p.cedar", "@id(\"a\")\npermit(principal, action, resource);\n@id(\"a\")\nforbid(principal, action, resource);\n")
        let run = try await workspace.cedarc(["authorize", "-p", "p.cedar", "-f", "plain"] + Sample.request("a", "b", "c"))
        #expect(run.output == "")
        #expect(run.status == 1)
        #expect(run.errors.contains("p.cedar:3:1: error: the policy id `a` is taken"))
        #expect(run.errors.contains("p.cedar:1:1: note: taken here"))
    }

    @Test("an @id that is the position of another policy is refused")
    func idTakesPosition() async throws {
        let workspace = try Workspace()
        try workspace.write(
            "p.cedar", "@id(\"policy1\")\npermit(principal, action, resource);\nforbid(principal, action, resource);\n")
        let run = try await workspace.cedarc(["authorize", "-p", "p.cedar"] + Sample.request("a", "b", "c"))
        #expect(run.status == 1)
        #expect(run.output == "")
    }

    @Test("a name with terminal escapes does not reach the terminal")
    func escapes() async throws {
        let workspace = try Workspace()
        try workspace.write("p.cedar", "@id(\"a\\u{1b}[31m\\nb\") permit(principal, action, resource);")
        let run = try await workspace.cedarc(["authorize", "-v", "-p", "p.cedar"] + Sample.request("a", "b", "c"))
        #expect(run.output == "ALLOW\nnote: this decision was due to the following policies:\n  a\\u{1b}[31m\\nb\n")
    }

    @Test("policies in JSON: a set, one policy, and ids that annotations do not change")
    func jsonPolicies() async throws {
        let workspace = try Workspace()
        let policy = """
            {"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[],"annotations":{"id":"other"}}
            """
        try workspace.write("set.json", "{\"staticPolicies\":{\"mine\":\(policy)},\"templates\":{},\"templateLinks\":[]}")
        try workspace.write("one.json", policy)
        let request = Sample.request("a", "b", "c")
        let set = try await workspace.cedarc(["authorize", "-v", "--policy-format", "json", "-p", "set.json"] + request)
        #expect(set.output == "ALLOW\nnote: this decision was due to the following policies:\n  mine\n")
        let one = try await workspace.cedarc(["authorize", "--policy-format", "json", "-p", "one.json"] + request)
        #expect(one.output == "ALLOW\n")
        let template = policy.replacing("\"principal\":{\"op\":\"All\"}", with: "\"principal\":{\"op\":\"==\",\"slot\":\"?principal\"}")
        try workspace.write("template.json", template)
        let unlinked = try await workspace.cedarc(["authorize", "--policy-format", "json", "-p", "template.json"] + request)
        #expect(unlinked.output == "DENY\n")
        try workspace.write("neither.json", "{\"a\": 1}")
        let neither = try await workspace.cedarc(["authorize", "--policy-format", "json", "-p", "neither.json"] + request)
        #expect(neither.status == 1)
        #expect(neither.output == "")
    }

    @Test("--timing goes to the standard error")
    func timing() async throws {
        let run = try await Sample.workspace().cedarc(AuthorizeTests.files + ["-t"] + Sample.request("alice", "view", "cat"))
        #expect(run.output == "ALLOW\n")
        #expect(run.errors.hasPrefix("Authorization Time (micro seconds) : "))
    }

    @Test("a context of a megabyte is taken")
    func largeContext() async throws {
        let workspace = try Workspace()
        let items = (0..<100_000).map { "\"item\($0)\"" }.joined(separator: ",")
        try workspace.write("c.json", "{\"items\": [\(items)]}")
        try workspace.write("p.cedar", "permit(principal, action, resource) when { context.items.contains(\"item99999\") };")
        let run = try await workspace.cedarc(["authorize", "-p", "p.cedar", "-c", "c.json"] + Sample.request("a", "b", "c"))
        #expect(run.output == "ALLOW\n")
    }

    @Test("every faulty input is reported, not just the first")
    func severalFaults() async throws {
        let workspace = try Workspace()
        try workspace.write("p.cedar", "permit(principal, action);\nforbit(principal, action, resource);")
        try workspace.write("e.json", "[1]")
        let run = try await workspace.cedarc(
            "authorize", "-f", "plain", "-p", "p.cedar", "--entities", "e.json",
            "-l", "User", "-a", "Action::\"a\"", "-r", "x y")
        #expect(run.status == 1)
        #expect(run.output == "")
        for place in ["p.cedar:1:", "p.cedar:2:1:", "e.json:1:2:", "--principal:1:", "--resource:1:"] {
            #expect(run.errors.contains("\n\(place)") || run.errors.hasPrefix(place), "\(place)")
        }
    }
}
