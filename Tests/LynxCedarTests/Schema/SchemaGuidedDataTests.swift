import LynxCedar
import Testing

@Suite("Data read as a schema says")
struct SchemaGuidedDataTests {
    private static let schema: Schema? = try? Schema(
        cedar: """
            entity M in M; entity Color enum ["red", "green"];
            entity U in [M] {
                m: M, ip?: ipaddr, d?: decimal, t?: datetime, l?: duration, s?: Set<M>, r?: { a: M, b?: { c: ipaddr } }, n?: Long, c?: Color,
                a?: Action,
            } tags ipaddr;
            action go in group appliesTo { principal: U, resource: M, context: { ip: ipaddr, by?: U } };
            action group in all; action all;
            """)

    private func schema() throws -> Schema { try #require(Self.schema) }

    /// An entity `U::"a"` with the attribute `m`, and what else is given.
    private static func user(_ attributes: String, parents: String = "", more: String = "") -> String {
        let others = attributes.isEmpty ? "" : ", \(attributes)"
        return #"{"uid": {"type": "U", "id": "a"}, "attrs": {"m": {"type": "M", "id": "x"}\#(others)}, "parents": [\#(parents)]\#(more)}"#
    }

    // The verdicts are the reference implementation's (cedarpy, Entities.from_json_str with a schema).
    static let read: [(attributes: String, name: CedarString, value: Value)] = [
        (#""s": [{"type": "M", "id": "1"}, {"__entity": {"type": "M", "id": "2"}}]"#, "s", [.entity("M::\"1\""), .entity("M::\"2\"")]),
        (#""s": []"#, "s", []),
        (#""r": {"a": {"type": "M", "id": "1"}}"#, "r", ["a": .entity("M::\"1\"")]),
        (#""ip": {"__extn": {"fn": "ip", "arg": "10.0.0.1"}}"#, "ip", .ip("10.0.0.1")),
        (#""ip": {"fn": "ip", "arg": "10.0.0.1"}"#, "ip", .ip("10.0.0.1")),
        (#""ip": {"fn": "ip", "args": ["10.0.0.1"]}"#, "ip", .ip("10.0.0.1")),
        (#""ip": {"fn": "ip", "arg": "10.0.0.1", "z": 1}"#, "ip", .ip("10.0.0.1")),
        (#""ip": "10.0.0.1""#, "ip", .ip("10.0.0.1")),
        (#""r": {"a": {"type": "M", "id": "1"}, "b": {"c": "::1"}}"#, "r", ["a": .entity("M::\"1\""), "b": ["c": .ip("::1")]]),
        (#""d": "1.5""#, "d", .decimal("1.5")),
        (#""t": {"fn": "offset", "args": ["1970-01-01", "1s"]}"#, "t", .datetime(Datetime(millisecondsSinceEpoch: 1_000))),
        (#""l": "1m""#, "l", .duration(Duration(milliseconds: 60_000))),
        (#""c": {"type": "Color", "id": "red"}"#, "c", .entity("Color::\"red\"")),
        (#""a": {"type": "Action", "id": "go"}"#, "a", .entity("Action::\"go\"")),
    ]

    @Test("escapes may be left out where the type says what is meant", arguments: read)
    func implicit(_ attributes: String, _ name: CedarString, _ value: Value) throws {
        let entities = try Entities(json: "[\(Self.user(attributes))]", schema: schema())
        let entity = try #require(entities["U::\"a\""])
        #expect(entity.attributes[name] == value)
        #expect(entity.attributes["m"] == .entity("M::\"x\""))
    }

    /// An entity, and the fault: what it points at, and what it says. `nil` stands for the whole entity.
    static let refused: [(entity: String, part: String?, message: String)] = [
        (user(#""n": "1""#), #""1""#, "the attribute `n` must be of type `Long`, not string"),
        (user(#""ip": 1"#), "1", "expected text or a call for a value of type `ipaddr`, found a number"),
        (user(#""t": {"fn": "ip", "arg": "::1"}"#), #"{"fn": "ip", "arg": "::1"}"#, "the attribute `t` must be of type `datetime`, not ipaddr"),
        (user(#""s": {"type": "M", "id": "1"}"#), #"{"type": "M", "id": "1"}"#, "the attribute `s` must be of type `Set<M>`, not record"),
        (user(#""s": [{"type": "U", "id": "1"}]"#), #"[{"type": "U", "id": "1"}]"#, "the attribute `s` must be a `M`, not a `U`"),
        (user(#""r": {}"#), "{}", "the attribute `r` has no attribute `a`, which the schema requires"),
        (
            user(#""r": {"a": {"type": "M", "id": "1"}, "z": 17}"#), "17",
            "the attribute `r` has an attribute `z` that the schema does not know"
        ),
        (
            user(#""r": {"a": {"type": "M", "id": "1"}, "b": {"c": {"fn": "decimal", "arg": "1.0"}}}"#), #"{"fn": "decimal", "arg": "1.0"}"#,
            "the attribute `r.b.c` must be of type `ipaddr`, not decimal"
        ),
        (user(#""x": 17"#), "17", "the entity has an attribute `x` that the schema does not know"),
        (
            user(#""c": {"type": "Color", "id": "rde"}"#), #"{"type": "Color", "id": "rde"}"#,
            "there is no `Color` with the id \"rde\": the type is an enumeration"
        ),
        (user(#""a": {"type": "Action", "id": "og"}"#), #"{"type": "Action", "id": "og"}"#, "the schema declares no action `Action::\"og\"`"),
        (user("", parents: #"{"type": "U", "id": "b"}"#), #"{"type": "U", "id": "b"}"#, "a `U` cannot be a member of a `U`"),
        (user("", more: #", "tags": {"k": "v"}"#), #""v""#, #""v" is not an IP address"#),
        (#"{"uid": {"type": "X", "id": "a"}, "attrs": {}, "parents": []}"#, #"{"type": "X", "id": "a"}"#, "the schema declares no entity type `X`"),
        (#"{"uid": {"type": "U", "id": "a"}, "attrs": {}, "parents": []}"#, nil, "the entity has no attribute `m`, which the schema requires"),
        (#"{"uid": {"type": "M", "id": "a"}, "attrs": {}, "parents": [], "tags": {"k": 17}}"#, "17", "a `M` has no tags"),
        (
            #"{"uid": {"type": "Color", "id": "blue"}, "attrs": {}, "parents": []}"#, #"{"type": "Color", "id": "blue"}"#,
            "there is no `Color` with the id \"blue\": the type is an enumeration"
        ),
        (
            #"{"uid": {"type": "Color", "id": "red"}, "attrs": {}, "parents": [{"type": "M", "id": "a"}]}"#, #"{"type": "M", "id": "a"}"#,
            "a `Color` cannot be a member of a `M`"
        ),
    ]

    @Test("what is not as the schema says is told at its place", arguments: refused)
    func faultOf(_ entity: String, _ part: String?, _ message: String) throws {
        let schema = try schema()
        let source = SourceText(entity)
        let error = try #require(parseError { try Entity(json: source, schema: schema) })
        #expect(error.diagnostics.count == 1, "\(error)")
        let fault = try #require(error.diagnostics.first)
        #expect(fault.span.map { String(source.substring($0)) } == part ?? entity, "\(error)")
        #expect(fault.message.contains(message), "\(error)")
        #expect(parseError { try Entities(json: "[\(entity)]", schema: schema) } != nil)
    }

    @Test("the schema's actions are among the entities, with their ancestors")
    func actions() throws {
        let entities = try Entities(json: "[]", schema: schema())
        #expect(entities.count == 3)
        #expect(entities.ancestors(of: "Action::\"go\"") == ["Action::\"group\"", "Action::\"all\""])
    }

    // The ancestors of a given action are computed among what is given, as the reference does.
    static let givenActions: [(entities: String, isRead: Bool)] = [
        (#"[{"uid": {"type": "Action", "id": "all"}, "attrs": {}, "parents": []}]"#, true),
        (#"[{"uid": {"type": "Action", "id": "group"}, "attrs": {}, "parents": [{"type": "Action", "id": "all"}]}]"#, true),
        (#"[{"uid": {"type": "Action", "id": "group"}, "attrs": {}, "parents": []}]"#, false),
        (#"[{"uid": {"type": "Action", "id": "go"}, "attrs": {}, "parents": [{"type": "Action", "id": "group"}]}]"#, false),
        (
            #"[{"uid": {"type": "Action", "id": "go"}, "attrs": {}, "parents": [{"type": "Action", "id": "group"}]},"#
                + #" {"uid": {"type": "Action", "id": "group"}, "attrs": {}, "parents": [{"type": "Action", "id": "all"}]}]"#, true
        ),
        (#"[{"uid": {"type": "Action", "id": "all"}, "attrs": {"x": 1}, "parents": []}]"#, false),
        (#"[{"uid": {"type": "Action", "id": "all"}, "attrs": {}, "parents": [], "tags": {"x": 1}}]"#, false),
        (#"[{"uid": {"type": "Action", "id": "other"}, "attrs": {}, "parents": []}]"#, false),
        (#"[{"uid": {"type": "N::Action", "id": "all"}, "attrs": {}, "parents": []}]"#, false),
    ]

    @Test("a given action must be as it is declared", arguments: givenActions)
    func givenAction(_ entities: String, _ isRead: Bool) throws {
        let schema = try schema()
        let error = parseError { try Entities(json: entities, schema: schema) }
        #expect((error == nil) == isRead, "\(error?.description ?? "is read")")
    }

    @Test("a context is read as its action says")
    func contexts() throws {
        let schema = try schema()
        let source = SourceText(#"{"ip": "::1", "by": {"type": "U", "id": "a"}}"#)
        let context = try Record(json: source, schema: schema, action: "Action::\"go\"")
        #expect(context == ["ip": .ip("::1"), "by": .entity("U::\"a\"")])
        #expect(parseError { try Record(json: source, schema: schema, action: "Action::\"all\"") }?.diagnostics.count == 2)
        #expect(parseError { try Record(json: source, schema: schema, action: "Action::\"x\"") } != nil)
        #expect(parseError { try Record(json: SourceText("[]"), schema: schema, action: "Action::\"go\"") } != nil)
        #expect(parseError { try Record(json: SourceText("{}"), schema: schema, action: "Action::\"go\"") } != nil)
    }

    /// A request by its parts, and each fault with the part that it points at.
    static let requests: [(principal: String, action: String, resource: String, context: String, faults: [String])] = [
        ("U", "go", "M", #"{"ip": "::1"}"#, []),
        ("M", "go", "U", #"{"ip": "::1"}"#, [
            "principal: `Action::\"go\"` does not apply to a principal of type `M`",
            "resource: `Action::\"go\"` does not apply to a resource of type `U`",
        ]),
        ("U", "go", "Color", #"{"ip": "::1"}"#, [
            "resource: there is no `Color` with the id \"x\": the type is an enumeration",
            "resource: `Action::\"go\"` does not apply to a resource of type `Color`",
        ]),
        ("U", "run", "Z", "{}", ["action: the schema declares no action `Action::\"run\"`", "resource: the schema declares no entity type `Z`"]),
        ("U", "all", "M", "{}", [
            "principal: `Action::\"all\"` does not apply to a principal of type `U`",
            "resource: `Action::\"all\"` does not apply to a resource of type `M`",
        ]),
        ("U", "go", "M", "{}", ["context: the context of `Action::\"go\"` has no attribute `ip`, which the schema requires"]),
        ("U", "go", "M", #"{"ip": "::1", "by": {"type": "M", "id": "a"}}"#, ["by: the attribute `by` must be a `U`, not a `M`"]),
    ]

    @Test("a request must be one that the schema foresees", arguments: requests)
    func faultsOfRequest(_ principal: String, _ action: String, _ resource: String, _ context: String, _ faults: [String]) throws {
        let schema = try schema()
        let parts = [
            ("principal", #"{"type": "\#(principal)", "id": "x"}"#), ("action", #"{"type": "Action", "id": "\#(action)"}"#),
            ("resource", #"{"type": "\#(resource)", "id": "x" }"#), ("context", context), ("by", #"{"type": "M", "id": "a"}"#),
        ]
        let members = parts.prefix(4).map { "\"\($0)\": \($1)" }
        let source = SourceText("{\(members.joined(separator: ", "))}")
        let seen = parseError { try Request(json: source, schema: schema) }?.diagnostics.map { diagnostic in
            let text = diagnostic.span.map { String(source.substring($0)) }
            return "\(parts.first { $0.1 == text }?.0 ?? "elsewhere"): \(diagnostic.message)"
        }
        #expect((seen ?? []) == faults)
    }

    @Test("values that a program made are checked too")
    func programs() throws {
        let schema = try schema()
        try schema.check(Entity(uid: "U::\"a\"", attributes: ["m": .entity("M::\"x\"")], parents: ["M::\"x\""]))
        #expect(throws: ConformanceError.self) { try schema.check(Entity(uid: "U::\"a\"")) }
        try schema.check(
            Request(principal: "U::\"a\"", action: "Action::\"go\"", resource: "M::\"x\"", context: ["ip": .ip("::1")]))
        #expect(throws: ConformanceError.self) {
            try schema.check(Request(principal: "U::\"a\"", action: "Action::\"go\"", resource: "M::\"x\""))
        }
    }

    @Test("a partial context may lack attributes, and is checked and converted otherwise")
    func partialContext() throws {
        let schema = try schema()
        func read(_ text: String) throws -> Record {
            let source = SourceText(text)
            return try Record(
                json: JSONValue(parsing: source), source: source, schema: schema, action: "Action::\"go\"", isPartial: true)
        }
        #expect(try read("{}").isEmpty)
        #expect(try read(#"{"ip": "::1"}"#)["ip"] == .ip("::1"))
        #expect(throws: ParseError.self) { try read(#"{"ip": 1}"#) }
        #expect(throws: ParseError.self) { try read(#"{"other": 1}"#) }
    }

    @Test("without a schema nothing is converted and nothing checked")
    func untyped() throws {
        let entities = try Entities(json: "[\(Self.user(#""ip": "10.0.0.1", "x": 1"#))]", schema: nil)
        #expect(entities["U::\"a\""]?.attributes["ip"] == "10.0.0.1")
        #expect(entities["U::\"a\""]?.attributes["m"] == ["type": "M", "id": "x"])
    }
}
