import Testing

@Suite("cedarc validate")
struct ValidateTests {
    static let command = ["validate", "-p", "p.cedar", "-s", "s.cedarschema"]
    static let valid = "permit(principal == User::\"alice\", action == Action::\"view\", resource is Photo) when { resource.owner == principal };\n"
    static let unknownType = "forbid(\n  principal is Usr,\n  action,\n  resource\n);\n"
    static let impossible = "@id(\"never\")\npermit(principal, action, resource) when { false };\n"

    static func workspace(_ policies: String) throws -> Workspace {
        let workspace = try Sample.workspace()
        try workspace.write("p.cedar", policies)
        return workspace
    }

    @Test("valid policies end with 0")
    func valid() async throws {
        let run = try await ValidateTests.workspace(ValidateTests.valid).cedarc(ValidateTests.command)
        #expect(run.output == "policy set validation passed\n")
        #expect(run.errors == "")
        #expect(run.status == 0)
        let input = try await ValidateTests.workspace("").cedarc(["validate", "-s", "s.cedarschema"], input: ValidateTests.valid)
        #expect(input.status == 0)
    }

    @Test("invalid policies end with 3, every finding at its place")
    func invalid() async throws {
        let workspace = try ValidateTests.workspace(
            ValidateTests.valid + ValidateTests.unknownType + "permit(principal, action == Action::\"vew\", resource);\n")
        let run = try await workspace.cedarc(ValidateTests.command)
        #expect(run.output == "policy set validation failed\n")
        #expect(run.errors.contains(" --> p.cedar:3:"))
        #expect(run.errors.contains(" --> p.cedar:7:"))
        #expect(run.status == 3)
        let plain = try await workspace.cedarc(ValidateTests.command + ["-f", "plain"])
        #expect(plain.errors.split(separator: "\n").allSatisfy { $0.hasPrefix("p.cedar:") })
        let json = try await workspace.cedarc(ValidateTests.command + ["-f", "json"])
        #expect(json.errors.hasPrefix("{\"severity\":\"error\","))
        #expect(json.errors.contains("\"file\":\"p.cedar\",\"line\":3,"))
        // The names that the SARIF report has.
        #expect(json.errors.contains("\"code\":\"unknown-action\""))
    }

    @Test("warnings end with 0, unless they are denied: then with 3")
    func warnings() async throws {
        let workspace = try ValidateTests.workspace(ValidateTests.impossible)
        let run = try await workspace.cedarc(ValidateTests.command)
        #expect(run.output == "policy set validation passed\n")
        #expect(run.errors.hasPrefix("warning: "))
        #expect(run.status == 0)
        let denied = try await workspace.cedarc(ValidateTests.command + ["--deny-warnings"])
        #expect(denied.output == "policy set validation failed\n")
        #expect(denied.errors == run.errors)
        #expect(denied.status == 3)
        let clean = try await ValidateTests.workspace(ValidateTests.valid).cedarc(ValidateTests.command + ["--deny-warnings"])
        #expect(clean.status == 0)
    }

    @Test("policies or a schema that do not parse end with 1, and the faults of both are reported")
    func unreadable() async throws {
        let workspace = try ValidateTests.workspace("permit(principal, action);")
        try workspace.write("s.cedarschema", "entity A in [B];")
        let run = try await workspace.cedarc(ValidateTests.command + ["-f", "plain"])
        #expect(run.output == "")
        #expect(run.errors.contains("p.cedar:1:"))
        #expect(run.errors.contains("s.cedarschema:1:14: error: "))
        #expect(run.status == 1)
    }

    @Test("policies and schemas in JSON")
    func json() async throws {
        let workspace = try ValidateTests.workspace(ValidateTests.valid)
        let json = try await workspace.cedarc("translate-policy", "--direction", "cedar-to-json", "-p", "p.cedar")
        try workspace.write("p.json", json.output)
        let run = try await workspace.cedarc("validate", "-p", "p.json", "--policy-format", "json", "-s", "s.cedarschema")
        #expect(run.status == 0)
        try workspace.write("s.json", "{}")
        let empty = try await workspace.cedarc(
            "validate", "-p", "p.json", "--policy-format", "json", "-s", "s.json", "--schema-format", "json", "-f", "plain")
        #expect(empty.errors.hasPrefix("p.json:"))
        #expect(empty.status == 3)
    }

    @Test("linked policies are validated too")
    func links() async throws {
        let workspace = try ValidateTests.workspace("@id(\"t\") permit(principal == ?principal, action, resource);")
        #expect(try await workspace.cedarc(ValidateTests.command).status == 0)
        try workspace.write("k.json", #"[{"template_id": "t", "link_id": "l", "args": {"?principal": "Usr::\"alice\""}}]"#)
        let run = try await workspace.cedarc(ValidateTests.command + ["-k", "k.json"])
        #expect(run.status == 3)
    }

    @Test("strict validation finds more than permissive: an empty set, for instance")
    func modes() async throws {
        let workspace = try ValidateTests.workspace("permit(principal, action, resource) when { [].isEmpty() };")
        #expect(try await workspace.cedarc(ValidateTests.command).status == 3)
        let permissive = try await workspace.cedarc(ValidateTests.command + ["--validation-mode", "permissive"])
        #expect(permissive.status == 0)
    }

    @Test("isInRange with several ranges is an error unless it is enabled (RFC 99)")
    func variadicIsInRange() async throws {
        let workspace = try ValidateTests.workspace(
            #"permit(principal, action, resource) when { ip("::1").isInRange(ip("10.0.0.0/8"), ip("::/0")) };"#)
        #expect(try await workspace.cedarc(ValidateTests.command).status == 3)
        let enabled = try await workspace.cedarc(ValidateTests.command + ["--enable", "variadic-is-in-range"])
        #expect(enabled.status == 0)
    }

    @Test("both modes, and levels, are taken")
    func options() async throws {
        let workspace = try ValidateTests.workspace("permit(principal, action, resource);")
        for mode in ["strict", "permissive"] {
            #expect(try await workspace.cedarc(ValidateTests.command + ["--validation-mode", mode]).status == 0)
        }
        #expect(try await workspace.cedarc(ValidateTests.command + ["--level", "0"]).status == 0)
    }

    /// Facts of the reference implementation's level validation: each `.` on an entity is a level (RFC 76).
    @Test(
        "a level bounds how far policies look from the request's entities", arguments: [(0, 3), (1, 0)])
    func level(level: Int, status: Int32) async throws {
        let run = try await ValidateTests.workspace(ValidateTests.valid).cedarc(ValidateTests.command + ["--level", "\(level)"])
        #expect(run.status == status)
    }

    @Test("an empty policy set is valid, and a schema that declares nothing too")
    func empty() async throws {
        let workspace = try ValidateTests.workspace("")
        #expect(try await workspace.cedarc(ValidateTests.command).status == 0)
        try workspace.write("s.cedarschema", "")
        #expect(try await workspace.cedarc(ValidateTests.command).status == 0)
    }

    @Test("CRLF line ends count the same")
    func carriageReturns() async throws {
        let workspace = try ValidateTests.workspace(ValidateTests.unknownType.replacing("\n", with: "\r\n"))
        let run = try await workspace.cedarc(ValidateTests.command + ["-f", "plain"])
        #expect(run.errors.split(separator: "\n").contains { $0.hasPrefix("p.cedar:2:") })
        #expect(run.status == 3)
    }
}
