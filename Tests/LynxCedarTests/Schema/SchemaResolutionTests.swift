import LynxCedar
import Testing

@Suite("Names in schemas")
struct SchemaResolutionTests {
    @Test("Record types are equal by their attributes, wherever they are declared; annotations make no difference")
    func equalTypes() throws {
        let schema = try Schema(
            cedar: """
                type X = { a: Set<{ b?: Long }> };
                entity A { x: X };
                entity B { x: { @doc("here") a: Set<{ b?: Long }> } };
                entity C { x: { a: Set<{ b: Long }> } };
                entity D { x: { a: Set<{ b?: String }> } };
                entity E { x: { c: Set<{ b?: Long }> } };
                """)
        func type(_ name: Name) -> SchemaType? { schema.entityType(name)?.attributes["x"]?.type }
        #expect(type("A") == type("B"))
        for other in ["C", "D", "E"] as [Name] { #expect(type("A") != type(other)) }
        let element = try #require(RecordType([RecordType.Attribute(name: "b", type: .long, isRequired: false)]))
        let built = try #require(RecordType([RecordType.Attribute(name: "a", type: .set(.record(element)))]))
        #expect(type("A") == .record(built))
    }

    private static let photos = """
        @doc("photos")
        namespace PhotoApp {
            type Address = { street: String, "zip code"?: __cedar::Long };
            @doc("people")
            entity User, Admin in [Group, Org::Team] {
                @pii
                home: Address,
                manager?: User,
                nets: Set<ipaddr>,
            } tags Set<String>;
            entity Group in Group;
            entity Album in Album;
            entity Photo in Album = { };
            entity Status enum ["open", "closed"];
            action view, "edit all" in [read, Action::"write"] appliesTo {
                resource: Photo,
                context: { status: Status, at: datetime },
                principal: [User, Admin],
            };
            action read in all;
            action write in "all";
            action all;
        }
        namespace Org { entity Team in PhotoApp::Group; }
        """

    private func attribute(_ schema: Schema, _ type: Name, _ name: CedarString) throws -> RecordType.Attribute {
        try #require(schema.entityType(type)?.attributes[name])
    }

    @Test("attributes, tags, parents and enumerations are as declared")
    func entityTypes() throws {
        let schema = try Schema(cedar: Self.photos)
        #expect(
            schema.entityTypes.map(\.name) == [
                "PhotoApp::User", "PhotoApp::Admin", "PhotoApp::Group", "PhotoApp::Album", "PhotoApp::Photo",
                "PhotoApp::Status", "Org::Team",
            ])
        let user = try #require(schema.entityType("PhotoApp::User"))
        #expect(user.memberOf == ["PhotoApp::Group", "Org::Team"])
        #expect(user.tags == .set(.string))
        #expect("\(user.attributes)" == "{home: {street: String, \"zip code\"?: Long}, manager?: PhotoApp::User, nets: Set<ipaddr>}")
        #expect(user.annotations == [Annotation(key: "doc", value: "people")])
        let home = try attribute(schema, "PhotoApp::Admin", "home")
        #expect(home.isRequired && home.annotations == [Annotation(key: "pii")])
        #expect(try !attribute(schema, "PhotoApp::User", "manager").isRequired)
        #expect(schema.entityType("PhotoApp::Status")?.enumeration == ["open", "closed"])
        #expect(schema.entityType("User") == nil)
        #expect(schema.namespaces.map(\.name) == ["PhotoApp", "Org"])
        #expect(schema.namespaces.first?.annotations == [Annotation(key: "doc", value: "photos")])
        #expect(schema.commonTypes.map(\.name) == ["PhotoApp::Address"])
    }

    @Test("actions have their groups, types and context")
    func actions() throws {
        let schema = try Schema(cedar: Self.photos)
        let edit = try #require(schema.action("PhotoApp::Action::\"edit all\""))
        #expect(edit.principalTypes == ["PhotoApp::User", "PhotoApp::Admin"])
        #expect(edit.resourceTypes == ["PhotoApp::Photo"])
        #expect("\(edit.context)" == "{at: datetime, status: PhotoApp::Status}")
        #expect(edit.memberOf == ["PhotoApp::Action::\"read\"", "PhotoApp::Action::\"write\""])
        let all = try #require(schema.action("PhotoApp::Action::\"all\""))
        #expect(all.principalTypes.isEmpty && all.context.isEmpty)
    }

    @Test("ancestors and descendants go through others")
    func hierarchy() throws {
        let schema = try Schema(cedar: Self.photos)
        #expect(
            schema.ancestors(ofAction: "PhotoApp::Action::\"view\"") == [
                "PhotoApp::Action::\"read\"", "PhotoApp::Action::\"write\"", "PhotoApp::Action::\"all\"",
            ])
        #expect(schema.descendants(ofAction: "PhotoApp::Action::\"all\"").count == 4)
        #expect(schema.ancestors(ofEntityType: "PhotoApp::User") == ["PhotoApp::Group", "Org::Team"])
        #expect(schema.ancestors(ofEntityType: "PhotoApp::Album") == ["PhotoApp::Album"])
        #expect(
            schema.descendants(ofEntityType: "PhotoApp::Group")
                == ["PhotoApp::Group", "PhotoApp::User", "PhotoApp::Admin", "Org::Team"])
    }

    /// The type of `U`'s attribute `x`, by the schema's text.
    static let types: [(text: String, type: String)] = [
        // The namespace goes before the empty namespace, which goes before the language (RFC 24, RFC 70).
        ("namespace N { type T = Long; entity U { x: T }; }", "Long"),
        ("type T = Long; namespace N { entity U { x: T }; }", "Long"),
        ("namespace N { type T = Long; } entity U { x: N::T };", "Long"),
        ("entity Long; entity U { x: Long };", "Long"),
        ("entity Long; entity U { x: __cedar::Long };", "Long"),
        ("namespace N { entity ipaddr; entity U { x: ipaddr }; }", "N::ipaddr"),
        ("namespace N { entity ipaddr; } entity U { x: ipaddr };", "ipaddr"),
        // A common type goes before an entity type of the same name, but not before one in a nearer namespace.
        ("entity T; type T = Bool; entity U { x: T };", "Bool"),
        ("type A = B; type B = C; type C = Set<D>; entity D; entity U { x: A };", "Set<D>"),
        ("namespace N { type T = U; entity U { x: T }; }", "N::U"),
        ("action a; entity U { x: Action };", "Action"),
        ("namespace N { action a; entity U { x: Action }; }", "N::Action"),
        ("type Action = Long; action a; entity U { x: Action };", "Long"),
    ]

    @Test("are looked for nearby first, as common types first", arguments: types)
    func attributeType(_ text: String, _ type: String) throws {
        let schema = try Schema(cedar: text)
        let user = try #require(schema.entityTypes.first { $0.name.basename == "U" })
        #expect(user.attributes["x"].map { "\($0.type)" } == type)
        if text.contains("entity Long") {
            #expect(user.attributes["x"]?.type == (text.contains("__cedar") ? .long : .entity("Long")))
        }
    }

    @Test("an action's parent is looked for in the namespace, then in the empty one")
    func actionParents() throws {
        let schema = try Schema(cedar: "action top; namespace N { action a in top; action b in a; }")
        #expect(schema.action("N::Action::\"a\"")?.memberOf == ["Action::\"top\""])
        #expect(schema.action("N::Action::\"b\"")?.memberOf == ["N::Action::\"a\""])
    }

    @Test("common types that double at each step are refused at the limit, not unfolded")
    func doubling() {
        let text = "type T0 = { x: Long };" + (1...60).map { "type T\($0) = { a: T\($0 - 1), b: T\($0 - 1) };" }.joined()
        let error = parseError { try Schema(cedar: text) }
        #expect(error?.diagnostics.count == 1)
        #expect(error?.diagnostics.first?.message.contains("more than 1000000 parts") == true)
    }

    @Test("long chains of declarations overflow no stack")
    func chains() throws {
        let count = 20_000
        let aliases = "type T0 = Long;" + (1...count).map { "type T\($0) = T\($0 - 1);" }.joined()
        let schema = try Schema(cedar: aliases + "entity U { x: T\(count) };")
        #expect(schema.entityType("U")?.attributes["x"]?.type == .long)
        #expect(parseError { try Schema(cedar: aliases.replacing("T0 = Long", with: "T0 = T\(count)")) }?.diagnostics.count == 1)

        let sets = "type T0 = Long;" + (1...count).map { "type T\($0) = Set<T\($0 - 1)>;" }.joined()
        #expect(parseError { try Schema(cedar: sets) }?.diagnostics.count == 1)

        let groups = "action a0;" + (1...count).map { "action a\($0) in a\($0 - 1);" }.joined()
        #expect(try Schema(cedar: groups).ancestors(ofAction: EntityUID(type: "Action", id: "a\(count)")).count == count)
        #expect(parseError { try Schema(cedar: groups.replacing("action a0;", with: "action a0 in a\(count);")) } != nil)
    }

    @Test("types that nest deep are refused in both formats")
    func nesting() {
        let depth = 100_000
        let cedar = "type T = " + String(repeating: "Set<", count: depth) + "Long" + String(repeating: ">", count: depth) + ";"
        #expect(parseError { try Schema(cedar: cedar) } != nil)
        let json =
            #"{"": {"entityTypes": {}, "actions": {}, "commonTypes": {"T": "#
            + String(repeating: #"{"type": "Set", "element": "#, count: depth) + #"{"type": "Long"}"#
            + String(repeating: "}", count: depth) + "}}}"
        #expect(parseError { try Schema(json: json) } != nil)
    }
}
