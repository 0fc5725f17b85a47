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

    @Test("What RFC 8259 demands is escaped, and nothing else")
    func escapes() {
        let value: JSONValue = "\"\\/\u{8}\u{c}\n\r\t\u{0}\u{1f}\u{7f}é\u{2028}😀"
        #expect(value.description == #""\"\\/\b\f\n\r\t\u0000\u001f"# + "\u{7f}é\u{2028}😀\"")
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
