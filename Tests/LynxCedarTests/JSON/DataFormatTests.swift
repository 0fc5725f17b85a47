import Testing

@testable import LynxCedar

@Suite("JSON data format")
struct DataFormatTests {
    func faults(_ text: String) -> [Diagnostic] {
        do throws(ParseError) {
            _ = try Value(json: SourceText(text))
            return []
        } catch {
            return error.diagnostics
        }
    }

    static let a: EntityUID = EntityUID(type: "A", id: "b")

    @Test(
        "Values are read as the reference implementation reads them",
        arguments: [
            ("1", 1), ("true", true), (#""s""#, "s"), ("[]", []), ("{}", [:]),
            ("9223372036854775807", .long(.max)), ("-9223372036854775808", .long(.min)),
            ("[3,1,2,1,\"a\",true]", [true, 1, 2, 3, "a"]),
            (#"{"b":1,"a":{"c":[]}}"#, ["a": ["c": []], "b": 1]),
            (#"{"__entity":{"type":"A","id":"b"}}"#, .entity(a)),
            (#"{"__entity":{"id":"b","type":"A"}}"#, .entity(a)),
            (#"{"__entity":{"type":"A","id":"b","x":1}}"#, .entity(a)),
            (#"{"__entity":{"type":"A::B","id":"\n"}}"#, .entity(EntityUID(type: "A::B", id: "\n"))),
            (#"{"type":"A","id":"b"}"#, ["type": "A", "id": "b"]),
            (#"{"__extn":{"fn":"ip","arg":"1.2.3.4"}}"#, .ip("1.2.3.4")),
            (#"{"__extn":{"fn":"ip","arg":"::1/64"}}"#, .ip("::1/64")),
            (#"{"__extn":{"fn":"decimal","arg":"1.50"}}"#, .decimal(Decimal(tenThousandths: 15_000))),
            (#"{"__extn":{"fn":"decimal","args":["1.5"]}}"#, .decimal(Decimal(tenThousandths: 15_000))),
            (#"{"__extn":{"fn":"decimal","arg":"1.5","x":1}}"#, .decimal(Decimal(tenThousandths: 15_000))),
            (#"{"__extn":{"fn":"decimal","arg":"1.5","args":["2.5"]}}"#, .decimal(Decimal(tenThousandths: 15_000))),
            (#"{"__extn":{"fn":"duration","arg":"-1d2h"}}"#, .duration(Duration(milliseconds: -93_600_000))),
            (#"{"__extn":{"fn":"datetime","arg":"2024-01-01"}}"#, .datetime(Datetime(millisecondsSinceEpoch: 1_704_067_200_000))),
            (
                #"{"__extn":{"fn":"offset","args":[{"__extn":{"fn":"datetime","arg":"2024-01-01"}},{"__extn":{"fn":"duration","arg":"-1d"}}]}}"#,
                .datetime(Datetime(millisecondsSinceEpoch: 1_703_980_800_000))
            ),
            (
                #"{"__extn":{"fn":"toDate","arg":{"__extn":{"fn":"datetime","arg":"2024-01-01T01:02:03Z"}}}}"#,
                .datetime(Datetime(millisecondsSinceEpoch: 1_704_067_200_000))
            ),
            (
                #"{"__extn":{"fn":"toTime","arg":{"__extn":{"fn":"datetime","arg":"2024-01-01T01:02:03Z"}}}}"#,
                .duration(Duration(milliseconds: 3_723_000))
            ),
            (#"{"__extn":{"fn":"toMilliseconds","arg":{"__extn":{"fn":"duration","arg":"1h"}}}}"#, 3_600_000),
            (#"{"__extn":{"fn":"isIpv4","arg":{"__extn":{"fn":"ip","arg":"1.2.3.4"}}}}"#, true),
            // Objects that miss the form of an escape are records.
            (#"{"__entity":{"type":"A","id":"b"},"x":1}"#, ["__entity": ["type": "A", "id": "b"], "x": 1]),
            (#"{"__entity":{"type":"A"}}"#, ["__entity": ["type": "A"]]),
            (#"{"__entity":{"type":"A","id":1}}"#, ["__entity": ["type": "A", "id": 1]]),
            (#"{"__entity":"A::b"}"#, ["__entity": "A::b"]),
            (#"{"__entity":{}}"#, ["__entity": [:]]),
            (#"{"__extn":"ip"}"#, ["__extn": "ip"]),
            (#"{"__extn":[1]}"#, ["__extn": [1]]),
            (#"{"__extn":{"fn":"decimal"}}"#, ["__extn": ["fn": "decimal"]]),
            (#"{"__extn":{"arg":"1.0"}}"#, ["__extn": ["arg": "1.0"]]),
            (#"{"__extn":{"fn":1,"arg":"x"}}"#, ["__extn": ["fn": 1, "arg": "x"]]),
            (#"{"__extn":{"fn":"decimal","args":"1.5"}}"#, ["__extn": ["fn": "decimal", "args": "1.5"]]),
            (#"{"__extn":{"fn":"decimal","arg":"1.5"},"y":1}"#, ["__extn": ["fn": "decimal", "arg": "1.5"], "y": 1]),
            (#"{"__expr":1}"#, ["__expr": 1]),
            (#"{"__expr":"1","a":1}"#, ["__expr": "1", "a": 1]),
        ] as [(String, Value)])
    func values(text: String, expected: Value) throws {
        #expect(try Value(json: text) == expected)
    }

    @Test(
        "What the reference implementation refuses is refused, at its place and with what to do",
        arguments: [
            ("null", 0..<4, "`null` is no Cedar value", "`has`"),
            ("[1,null]", 3..<7, "`null` is no Cedar value", nil),
            (#"{"a":null}"#, 5..<9, "`null` is no Cedar value", nil),
            (#"{"__entity":null}"#, 12..<16, "`null` is no Cedar value", nil),
            ("-0", 0..<2, "there is no negative zero", "write `0`"),
            ("1.0", 0..<3, "there are only integers", #"{"__extn": {"fn": "decimal", "arg": "1.0"}}"#),
            ("1e0", 0..<3, "there are only integers", nil),
            ("9223372036854775808", 0..<19, "it does not fit in 64 bits", nil),
            ("-9223372036854775809", 0..<20, "it does not fit in 64 bits", nil),
            (#"{"__entity":{"type":"A ","id":"b"}}"#, 20..<24, #""A " is no entity type"#, "did you mean `A`?"),
            (#"{"__entity":{"type":"A:: B","id":"b"}}"#, 20..<27, "is no entity type", "did you mean `A::B`?"),
            (#"{"__entity":{"type":"","id":"b"}}"#, 20..<22, "is no entity type", nil),
            (#"{"__entity":{"type":"A//x","id":"b"}}"#, 20..<26, "is no entity type", nil),
            (#"{"__entity":{"type":"if","id":"b"}}"#, 20..<24, "is no entity type", "reserved word"),
            (#"{"__entity":{"type":"__cedar::A","id":"b"}}"#, 20..<32, "is no entity type", "the language's own"),
            (#"{"__extn":{"fn":"ip","arg":"bad"}}"#, 0..<34, "`ip`", nil),
            (#"{"__extn":{"fn":"decimal","arg":"1"}}"#, 0..<37, "`decimal`", nil),
            (#"{"__extn":{"fn":"decimal","arg":1}}"#, 0..<35, "expected string, got long", nil),
            (#"{"__extn":{"fn":"decimal","args":["1.5","2.5"]}}"#, 0..<48, "wrong number of arguments", nil),
            (#"{"__extn":{"fn":"decimal","args":[]}}"#, 0..<37, "wrong number of arguments", nil),
            (#"{"__extn":{"fn":"decimel","arg":"1.0"}}"#, 16..<25, "no extension function", "did you mean `decimal`?"),
            (#"{"__extn":{"fn":"ip ","arg":"1.2.3.4"}}"#, 16..<21, "no extension function", "did you mean `ip`?"),
            (#"{"__extn":{"fn":"offset","args":["2024-01-01","1d"]}}"#, 0..<53, "expected datetime, got string", nil),
            (#"{"__extn":{"fn":"ip","arg":null}}"#, 27..<31, "`null` is no Cedar value", nil),
            (#"{"__expr":"1+1"}"#, 1..<9, "`__expr` is no longer part", "`__entity`"),
            (#"{"a":{"__expr":"1"}}"#, 6..<14, "`__expr`", nil),
            // The reference would make it an unknown of partial evaluation; values here are known.
            (#"{"__extn":{"fn":"unknown","arg":"x"}}"#, 16..<25, "no extension function", nil),
        ] as [(String, Range<Int>, String, String?)])
    func refused(text: String, place: Range<Int>, message: String, help: String?) {
        let faults = faults(text)
        #expect(faults.count == 1)
        guard let fault = faults.first else { return }
        #expect(fault.span?.range == place)
        #expect(fault.message.contains(message), "\(fault.message)")
        if let help { #expect(fault.help?.contains(help) == true, "\(fault.help ?? "no help")") }
        #expect(fault.source != nil)
    }

    @Test("All faults of a value are reported in the order of their places")
    func allFaults() {
        let text = #"{"a":null,"b":[1.5,{"__entity":{"type":"if","id":""}}],"c":{"__extn":{"fn":"x","arg":null}}}"#
        #expect(faults(text).map { $0.span?.lowerBound } == [5, 15, 39, 75])
    }

    /// The texts on the right are what the reference implementation writes for them.
    @Test(
        "Values are written as the reference implementation writes them",
        arguments: [
            (1, "1"), ([3, 1, true, "a"], #"[true,1,3,"a"]"#), (["b": 1, "a": "x"], #"{"a":"x","b":1}"#),
            (.entity(a), #"{"__entity":{"type":"A","id":"b"}}"#),
            (.decimal(Decimal(tenThousandths: 12_345)), #"{"__extn":{"fn":"decimal","arg":"1.2345"}}"#),
            (
                .datetime(Datetime(millisecondsSinceEpoch: 1_703_980_800_000)),
                #"{"__extn":{"fn":"offset","args":[{"__extn":{"fn":"datetime","arg":"1970-01-01"}},{"__extn":{"fn":"duration","arg":"1703980800000ms"}}]}}"#
            ),
            (.duration(Duration(milliseconds: 3_723_000)), #"{"__extn":{"fn":"duration","arg":"3723000ms"}}"#),
            (
                [.ip("1.2.3.4/24"), 1, "x", ["z": []], .entity(a)],
                #"[1,"x",{"__entity":{"type":"A","id":"b"}},{"z":[]},{"__extn":{"fn":"ip","arg":"1.2.3.4/24"}}]"#
            ),
        ] as [(Value, String)])
    func written(value: Value, text: String) throws {
        #expect(try value.json.description == text)
    }

    @Test("Random values come back from their JSON texts", arguments: 0..<40 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        for _ in 0..<25 {
            let value = random.value()
            #expect(try Value(json: value.json) == value)
            #expect(try Value(json: value.json.description) == value)
            #expect(try Value(json: value.json.formatted()) == value)
        }
    }

    // The reference implementation refuses to write such records too, and also those of which only a key looks so.
    @Test(
        "A record that would be read as an escape is not written",
        arguments: [
            (["__entity": ["type": "A", "id": "b"]], "__entity"), ([["x": ["__entity": ["type": "A", "id": "b", "c": 1]]]], "__entity"),
            (["__extn": ["fn": "ip", "arg": "::1"]], "__extn"), (["__extn": ["fn": "offset", "args": []]], "__extn"), (["__expr": "1"], "__expr"),
        ] as [(Value, CedarString)])
    func unwritable(value: Value, name: CedarString) {
        #expect(throws: UnwritableRecord(name: name)) { try value.json }
    }

    @Test(
        "A record that only looks like an escape reads back as it is",
        arguments: [
            ["__entity": 1], ["__entity": ["type": "A"]], ["__entity": ["type": "A", "id": "b"], "c": 1], ["__extn": ["fn": "ip"]],
            ["__extn": ["fn": 1, "arg": "::1"]], ["__expr": 1], ["__extn": [:]],
        ] as [Value])
    func escapeLike(value: Value) throws {
        #expect(try Value(json: value.json.description) == value)
    }

    @Test("Attributes and tags of an entity may have any name")
    func attributeNames() throws {
        let parts: Value = ["type": "A", "id": "b"]
        let entity = Entity(uid: "A::\"a\"", attributes: ["__entity": parts], tags: ["__expr": "1"])
        #expect(try Entity(json: entity.json.description) == entity)
        let deeper = Entity(uid: "A::\"a\"", attributes: ["x": ["__entity": parts]])
        #expect(throws: UnwritableRecord(name: "__entity")) { try Entities([deeper]).json }
    }

    @Test("Random texts never do more than fail", arguments: 0..<20 as Range<UInt64>)
    func mutations(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        for _ in 0..<100 {
            let bytes = random.mutation(of: try random.value().json.description)
            if let value = try? Value(json: bytes) {
                #expect(try Value(json: value.json.description) == value)
            }
        }
    }

    @Test("Values of the deepest nesting are read on a small stack; deeper ones are refused")
    func depth() {
        let ends = withStack(of: 512 << 10) {
            let depth = NestingLimit.standard
            for (opening, closing) in [
                ("[", "]"), (#"{"a":"#, "}"), (#"{"__extn":{"fn":"toDate","args":["#, "]}}"),
            ] {
                let levels = depth / opening.count { $0 == "[" || $0 == "{" }
                let text = String(repeating: opening, count: levels) + "1" + String(repeating: closing, count: levels)
                _ = try? Value(json: text)
            }
            var deep: JSONValue = 1
            for _ in 0..<depth { deep = [deep] }
            #expect((try? Value(json: deep).json) == deep)
            for _ in 0..<100_000 { deep = [deep] }
            #expect(throws: ParseError.self) { try Value(json: deep) }
        }
        #expect(ends)
    }

    @Test("Contexts are records")
    func records() throws {
        #expect(try Record(json: #"{"a":1,"__extn":{"fn":"ip","arg":"::1"}}"#).count == 2)
        #expect(try Record(json: "{}") == [:])
        for text in ["1", "[]", #"{"__entity":{"type":"A","id":"b"}}"#, #"{"__extn":{"fn":"ip","arg":"::1"}}"#] {
            #expect(throws: ParseError.self) { try Record(json: text) }
        }
        #expect(throws: ParseError.self) { try Record(json: #"{"a":1,"a":1}"#) }
    }

    @Test(
        "Uids stand with or without their escape",
        arguments: [
            (#"{"type":"A","id":"b"}"#, a),
            (#"{"__entity":{"type":"A","id":"b"}}"#, a),
            (#"{"__entity":{"type":"A","id":"b"},"x":1}"#, a),
            (#"{"type":"A","id":"b","x":1}"#, a),
            (#"{"__entity":{"type":"A","id":"b"},"type":"C","id":"d"}"#, a),
            (#"{"__entity":1,"type":"A","id":"b"}"#, a),
            (#"{"type":"A"}"#, nil), (#"{"id":"b"}"#, nil), ("{}", nil), (#"{"type":"A","id":1}"#, nil),
            (#"{"__expr":"A::\"b\""}"#, nil), (#""A::\"b\"""#, nil), ("null", nil),
            // The reference's JSON library takes an array for the object; nobody means that.
            (#"["A","b"]"#, nil),
        ] as [(String, EntityUID?)])
    func uids(text: String, expected: EntityUID?) {
        #expect((try? EntityUID(json: text)) == expected)
    }

    @Test("Uids come back from their JSON texts")
    func uidRoundTrip() throws {
        var random = RandomJSON(seed: 1)
        for _ in 0..<100 {
            let uid = random.uid()
            #expect(try EntityUID(json: uid.json.description) == uid)
        }
    }
}
