import LynxCedar
import Testing

@Suite("Rendering of diagnostics")
struct DiagnosticRendererTests {
    /// A text with a way to name places in it.
    struct Sample {
        let source: SourceText

        init(_ text: String, name: String = "a.cedar", origin: SourceText.Origin = SourceText.Origin()) {
            self.source = SourceText(text, name: name, origin: origin)
        }

        /// The span of the first occurrence of `part`.
        func span(_ part: String) -> SourceSpan {
            let bytes = Array(source.text.utf8)
            let wanted = Array(part.utf8)
            let start = bytes.indices.first { bytes[$0...].starts(with: wanted) } ?? bytes.count
            return SourceSpan(UInt32(start)..<UInt32(start + wanted.count))
        }

        func human(_ message: String, _ span: SourceSpan?, help: String? = nil, notes: [Diagnostic.Note] = []) -> String {
            DiagnosticRenderer(.human(colored: false))
                .render(Diagnostic(message, span: span, help: help, notes: notes, source: source))
        }
    }

    @Test("the human form shows message, place, source line, marks and help")
    func human() {
        let sample = Sample("permit(principal, action, resource)\nwhen { 1 +* 2 };\n")
        #expect(
            sample.human("unexpected `*`", sample.span("*"), help: "remove it") == """
                error: unexpected `*`
                 --> a.cedar:2:11
                  |
                2 | when { 1 +* 2 };
                  |           ^
                help: remove it

                """)
    }

    @Test("a whole word is underlined, and a warning says that it is one")
    func warning() {
        let sample = Sample("permit(principal, action, resource);")
        let warning = Diagnostic("odd", severity: .warning, span: sample.span("action"), source: sample.source)
        #expect(
            DiagnosticRenderer(.human(colored: false)).render(warning) == """
                warning: odd
                 --> a.cedar:1:19
                  |
                1 | permit(principal, action, resource);
                  |                   ^^^^^^

                """)
    }

    @Test("notes are further snippets, and one gutter serves all")
    func notes() {
        let sample = Sample("@id(\"a\")\n\n\n\n\n\n\n\n\n@id(\"b\")\npermit(principal, action, resource);")
        let second = sample.span("@id(\"b\")")
        #expect(
            sample.human(
                "duplicate annotation `@id`", second,
                notes: [Diagnostic.Note("first given here", span: sample.span("@id(\"a\")"))]) == """
                error: duplicate annotation `@id`
                  --> a.cedar:10:1
                   |
                10 | @id("b")
                   | ^^^^^^^^
                note: first given here
                  --> a.cedar:1:1
                   |
                 1 | @id("a")
                   | ^^^^^^^^

                """)
    }

    @Test("a span of several lines is underlined on each, not under the indentation")
    func severalLines() {
        let sample = Sample("permit(\n  principal,\n  action);")
        #expect(
            sample.human("incomplete scope", sample.span("(\n  principal,\n  action)")) == """
                error: incomplete scope
                 --> a.cedar:1:7
                  |
                1 | permit(
                  |       ^
                2 |   principal,
                  |   ^^^^^^^^^^
                3 |   action);
                  |   ^^^^^^^

                """)
    }

    @Test("of a long span the middle is left out")
    func longSpan() {
        let text = "[1,\n2,\n3,\n4,\n5,\n6]"
        let sample = Sample(text)
        #expect(
            sample.human("a set", sample.span(text)) == """
                error: a set
                 --> a.cedar:1:1
                  |
                1 | [1,
                  | ^^^
                2 | 2,
                  | ^^
                ...
                6 | 6]
                  | ^^

                """)
    }

    @Test("tabs become blanks, and the marks stand under what they mark")
    func tabs() {
        let sample = Sample("\twhen\t{ x };")
        #expect(
            sample.human("unknown variable", sample.span("x")) == """
                error: unknown variable
                 --> a.cedar:1:9
                  |
                1 |     when    { x };
                  |               ^

                """)
    }

    @Test("wide characters take two columns and combining marks none")
    func widths() {
        // Two ideographs, then e with a combining acute accent.
        let sample = Sample("\"日本 e\u{301}\" ++")
        #expect(
            sample.human("unexpected `+`", sample.span("++")) == """
                error: unexpected `+`
                 --> a.cedar:1:9
                  |
                1 | "日本 e\u{301}" ++
                  |          ^^

                """)
        #expect(
            sample.human("here", sample.span("本")) == """
                error: here
                 --> a.cedar:1:3
                  |
                1 | "日本 e\u{301}" ++
                  |    ^^

                """)
    }

    @Test("an error at the end of the text points behind it")
    func endOfText() {
        let sample = Sample("permit(")
        #expect(
            sample.human("unexpected end", sample.span("no such part; the end")) == """
                error: unexpected end
                 --> a.cedar:1:8
                  |
                1 | permit(
                  |        ^

                """)
        let newline = Sample("permit(\n")
        #expect(
            newline.human("unexpected end", newline.span("no such part; the end")) == """
                error: unexpected end
                 --> a.cedar:2:1
                  |
                2 |
                  | ^

                """)
    }

    @Test("CRLF line ends do not show")
    func carriageReturns() {
        let sample = Sample("permit(\r\nwho);\r\n")
        #expect(
            sample.human("unexpected `who`", sample.span("who")) == """
                error: unexpected `who`
                 --> a.cedar:2:1
                  |
                2 | who);
                  | ^^^

                """)
    }

    @Test("a long line is cut around the span")
    func longLine() {
        let sample = Sample(String(repeating: "a", count: 5000) + "!" + String(repeating: "b", count: 5000))
        let before = String(repeating: "a", count: 60)
        // 120 columns: dots, 60 before the mark, the mark, 56 after it.
        let after = String(repeating: "b", count: 56)
        #expect(
            sample.human("stray `!`", sample.span("!")) == """
                error: stray `!`
                 --> a.cedar:1:5001
                  |
                1 | ...\(before)!\(after)...
                  | \(String(repeating: " ", count: 63))^

                """)
    }

    @Test("a long line with the fault near its start keeps its start")
    func longLineStart() {
        let sample = Sample("ab!" + String(repeating: "c", count: 500))
        #expect(
            sample.human("stray `!`", sample.span("!")) == """
                error: stray `!`
                 --> a.cedar:1:3
                  |
                1 | ab!\(String(repeating: "c", count: 117))...
                  |   ^

                """)
    }

    @Test("terminal escapes, bidirectional overrides and invisible characters of the source show as escapes")
    func controls() {
        let sample = Sample("\"\u{1B}[31m\" == \"\u{202E}\u{200B}\" x", name: "evil\u{7}.cedar")
        #expect(
            sample.human("unexpected `\u{1B}[0m`", sample.span("x"), help: "no \u{9B}") == """
                error: unexpected `\\u{1b}[0m`
                 --> evil\\u{7}.cedar:1:17
                  |
                1 | "\\u{1b}[31m" == "\\u{202e}\\u{200b}" x
                  |                                    ^
                help: no \\u{9b}

                """)
    }

    @Test("a span over an escaped character underlines the whole escape")
    func escapedSpan() {
        let sample = Sample("a\u{7}b")
        #expect(
            sample.human("control character", sample.span("\u{7}")) == """
                error: control character
                 --> a.cedar:1:2
                  |
                1 | a\\u{7}b
                  |  ^^^^^

                """)
    }

    @Test("without a span the place is the file, without a source there is none")
    func noPlace() {
        let sample = Sample("x")
        #expect(sample.human("too large", nil) == "error: too large\n --> a.cedar\n")
        #expect(DiagnosticRenderer(.human(colored: false)).render(Diagnostic("lost")) == "error: lost\n")
    }

    @Test("colours come only when asked, and only around our own words and marks")
    func colours() {
        let sample = Sample("permit x")
        let diagnostic = Diagnostic("bad", span: sample.span("x"), help: "no", source: sample.source)
        let esc = "\u{1B}"
        #expect(
            DiagnosticRenderer(.human(colored: true)).render(diagnostic) == """
                \(esc)[1;31merror\(esc)[0m\(esc)[1m: bad\(esc)[0m
                 \(esc)[34m-->\(esc)[0m a.cedar:1:8
                  \(esc)[34m|\(esc)[0m
                \(esc)[34m1\(esc)[0m \(esc)[34m|\(esc)[0m permit x
                  \(esc)[34m|\(esc)[0m        \(esc)[1;31m^\(esc)[0m
                \(esc)[1;32mhelp\(esc)[0m: no

                """)
        #expect(!DiagnosticRenderer(.human(colored: false)).render(diagnostic).contains(esc))
    }

    @Test("a part of a file speaks of lines, columns and offsets of the whole file")
    func origin() {
        let origin = SourceText.Origin(position: SourceText.Position(line: 17, column: 5), offset: 1000)
        let sample = Sample("{\"a\" 1,\n2}", name: "r.jsonl", origin: origin)
        #expect(
            sample.human("expected `:`", sample.span("1")) == """
                error: expected `:`
                  --> r.jsonl:17:10
                   |
                17 | {"a" 1,
                   |      ^

                """)
        let second = Diagnostic("odd", span: sample.span("2"), source: sample.source)
        #expect(DiagnosticRenderer(.plain).render(second) == "r.jsonl:18:1: error: odd\n")
        let json = DiagnosticRenderer(.json).render(second)
        #expect(json.contains("\"offset\":1008"))
        #expect(json.contains("\"line\":18"))
    }

    @Test("the plain form is one line each, notes on lines of their own")
    func plain() {
        let sample = Sample("permit(x\n)", name: "p.cedar")
        let diagnostic = Diagnostic(
            "unexpected `x`\nor so", span: sample.span("x"), help: "write `principal`",
            notes: [Diagnostic.Note("opened here", span: sample.span("("))], source: sample.source)
        #expect(
            DiagnosticRenderer(.plain).render([diagnostic, Diagnostic("lost", severity: .warning)]) == """
                p.cedar:1:8: error: unexpected `x`\\nor so (write `principal`)
                p.cedar:1:7: note: opened here
                warning: lost

                """)
    }

    @Test("the JSON form is one object a line with every member present")
    func json() {
        let sample = Sample("permit(x\n)", name: "p.cedar")
        let diagnostic = Diagnostic(
            "unexpected `x`", span: sample.span("x\n)"), help: "write \"principal\"",
            notes: [Diagnostic.Note("opened here", span: sample.span("("))], source: sample.source)
        #expect(
            DiagnosticRenderer(.json).render([diagnostic, Diagnostic("lost", severity: .warning)]) == """
                {"severity":"error","message":"unexpected `x`","code":null,"file":"p.cedar","line":1,"column":8,"endLine":2,"endColumn":2,"offset":7,"length":3,"help":"write \\"principal\\"","notes":[{"message":"opened here","line":1,"column":7,"endLine":1,"endColumn":8,"offset":6,"length":1}]}
                {"severity":"warning","message":"lost","code":null,"file":null,"line":null,"column":null,"endLine":null,"endColumn":null,"offset":null,"length":null,"help":null,"notes":[]}

                """)
    }

    @Test("no form lets control or direction characters through", arguments: [.human(colored: false), .plain, .json] as [DiagnosticRenderer.Form])
    func hidden(form: DiagnosticRenderer.Form) {
        let sample = Sample("x \u{202e}\u{9b}1m", name: "\u{1b}[2J")
        let diagnostic = Diagnostic(
            "odd \u{202e}", span: sample.span("\u{9b}"), help: "\u{9b}31m", notes: [Diagnostic.Note("\u{85}", span: sample.span("x"))],
            source: sample.source)
        let rendered = DiagnosticRenderer(form).render(diagnostic)
        #expect(rendered.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control && $0.properties.generalCategory != .format })
    }

    @Test("human diagnostics are separated by an empty line")
    func several() {
        #expect(
            DiagnosticRenderer(.human(colored: false)).render([Diagnostic("one"), Diagnostic("two")]) == """
                error: one

                error: two

                """)
    }

    @Test("a line of a million combining marks renders at once")
    func flood() {
        let sample = Sample("e" + String(repeating: "\u{301}", count: 1_000_000) + "x")
        let rendered = sample.human("odd", sample.span("x"))
        #expect(rendered.utf8.count < 5_000)
        #expect(rendered.contains("^"))
    }
}
