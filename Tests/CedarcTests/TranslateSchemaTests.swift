import Testing

@Suite("cedarc translate-schema")
struct TranslateSchemaTests {
    private static let cedar = """
        @doc("x")
        namespace N {
          type Name = String;

          entity User in [Group] {
            name: Name
          };

          entity Group;

          action view appliesTo {
            principal: [User],
            resource: [Group]
          };
        }

        """

    @Test("Cedar text becomes JSON and comes back, comments and layout aside")
    func roundTrip() async throws {
        let workspace = try Workspace()
        try workspace.write("s.cedarschema", "// a comment\n" + Self.cedar.replacing("\n", with: " "))
        let json = try await workspace.cedarc("translate-schema", "--direction", "cedar-to-json", "-s", "s.cedarschema")
        #expect(json.status == 0)
        #expect(json.errors == "")
        let compact = json.output.filter { $0 != " " && $0 != "\n" }
        for part in [
            #""N":{"#, #""memberOfTypes":["Group"]"#, #""name":{"type":"EntityOrCommon","name":"Name"}"#, #""annotations":{"doc":"x"}"#,
            #""principalTypes":["User"]"#,
        ] {
            #expect(compact.contains(part), "\(compact)")
        }
        let back = try await workspace.cedarc("translate-schema", "--direction", "json-to-cedar", input: json.output)
        #expect(back.output == Self.cedar)
        #expect(back.status == 0)
    }

    @Test("types are resolved on demand")
    func resolved() async throws {
        let run = try await Workspace().cedarc(
            "translate-schema", "--direction", "cedar-to-json-with-resolved-types", input: Self.cedar)
        let compact = run.output.filter { $0 != " " && $0 != "\n" }
        for part in [#""memberOfTypes":["N::Group"]"#, #""name":{"type":"N::Name"}"#, #""principalTypes":["N::User"]"#] {
            #expect(compact.contains(part), "\(compact)")
        }
        #expect(!compact.contains("EntityOrCommon"))
        #expect(run.status == 0)
    }

    @Test("names that nothing is declared by stay as they are, unless types are to be resolved")
    func undefined() async throws {
        let text = "entity User { name: Name };"
        #expect(try await Workspace().cedarc("translate-schema", "--direction", "cedar-to-json", input: text).status == 0)
        let run = try await Workspace().cedarc(
            "translate-schema", "--direction", "cedar-to-json-with-resolved-types", "-f", "plain", input: text)
        #expect(run.output == "")
        #expect(run.errors.hasPrefix("<stdin>:1:21: error: there is no type `Name`"))
        #expect(run.status == 1)
    }

    @Test("what Cedar syntax cannot say ends with 1 and is told where it stands")
    func unsayable() async throws {
        let json = #"{"N": {"entityTypes": {"A": {}}, "actions": {}, "commonTypes": {"A": {"type": "Long"}}}}"#
        let run = try await Workspace().cedarc("translate-schema", "--direction", "json-to-cedar", "-f", "plain", input: json)
        #expect(run.output == "")
        #expect(run.errors.hasPrefix("<stdin>:1:65: error: `N::A` is an entity type and a common type"))
        #expect(run.status == 1)
    }

    @Test(
        "faulty text ends with 1 and prints no translation",
        arguments: ["cedar-to-json", "cedar-to-json-with-resolved-types", "json-to-cedar"])
    func faulty(direction: String) async throws {
        let run = try await Workspace().cedarc("translate-schema", "--direction", direction, input: "entity A; entity A")
        #expect(run.output == "")
        #expect(run.errors.hasPrefix("error: "))
        #expect(run.status == 1)
    }

    @Test("an empty schema has an empty translation")
    func empty() async throws {
        #expect(try await Workspace().cedarc("translate-schema", "--direction", "cedar-to-json", input: "").output == "{}\n")
        #expect(try await Workspace().cedarc("translate-schema", "--direction", "json-to-cedar", input: "{}").output == "")
        #expect(try await Workspace().cedarc("translate-schema", "--direction", "json-to-cedar", input: "").errors.contains("write `{}`"))
    }

    @Test("the direction must be given")
    func usage() async throws {
        #expect(try await Workspace().cedarc("translate-schema").status == 64)
    }
}
