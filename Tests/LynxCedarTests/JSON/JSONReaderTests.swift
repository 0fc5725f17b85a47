import Testing

@testable import LynxCedar

@Suite("JSON reader")
struct JSONReaderTests {
    func read(_ text: String, maximumNesting: Int = NestingLimit.standard) throws(ParseError) -> JSONValue {
        try JSONValue(parsing: SourceText(text), maximumNesting: maximumNesting)
    }

    func faults(_ text: String) -> [Diagnostic] {
        do throws(ParseError) {
            _ = try read(text)
            return []
        } catch {
            return error.diagnostics
        }
    }

    @Test(
        "Legal texts are read",
        arguments: [
            ("null", nil), (" true\t\r\n", true), ("false", false),
            ("0", 0), ("-1", -1), ("10", 10),
            ("9223372036854775807", 9_223_372_036_854_775_807), ("-9223372036854775808", -9_223_372_036_854_775_808),
            ("\"\"", ""), ("\"a b\"", "a b"), ("\"é\"", "é"), ("\"\u{7f}\u{2028}\u{fffe}\"", "\u{7f}\u{2028}\u{fffe}"),
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
            (#""a\u00e9b\u0000""#, "aéb\u{0}"), (#""\ud83d\ude00""#, "😀"), (#""\uD83D\uDE00!""#, "😀!"),
            (#""\uffff\udbff\udfff""#, "\u{ffff}\u{10ffff}"),
            ("[]", []), ("[ ]", []), ("{}", [:]), ("{\n}", [:]),
            ("[1,[2,[]],{}]", [1, [2, []], [:]]),
            (#"{"a":1,"b":{"a":[true,null]}}"#, ["a": 1, "b": ["a": [true, nil]]]),
            (#"{"":0,"\u0041":1}"#, ["": 0, "A": 1]),
            // Canonically equivalent, and two keys.
            ("{\"é\":1,\"e\u{301}\":2}", ["é": 1, "e\u{301}": 2]),
        ] as [(String, JSONValue)])
    func legal(text: String, expected: JSONValue) throws {
        #expect(try read(text) == expected)
    }

    @Test(
        "Numbers that are no 64-bit integers are kept as they are written",
        arguments: [
            "-0", "0.0", "1.0", "1e0", "1E+2", "0e0", "-1.5e-7", "9223372036854775808", "-9223372036854775809",
            "18446744073709551616", "123456789012345678901234567890", "1e400",
        ])
    func otherNumbers(text: String) throws {
        #expect(try read(text) == JSONValue(.number(text)))
        #expect(try read("[\(text),\(text)]").description == "[\(text),\(text)]")
    }

    @Test("Members keep their order and everything has its span")
    func spans() throws {
        let text = #" {"b" : [1, "é\n"], "a":-12.5} "#
        let value = try read(text)
        #expect(value.span?.range == 1..<31)
        guard case .object(let members) = value.kind else {
            Issue.record("not an object")
            return
        }
        #expect(members.map(\.name) == ["b", "a"])
        #expect(members.map { $0.nameSpan?.range } == [2..<5, 21..<24])
        #expect(members.map { $0.value.span?.range } == [8..<19, 25..<30])
        guard case .array(let elements) = members[0].value.kind else {
            Issue.record("not an array")
            return
        }
        #expect(elements.map { $0.span?.range } == [9..<10, 12..<18])
    }

    /// Refused by the grammar of RFC 8259 and, as a run of it showed, by the reference implementation.
    @Test(
        "Everything else is refused, at its place and with what to do",
        arguments: [
            ("", 0..<0, "expected a JSON value, found the end of the text", nil),
            (" \n", 2..<2, "expected a JSON value, found the end of the text", nil),
            ("[] x", 3..<4, "expected the end of the text after the JSON value, found `x`", "several"),
            ("[],", 2..<3, "expected the end of the text", nil),
            ("[]]", 2..<3, "expected the end of the text", nil),
            ("1 2", 2..<3, "expected the end of the text", nil),
            ("\u{feff}[]", 0..<3, "found a byte order mark", nil),
            ("[\u{b}]", 1..<2, "U+000B", nil),
            ("[\u{a0}]", 1..<3, "U+00A0", nil),
            ("[\u{0}]", 1..<2, "U+0000", nil),
            ("[1,]", 2..<3, "a comma after the last element", "remove the comma"),
            (#"{"a":1,}"#, 6..<7, "a comma after the last member", "remove the comma"),
            ("[,1]", 1..<2, "no value before this comma", "remove the comma"),
            ("{,}", 1..<2, "no member before this comma", "remove the comma"),
            ("[1 2]", 3..<4, "expected `,` or `]`, found `2`", "forget a comma"),
            (#"{"a":1 "b":2}"#, 7..<8, "expected `,` or `}`, found `\"`", "forget a comma"),
            ("[1}", 2..<3, "expected `,` or `]`, found `}`", "did you mean `]`?"),
            (#"{"a":1]"#, 6..<7, "expected `,` or `}`, found `]`", "did you mean `}`?"),
            ("[1;2]", 2..<3, "expected `,` or `]`, found `;`", "did you mean `,`?"),
            ("[", 1..<1, "the text ends within an array", "`]`"),
            ("[1", 2..<2, "the text ends within an array", "`]`"),
            ("[1,", 3..<3, "the text ends within an array", "`]`"),
            ("{", 1..<1, "expected a key in double quotes, found the end of the text", nil),
            (#"{"a":1"#, 6..<6, "the text ends within an object", "`}`"),
            (#"{"a" 1}"#, 5..<6, "expected `:` after the key, found `1`", nil),
            (#"{"a"=1}"#, 4..<5, "expected `:` after the key, found `=`", "did you mean `:`?"),
            (#"{"a":}"#, 5..<6, "expected a JSON value, found `}`", nil),
            ("{a:1}", 1..<2, "the key `a` is not in double quotes", #"did you mean `"a"`?"#),
            ("{1:1}", 1..<2, "expected a key in double quotes, found `1`", "double quotes"),
            ("{'a':1}", 1..<2, "JSON strings are in double quotes", "did you mean `\"`?"),
            ("['a']", 1..<2, "JSON strings are in double quotes", nil),
            ("// c\n[]", 0..<2, "JSON has no comments", "remove"),
            ("[1, /* c */ 2]", 4..<6, "JSON has no comments", nil),
            ("[1 // c\n]", 3..<5, "JSON has no comments", nil),
            ("# c\n1", 0..<1, "JSON has no comments", nil),
            ("True", 0..<4, "`True` is no JSON value", "did you mean `true`?"),
            ("nul", 0..<3, "`nul` is no JSON value", "did you mean `null`?"),
            ("truex", 0..<5, "`truex` is no JSON value", "did you mean `true`?"),
            ("undefined", 0..<9, "`undefined` is no JSON value", "leave the member out"),
            ("[alice]", 1..<6, "`alice` is no JSON value", #"did you mean `"alice"`?"#),
            ("NaN", 0..<3, "`NaN` is no JSON value", "64-bit integers"),
            ("Infinity", 0..<8, "`Infinity` is no JSON value", "64-bit integers"),
            ("-Infinity", 0..<9, "`-Infinity` is no JSON number", "64-bit integers"),
            ("01", 0..<2, "`01` is no JSON number", "leading zeros"),
            ("-01", 0..<3, "`-01` is no JSON number", "leading zeros"),
            ("-", 0..<1, "`-` is no JSON number", nil),
            ("--1", 0..<3, "`--1` is no JSON number", nil),
            ("+1", 0..<1, "a number cannot start with `+`", "remove the `+`"),
            (".5", 0..<1, "a number cannot start with `.`", "`0.5`"),
            ("-.5", 0..<3, "`-.5` is no JSON number", "`0.5`"),
            ("1.", 0..<2, "`1.` is no JSON number", nil),
            ("1.e1", 0..<4, "`1.e1` is no JSON number", nil),
            ("1e", 0..<2, "`1e` is no JSON number", nil),
            ("1e+", 0..<3, "`1e+` is no JSON number", nil),
            ("0x10", 0..<4, "`0x10` is no JSON number", "decimal"),
            ("1_000", 0..<5, "`1_000` is no JSON number", "remove the `_`"),
            ("1.2.3", 0..<5, "`1.2.3` is no JSON number", nil),
            ("\"a", 2..<2, "the text ends within a string", "close it"),
            ("\"a\\", 3..<3, "the text ends within a string", nil),
            ("\"a\tb\"", 2..<3, "a string cannot contain a tab as it is", "`\\t`"),
            ("\"a\nb\"", 2..<3, "a string cannot contain a line feed as it is", "`\\n`"),
            ("\"\u{0}\"", 1..<2, "a string cannot contain the control character U+0000 as it is", "`\\u0000`"),
            ("\"\u{1f}\"", 1..<2, "U+001F", "`\\u001f`"),
            (#""\x41""#, 1..<3, #"no escape `\x`"#, "four hexadecimal digits"),
            (#""\'""#, 1..<3, #"no escape `\'`"#, "needs no escape"),
            (#""\0""#, 1..<3, #"no escape `\0`"#, #"`\u0000`"#),
            (#""\U0041""#, 1..<3, #"no escape `\U`"#, nil),
            (#""\é""#, 1..<4, #"no escape `\é`"#, nil),
            (#""\u12""#, 1..<5, "four hexadecimal digits", nil),
            (#""\u12"#, 5..<5, "the text ends within a string", nil),
            (#""\u{41}""#, 1..<3, "four hexadecimal digits", "{...}"),
            (#""\u+123""#, 1..<3, "four hexadecimal digits", nil),
            (#""\ud83d""#, 1..<7, "half of a surrogate pair, and the second half is missing", nil),
            (#""\ud83dx""#, 1..<7, "half of a surrogate pair", nil),
            (#""\ud83d\n""#, 1..<7, "half of a surrogate pair", nil),
            (#""\ud83d\u0041""#, 1..<7, "half of a surrogate pair, and the second half is missing", nil),
            (#""\ud83d\ud83d\ude00""#, 1..<7, "half of a surrogate pair", nil),
            (#""\ude00\ud83d""#, 1..<7, "half of a surrogate pair, and the first half is missing", nil),
            (#""\ud83d\u00"#, 11..<11, "the text ends within a string", nil),
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

    @Test("All duplicate keys are reported, each with the first place")
    func duplicates() {
        let faults = faults(#"[{"a":1,"b":{"c":1,"\u0063":2},"a":3,"a":4}, {"x":1,"x":1}, oops]"#)
        #expect(faults.map { $0.span?.range } == [19..<27, 31..<34, 37..<40, 52..<55, 60..<64])
        #expect(faults.dropLast().map { $0.notes.map(\.span.range) } == [[13..<16], [2..<5], [2..<5], [46..<49]])
        #expect(faults.first?.message == #"the key "c" occurs more than once in the same object"#)
    }

    @Test("Objects of many keys are read in linear time, also when their keys look alike", .timeLimit(.minutes(5)))
    func manyKeys() throws {
        let plain = "{" + (0..<100_000).map { "\"key\($0)\":\($0)" }.joined(separator: ",") + "}"
        #expect(try read(plain).description == plain)
        // Each of the 2^16 keys is canonically equivalent to all others.
        let alike = (0..<65_536).map { number in
            "\"" + (0..<16).map { number >> $0 & 1 == 0 ? "é" : "e\u{301}" }.joined() + "\":0"
        }
        #expect(try read("{" + alike.joined(separator: ",") + "}").description.utf8.count > 65_536 * 32)
        let twice = faults("{" + (alike + [alike[4_711]]).joined(separator: ",") + "}")
        #expect(twice.count == 1)
    }

    @Test("Faults without number are not kept without number", .timeLimit(.minutes(5)))
    func manyFaults() {
        let text = "{" + (0..<50_000).map { _ in "\"a\":0" }.joined(separator: ",") + "}"
        #expect(faults(text).count == DiagnosticCollector.maximumCount + 1)
    }

    @Test("Nesting is counted", arguments: ["[", #"{"a":"#])
    func nesting(opening: String) throws {
        let closing = opening == "[" ? "]" : "}"
        func nested(_ depth: Int) -> String {
            String(repeating: opening, count: depth) + "0" + String(repeating: closing, count: depth)
        }
        _ = try read(nested(NestingLimit.standard))
        #expect(faults(nested(NestingLimit.standard + 1)).first?.message == "arrays and objects nest deeper than 250 levels")
        _ = try read(nested(3), maximumNesting: 3)
        #expect(throws: ParseError.self) { try read(nested(4), maximumNesting: 3) }
        #expect(faults(String(repeating: opening, count: 1_000_000)).count == 1)
    }

    @Test("Trees of any depth are read, written, compared and released on a small stack", .timeLimit(.minutes(5)))
    func depth() {
        let depth = 100_000
        let ends = withStack(of: 128 << 10) {
            let text =
                String(repeating: #"{"&&":{"left":"#, count: depth) + "[[]]" + String(repeating: "}}", count: depth)
            guard let value = try? JSONValue(parsing: SourceText(text), maximumNesting: .max) else {
                Issue.record("the text was refused")
                return
            }
            #expect(value.description == text)
            #expect(value == value)
            var other: JSONValue = [[]]
            for _ in 0..<depth { other = ["&&": ["left": other]] }
            #expect(other == value)
            // Taking it apart from the outside releases it level by level, too.
            var rest = value
            for _ in 0..<3 {
                guard case .object(let members) = rest.kind, let member = members.first else { break }
                rest = member.value
            }
        }
        #expect(ends)
    }

    @Test("What shares a part of a tree keeps it when the rest is released")
    func sharing() throws {
        var kept: [JSONValue] = []
        do {
            let tree = try read(#"{"a":[1,[2,{"b":[3]}]],"c":[[4]]}"#)
            guard case .object(let members) = tree.kind, case .array(let elements) = members[0].value.kind else { return }
            kept = [elements[1], members[1].value]
        }
        #expect(kept.map(\.description) == [#"[2,{"b":[3]}]"#, "[[4]]"])
    }

    @Test("Random bytes never do more than fail, and errors point into the text", arguments: 0..<20 as Range<UInt64>)
    func mutations(seed: UInt64) {
        var random = RandomJSON(seed: seed)
        for _ in 0..<100 {
            let text = random.tree().formatted()
            for _ in 0..<5 {
                let bytes = random.mutation(of: text)
                do throws(ParseError) {
                    let source = try SourceText(utf8: bytes)
                    do throws(ParseError) {
                        let value = try JSONValue(parsing: source)
                        #expect(try JSONValue(parsing: SourceText(value.description)) == value)
                    } catch {
                        for diagnostic in error.diagnostics {
                            #expect(diagnostic.span.map { Int($0.upperBound) <= bytes.count && $0.lowerBound <= $0.upperBound } == true)
                        }
                    }
                } catch {
                    // Not UTF-8 any more.
                }
            }
        }
    }
}
