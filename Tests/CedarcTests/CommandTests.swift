import Testing

@Suite("cedarc evaluate")
struct EvaluateTests {
    @Test(
        "the value is printed as Cedar text",
        arguments: [
            ("1 + 2 * 3", "7"), ("\"a\\n\"", #""a\n""#), ("!true", "false"), ("[2, 1, 2]", "[1, 2]"),
            ("{b: 1, \"a\": User::\"x\"}", "{a: User::\"x\", b: 1}"), ("if 1 < 2 then \"y\" else 1", "\"y\""),
            ("ip(\"10.0.0.1\")", "ip(\"10.0.0.1/32\")"), ("decimal(\"1.5\")", "decimal(\"1.5000\")"),
        ])
    func values(expression: String, value: String) async throws {
        let run = try await Workspace().cedarc("evaluate", expression)
        #expect(run.output == value + "\n")
        #expect(run.errors == "")
        #expect(run.status == 0)
    }

    @Test("a leading minus sign needs -- before it")
    func minus() async throws {
        let run = try await Workspace().cedarc("evaluate", "--", "-1 + 2")
        #expect(run.output == "1\n")
    }

    @Test("request and entities are at hand")
    func request() async throws {
        let workspace = try Sample.workspace()
        try workspace.write("c.json", "{\"a\": {\"b\": 7}}")
        let run = try await workspace.cedarc(
            ["evaluate", "resource.owner == principal && context.a.b == 7 && action == Action::\"view\"", "-c", "c.json",
             "--entities", "e.json"] + Sample.request("alice", "view", "cat"))
        #expect(run.output == "true\n")
    }

    @Test("an evaluation error points at the expression that failed and ends with 1")
    func evaluationError() async throws {
        let run = try await Workspace().cedarc("evaluate", "1 == 2 || 3 + \"a\" == 4")
        #expect(run.output == "")
        #expect(run.errors.contains(" --> <expression>:1:11\n"))
        #expect(run.errors.contains("1 | 1 == 2 || 3 + \"a\" == 4\n  |           ^^^^^^^\n"))
        #expect(run.status == 1)
    }

    @Test("a parse error ends with 1", arguments: ["", "1 +", "1 2", "foo", "permit(principal, action, resource);"])
    func parseError(expression: String) async throws {
        let run = try await Workspace().cedarc("evaluate", expression, "-f", "plain")
        #expect(run.output == "")
        #expect(run.errors.hasPrefix("<expression>:") || run.errors.hasPrefix("<expression>: "))
        #expect(run.status == 1)
    }

    @Test("an expression that asks for a request that is not given is an error at the variable")
    func noRequest() async throws {
        let run = try await Workspace().cedarc("evaluate", "1 == 1 && principal == User::\"a\"", "-f", "plain")
        #expect(run.output == "")
        #expect(run.errors.hasPrefix("<expression>:1:11: error: the value depends on the request, and none is given"))
        #expect(run.status == 1)
    }
}

@Suite("cedarc check-parse")
struct CheckParseTests {
    @Test("what parses prints nothing and ends with 0")
    func success() async throws {
        let workspace = try Sample.workspace()
        for arguments in [
            ["-p", "p.cedar"], ["--entities", "e.json"], ["--expression", "1 + 1"],
            ["-p", "p.cedar", "--entities", "e.json", "--expression", "principal"], [],
        ] {
            let run = try await workspace.cedarc(["check-parse"] + arguments)
            #expect(run.output + run.errors == "", "\(arguments)")
            #expect(run.status == 0, "\(arguments)")
        }
    }

    @Test("policies come from the standard input when nothing is given")
    func standardInput() async throws {
        let run = try await Workspace().cedarc("check-parse", "-f", "plain", input: "permit(principal, action, resource)")
        #expect(run.errors.hasPrefix("<stdin>:1:36: error: "))
        #expect(run.status == 1)
    }

    @Test("all errors of all inputs are reported")
    func allErrors() async throws {
        let workspace = try Workspace()
        try workspace.write("p.cedar", "permit(principal, action, resource) when { 1 = 2 };\npermit(principal, action, resource) when { a };")
        try workspace.write("e.json", "{}")
        let run = try await workspace.cedarc(
            "check-parse", "-p", "p.cedar", "--entities", "e.json", "--expression", "1 +", "-f", "plain")
        for place in ["p.cedar:1:46: ", "p.cedar:2:44: ", "e.json:1:1: ", "<expression>:1:4: "] {
            #expect(run.errors.contains(place), "\(place) in \(run.errors)")
        }
        #expect(run.status == 1)
    }
}

@Suite("cedarc translate-policy")
struct TranslatePolicyTests {
    @Test("Cedar text becomes JSON, under the names that @id gives, and comes back")
    func roundTrip() async throws {
        let workspace = try Workspace()
        let text = """
            @id("a")
            permit(principal == User::"alice", action, resource);
            forbid(principal in ?principal, action, resource);
            """
        let json = try await workspace.cedarc("translate-policy", "--direction", "cedar-to-json", input: text)
        #expect(json.status == 0)
        // The JSON policy format of the language reference.
        let expected = """
            {"staticPolicies":{"a":{"effect":"permit","principal":{"op":"==","entity":{"type":"User","id":"alice"}},\
            "action":{"op":"All"},"resource":{"op":"All"},"conditions":[],"annotations":{"id":"a"}}},\
            "templates":{"policy1":{"effect":"forbid","principal":{"op":"in","slot":"?principal"},\
            "action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}},"templateLinks":[]}
            """
        let compact = json.output.filter { $0 != " " && $0 != "\n" }
        for part in ["\"a\":{", "\"effect\":\"permit\"", "\"principal\":{\"op\":\"==\"", "\"slot\":\"?principal\"", "\"policy1\":{"] {
            #expect(compact.contains(part))
        }

        try workspace.write("p.json", json.output)
        try workspace.write("q.json", expected)
        let back = try await workspace.cedarc("translate-policy", "--direction", "json-to-cedar", "-p", "p.json")
        let same = try await workspace.cedarc("translate-policy", "--direction", "json-to-cedar", "-p", "q.json")
        #expect(back.status == 0)
        #expect(back.output == same.output)
        #expect(back.output.contains("permit(principal == User::\"alice\", action, resource);"))
        #expect(back.output.contains("forbid(principal in ?principal, action, resource);"))
    }

    @Test("a chain of any length comes back from JSON, in a set and by itself", arguments: [200, 20_000])
    func longChains(length: Int) async throws {
        let workspace = try Workspace()
        let chain = (0..<length).map { "context.a == \($0)" }
        try workspace.write(
            "p.cedar", "permit(principal, action, resource) when { \(chain.joined(separator: " && ")) };\n")
        let json = try await workspace.cedarc("translate-policy", "--direction", "cedar-to-json", "-p", "p.cedar")
        #expect(json.status == 0)
        try workspace.write("p.json", json.output)
        let back = try await workspace.cedarc("translate-policy", "--direction", "json-to-cedar", "-p", "p.json")
        #expect(back.errors == "")
        #expect(back.output.split(whereSeparator: \.isWhitespace).filter { $0 == "&&" }.count == length - 1)

        // In the JSON policy format, a conjunction is {"&&": {"left": ..., "right": ...}}.
        let one = #"{"Value": true}"#
        let body = String(repeating: #"{"&&": {"left": "#, count: length) + one
            + String(repeating: #", "right": \#(one)}}"#, count: length)
        try workspace.write(
            "one.json",
            #"{"effect": "permit", "principal": {"op": "All"}, "action": {"op": "All"}, "resource": {"op": "All"}, "#
                + #""conditions": [{"kind": "when", "body": \#(body)}]}"#)
        let run = try await workspace.cedarc("check-parse", "-p", "one.json", "--policy-format", "json")
        #expect(run.output + run.errors == "")
        #expect(run.status == 0)
    }

    @Test("a set with links cannot be Cedar text")
    func links() async throws {
        let set = """
            {"staticPolicies":{},"templates":{"t":{"effect":"permit","principal":{"op":"==","slot":"?principal"},\
            "action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}},\
            "templateLinks":[{"templateId":"t","newId":"l","values":{"?principal":{"type":"User","id":"a"}}}]}
            """
        let run = try await Workspace().cedarc("translate-policy", "--direction", "json-to-cedar", input: set)
        #expect(run.output == "")
        #expect(run.errors.contains("`l` is linked from a template"))
        #expect(run.status == 1)
    }

    @Test("faulty text ends with 1 and prints no translation", arguments: ["cedar-to-json", "json-to-cedar"])
    func faulty(direction: String) async throws {
        let run = try await Workspace().cedarc("translate-policy", "--direction", direction, input: "permit(")
        #expect(run.output == "")
        #expect(run.errors.hasPrefix("error: "))
        #expect(run.status == 1)
    }
}

@Suite("cedarc link")
struct LinkTests {
    static let template = "@id(\"t\")\npermit(principal == ?principal, action, resource in ?resource);\n"
    static let arguments = #"{"?principal": "User::\"alice\"", "?resource": "Album::\"trip\""}"#

    private func workspace() throws -> Workspace {
        let workspace = try Workspace()
        try workspace.write("t.cedar", LinkTests.template)
        return workspace
    }

    @Test("the linked policy is printed")
    func prints() async throws {
        let run = try await workspace().cedarc(
            "link", "-p", "t.cedar", "--template-id", "t", "-n", "l", "-a", LinkTests.arguments)
        #expect(run.output.contains("permit("))
        #expect(run.output.contains("principal == User::\"alice\""))
        #expect(run.output.contains("resource in Album::\"trip\""))
        #expect(!run.output.contains("?"))
        #expect(run.errors == "")
        #expect(run.status == 0)
    }

    @Test("-k makes the links file, adds to it, and authorize reads it")
    func linksFile() async throws {
        let workspace = try workspace()
        func link(_ id: String, _ user: String) async throws -> Run {
            try await workspace.cedarc(
                "link", "-p", "t.cedar", "-k", "links.json", "--template-id", "t", "--new-id", id,
                "--arguments", #"{"?principal": "User::\"\#(user)\"", "?resource": "Photo::\"cat\""}"#)
        }
        func authorize(_ user: String) async throws -> Run {
            try await workspace.cedarc(
                ["authorize", "-v", "-p", "t.cedar", "-k", "links.json"] + Sample.request(user, "view", "cat"))
        }
        #expect(try await link("first", "alice").status == 0)
        #expect(try await authorize("alice").output == "ALLOW\nnote: this decision was due to the following policies:\n  first\n")
        #expect(try await authorize("bob").output.hasPrefix("DENY\n"))
        #expect(try await link("second", "bob").status == 0)
        #expect(try await authorize("alice").output.hasPrefix("ALLOW\n"))
        #expect(try await authorize("bob").output.hasSuffix("  second\n"))
        // A taken id changes nothing.
        let before = try workspace.read("links.json")
        let again = try await link("second", "carol")
        #expect(again.status == 1)
        #expect(again.errors.contains("the id `second` is taken"))
        #expect(try workspace.read("links.json") == before)
        // No temporary file is left over.
        #expect(try workspace.names() == ["links.json", "t.cedar"])
    }

    @Test("a links file as the reference writes it is read")
    func referenceFile() async throws {
        let workspace = try workspace()
        try workspace.write(
            "links.json",
            #"[{"template_id":"t","link_id":"l","args":{"?resource":"Photo::\"cat\"","?principal":"User::\"alice\""}}]"#)
        let run = try await workspace.cedarc(
            ["authorize", "-p", "t.cedar", "-k", "links.json"] + Sample.request("alice", "view", "cat"))
        #expect(run.output == "ALLOW\n")
    }

    @Test(
        "arguments that do not fit end with 1",
        arguments: [
            "", "[]", "{}", #"{"?principal": "User::\"a\""}"#, #"{"?principal": 1, "?resource": "A::\"b\""}"#,
            #"{"?principal": "User", "?resource": "A::\"b\""}"#,
            #"{"?principal": "User::\"a\"", "?resource": "A::\"b\"", "?action": "A::\"b\""}"#,
        ])
    func badArguments(arguments: String) async throws {
        let run = try await workspace().cedarc(
            "link", "-p", "t.cedar", "-k", "links.json", "--template-id", "t", "-n", "l", "-a", arguments)
        #expect(run.output == "")
        #expect(run.errors.hasPrefix("error: "))
        #expect(run.status == 1)
    }

    @Test("a template that there is not ends with 1")
    func unknownTemplate() async throws {
        let run = try await workspace().cedarc(
            "link", "-p", "t.cedar", "--template-id", "policy0", "-n", "l", "-a", LinkTests.arguments)
        #expect(run.errors.contains("there is no template `policy0`"))
        #expect(run.status == 1)
    }

    @Test(
        "a links file of another form ends with 1",
        arguments: [
            "{}", "[1]", "[{}]", #"[{"template_id":"t","link_id":"l"}]"#, #"[{"template_id":"t","link_id":1,"args":{}}]"#,
            #"[{"template_id":"t","link_id":"l","args":{}}]"#, #"[{"template_id":"u","link_id":"l","args":{}}]"#,
        ])
    func badLinksFile(text: String) async throws {
        let workspace = try workspace()
        try workspace.write("links.json", text)
        let run = try await workspace.cedarc(
            ["authorize", "-f", "plain", "-p", "t.cedar", "-k", "links.json"] + Sample.request("a", "b", "c"))
        #expect(run.output == "")
        #expect(run.errors.hasPrefix("links.json:1:"))
        #expect(run.status == 1)
    }
}

@Suite("cedarc partially-authorize")
struct PartiallyAuthorizeTests {
    static let files = ["partially-authorize", "-p", "p.cedar", "--entities", "e.json"]

    @Test("what is unknown leaves policies over, and the answer is UNKNOWN with 4")
    func unknown() async throws {
        let run = try await Sample.workspace().cedarc(
            PartiallyAuthorizeTests.files + ["-l", "User::\"alice\"", "-a", "Action::\"view\"", "--resource-type", "Photo"])
        #expect(run.status == 4)
        #expect(run.output.hasPrefix("UNKNOWN\n"))
        #expect(run.output.contains("// owners\n"))
        #expect(run.output.contains("resource.owner == User::\"alice\""))
        #expect(run.output.contains("forbid(principal, action, resource == Photo::\"secret\");"))
        // Alice is no admin, whatever the resource is.
        #expect(!run.output.contains("policy2"))
    }

    @Test("the residual parses as Cedar")
    func residualParses() async throws {
        let workspace = try Sample.workspace()
        let run = try await workspace.cedarc(PartiallyAuthorizeTests.files)
        #expect(run.status == 4)
        let check = try await workspace.cedarc(
            "check-parse", input: String(run.output.drop { $0 != "\n" }))
        #expect(check.status == 0)
    }

    @Test("a decision that no completion changes is given: allow with 0, deny with 2")
    func decided() async throws {
        let workspace = try Sample.workspace()
        let deny = try await workspace.cedarc(PartiallyAuthorizeTests.files + ["-r", "Photo::\"secret\""])
        #expect(deny.output.hasPrefix("DENY\n"))
        #expect(deny.status == 2)
        let allow = try await workspace.cedarc(
            PartiallyAuthorizeTests.files + Sample.request("alice", "view", "cat"))
        #expect(allow.output == "ALLOW\n")
        #expect(allow.status == 0)
        let alias = try await workspace.cedarc(
            "tpe", "-p", "p.cedar", "--entities", "e.json", "--principal-type", "User", "--principal-eid", "bob",
            "-a", "Action::\"view\"", "--resource-type", "Photo", "--resource-eid", "cat")
        #expect(alias.output == "DENY\n")
        #expect(alias.status == 2)
    }

    @Test("of the context, the named parts alone are unknown")
    func unknownContext() async throws {
        let workspace = try Workspace()
        try workspace.write("c.json", "{\"a\": {\"b\": 1, \"c\": 2}}")
        try workspace.write(
            "p.cedar",
            """
            permit(principal, action, resource) when { context.a.b == 1 && context.a.c == 2 };
            permit(principal, action, resource) when { context has d };
            """)
        let command = ["partially-authorize", "-p", "p.cedar"]
        let known = try await workspace.cedarc(command + ["-c", "c.json"])
        #expect(known.output == "ALLOW\n")
        let part = try await workspace.cedarc(command + ["-c", "c.json", "--unknown-context", "a.c"])
        #expect(part.status == 4)
        #expect(part.output.contains("context.a.c == 2"))
        #expect(!part.output.contains("context.a.b"))
        #expect(!part.output.contains("policy1"))
        let added = try await workspace.cedarc(command + ["--unknown-context", "d"])
        #expect(added.status == 4)
        #expect(added.output.contains("policy1"))
        let wrong = try await workspace.cedarc(command + ["-c", "c.json", "--unknown-context", "a.b.x"])
        #expect(wrong.status == 1)
        #expect(wrong.errors.contains("its attribute `b` is no record"))
    }

    @Test("a request file may lack parts, and must not have others")
    func requestFile() async throws {
        let workspace = try Sample.workspace()
        try workspace.write("r.json", #"{"principal": "User::\"alice\"", "action": {"type": "Action", "id": "view"}}"#)
        let run = try await workspace.cedarc(PartiallyAuthorizeTests.files + ["--request-json", "r.json"])
        #expect(run.status == 4)
        for faulty in [#"{"prinzipal": "User::\"alice\""}"#, #"{"action": "view"}"#, "[]", #"{"context": 1}"#] {
            try workspace.write("r.json", faulty)
            let run = try await workspace.cedarc(PartiallyAuthorizeTests.files + ["-f", "plain", "--request-json", "r.json"])
            #expect(run.errors.hasPrefix("r.json:1:"))
            #expect(run.output == "")
            #expect(run.status == 1)
        }
    }

    @Test("a type that is none ends with 1")
    func badType() async throws {
        let run = try await Sample.workspace().cedarc(PartiallyAuthorizeTests.files + ["--principal-type", "a b"])
        #expect(run.errors.contains("`--principal-type` is no entity type"))
        #expect(run.status == 1)
    }
}
