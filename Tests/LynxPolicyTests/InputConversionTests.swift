import LynxCedar
import LynxPolicy
import Testing

@Suite("Arguments of tools")
struct InputConversionTests {
    private func value(_ json: String, as type: SchemaType? = nil) throws -> Value {
        try InputConversion.value(try JSONValue(parsing: SourceText(json)), as: type)
    }

    @Test("becomes the Cedar value that it looks like")
    func untyped() throws {
        #expect(try value(#"{"a":1,"b":"x","c":[true,true],"d":{"e":0.25},"f":null}"#) == .record([
            "a": 1, "b": "x", "c": .set([true]), "d": ["e": .decimal("0.25")],
        ]))
    }

    @Test("nothing in it is taken for an entity or an extension value")
    func escapes() throws {
        #expect(try value(#"{"__entity":{"type":"Lynx::Agent","id":"root"}}"#) == .record([
            "__entity": ["type": "Lynx::Agent", "id": "root"],
        ]))
        #expect(try value(#"{"__extn":{"fn":"ip","arg":"10.0.0.1"}}"#) == .record(["__extn": ["fn": "ip", "arg": "10.0.0.1"]]))
    }

    @Test("is what the schema says where it can be")
    func typed() throws {
        #expect(try value("3", as: .decimal) == .decimal("3.0"))
        #expect(try value(#""10.0.0.1""#, as: .ip) == .ip("10.0.0.1"))
        #expect(try value(#"["2024-01-01"]"#, as: .set(.datetime)) == .set([.datetime("2024-01-01")]))
    }

    // Go's encoding/json takes all of these for `amount` and `status`.
    @Test("is refused where a name is the schema's but for its letters", arguments: [
        #"{"Amount":1}"#, #"{"amount":1,"AMOUNT":2}"#, #"{"\u017ftatus":"x"}"#, #"{"amount":1,"Amount":null}"#,
    ])
    func letters(_ json: String) throws {
        let schema = try Schema(cedar: """
            entity A;
            action "a" appliesTo { principal: A, resource: A, context: { input: { amount?: Long, status?: String } } };
            """)
        let type = try #require(schema.action("Action::\"a\"")?.context["input"]?.type)
        #expect(try value(#"{"amount":1,"other":2}"#, as: type) == .record(["amount": 1]))
        #expect(throws: InputConversion.Unrepresentable.self) { try value(json, as: type) }
    }

    @Test("is refused where no value stands for it", arguments: ["null", "[null]", "1e400", "0.12345", "1e2", "12345678901234567890"])
    func refusals(_ json: String) {
        #expect(throws: InputConversion.Unrepresentable.self) { try value(json) }
    }
}
