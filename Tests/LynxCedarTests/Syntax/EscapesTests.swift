import Testing

@testable import LynxCedar

@Suite("Escapes in strings and patterns")
struct EscapesTests {
    @Test(
        "a string stands for its scalars, with escapes decoded",
        arguments: [
            (#""""#, ""), (#""a""#, "a"), (#""\n\r\t\0\\\'\"""#, "\n\r\t\0\\'\""), ("\"'\"", "'"),
            (#""\x00\x41\x7f\x7F""#, "\0A\u{7F}\u{7F}"),
            (#""\u{0}\u{41}\u{000041}\u{1F600}\u{1f600}\u{10FFFF}""#, "\0AA\u{1F600}\u{1F600}\u{10FFFF}"),
            (#""\u{4_1}\u{41_}\u{4__1_}\u{0_0_0_0_4_1}""#, "AAAA"), (#""\u{d7ff}\u{e000}""#, "\u{D7FF}\u{E000}"),
            (#""*""#, "*"), (#""\u{2a}""#, "*"), ("\"a\nb\tc\"", "a\nb\tc"), ("\"é\u{1F600}\"", "é\u{1F600}"),
            ("\"e\u{301}\"", "e\u{301}"), ("\"\u{E9}\"", "\u{E9}"), ("\"\u{0}\u{1}\u{7F}\"", "\u{0}\u{1}\u{7F}"),
            (#""\\n""#, "\\n"), (#""// a""#, "// a"),
        ])
    func strings(text: String, content: String) throws {
        #expect(try Expression(cedar: text).kind == .literal(.string(CedarString(content))))
    }

    /// The bad escapes of a string, each as it stands in the text.
    private static let bad: [(String, [String])] = [
        (#"\q"#, [#"\q"#]), (#"\*"#, [#"\*"#]), (#"\a\b\v"#, [#"\a"#, #"\b"#, #"\v"#]), (#"\/"#, [#"\/"#]),
        (#"\N"#, [#"\N"#]), (#"\1"#, [#"\1"#]), (#"\é"#, [#"\é"#]), (#"\ "#, [#"\ "#]),
        (#"\x4g"#, [#"\x4"#]), (#"\x80"#, [#"\x80"#]), (#"\xff"#, [#"\xff"#]), (#"\x"#, [#"\x"#]),
        (#"\u41"#, [#"\u"#]), (#"\u{}"#, [#"\u{}"#]), (#"\u{_41}"#, [#"\u{"#]), (#"\u{0000041}"#, [#"\u{0000041}"#]),
        (#"\u{110000}"#, [#"\u{110000}"#]), (#"\u{D800}"#, [#"\u{D800}"#]), (#"\u{dfff}"#, [#"\u{dfff}"#]),
        (#"\u{g}"#, [#"\u{"#]), (#"\u{4 1}"#, [#"\u{4"#]), (#"\u{41"#, [#"\u{41"#]), (#"\U{41}"#, [#"\U"#]),
        ("a\rb", ["\r"]), ("\\\r", ["\\\r"]),
        (#"ok \q ok \x80 ok \n \u{D800}"#, [#"\q"#, #"\x80"#, #"\u{D800}"#]),
    ]

    @Test("every bad escape is reported, each at its place", arguments: bad)
    func badEscapes(content: String, faults: [String]) throws {
        let text = "\"\(content)\""
        let error = try #require(parseError { try Expression(cedar: text) })
        let source = SourceText(text)
        let reported = error.diagnostics.compactMap(\.span).map { CedarString(source.substring($0)) }
        #expect(reported == faults.map { CedarString($0) })
    }

    @Test("bad escapes of several strings come with all other faults of the text")
    func severalStrings() throws {
        let text = #"permit(principal == User::"\q", action, resource) when { "\x80" == {"\u{}": 1} };"#
        let error = try #require(parseError { try PolicySet(cedar: text) })
        let source = SourceText(text)
        #expect(error.diagnostics.compactMap(\.span).map { source.substring($0) } == [#"\q"#, #"\x80"#, #"\u{}"#])
    }

    @Test(
        "in a pattern a star is a wildcard however it is written, and `\\*` is the star itself",
        arguments: [
            (#""""#, []), (#""*""#, [.wildcard]), (#""a*b""#, [.scalar("a"), .wildcard, .scalar("b")]),
            (#""\*""#, [.scalar("*")]), (#""\\*""#, [.scalar("\\"), .wildcard]), (#""\\\*""#, [.scalar("\\"), .scalar("*")]),
            // The reference decides after decoding.
            (#""\u{2a}""#, [.wildcard]), (#""\x2a""#, [.wildcard]), (#""\n\0""#, [.scalar("\n"), .scalar("\0")]),
            (#""?""#, [.scalar("?")]),
        ] as [(String, [Pattern.Element])])
    func patterns(text: String, elements: [Pattern.Element]) throws {
        let expression = try Expression(cedar: "principal like \(text)")
        #expect(expression.kind == .like(Expression(.variable(.principal)), Pattern(elements)))
    }

    @Test("a carriage return in a string is told apart from a line end of Windows")
    func carriageReturns() throws {
        let bare = try #require(parseError { try Expression(cedar: "\"a\rb\"") })
        #expect(bare.diagnostics.map(\.help) == ["write `\\r`"])
        let windows = try #require(parseError { try Expression(cedar: "\"a\r\nb\"") })
        #expect(windows.diagnostics.map(\.help) == ["write the line end as `\\n`, or save the file with line feeds alone"])
    }

    @Test("`\\*` outside a pattern gets its own help")
    func star() throws {
        let error = try #require(parseError { try Expression(cedar: #""a\*""#) })
        #expect(error.diagnostics.map(\.help) == ["write `*`"])
    }

    @Test("texts that look alike but differ in their scalars are different names and ids")
    func canonicalEquivalence() throws {
        #expect(try Expression(cedar: "\"\u{E9}\"") != Expression(cedar: "\"e\u{301}\""))
        #expect(parseError { try Expression(cedar: "{\"\u{E9}\": 1, \"e\u{301}\": 2}") } == nil)
        #expect(try EntityUID(cedar: "User::\"\u{E9}\"") != EntityUID(cedar: "User::\"e\u{301}\""))
    }
}
