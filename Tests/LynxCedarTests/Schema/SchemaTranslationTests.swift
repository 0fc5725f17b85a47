import CedarGenerators
import LynxCedar
import Testing

@Suite("Schemas are translated between their syntaxes", .timeLimit(.minutes(5)))
struct SchemaTranslationTests {
    // The JSON is that of the reference implementation's translation, or of its tests.
    static let translations: [(cedar: String, json: String)] = [
        ("", "{}"),
        ("entity A;", #"{"": {"entityTypes": {"A": {}}, "actions": {}}}"#),
        ("namespace N {}", #"{"N": {"entityTypes": {}, "actions": {}}}"#),
        (
            "entity A, B in [C, N::D] = { x: Long, \"y z\"?: Set<B> } tags { t: __cedar::String };",
            """
            {"": {"actions": {}, "entityTypes": {
              "A": {"memberOfTypes": ["C", "N::D"], "tags": {"type": "Record", "attributes": {"t": {"type": "EntityOrCommon", "name": "__cedar::String"}}},
                "shape": {"type": "Record", "attributes": {"x": {"type": "EntityOrCommon", "name": "Long"},
                  "y z": {"type": "Set", "element": {"type": "EntityOrCommon", "name": "B"}, "required": false}}}},
              "B": {"memberOfTypes": ["C", "N::D"], "tags": {"type": "Record", "attributes": {"t": {"type": "EntityOrCommon", "name": "__cedar::String"}}},
                "shape": {"type": "Record", "attributes": {"x": {"type": "EntityOrCommon", "name": "Long"},
                  "y z": {"type": "Set", "element": {"type": "EntityOrCommon", "name": "B"}, "required": false}}}}}}}
            """
        ),
        ("entity E enum [\"a\", \"\"];", #"{"": {"entityTypes": {"E": {"enum": ["a", ""]}}, "actions": {}}}"#),
        (
            "action a; action \"b c\" in [a, N::Action::\"d\"] appliesTo { principal: P, resource: [Q, R], context: T };",
            """
            {"": {"entityTypes": {}, "actions": {
              "a": {"appliesTo": {"principalTypes": [], "resourceTypes": []}},
              "b c": {"memberOf": [{"id": "a"}, {"type": "N::Action", "id": "d"}],
                "appliesTo": {"principalTypes": ["P"], "resourceTypes": ["Q", "R"], "context": {"type": "T"}}}}}}
            """
        ),
        (
            "action a appliesTo { principal: P, resource: P, context: {} };",
            #"{"": {"entityTypes": {}, "actions": {"a": {"appliesTo": {"principalTypes": ["P"], "resourceTypes": ["P"]}}}}}"#
        ),
        (
            "@doc(\"n\") namespace N { @bare @in(\"x\") type T = { @doc(\"y\") x: Long }; }",
            """
            {"N": {"entityTypes": {}, "actions": {}, "annotations": {"doc": "n"}, "commonTypes": {"T": {"type": "Record",
              "attributes": {"x": {"type": "EntityOrCommon", "name": "Long", "annotations": {"doc": "y"}}},
              "annotations": {"bare": "", "in": "x"}}}}}
            """
        ),
    ]

    @Test("from Cedar's own to JSON as the reference has it", arguments: translations)
    func toJSON(_ cedar: String, _ json: String) throws {
        #expect(try SchemaFragment(cedar: cedar).json == JSONValue(parsing: SourceText(json)))
        let back = try SchemaFragment(json: json)
        #expect(try SchemaFragment(cedar: back.cedarText()).json == back.json)
    }

    static let spellings: [(type: String, cedar: String)] = [
        (#"{"type": "Long"}"#, "Long"), (#"{"type": "Boolean"}"#, "Bool"), (#"{"type": "Bool"}"#, "Bool"),
        (#"{"type": "Extension", "name": "ipaddr"}"#, "ipaddr"), (#"{"type": "__cedar::String"}"#, "__cedar::String"),
        (#"{"type": "Entity", "name": "User"}"#, "User"), (#"{"type": "T"}"#, "T"), (#"{"type": "EntityOrCommon", "name": "User"}"#, "User"),
        // `String` and `decimal` are entity types here, `datetime` is a common type.
        (#"{"type": "String"}"#, "__cedar::String"), (#"{"type": "Extension", "name": "decimal"}"#, "__cedar::decimal"),
        (#"{"type": "Entity", "name": "String"}"#, "String"), (#"{"type": "Extension", "name": "datetime"}"#, "__cedar::datetime"),
        (#"{"type": "datetime"}"#, "datetime"), (#"{"type": "Undeclared"}"#, "Undeclared"),
    ]

    @Test("from JSON to the shortest name that means the same there", arguments: spellings)
    func toCedar(_ type: String, _ cedar: String) throws {
        let json = """
            {"N": {"entityTypes": {"User": {"tags": \(type)}, "String": {}, "decimal": {}}, "actions": {},
              "commonTypes": {"T": {"type": "Long"}, "datetime": {"type": "Long"}}}}
            """
        let text = try SchemaFragment(json: json).cedarText()
        #expect(text.contains("entity User tags \(cedar);"), "\(text)")
    }

    @Test(
        "what Cedar syntax cannot say is refused at its place",
        arguments: [
            (
                #"{"": {"entityTypes": {"A": {"shape": {"type": "T"}}}, "actions": {}, "commonTypes": {"T": {"type": "Record", "attributes": {}}}}}"#,
                "1:38: the attributes of `A` are not written out as a record, and Cedar syntax has no other form for them"
            ),
            (
                #"{"": {"entityTypes": {"A": {}, "B": {"tags": {"type": "Entity", "name": "A"}}}, "actions": {}, "commonTypes": {"A": {"type": "Long"}}}}"#,
                "1:46: Cedar syntax cannot name the entity type `A` here: the common type of that name goes first"
            ),
            (
                #"{"N": {"entityTypes": {"A": {}}, "actions": {}, "commonTypes": {"A": {"type": "Long"}}}}"#,
                "1:65: `N::A` is an entity type and a common type, which the translation to Cedar syntax does not tell apart"
            ),
            (
                #"{"": {"entityTypes": {}, "actions": {"a": {"appliesTo": {"principalTypes": ["A"], "resourceTypes": ["A"], "context": {"type": "Set", "element": {"type": "Long"}}}}}}}"#,
                "1:118: the context of `Action::\"a\"` must be a record, not a set"
            ),
        ])
    func refused(_ json: String, _ fault: String) throws {
        let fragment = try SchemaFragment(json: json)
        let error = parseError { try fragment.cedarText() }
        #expect(error?.diagnostics.count == 1)
        #expect(error?.diagnostics.first?.description.hasPrefix("<input>:\(fault.split(separator: " ")[0]) error: ") == true, "\(error?.description ?? "")")
        #expect(error?.diagnostics.first?.message == fault.split(separator: " ", maxSplits: 1).last.map(String.init))
    }

    @Test(
        "a fragment declares nothing twice and nothing reserved, in either syntax",
        arguments: [
            "entity A; entity A;", "type T = Long; type T = Bool;", "action a, a;", "namespace N {} namespace N {}", "entity A { x: Long, x: Long };",
            "entity __cedar;", "type Set = Long;", "entity Action;", #"{"": {"entityTypes": {"Action": {}}, "actions": {}}}"#,
            #"{"__cedar": {"entityTypes": {}, "actions": {}}}"#, #"{"": {"entityTypes": {}, "actions": {}, "commonTypes": {"Set": {"type": "Long"}}}}"#,
        ])
    func reserved(text: String) {
        #expect(parseError { try text.hasPrefix("{") ? SchemaFragment(json: text) : SchemaFragment(cedar: text) } != nil)
    }

    // The JSON is that of the reference implementation's tests of the same translation.
    static let resolved: [(type: String, declarations: String, json: JSONValue)] = [
        ("String", "", ["type": "String"]), ("decimal", "", ["type": "decimal"]), ("__cedar::String", "", ["type": "__cedar::String"]),
        ("User", "", ["type": "Entity", "name": "User"]), ("Action", "action A;", ["type": "Entity", "name": "Action"]),
        ("T", "type T = Long;", ["type": "T"]), ("NS::User", "namespace NS { entity User2, Usr; }", nil),
        ("NS::Usr", "namespace NS { entity Usr; }", ["type": "Entity", "name": "NS::Usr"]),
        ("NS::Action", "namespace NS { action A; }", ["type": "Entity", "name": "NS::Action"]),
        ("NS::T", "namespace NS { type T = Long; }", ["type": "NS::T"]),
        ("Set<{ a?: User }>", "", [
            "type": "Set",
            "element": ["type": "Record", "attributes": ["a": ["type": "Entity", "name": "User", "required": false]]],
        ]),
    ]

    @Test("with resolved types every type is known as one of entities or as a common one", arguments: resolved)
    func resolvedTypes(_ type: String, _ declarations: String, _ json: JSONValue) throws {
        let fragment = try SchemaFragment(cedar: "entity User { a: \(type) }; \(declarations)")
        guard json != nil else {
            #expect(parseError { try fragment.resolvingTypes() } != nil)
            return
        }
        let path: [CedarString] = ["", "entityTypes", "User", "shape", "attributes", "a"]
        let resolved = try path.reduce(fragment.resolvingTypes().json as JSONValue?) { $0?[$1] }
        #expect(resolved == json)
    }

    @Test("with resolved types every name is written in full")
    func fullNames() throws {
        let fragment = try SchemaFragment(
            cedar: """
                action top; namespace N { entity A in A; type T = {}; action a in [b, top] appliesTo { principal: A, resource: [A, G], context: T }; action b; }
                entity G;
                """)
        let json = try JSONValue(
            parsing: SourceText(
                """
                {"": {"entityTypes": {"G": {}}, "actions": {"top": {"appliesTo": {"principalTypes": [], "resourceTypes": []}}}},
                 "N": {"entityTypes": {"A": {"memberOfTypes": ["N::A"]}}, "commonTypes": {"T": {"type": "Record", "attributes": {}}}, "actions": {
                   "a": {"memberOf": [{"id": "b", "type": "N::Action"}, {"id": "top", "type": "Action"}],
                     "appliesTo": {"principalTypes": ["N::A"], "resourceTypes": ["N::A", "G"], "context": {"type": "N::T"}}},
                   "b": {"appliesTo": {"principalTypes": [], "resourceTypes": []}}}}}
                """))
        #expect(try fragment.resolvingTypes().json == json)
    }

    @Test("fragments are equal whatever their layout, and different when one says something else")
    func equality() throws {
        let text = "@d entity A in [B] { x?: Long }; action a in b appliesTo { principal: A, resource: A }; namespace N { type T = Set<A>; }"
        let fragment = try SchemaFragment(cedar: text)
        #expect(try fragment == SchemaFragment(cedar: text.replacing(" ", with: " \n// c\n ")))
        #expect(try fragment.hashValue == SchemaFragment(cedar: text.replacing(" ", with: " \n ")).hashValue)
        for (old, new) in [
            ("@d", "@e"), ("@d", "@d(\"\")"), ("[B]", "[C]"), ("x?", "x"), ("Long", "Bool"), ("in b", "in c"), ("principal: A", "principal: B"),
            ("N", "M"), ("T =", "U ="), ("Set<A>", "A"),
        ] {
            #expect(try fragment != SchemaFragment(cedar: text.replacing(old, with: new)), "\(old) \(new)")
        }
    }

    @Test("random schemas mean the same after every translation", arguments: 0..<40)
    func scenarios(seed: Int) throws {
        for step in 0..<10 {
            let text = Scenario(seed: UInt64(seed * 10 + step)).schema
            let fragment = try SchemaFragment(cedar: text)
            let contents = SchemaContents(try Schema(fragment))
            #expect(try SchemaFragment(cedar: fragment.cedarText()) == fragment, "\(text)")
            let translated = try SchemaFragment(json: fragment.json.description)
            #expect(translated.json == fragment.json, "\(text)")
            #expect(try SchemaContents(Schema(translated)) == contents, "\(text)")
            #expect(try SchemaContents(Schema(cedar: translated.cedarText())) == contents, "\(text)")
            #expect(try SchemaContents(Schema(json: fragment.resolvingTypes().json.description)) == contents, "\(text)")
        }
    }

    @Test("JSON schemas with names that hide each other mean the same in Cedar syntax, or are refused", arguments: 0..<40)
    func collisions(seed: Int) throws {
        var generator = HidingSchemaGenerator(seed: UInt64(seed))
        var translated = 0
        for _ in 0..<100 {
            let json = generator.schema().description
            guard let fragment = try? SchemaFragment(json: json), let schema = try? Schema(fragment) else { continue }
            guard let text = try? fragment.cedarText() else { continue }
            translated += 1
            #expect(try SchemaContents(Schema(cedar: text)) == SchemaContents(schema), "\(json)\n\(text)")
            #expect(try SchemaContents(Schema(json: fragment.resolvingTypes().json.description)) == SchemaContents(schema), "\(json)")
        }
        #expect(translated > 0)
    }

    @Test(
        "types at the limit of nesting are read, printed, translated and compared on a small stack",
        arguments: [("{a: ", "}"), ("Set<", ">"), ("{a: Set<", ">}")])
    func nesting(open: String, close: String) throws {
        // The common type is itself a level, and so is what names it.
        let count = (NestingLimit.standard - 2) / (open.count > 4 ? 2 : 1)
        let type = String(repeating: open, count: count) + "Long" + String(repeating: close, count: count)
        let text = "type T = \(type); entity A { x: T };"
        var steps = 0
        func onSmallStack(_ step: @escaping @Sendable () -> Void) {
            steps += withStack(of: 512 << 10, step) ? 1 : 0
        }
        onSmallStack { #expect((try? SchemaFragment(cedar: text)) != nil) }
        let fragment = try SchemaFragment(cedar: text)
        let json = SourceText(fragment.json.description)
        onSmallStack { #expect(fragment == fragment && fragment.hashValue == fragment.hashValue) }
        onSmallStack { #expect(fragment.description.utf8.count > text.utf8.count / 2) }
        onSmallStack { #expect((try? fragment.json == JSONValue(parsing: json, maximumNesting: .max)) == true) }
        onSmallStack { #expect((try? SchemaFragment(json: json)) != nil) }
        onSmallStack { #expect((try? Schema(json: json)) != nil) }
        onSmallStack { #expect((try? Schema(fragment)) != nil) }
        onSmallStack { #expect((try? fragment.resolvingTypes()) != nil) }
        #expect(steps == 8)
    }
}

extension JSONValue {
    fileprivate subscript(name: CedarString) -> JSONValue? {
        guard case .object(let members) = kind else { return nil }
        return members.first { $0.name == name }?.value
    }
}

/// Makes schemas in JSON of few names, which hide each other as often as not.
private struct HidingSchemaGenerator {
    private var random: SeededGenerator
    private static let names: [CedarString] = ["A", "B", "Bool", "Long", "decimal", "String"]

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    mutating func schema() -> JSONValue {
        ["": namespace(few: true), "N": namespace(few: false)]
    }

    private mutating func namespace(few: Bool) -> JSONValue {
        var commonTypes: [JSONValue.Member] = []
        var entityTypes: [JSONValue.Member] = []
        for name in Self.names where Int.random(in: 0..<3, using: &random) == 0 || (few && name == "A") {
            if Int.random(in: 0..<2, using: &random) == 0 {
                entityTypes.append(JSONValue.Member(name, ["tags": type(), "memberOfTypes": []]))
            }
            if Int.random(in: 0..<3, using: &random) == 0, !["Bool", "Long", "String"].contains(name) {
                commonTypes.append(JSONValue.Member(name, ["type": "Set", "element": ["type": "Long"]]))
            }
        }
        return [
            "entityTypes": JSONValue(.object(entityTypes)), "commonTypes": JSONValue(.object(commonTypes)), "actions": [:],
        ]
    }

    private mutating func type() -> JSONValue {
        let name = Self.names.randomElement(using: &random) ?? "A"
        let scope = ["", "", "N::", "__cedar::"].randomElement(using: &random) ?? ""
        let full = JSONValue(.string("\(scope)\(name)"))
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return ["type": full]
        case 1: return ["type": "Entity", "name": full]
        case 2: return ["type": "EntityOrCommon", "name": full]
        case 3: return ["type": "Extension", "name": "decimal"]
        case 4: return ["type": "Boolean"]
        default: return ["type": "Record", "attributes": ["x": type()]]
        }
    }
}
