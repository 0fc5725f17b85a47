import CedarGenerators
import Testing

@testable import LynxCedar

@Suite("The formatter", .timeLimit(.minutes(5)))
struct FormatterTests {
    private let formatter = CedarFormatter()

    private func format(policies text: String) throws -> String { try formatter.format(policies: SourceText(text)) }
    private func format(schema text: String) throws -> String { try formatter.format(schema: SourceText(text)) }

    /// The tokens of a text with random gaps between them, of white space and comments.
    private func respaced(_ text: String, seed: Int) -> String {
        var random = SeededGenerator(seed: UInt64(seed))
        let source = CommentedTokens(SourceText(text))
        var result = ""
        for (index, token) in source.tokens.enumerated() {
            switch Int.random(in: 0..<20, using: &random) {
            case 0: result += " // behind \(index)\n"
            case 1: result += "\n  // above \(index) \"\n"
            case 2: result += "\n\n// apart \(index)\t\r\n\n  // two \(index)\n\n"
            case 3: result += "// é \(String(repeating: "long ", count: 20))\u{3000}\n"
            case 4: result += "\n\n"
            case 5: result += "\r\n"
            default: result += " "
            }
            result += String(decoding: source.bytes[Int(token.start)..<Int(token.end)], as: UTF8.self)
        }
        return result + "// end\n\n // of file"
    }

    private func comments(_ text: String) -> [String] {
        CommentedTokens(SourceText(text)).allComments().map { String(decoding: $0, as: UTF8.self) }
    }

    // MARK: Policies

    @Test("keeps policies and comments, and leaves its own text as it is", arguments: 0..<10)
    func randomPolicies(seed: Int) throws {
        var generator = GrammarTextGenerator(try Grammar(), seed: 5_000 + UInt64(seed))
        for round in 0..<20 {
            let text = respaced(try generator.text(of: "Policies"), seed: seed * 100 + round)
            let formatted = try format(policies: text)
            let (before, after) = (try PolicySet(cedar: text), try PolicySet(cedar: formatted))
            #expect(Array(after.policies) == Array(before.policies))
            #expect(Array(after.templates) == Array(before.templates))
            #expect(comments(formatted) == comments(text))
            #expect(try format(policies: formatted).utf8.elementsEqual(formatted.utf8), "\(text)")
            #expect(formatted.hasSuffix("\n"))
        }
    }

    @Test("keeps a comment at the end of a policy to its last character", arguments: ["é", "\u{1F600}", "x \u{A0}y\u{301}"])
    func lastComment(comment: String) throws {
        let text = "permit (principal, action, resource); // \(comment)\n\nforbid (principal, action, resource);\n"
        #expect(try CedarFormatter().format(policies: SourceText(text)) == text)
    }

    @Test("gives the same text whatever the white space was")
    func whiteSpace() throws {
        let text = "@a(\"b\") permit(principal==A::\"b\",action,resource)when{principal.a.contains(1)||[1,2]==[]};forbid(principal,action,resource);"
        let lines = text.replacing(",", with: ",\n\n\t").replacing("(", with: "\r\n(  ")
        #expect(try format(policies: lines) == format(policies: text))
    }

    @Test("keeps the comments of commas that are not needed, which the reference loses")
    func trailingCommas() throws {
        let text = "permit(principal, action in [Action::\"a\" // 1\n, // 2\n], resource // 3\n, // 4\n) when { {a: 1, // 5\n} has a && [1, // 6\n].isEmpty() };"
        let formatted = try format(policies: text)
        #expect(comments(formatted) == comments(text))
        #expect(try format(policies: formatted) == formatted)
    }

    @Test("goes on where the reference's formatter would change its own text")
    func settles() throws {
        // A comment behind the line of a string, before an operator.
        let formatted = try format(policies: "permit(principal,action,resource) when { \"a\" == \"b\"\n// why\n|| true };")
        #expect(
            formatted == """
                permit (principal, action, resource)
                when
                {
                  "a" == "b" // why
                   ||
                  true
                };

                """)
        #expect(try format(policies: formatted) == formatted)
    }

    @Test("breaks lines by the columns that characters take")
    func columns() throws {
        func isOneLine(_ content: String, width: Int) throws -> Bool {
            let text = "permit(principal,action,resource)when{\"\(content)\"};"
            return try CedarFormatter(width: width).format(policies: SourceText(text)).contains("when { ")
        }
        // `when { "` and `" };` take twelve.
        for (content, columns) in [("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("😀", 2), ("❤\u{FE0F}", 2), ("\u{200B}", 0)] {
            #expect(try isOneLine(content, width: 12 + columns), "\(content)")
            #expect(try !isOneLine(content, width: 11 + columns), "\(content)")
        }
    }

    @Test("reports the faults of a text that does not parse")
    func faults() {
        let error = parseError { try format(policies: "permit(principal, action);\nforbid();") }
        #expect(error?.diagnostics.count == 2)
        #expect(parseError { try format(schema: "entity A\nentity B;") } != nil)
    }

    @Test("refuses a result with other policies, with other comments, or that does not parse", arguments: [
        ("forbid(principal, action, resource); // c", "meaning"), ("permit(principal, action, resource);", "comment"),
        ("permit(principal, action, resource); // d", "comment"), ("", "meaning"), ("permit(", "meaning"),
        ("permit(principal, action, resource); permit(principal, action, resource); // c", "meaning"),
    ])
    func refusal(result: String, reason: String) throws {
        let source = SourceText("permit(principal,action,resource); // c")
        let error = try #require(parseError { try formatter.format(policies: source) { _ in Array(result.utf8) } })
        #expect(error.diagnostics.count == 1)
        #expect(error.diagnostics.first?.message.contains(reason) == true)
    }

    @Test("refuses a schema with other declarations", arguments: ["entity B; // c", "entity A;", "entity A; entity A; // c", "entity"])
    func schemaRefusal(result: String) {
        #expect(parseError { try formatter.format(schema: SourceText("entity A; // c")) { _ in Array(result.utf8) } } != nil)
    }

    #if DEBUG
    private static let stackSize = 2 << 20
    #else
    private static let stackSize = 512 << 10
    #endif

    @Test(
        "lays out what nests up to the limit on a small stack",
        arguments: [
            ("(", ")"), ("[", "]"), ("{a:", "}"), ("!(", ")"), ("ip(", ")"), ("true && (", ")"), ("principal.contains(", ")"),
            ("if true then 1 else ", ""), ("if ", " then 1 else 1"), ("principal is A in (", ")"),
        ])
    func deepPolicies(opening: String, closing: String) {
        let ran = withStack(of: Self.stackSize) {
            let levels = NestingLimit.standard / 2 - 1
            let body = String(repeating: opening, count: levels) + "1" + String(repeating: closing, count: levels)
            let text = "permit(principal,action,resource) when { \(body) };"
            #expect(throws: Never.self) { try CedarFormatter().format(policies: SourceText(text)) }
        }
        #expect(ran)
    }

    @Test("takes linear time for long lines, long chains and many policies")
    func longTexts() throws {
        let policy = "permit(principal,action,resource) when { principal.a.b == \"text\" && context.c };\n"
        _ = try format(policies: String(repeating: policy, count: 2_000))
        let chain = Array(repeating: "principal.a", count: 20_000).joined(separator: "||")
        _ = try format(policies: "permit(principal,action,resource) when { \(chain) };")
        let set = Array(repeating: "1", count: 50_000).joined(separator: ",")
        _ = try format(policies: "permit(principal,action,resource) when { [\(set)] };")
        _ = try format(policies: String(repeating: "// comment\n", count: 20_000) + policy)
    }

    // MARK: Schemas

    private static let schema = """
        @doc("x") @bare namespace N::M { entity A, B in [A, C] = { x?: Set<Long>, "y z": { a: A, b: {} } } tags String; entity C enum ["a", "b"];
        type T = { @doc("attribute") a: __cedar::Bool, }; action "a", b in [c, N::M::Action::"c"] appliesTo { principal: [A], resource: B, context: T };
        action c; } namespace Empty {} entity E; entity F in E; action d appliesTo { principal: [E], resource: [E], context: { a: Long } } attributes {};
        """

    @Test("keeps declarations and comments of schemas, and leaves its own text as it is", arguments: 0..<200)
    func randomSchemas(seed: Int) throws {
        let text = respaced(Self.schema, seed: seed)
        let formatted = try format(schema: text)
        #expect(comments(formatted) == comments(text))
        #expect(try format(schema: formatted).utf8.elementsEqual(formatted.utf8), "\(text)\n\(formatted)")
        #expect(!formatted.contains(" \n"))
        #expect(!formatted.contains("\n\n\n"))
    }

    @Test("gives each declaration of a schema a paragraph, and each attribute a line where they do not fit on one")
    func schemaLayout() throws {
        let text = """
            // The people.
            entity Team;
            entity User in [Team] = {"name":String,age?:Long,@doc("long") emails:Set<String>,address:{street:String,city:String}};
            type Point={x:Long,y:Long};
            type Line = {
            from: Point, to: Point // end

            // apart
            , width: Long };
            @doc("the only one") action view appliesTo {principal:User,resource:[User,Team]};
            namespace Empty { }
            namespace Full { entity A; // a

            entity B;
            // last
            }
            """
        #expect(
            try format(schema: text) == """
                // The people.
                entity Team;

                entity User in [Team] = {
                  "name": String,
                  age?: Long,
                  @doc("long")
                  emails: Set<String>,
                  address: { street: String, city: String },
                };

                type Point = { x: Long, y: Long };

                type Line = {
                  from: Point,
                  to: Point // end
                  // apart
                  ,
                  width: Long,
                };

                @doc("the only one")
                action view appliesTo { principal: User, resource: [User, Team] };

                namespace Empty {}

                namespace Full {
                  entity A; // a

                  entity B;
                  // last
                }

                """)
    }

    @Test("lays out types that nest up to the limit on a small stack", arguments: [("Set<", ">"), ("{a: ", "}")])
    func deepSchemas(opening: String, closing: String) {
        let ran = withStack(of: Self.stackSize) {
            let levels = NestingLimit.standard / 2 - 1
            let type = String(repeating: opening, count: levels) + "Long" + String(repeating: closing, count: levels)
            #expect(throws: Never.self) { try CedarFormatter().format(schema: SourceText("type T = \(type);")) }
        }
        #expect(ran)
    }
}
