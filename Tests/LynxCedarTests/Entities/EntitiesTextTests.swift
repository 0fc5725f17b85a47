import Testing

@testable import CedarGenerators
@testable import LynxCedar

@Suite("Entities from a JSON text")
struct EntitiesTextTests {
    /// What comes of reading a text: the entities, or the faults with their places.
    private static func result(_ read: () throws(ParseError) -> Entities) -> Result<Entities, ParseError> {
        do throws(ParseError) { return .success(try read()) } catch { return .failure(error) }
    }

    private static func expectSameAsTree(_ text: String, schema: Schema? = nil) {
        let source = SourceText(text)
        let direct = result { () throws(ParseError) in try Entities(json: source, schema: schema) }
        let tree = result { () throws(ParseError) in
            try Entities(json: JSONValue(parsing: source), source: source, schema: schema)
        }
        #expect(direct == tree, "\(text)")
    }

    private static let types = ["User", "User", "Group", "N::Action", "Action", "__cedar", "in", "A b", "", "T"]
    private static let values = [
        "1", "-1", "0", "-0", "01", "1.0", "9223372036854775807", "9223372036854775808", "true", "false", "null", #""""#, #""x""#, #""\n\u00e9""#,
        #""é""#, #""a string that is longer than fifteen bytes""#, "[]", "[1,1,2]", #"["b","a","b"]"#, "{}", #"{"a":1}"#, #"{"b":[1],"a":{"c":2}}"#,
        #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, #"{"__entity":{"type":"User","id":"u1"}}"#, #"{"__entity":{"id":"u1","type":"N::T"}}"#,
        #"{"__entity":{"type":"User","id":"u1","x":1}}"#, #"{"__entity":{"type":"User"}}"#, #"{"__entity":{"type":"1","id":"a"}}"#,
        #"{"__entity":1}"#, #"{"__entity":{"type":"User","id":"u1"},"x":1}"#, #"{"__extn":{"fn":"ip","arg":"10.0.0.1/8"}}"#,
        #"{"__extn":{"fn":"decimal","arg":"1"}}"#, #"{"__expr":"1"}"#, #"{"__x":1}"#, #"{"type":"User","id":"u1"}"#, "tru", "[1,]", "[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]",
    ]

    private static func uid(_ dice: Dice) -> String {
        let plain = #"{"type":"\#(dice.chance(85) ? dice.pick("User", "Group", "T") : dice.any(of: types) ?? "")","id":"\#(dice.pick("a", "b", "c", "d", "\\n", ""))"}"#
        return dice.chance(90) ? plain : dice.pick(#"{"__entity":\#(plain)}"#, #"{"x":0,"__entity":\#(plain)}"#, "null", #"{"type":"User","x":[]}"#)
    }

    private static func object(_ dice: Dice, _ names: ClosedRange<Int>) -> String {
        let members = dice.several(names) { () -> String in
            let value = dice.chance(80) ? dice.pick("1", "true", #""x""#, #"["b","a"]"#, #"{"__entity":{"type":"User","id":"u1"}}"#, #"{"b":[1],"a":2}"#) : dice.any(of: values) ?? "1"
            return "\"\(dice.pick("a", "b", "c", "name", "__entity", "\(dice.int(0...99))", "\(dice.int(100...999))"))\":\(value)"
        }
        return "{\(members.joined(separator: ","))}"
    }

    private static func entity(_ dice: Dice) -> String {
        var members = [
            "\"uid\":\(uid(dice))", "\"attrs\": \(object(dice, 0...3))",
            "\"parents\":[\(dice.chance(50) ? uid(dice) : dice.several(0...2) { uid(dice) }.joined(separator: " , "))]",
        ]
        if dice.chance(20) { members.append("\"tags\":\(object(dice, 0...12))") }
        if dice.chance(5) { members.append("\"more\":\(dice.any(of: values) ?? "1")") }
        if dice.chance(5) { members.removeLast() }
        if dice.chance(2) { members.append(members[0]) }
        return "{\((dice.chance(50) ? members : dice.shuffled(members)).joined(separator: ","))}"
    }

    @Test("are those of the text's tree, or the same faults at the same places", arguments: 0..<8 as Range<UInt64>)
    func random(seed: UInt64) {
        let dice = Dice(seed: seed)
        for _ in 0..<300 {
            Self.expectSameAsTree("[\(dice.several(0...3) { Self.entity(dice) }.joined(separator: ","))]")
        }
    }

    @Test("are those of the text's tree where bytes are damaged", arguments: 0..<4 as Range<UInt64>)
    func damaged(seed: UInt64) {
        let dice = Dice(seed: seed)
        var mutator = ByteMutator(seed: seed)
        for _ in 0..<300 {
            let text = "[\(dice.several(1...2) { Self.entity(dice) }.joined(separator: ", "))]"
            Self.expectSameAsTree(String(decoding: mutator.mutated(Array(text.utf8)), as: UTF8.self))
        }
    }

    @Test("are those of the text's tree under a schema", arguments: 0..<4 as Range<UInt64>)
    func typed(seed: UInt64) throws {
        let schema = try Schema(
            cedar: """
                entity User in [Group, T] { a?: Long, b?: Bool, c?: User, name?: String } tags String;
                entity Group in T { a?: Set<String>, b?: ipaddr };
                entity T;
                action view appliesTo { principal: User, resource: Group };
                action "a" in view appliesTo { principal: User, resource: Group };
                """)
        let dice = Dice(seed: seed)
        for _ in 0..<200 {
            Self.expectSameAsTree("[\(dice.several(0...3) { Self.entity(dice) }.joined(separator: ","))]", schema: schema)
        }
    }

    @Test("are numbered by type, so that entities of several pages are found")
    func pages() throws {
        let elements = (0..<1_500).map { number in
            #"{"uid":{"type":"\#(number % 3 == 0 ? "A" : "B")","id":"\#(number)"},"attrs":{"n":\#(number)},"parents":[{"type":"B","id":"\#(number / 2 * 3 + 4)"}]}"#
        }
        let text = "[\(elements.joined(separator: ",\n"))]\n"
        let entities = try Entities(json: text)
        #expect(entities.count == 1_500)
        for number in 0..<1_500 {
            let uid = EntityUID(type: number % 3 == 0 ? "A" : "B", id: "\(number)")
            #expect(entities[uid]?.attributes == ["n": .long(Int64(number))])
        }
        Self.expectSameAsTree(text)
    }

    @Test("are read with spaces anywhere and with nothing behind them")
    func spaces() {
        for text in ["", " ", "[", "]", " [ ] ", "[]]", "[] x", "[{]", "[{}]", "[,]", "{}", "null", "[{\"uid\":", "[\"", "[\"\\", "\u{FEFF}[]"] {
            Self.expectSameAsTree(text)
        }
    }
}
