import Testing

@testable import LynxCedar

@Suite("Entities in JSON")
struct EntitiesJSONTests {
    func faults(_ text: String, closure: Entities.Closure = .compute) -> [Diagnostic] {
        do throws(ParseError) {
            let source = SourceText(text)
            _ = try Entities(json: JSONValue(parsing: source), source: source, closure: closure)
            return []
        } catch {
            return error.diagnostics
        }
    }

    /// An entity `T::"a"` whose `uid`, `attrs` and `parents` are as usual unless they are given.
    static func entity(
        uid: String = #"{"type":"T","id":"a"}"#, attrs: String = "{}", parents: String = "[]", more: String = ""
    ) -> String {
        #"{"uid":\#(uid),"attrs":\#(attrs),"parents":\#(parents)\#(more)}"#
    }

    /// The verdicts are those of a run of the reference implementation.
    @Test(
        "What the reference implementation takes is taken",
        arguments: [
            ("[]", 0),
            ("[\(entity())]", 1),
            ("[\(entity(more: #","x":1"#))]", 1),
            ("[\(entity(more: #","tags":{}"#))]", 1),
            ("[\(entity(more: #","tags":{"t":[1]}"#))]", 1),
            ("[\(entity(uid: #"{"__entity":{"type":"T","id":"a"}}"#))]", 1),
            ("[\(entity(uid: #"{"__entity":{"type":"T","id":"a"},"x":1}"#))]", 1),
            ("[\(entity(uid: #"{"type":"T","id":"a","x":1}"#))]", 1),
            ("[\(entity()),\(entity())]", 1),
            ("[\(entity(attrs: #"{"x":[1,2]}"#)),\(entity(attrs: #"{"x":[2,1]}"#))]", 1),
            (
                "[\(entity(attrs: #"{"x":{"__extn":{"fn":"decimal","arg":"1.0"}}}"#)),\(entity(attrs: #"{"x":{"__extn":{"fn":"decimal","arg":"1.00"}}}"#))]",
                1
            ),
            (
                "[\(entity(parents: #"[{"type":"B","id":"b"},{"type":"C","id":"c"}]"#)),\(entity(parents: #"[{"type":"C","id":"c"},{"type":"B","id":"b"},{"type":"B","id":"b"}]"#))]",
                1
            ),
            ("[\(entity(uid: #"{"type":"N::Action","id":"a"}"#, parents: #"[{"type":"M::Action","id":"b"}]"#))]", 1),
            ("[\(entity(attrs: #"{"__entity":{"type":"A","id":"b"}}"#))]", 1),
            ("[\(entity(attrs: #"{"__extn":1}"#))]", 1),
            ("[\(entity(attrs: #"{"__expr":"x"}"#))]", 1),
        ])
    func taken(text: String, count: Int) throws {
        #expect(try Entities(json: text).count == count)
    }

    /// The verdicts are those of a run of the reference implementation, except where a line says so.
    @Test(
        "What the reference implementation refuses is refused",
        arguments: [
            ("{}", 0..<2, "expected an array of entities, found an object"),
            ("null", 0..<4, "expected an array of entities"),
            ("[1]", 1..<2, "expected an entity as an object, found a number"),
            ("[\(entity(more: #","tags":null"#))]", 61..<65, "`tags` must be an object"),
            (#"[{"uid":{"type":"T","id":"a"},"attrs":{}}]"#, 1..<41, "the entity has no `parents`"),
            (#"[{"uid":{"type":"T","id":"a"},"parents":[]}]"#, 1..<43, "the entity has no `attrs`"),
            (#"[{"attrs":{},"parents":[]}]"#, 1..<26, "the entity has no `uid`"),
            ("[\(entity(uid: #""T::\"a\"""#))]", 8..<18, "expected an entity uid"),
            ("[\(entity(uid: #"{"__expr":"T::\"a\""}"#))]", 9..<17, "`__expr` is no longer part"),
            ("[\(entity(uid: #"{"type":"T"}"#))]", 8..<20, "the entity uid has no `id`"),
            // The reference's JSON library takes arrays for objects.
            ("[\(entity(uid: #"["T","a"]"#))]", 8..<17, "found an array"),
            ("[\(entity(attrs: "[]"))]", 38..<40, "`attrs` must be an object"),
            ("[\(entity(attrs: #"{"a":null}"#))]", 43..<47, "`null` is no Cedar value"),
            ("[\(entity(attrs: #"{"a":1,"a":1}"#))]", 45..<48, "the key \"a\" occurs more than once"),
            ("[\(entity(more: #","tags":{"a":1,"a":1}"#))]", 68..<71, "the key \"a\" occurs more than once"),
            ("[\(entity(more: #","attrs":{}"#))]", 54..<61, "the key \"attrs\" occurs more than once"),
            ("[\(entity(uid: #"{"type":"T","id":"a","type":"B"}"#))]", 29..<35, "the key \"type\" occurs more than once"),
            ("[\(entity(parents: "{}"))]", 51..<53, "`parents` must be an array"),
            ("[\(entity(parents: "[null]"))]", 52..<56, "expected an entity uid"),
            ("[\(entity(parents: #"[{"type":"T","id":"a"}]"#))]", 8..<29, "form a cycle: `T::\"a\"` -> `T::\"a\"`"),
            (
                "[\(entity(uid: #"{"type":"Action","id":"a"}"#, parents: #"[{"type":"A","id":"b"}]"#))]", 57..<78,
                "has a parent that is no action"
            ),
            ("[\(entity()),\(entity(attrs: #"{"x":1}"#))]", 62..<83, "two different entities with the uid `T::\"a\"`"),
            ("[\(entity()),\(entity(parents: #"[{"type":"B","id":"b"}]"#))]", 62..<83, "two different entities"),
        ] as [(String, Range<Int>, String)])
    func refused(text: String, place: Range<Int>, message: String) {
        let faults = faults(text)
        #expect(faults.count == 1)
        #expect(faults.first?.span?.range == place)
        #expect(faults.first?.message.contains(message) == true, "\(faults)")
    }

    @Test("A misspelled key is guessed where it is missed")
    func misspelled() {
        let text = #"[{"uid":{"type":"T","id":"a"},"atrs":{},"parents":[]}]"#
        #expect(faults(text).first?.help == #"did you mean `attrs` by "atrs"?"#)
    }

    @Test("The faults of all entities are reported")
    func allFaults() {
        let text = "[\(Self.entity(attrs: #"{"a":null,"b":1.5}"#)),7,\(Self.entity(uid: "1", parents: "[2,3]"))]"
        #expect(faults(text).count == 6)
    }

    @Test("Cycles over several entities and incomplete closures are reported at an entity of theirs")
    func wholes() {
        let a = Self.entity(parents: #"[{"type":"T","id":"b"}]"#)
        func b(_ parent: String) -> String {
            Self.entity(uid: #"{"type":"T","id":"b"}"#, parents: #"[{"type":"T","id":"\#(parent)"}]"#)
        }
        #expect(faults("[\(a),\(b("c"))]").isEmpty)
        #expect(faults("[\(a),\(b("a"))]").first?.span != nil)
        let open = faults("[\(a),\(b("c"))]", closure: .check)
        #expect(open.map { $0.span?.range } == [8..<29])
        #expect(open.first?.message.contains("does not list its ancestor `T::\"c\"`") == true)
    }

    @Test("Entities are written in the order of their uids, with tags only where there are some")
    func written() throws {
        let b = EntityUID(type: "T", id: "b")
        let a = EntityUID(type: "T", id: "a")
        let c = EntityUID(type: "C", id: "c")
        let entities = try Entities([
            Entity(uid: b, attributes: ["__expr": "x"], tags: ["t": 1]), Entity(uid: a, parents: [b, c]),
        ])
        #expect(
            try entities.json.description
                == #"[{"uid":{"type":"T","id":"a"},"attrs":{},"parents":[{"type":"C","id":"c"},{"type":"T","id":"b"}]},"#
                + #"{"uid":{"type":"T","id":"b"},"attrs":{"__expr":"x"},"parents":[],"tags":{"t":1}}]"#)
        #expect(try Entities(json: entities.json.description) == entities)
    }

    @Test("Random entities come back from their JSON texts, and random texts never do more than fail", arguments: 0..<20 as Range<UInt64>)
    func random(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        for _ in 0..<10 {
            var entities = Entities()
            for _ in 0..<5 {
                let uid = random.uid()
                let parents = uid.isAction ? [] : Set((0..<random.below(3)).map { _ in random.uid() })
                try? entities.upsert(
                    Entity(uid: uid, attributes: random.record(), tags: random.record(), parents: parents))
            }
            let text = try entities.json.formatted()
            #expect(try Entities(json: text) == entities)
            for _ in 0..<10 { _ = try? Entities(json: random.mutation(of: text)) }
        }
    }
}
