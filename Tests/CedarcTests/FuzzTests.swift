import Foundation
import Testing

@Suite("cedarc fuzz")
struct FuzzTests {
    static let command = ["fuzz", "-p", "p.cedar", "-s", "s.cedarschema", "--seed", "7"]

    private static let schema = """
        entity Color enum ["red", "green"];
        entity Company;
        entity Group in [Group, Company];
        entity User in [Group] { limit: Long, name?: String, home: { city?: String, zip: Long }, boss: User };
        entity Photo { path: String, owner: User, labels: Set<String>, color: Color } tags Long;
        action read, "act all";
        action view, edit in [read] appliesTo {
          principal: User, resource: Photo,
          context: { ip: ipaddr, now: datetime, age: duration, price: decimal, level?: Long },
        };
        action paint appliesTo { principal: User, resource: Color };
        """

    private static func workspace(_ policies: String, against others: String? = nil) throws -> Workspace {
        let workspace = try Workspace()
        try workspace.write("s.cedarschema", schema)
        try workspace.write("p.cedar", policies)
        if let others { try workspace.write("q.cedar", others) }
        return workspace
    }

    private static func report(_ run: Run) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    }

    private static func objects(_ report: [String: Any], _ key: String) throws -> [[String: Any]] {
        try #require(report[key] as? [[String: Any]], "\(key)")
    }

    private static func write(_ finding: [String: Any], to workspace: Workspace) throws {
        for (key, file) in [("request", "r.json"), ("entities", "e.json")] {
            let value = try #require(finding[key])
            try workspace.write(file, bytes: Array(JSONSerialization.data(withJSONObject: value)))
        }
    }

    @Test(
        "conditions of every kind come to hold",
        arguments: [
            "permit(principal == User::\"alice\", action, resource);",
            "permit(principal in Group::\"staff\", action, resource);",
            "permit(principal in Company::\"acme\", action, resource);",
            "permit(principal is User in Company::\"acme\", action in Action::\"read\", resource is Photo);",
            "permit(principal, action == Action::\"paint\", resource == Color::\"green\");",
            "permit(principal, action, resource) when { principal.limit == 123456 };",
            "permit(principal, action, resource) when { principal.limit > 10 && principal.limit < 12 };",
            "permit(principal, action, resource) when { principal has name && principal.name == \"zoë\" };",
            "permit(principal, action, resource) when { principal.home has city && principal.home.city like \"*burg\" };",
            "permit(principal, action, resource is Photo) when { resource.owner == principal };",
            "permit(principal, action, resource is Photo) when { resource.owner.boss == principal };",
            "permit(principal, action, resource is Photo) when { resource.path like \"/home/*/shared/*\" };",
            "permit(principal, action, resource is Photo) when { resource.labels.containsAll([\"a\", \"holiday\"]) };",
            "permit(principal, action, resource is Photo) when { resource.hasTag(\"size\") && resource.getTag(\"size\") > 99 };",
            "permit(principal, action, resource is Photo) when { resource.color == Color::\"red\" };",
            "permit(principal, action == Action::\"view\", resource) when { context.ip.isInRange(ip(\"10.1.2.0/24\")) };",
            "permit(principal, action == Action::\"view\", resource) when { context.ip == ip(\"2001:db8::1\") };",
            "permit(principal, action == Action::\"view\", resource) when { context.now > datetime(\"2030-01-01\") && context.now < datetime(\"2030-01-02\") };",
            "permit(principal, action == Action::\"view\", resource) when { context.age == duration(\"1h30m\") };",
            "permit(principal, action == Action::\"view\", resource) when { context.price.lessThanOrEqual(decimal(\"1.5\")) && context.price.greaterThan(decimal(\"1.4998\")) };",
            "permit(principal, action == Action::\"view\", resource) when { context has level && context.level >= 40 };",
            "permit(principal, action == Action::\"view\", resource) unless { context has level };",
        ])
    func everyKind(policy: String) async throws {
        let run = try await FuzzTests.workspace(policy).cedarc(FuzzTests.command + ["--runs", "600", "--format", "json"])
        #expect(run.errors == "")
        #expect(run.status == 0)
        let report = try FuzzTests.report(run)
        #expect(try FuzzTests.objects(report, "neverSatisfied").isEmpty)
        #expect(try FuzzTests.objects(report, "errors").isEmpty)
    }

    @Test("policies that no case satisfies are named, with what can be told of the reason")
    func neverSatisfied() async throws {
        let workspace = try FuzzTests.workspace(
            """
            @id("contradiction")
            permit(principal, action, resource) when { principal.limit > 5 && principal.limit < 3 };
            @id("impossible")
            permit(principal is Photo, action, resource);
            @id("fine")
            permit(principal, action, resource) when { principal.limit > 5 };
            """)
        let run = try await workspace.cedarc(FuzzTests.command + ["--runs", "500"])
        #expect(run.status == 0)
        #expect(run.output.contains("policies that were satisfied by no case:\n  contradiction: its scope matched "))
        #expect(run.output.contains("  impossible: the schema foresees no request that its scope matches\n"))
        #expect(run.output.contains("  p.cedar:2:67: never true: principal.limit < 3\n"))
        #expect(run.output.contains("coverage: 1 of 3 policies satisfied"))
        #expect(!run.output.contains("  fine:"))
    }

    @Test(
        "an error that a policy can run into comes with a small case that authorize answers in the same way",
        arguments: [
            ("permit(principal, action == Action::\"view\", resource) when { context.level > 2 };", "level"),
            ("permit(principal, action, resource) when { principal.limit * 2 > 10 };", "overflow"),
            ("permit(principal, action, resource is Photo) when { resource.getTag(\"size\") > 99 };", "size"),
        ])
    func errors(policy: String, word: String) async throws {
        let workspace = try FuzzTests.workspace(policy)
        let report = try FuzzTests.report(try await workspace.cedarc(FuzzTests.command + ["--runs", "1000", "--format", "json"]))
        let error = try #require(try FuzzTests.objects(report, "errors").first)
        #expect(error["policy"] as? String == "policy0")
        #expect(error["line"] as? Int == 1)
        let message = try #require(error["message"] as? String)
        #expect(message.contains(word), "\(message)")
        // At most the principal and the resource matter, and their entities need no more than what is required.
        #expect(try #require(error["entities"] as? [Any]).count <= 1)
        try FuzzTests.write(error, to: workspace)
        let answer = try await workspace.cedarc(
            "authorize", "-p", "p.cedar", "-s", "s.cedarschema", "--entities", "e.json", "--request-json", "r.json", "-f", "plain")
        #expect(answer.errors.contains(message))
    }

    @Test("two sets that differ on a bound are told apart by a small case, which authorize confirms")
    func difference() async throws {
        let workspace = try FuzzTests.workspace(
            """
            permit(principal, action == Action::"view", resource) when { principal.limit <= 100 };
            forbid(principal, action, resource is Photo) when { resource.labels.contains("secret") };
            """,
            against: """
                permit(principal, action == Action::"view", resource) when { principal.limit < 100 };
                forbid(principal, action, resource is Photo) when { resource.labels.contains("secret") };
                """)
        let run = try await workspace.cedarc(FuzzTests.command + ["--against", "q.cedar", "--runs", "1500", "--format", "json"])
        #expect(run.status == 1)
        #expect(run.errors == "")
        let report = try FuzzTests.report(run)
        let differences = try FuzzTests.objects(report, "differences")
        try #require(differences.count == 1)
        let entities = try #require(differences[0]["entities"] as? [[String: Any]])
        // The photo must be there: without one, the second policy would fail.
        #expect(entities.count == 2)
        let user = try #require(entities.compactMap { $0["attrs"] as? [String: Any] }.first { $0["limit"] != nil })
        #expect(user["limit"] as? Int == 100)
        #expect(user["name"] == nil)
        let photo = try #require(entities.compactMap { $0["attrs"] as? [String: Any] }.first { $0["labels"] != nil })
        #expect((photo["labels"] as? [Any])?.isEmpty == true)
        try FuzzTests.write(differences[0], to: workspace)
        for (policies, answer) in [("p.cedar", "ALLOW\n"), ("q.cedar", "DENY\n")] {
            let run = try await workspace.cedarc(
                "authorize", "-p", policies, "-s", "s.cedarschema", "--entities", "e.json", "--request-json", "r.json")
            #expect(run.output == answer)
            #expect(run.errors == "")
        }
    }

    @Test(
        "a planted difference is found",
        arguments: [
            ("when { principal in Group::\"staff\" }", "when { principal in Group::\"stuff\" }"),
            ("when { resource.owner == principal }", "when { resource.owner.boss == principal }"),
            ("when { resource.path like \"/home/*\" }", "when { resource.path like \"/home/?*\" }"),
            ("when { resource.labels.containsAny([\"x\", \"y\"]) }", "when { resource.labels.containsAll([\"x\", \"y\"]) }"),
            ("when { context.ip.isInRange(ip(\"10.0.0.0/8\")) }", "when { context.ip.isInRange(ip(\"10.0.0.0/9\")) }"),
            ("when { context.now >= datetime(\"2030-01-01\") }", "when { context.now > datetime(\"2030-01-01\") }"),
            ("unless { context has level && context.level > 3 }", "unless { context has level }"),
        ])
    func plantedDifference(one: String, other: String) async throws {
        let scope = "permit(principal, action == Action::\"view\", resource) "
        let workspace = try FuzzTests.workspace(scope + one + ";", against: scope + other + ";")
        let run = try await workspace.cedarc(FuzzTests.command + ["--against", "q.cedar", "--runs", "1500"])
        #expect(run.status == 1)
        #expect(run.output.contains("\ndifference 1, "))
        #expect(run.output.contains("\n  request: {\"principal\":{\"type\":\"User\""))
    }

    @Test("sets that only read differently do not differ")
    func same() async throws {
        let workspace = try FuzzTests.workspace(
            "permit(principal, action, resource) when { principal.limit > 3 && principal has name };",
            against: "permit(principal, action, resource) when { principal has name } unless { principal.limit <= 3 };")
        let run = try await workspace.cedarc(FuzzTests.command + ["--against", "q.cedar", "--runs", "1000"])
        #expect(run.status == 0)
        #expect(run.output.contains("\ndifferences: none\n"))
    }

    @Test("the same seed gives the same report, another seed other cases")
    func seed() async throws {
        let workspace = try FuzzTests.workspace(
            "permit(principal, action, resource) when { principal.limit * 3 > 10 || principal.home.zip - 1 == 0 };",
            against: "permit(principal, action, resource) when { principal.limit * 3 > 12 };")
        let arguments = ["fuzz", "-p", "p.cedar", "-s", "s.cedarschema", "--against", "q.cedar", "--runs", "1000"]
        let first = try await workspace.cedarc(arguments + ["--seed", "1"])
        let again = try await workspace.cedarc(arguments + ["--seed", "1"])
        let other = try await workspace.cedarc(arguments + ["--seed", "2"])
        #expect(first.output == again.output)
        #expect(first.output.contains("--seed 1\n"))
        #expect(first.output.dropFirst(20) != other.output.dropFirst(20))
        let unseeded = try await workspace.cedarc(arguments)
        #expect(unseeded.output.contains(" --seed "))
    }

    @Test("ways through conditions are counted, and those not taken are named")
    func coverage() async throws {
        let workspace = try FuzzTests.workspace(
            """
            permit(principal, action, resource) when {
              if principal.limit > 7 then principal has name else (principal.limit == 1 || 1 == 2)
            };
            """)
        let report = try FuzzTests.report(try await workspace.cedarc(FuzzTests.command + ["--runs", "1000", "--format", "json"]))
        let coverage = try #require(report["coverage"] as? [String: Any])
        #expect(coverage["policiesTotal"] as? Int == 1)
        #expect(coverage["policies"] as? Int == 1)
        // The condition, the test of `if` and two operands, two ways each.
        #expect(coverage["waysTotal"] as? Int == 8)
        #expect(coverage["ways"] as? Int == 7)
        let unseen = try #require(coverage["unseen"] as? [[String: Any]])
        #expect(unseen.count == 1)
        #expect(unseen.first?["never"] as? String == "true")
        #expect(unseen.first?["expression"] as? String == "1 == 2")
        #expect(unseen.first?["line"] as? Int == 2)
    }

    @Test("policies that the schema does not go with are tried out all the same")
    func invalidPolicies() async throws {
        let run = try await FuzzTests.workspace("permit(principal, action, resource) when { principal.nope == 1 };")
            .cedarc(FuzzTests.command + ["--runs", "100"])
        #expect(run.status == 0)
        #expect(run.output.contains("nope"))
    }

    @Test("nothing is drawn where the standard error is no terminal")
    func noProgress() async throws {
        let run = try await FuzzTests.workspace("permit(principal, action, resource);").cedarc(FuzzTests.command + ["--runs", "100"])
        #expect(run.errors == "")
        #expect(!run.output.contains("\u{1B}"))
        #expect(!run.output.contains("\r"))
    }

    @Test("every faulty input is reported, and a schema without requests")
    func faults() async throws {
        let workspace = try FuzzTests.workspace("permit(", against: "forbid")
        let run = try await workspace.cedarc(FuzzTests.command + ["--against", "q.cedar", "-f", "plain"])
        #expect(run.status == 1)
        #expect(run.output == "")
        #expect(run.errors.contains("p.cedar:1:8: error: "))
        #expect(run.errors.contains("q.cedar:1:7: error: "))
        try workspace.write("s.cedarschema", "entity User;")
        try workspace.write("p.cedar", "permit(principal, action, resource);")
        let none = try await workspace.cedarc(FuzzTests.command + ["-f", "plain"])
        #expect(none.status == 1)
        #expect(none.errors.hasPrefix("error: the schema foresees no request"))
    }

    @Test(
        "a command line that makes no sense is a usage error",
        arguments: [["--runs", "0"], ["--runs=-1"], ["--seed=-1"], ["--seed", "x"], ["--format", "xml"], ["--against", "-", "-p", "-"]])
    func usage(arguments: [String]) async throws {
        let workspace = try FuzzTests.workspace("permit(principal, action, resource);")
        let run = try await workspace.cedarc(["fuzz", "-s", "s.cedarschema"] + arguments)
        #expect(run.status == 64)
        #expect((try await workspace.cedarc("fuzz", "-p", "p.cedar")).status == 64)
    }
}
