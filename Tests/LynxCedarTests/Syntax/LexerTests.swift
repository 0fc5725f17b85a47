import Testing

@testable import LynxCedar

@Suite("The lexer cuts texts into tokens")
struct LexerTests {
    private func lex(_ text: String) -> (tokens: [(kind: Token.Kind, text: String)], faults: [Diagnostic]) {
        let source = SourceText(text)
        var lexer = Lexer(source, diagnostics: DiagnosticCollector(source: source))
        var tokens: [(Token.Kind, String)] = []
        while true {
            let token = lexer.next()
            if token.kind == .end { return (tokens, lexer.diagnostics.diagnostics) }
            tokens.append((token.kind, String(source.substring(token.span))))
        }
    }

    private static let single: [(String, Token.Kind)] = [
        ("User", .identifier), ("_", .identifier), ("_a1", .identifier), ("permit", .identifier), ("principal", .identifier),
        ("True", .identifier), ("inside", .identifier), ("iff", .identifier), ("__cedar", .identifier),
        ("true", .true), ("false", .false), ("if", .if), ("then", .then), ("else", .else),
        ("in", .in), ("is", .is), ("like", .like), ("has", .has),
        ("0", .number), ("007", .number), ("99999999999999999999999", .number),
        ("\"\"", .string), ("\"a b\"", .string), ("\"\\\"\"", .string), ("\"// text\"", .string), ("\"a\nb\"", .string),
        ("?principal", .slot), ("?resource", .slot), ("?other1", .slot), ("?", .question),
        ("@", .at), (".", .dot), (",", .comma), (";", .semicolon), (":", .colon), ("::", .doubleColon),
        ("(", .leftParenthesis), (")", .rightParenthesis), ("{", .leftBrace), ("}", .rightBrace),
        ("[", .leftBracket), ("]", .rightBracket),
        ("==", .equal), ("!=", .notEqual), ("<", .less), ("<=", .lessOrEqual), (">", .greater), (">=", .greaterOrEqual),
        ("||", .or), ("&&", .and), ("+", .plus), ("-", .minus), ("*", .star), ("/", .slash), ("%", .percent), ("!", .bang),
        ("=", .assign),
    ]

    @Test("each token is recognized, whatever white space is around it", arguments: single)
    func token(text: String, kind: Token.Kind) {
        for surrounded in [text, " \(text)", "\t\(text)\n", "\u{3000}\(text)\u{A0}", "// c\n\(text) // c", "\u{2028}\(text)\u{85}"] {
            let (tokens, faults) = lex(surrounded)
            #expect(tokens.map(\.kind) == [kind])
            #expect(tokens.map(\.text) == [text])
            #expect(faults.isEmpty)
        }
    }

    @Test(
        "a token is as long as the text allows",
        arguments: [
            ("a::b", ["a", "::", "b"]), ("a:::b", ["a", "::", ":", "b"]), 
            ("<==", ["<=", "="]), ("=>", ["=", ">"]), ("!!=", ["!", "!="]), ("a1", ["a1"]),
            ("1.5", ["1", ".", "5"]), ("--1", ["-", "-", "1"]), ("inin", ["inin"]), ("a-b", ["a", "-", "b"]),
            ("?principal?", ["?principal", "?"]), ("??a", ["?", "?a"]), ("\"a\"\"b\"", ["\"a\"", "\"b\""]),
            ("1/2", ["1", "/", "2"]), ("\"\\\\\"a", ["\"\\\\\"", "a"]),
        ] as [(String, [String])])
    func longest(text: String, tokens: [String]) {
        #expect(lex(text).tokens.map(\.text) == tokens)
    }

    /// The scalars with the property White_Space (Unicode, PropList.txt).
    private static let whiteSpace: [Unicode.Scalar] = [
        "\u{9}", "\u{A}", "\u{B}", "\u{C}", "\u{D}", "\u{20}", "\u{85}", "\u{A0}", "\u{1680}", "\u{2000}", "\u{2001}",
        "\u{2002}", "\u{2003}", "\u{2004}", "\u{2005}", "\u{2006}", "\u{2007}", "\u{2008}", "\u{2009}", "\u{200A}",
        "\u{2028}", "\u{2029}", "\u{202F}", "\u{205F}", "\u{3000}",
    ]

    @Test("white space is what Unicode calls so, and nothing else")
    func whiteSpace() {
        for value in UInt32(0)...0x1_0000 {
            guard let scalar = Unicode.Scalar(value), !(0x21...0x7E).contains(value) else { continue }
            let (tokens, faults) = lex("a\(scalar)b")
            let isSpace = Self.whiteSpace.contains(scalar)
            // Letters beyond ASCII are taken into the word, which is reported as a whole.
            let isLetter = !isSpace && scalar.properties.isAlphabetic
            #expect(tokens.map(\.text) == (isLetter ? ["a\(scalar)b"] : ["a", "b"]), "U+\(String(value, radix: 16))")
            #expect(faults.isEmpty == isSpace, "U+\(String(value, radix: 16))")
        }
    }

    @Test(
        "a comment goes from // to the end of the line, which a line feed or a carriage return makes",
        arguments: [
            ("// a b c", []), ("//", []), ("//\na", ["a"]), ("//\ra", ["a"]), ("//\r\na", ["a"]), ("// \" \na", ["a"]),
            ("///* a\nb */", ["b", "*", "/"]), ("a//b", ["a"]), ("a/ /b", ["a", "/", "/", "b"]),
            ("// a\u{2028}b\nc", ["c"]), ("// a\u{B}b\u{C}c\u{85}d\ne", ["e"]), ("// \u{1F600} é\na", ["a"]),
        ] as [(String, [String])])
    func comments(text: String, tokens: [String]) {
        let result = lex(text)
        #expect(result.tokens.map(\.text) == tokens)
        #expect(result.faults.isEmpty)
    }

    @Test(
        "what starts no token is reported once and skipped",
        arguments: [
            ("a ' b", "'", "strings stand in plain double quotes: `\"...\"`"),
            ("a \u{201C} b", "\u{201C}", "strings stand in plain double quotes: `\"...\"`"), ("a $ b", "$", nil), ("a $$$ b", "$$$", nil),
            ("a \u{0} b", "\u{0}", nil), ("a \u{FEFF} b", "\u{FEFF}", nil), ("a \u{200B} b", "\u{200B}", nil),
            ("a ~ b", "~", nil), ("a ^ b", "^", nil), ("a ` b", "`", nil), ("a \\ b", "\\", nil),
        ] as [(String, String, String?)])
    func stray(text: String, stray: String, help: String?) throws {
        let (tokens, faults) = lex(text)
        #expect(tokens.map(\.text) == ["a", "b"])
        let fault = try #require(faults.first)
        #expect(faults.count == 1)
        #expect(fault.help == help)
        let span = try #require(fault.span)
        #expect(CedarString(SourceText(text).substring(span)) == CedarString(stray))
    }

    @Test(
        "what other languages have is reported once and read as what Cedar has for it",
        arguments: [
            ("a & b", "&", "`&&`", ["a", "&", "b"]), ("a | b", "|", "`||`", ["a", "|", "b"]), ("a === b", "===", "`==`", ["a", "===", "b"]),
            ("a !== b", "!==", "`!=`", ["a", "!==", "b"]), ("a <> b", "<>", "`!=`", ["a", "<>", "b"]),
            ("a # b\nc", "# b", "`//`", ["a", "c"]), ("a /* b\n * */ c", "/* b\n * */", "`//`", ["a", "c"]), ("a /* b", "/* b", "`//`", ["a"]),
            ("a 'b c' d", "'b c'", "double quotes", ["a", "'b c'", "d"]),
            ("a \u{201C}b\u{201D} c", "\u{201C}b\u{201D}", "double quotes", ["a", "\u{201C}b\u{201D}", "c"]),
            ("a é b", "é", "ASCII", ["a", "é", "b"]), ("größe", "größe", "ASCII", ["größe"]),
            ("1_000 a", "1_000", "decimal digits", ["1", "a"]), ("0x1F", "0x1F", "decimal digits", ["0"]),
        ] as [(String, String, String, [String])])
    func foreign(text: String, span: String, help: String, tokens: [String]) throws {
        let result = lex(text)
        #expect(result.tokens.map(\.text) == tokens)
        let fault = try #require(result.faults.first)
        #expect(result.faults.count == 1)
        #expect(fault.help?.contains(help) == true)
        #expect(SourceText(text).substring(try #require(fault.span)) == span)
    }

    @Test("a keyword may stand right behind a number")
    func keywordBehindNumber() {
        let (tokens, faults) = lex("1else 2in 3")
        #expect(tokens.map(\.text) == ["1", "else", "2", "in", "3"])
        #expect(faults.isEmpty)
    }

    @Test(
        "a string that does not end is reported from its quote to the end of the line, and the lines behind it are read",
        arguments: [
            ("\"abc", "\"abc", ["\"abc"]), ("a \"abc def\\\n b", "\"abc def\\", ["a", "\"abc def\\", "b"]), ("\"", "\"", ["\""]),
            ("\"\\", "\"\\", ["\"\\"]), ("\"\\\"", "\"\\\"", ["\"\\\""]), ("a \"b\nc", "\"b", ["a", "\"b", "c"]),
        ] as [(String, String, [String])])
    func unterminated(text: String, span: String, tokens: [String]) throws {
        let result = lex(text)
        #expect(result.tokens.map(\.text) == tokens)
        let fault = try #require(result.faults.first)
        #expect(result.faults.count == 1)
        #expect(fault.help == "end it with `\"`")
        #expect(SourceText(text).substring(try #require(fault.span)) == span)
    }
}
