import Testing

@testable import LynxCedar

@Suite("JSON writer")
struct JSONWriterTests {
    let sample: JSONValue = ["b": [1, "x", nil, true], "a": [:], "c": [["d": []]]]

    @Test("Compact text has no white space and keeps the order of members")
    func compact() {
        #expect(sample.description == #"{"b":[1,"x",null,true],"a":{},"c":[{"d":[]}]}"#)
    }

    @Test("Formatted text is indented by two spaces")
    func formatted() {
        #expect(
            sample.formatted() == """
                {
                  "b": [
                    1,
                    "x",
                    null,
                    true
                  ],
                  "a": {},
                  "c": [
                    {
                      "d": []
                    }
                  ]
                }
                """)
        #expect(("s" as JSONValue).formatted() == "\"s\"")
    }

    @Test("An object that is written member by member is the text of its tree", arguments: 0..<50 as Range<UInt64>)
    func memberByMember(seed: UInt64) {
        var random = RandomJSON(seed: seed)
        var object = JSONObjectText()
        var members: [JSONValue.Member] = []
        for index in 0..<random.below(8) {
            let name = CedarString("\(index)\(random.string())")
            switch random.below(5) {
            case 0:
                let text = random.string()
                object.add(name.string, text: text.string)
                members.append(.init(name, JSONValue(.string(text))))
            case 1:
                let integer = random.integer()
                object.add(name.string, integer: integer)
                members.append(.init(name, JSONValue(.integer(integer))))
            case 2:
                let texts = (0..<random.below(4)).map { _ in random.string() }
                object.add(name.string, texts: texts)
                members.append(.init(name, JSONValue(.array(texts.map { JSONValue(.string($0)) }))))
            case 3:
                let tree = random.tree()
                object.add(name.string, json: tree)
                members.append(.init(name, tree))
            default:
                let (text, isEmpty) = (random.string(), random.below(3) == 0)
                object.add(name.string) { if !isEmpty { $0.add("inner", text: text.string) } }
                members.append(.init(name, JSONValue(.object(isEmpty ? [] : [.init("inner", JSONValue(.string(text)))]))))
            }
        }
        #expect(object.utf8 == Array(JSONValue(.object(members)).description.utf8))
    }

    @Test("The formatted text of a deep tree is linear in its depth")
    func deepFormatted() {
        let depth = 20_000
        let tree = (0..<depth).reduce(into: JSONValue(.array([]))) { tree, _ in tree = [tree] }
        #expect(tree.formatted().utf8.count < depth * 400)
    }

    @Test("What RFC 8259 demands is escaped, and what does not show as itself; nothing else")
    func escapes() throws {
        let value: JSONValue = "\"\\/\u{8}\u{c}\n\r\t\u{0}\u{1f}é e\u{301}😀"
        #expect(value.description == #""\"\\/\b\f\n\r\t\u0000\u001fé e"# + "\u{301}😀\"")
        let hidden: JSONValue = ["\u{202e}": "\u{7f}\u{85}\u{9b}\u{a0}\u{200b}\u{2028}\u{2066}\u{feff}\u{e0001}\u{f0000}"]
        #expect(hidden.description == #"{"\u202e":"\u007f\u0085\u009b\u00a0\u200b\u2028\u2066\ufeff\udb40\udc01\udb80\udc00"}"#)
        #expect(try JSONValue(parsing: SourceText(hidden.description)) == hidden)
    }

    @Test("Random trees come back from their texts", arguments: 0..<50 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        for _ in 0..<20 {
            let tree = random.tree()
            #expect(try JSONValue(parsing: SourceText(tree.description)) == tree)
            #expect(try JSONValue(parsing: SourceText(tree.formatted())) == tree)
            #expect(try JSONValue(parsing: SourceText(tree.formatted())).description == tree.description)
        }
    }
}
