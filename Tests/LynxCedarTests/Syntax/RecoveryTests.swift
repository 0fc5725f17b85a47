import Testing

@testable import LynxCedar

@Suite("All faults of a file are found in one reading")
struct RecoveryTests {
    /// A fault by the text that its span covers, and a part of what its help says.
    private struct Expected {
        let excerpt: String
        let help: String?

        init(_ excerpt: String, _ help: String? = nil) {
            self.excerpt = excerpt
            self.help = help
        }
    }

    private func expect(
        _ text: String, _ expected: [Expected], sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) throws {
        let error = try #require(parseError { try PolicySet(cedar: text) }, sourceLocation: sourceLocation)
        expectSpansInside(text, error, sourceLocation: sourceLocation)
        let source = SourceText(text)
        #expect(
            error.diagnostics.map { $0.span.map { String(source.substring($0)) } } == expected.map(\.excerpt),
            sourceLocation: sourceLocation)
        for (diagnostic, expected) in zip(error.diagnostics, expected) {
            guard let help = expected.help else { continue }
            #expect(diagnostic.help?.contains(help) == true, "\(diagnostic)", sourceLocation: sourceLocation)
        }
    }

    @Test("faults in several policies are reported, and the good policies between them are not")
    func severalPolicies() throws {
        try expect(
            """
            pemit(principal, action, resource);
            permit(principal, action, resource);
            permit(principl, action, resource);
            forbid(principal, action, resource) when { principal.name = "a" };
            permit(principal, action, resource) wen { true };
            @id(1) permit(principal, action, resource);
            """,
            [
                Expected("pemit", "`permit`"), Expected("principl", "`principal`"), Expected("=", "`==`"), Expected("wen", "`when`"),
                Expected("1"),
            ])
    }

    @Test("faults in several clauses of one policy are reported")
    func severalClauses() throws {
        try expect(
            """
            permit(principal = User::"a", action is Action, resource == ?principal)
            when { 1 + } unless { foo(1) } when { principl.a } when { } when { 1 < 2 < 3 };
            """,
            [
                Expected("=", "`==`"), Expected("is", "`==` or `in`"), Expected("?principal"), Expected("}"), Expected("foo"),
                Expected("principl", "`principal`"), Expected("{ }"), Expected("<", "parentheses"),
            ])
    }

    @Test("faults in one expression that leave its structure clear are all reported")
    func severalInExpression() throws {
        try expect(
            #"permit(principal, action, resource) when { prncipal.a == 99999999999999999999 && "\q" == resource.contain(1) / 2 };"#,
            [
                Expected("prncipal", "`principal`"), Expected("99999999999999999999"), Expected(#"\q"#), Expected("contain", "`contains`"),
                Expected("/"),
            ])
    }

    @Test("a missing semicolon is reported where it should stand, and the next policy is read")
    func missingSemicolon() throws {
        let text = "permit(principal, action, resource)\nforbid(principal, action, resource) when { x };\npermit(principal, action, resource)"
        let error = try #require(parseError { try PolicySet(cedar: text) })
        #expect(error.diagnostics.compactMap(\.span).map(\.range) == [35..<35, 79..<80, 119..<119])
        #expect(error.diagnostics.map { $0.help?.contains(";") } == [true, false, true])
    }

    /// An expression with one fault, the place of the fault, and what the help must name.
    private static let expressions: [(String, String, String?)] = [
        ("a = b", "a", nil), ("principal = resource", "=", "`==`"), ("1 / 2", "/", nil), ("1 % 2", "%", nil),
        ("1 == 2 == 3", "==", "parentheses"), ("principal has a has b", "has", "parentheses"),
        ("principal has a + 1", "+", "parentheses"), ("\"a\" like \"a\" + \"b\"", "+", "parentheses"),
        ("!!!!!true", "!!!!!", "even number"), ("-----1", "-----", "even number"),
        ("principal.contins(1)", "contins", "`contains`"), ("principal.isIPv4()", "isIPv4", "`isIpv4`"),
        ("deciml(\"1.0\")", "deciml", "`decimal`"), ("foo(1)", "foo", "`decimal`, `ip`, `datetime`, `duration`"),
        ("isIpv4(1)", "isIpv4", "x.isIpv4(...)"), ("principal.ip()", "ip", "`ip(...)`"),
        ("principal.contains()", "principal.contains()", nil), ("principal.isEmpty(1)", "principal.isEmpty(1)", nil),
        ("principal.contains(1, 2)", "principal.contains(1, 2)", nil),
        ("principl", "principl", "`principal`"), ("A::B", "A::B", "A::\"B\""), ("foo", "foo", "`context`"),
        ("principal is \"User\"", "\"User\"", "without quotes"), ("principal is User::\"a\"", "User::\"a\"", "=="),
        ("principal like principal", "principal", "string literal"), ("principal[principal]", "principal", "getTag"),
        ("{if: 1}", "if", "\"if\""), ("principal.if", "if", "[\"if\"]"), ("principal has if", "if", "has \"if\""),
        ("{a: 1, a: 2}", "a", nil), ("{1: 2}", "1", "strings"), ("?principal == principal", "?principal", "scope"),
        ("1 + if true then 1 else 2", "if", "(if ..."), ("if true then 1", "", "`else`"), ("(1", "", nil), ("[1 2]", "2", nil),
        ("1 2", "2", nil), ("principal(1)", "principal", nil), ("1(2)", "1", nil), ("User::{a: 1}", "User::{", "string"),
        ("true and false", "and", nil), ("a.b c", "a", nil), ("then", "then", nil), ("", "", nil), ("\"abc", "\"abc", "`\"`"),
        ("principal.\"a\"", "\"a\"", nil), ("principal has \"a\".b", ".", "&&"), ("principal.", "", nil), ("1 &", "&", "`&&`"),
        ("'a'", "'a'", "double quotes"), ("a === b", "a", nil), ("1 === 2", "===", "`==`"), ("1 <> 2", "<>", "`!=`"),
        ("not true", "not", "`!`"), ("1.5", "1.5", "decimal(\"1.5\")"), ("10px", "10px", "decimal digits"), ("größe", "größe", "ASCII"),
        ("null", "null", "`has`"), ("ip", "ip", "ip(...)"), ("User:\"a\"", ":", "User::"),
    ]

    @Test("a fault is reported where it is, with help where there is some", arguments: expressions)
    func expression(text: String, excerpt: String, help: String?) throws {
        let error = try #require(parseError { try Expression(cedar: text) })
        let first = error.diagnostics[0]
        let span = try #require(first.span)
        #expect(SourceText(text).substring(span) == excerpt)
        if let help { #expect(first.help?.contains(help) == true, "\(first)") }
        expectSpansInside(text, error)
    }

    /// A policy with one fault, the place of the fault, and what the help must name.
    private static let policies: [(String, String, String?)] = [
        ("allow(principal, action, resource);", "allow", "`permit`"), ("Permit(principal, action, resource);", "Permit", "`permit`"),
        ("permit(principal, action);", "action", "principal, action and resource"),
        ("permit();", "(", "principal, action and resource"),
        ("permit(action, principal, resource);", "action", "in this order"),
        ("permit(principal, action, resource, context);", "context", nil),
        ("permit(principal, action, resource, resource);", "resource", "`when`"),
        ("permit(principal: User, action, resource);", ":", "is Type"),
        ("permit(principal in [User::\"a\"], action, resource);", "[", "`when`"),
        ("permit(principal != User::\"a\", action, resource);", "!=", "`when`"),
        ("permit(principal in User::\"a\" is User, action, resource);", "is", "is Type in"),
        ("permit(principal is User == User::\"a\", action, resource);", "==", "fixes the type"),
        ("permit(principal == User, action, resource);", "User", "User::\"id\""),
        ("permit(principal == \"a\", action, resource);", "\"a\"", "Type::\"a\""),
        ("permit(principal == ?resource, action, resource);", "?resource", nil),
        ("permit(principal, action == ?action, resource);", "?action", nil),
        ("permit(principal, action == User::\"a\", resource);", "User::\"a\"", "Action::\"a\""),
        ("permit(principal, action in [Action::\"a\", User::\"b\"], resource);", "User::\"b\"", "Action::\"b\""),
        ("permit(principal, action is Action, resource);", "is", "`==` or `in`"),
        ("permit(principal is if, action, resource);", "if", nil),
        ("permit(principal is __cedar::X, action, resource);", "__cedar", nil),
        ("permit(principal, action, resource) when {};", "{}", "`true`"), ("permit(principal, action, resource) when true;", "true", nil),
        ("permit(principal, action, resource) whn { true };", "whn", "`when`"),
        ("@id(\"a\", \"b\") permit(principal, action, resource);", ",", nil), ("@\"id\" permit(principal, action, resource);", "\"id\"", nil),
        ("permit(principal, action, resource);;", ";", nil), ("permit(principal, action, resource) when { ?principal };", "?principal", "scope"),
        ("permit principal, action, resource;", "principal", "permit (principal, action, resource)"),
    ]

    @Test("a fault in a policy is reported where it is, with help where there is some", arguments: policies)
    func policy(text: String, excerpt: String, help: String?) throws {
        let error = try #require(parseError { try PolicySet(cedar: text) })
        let first = error.diagnostics[0]
        let span = try #require(first.span)
        #expect(SourceText(text).substring(span) == excerpt)
        if let help { #expect(first.help?.contains(help) == true, "\(first)") }
        expectSpansInside(text, error)
    }

    @Test("faults come in the order of their places, and not more than a reader can use")
    func bounded() throws {
        let text = String(repeating: "permit(x, action, resource);\n", count: 5_000)
        let error = try #require(parseError { try PolicySet(cedar: text) })
        #expect(error.diagnostics.count == DiagnosticCollector.maximumCount + 1)
        let places = error.diagnostics.compactMap(\.span).map(\.lowerBound)
        #expect(places == places.sorted())
    }
}
