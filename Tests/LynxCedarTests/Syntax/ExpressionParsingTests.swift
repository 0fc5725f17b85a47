import Testing

@testable import LynxCedar

@Suite("Expressions parse by Cedar's precedence, straight to the tree")
struct ExpressionParsingTests {
    /// A text and the same with the parentheses that precedence implies.
    private static let grouping: [(String, String)] = [
        ("1 + 2 * 3", "1 + (2 * 3)"), ("1 * 2 + 3", "(1 * 2) + 3"), ("1 - 2 - 3", "(1 - 2) - 3"), ("1 - 2 + 3", "(1 - 2) + 3"),
        ("2 * 3 * 4", "(2 * 3) * 4"), ("1 + 2 == 3", "(1 + 2) == 3"), ("1 == 2 + 3", "1 == (2 + 3)"),
        ("1 == 2 && 3 == 4", "(1 == 2) && (3 == 4)"), ("true || false && true", "true || (false && true)"),
        ("true && false || true", "(true && false) || true"), ("!true && false", "(!true) && false"),
        ("!true == false", "(!true) == false"), ("-1 + 2", "(-1) + 2"), ("- 2 * 3", "(- 2) * 3"), ("1 - -2", "1 - (-2)"),
        ("!principal.a", "!(principal.a)"), ("-principal.a", "-(principal.a)"), ("!principal.contains(1)", "!(principal.contains(1))"),
        ("-1.a", "-(1.a)"), ("!!true", "!(!true)"), ("--5", "-(-5)"), ("principal.a.b[\"c\"].d", "((principal.a).b[\"c\"]).d"),
        ("principal in resource && true", "(principal in resource) && true"),
        ("principal has a && principal has b", "(principal has a) && (principal has b)"),
        ("\"a\" + \"b\" like \"c\"", "(\"a\" + \"b\") like \"c\""), ("1 + 2 has a", "(1 + 2) has a"),
        ("principal is User || true", "(principal is User) || true"),
        ("principal is User in resource.a + 1", "principal is User in (resource.a + 1)"),
        ("principal is User in resource && true", "(principal is User in resource) && true"),
        ("if true then 1 else 2 + 3", "if true then 1 else (2 + 3)"),
        ("if true then true else false && true", "if true then true else (false && true)"),
        ("if true then 1 else if false then 2 else 3", "if true then 1 else (if false then 2 else 3)"),
        ("if true then if false then 1 else 2 else 3", "if true then (if false then 1 else 2) else 3"),
        ("(true && false) && true", "true && false && true"), ("(true || false) || true", "true || false || true"),
        ("[1, 2,]", "[1, 2]"), ("{a: 1,}", "{\"a\": 1}"), ("principal.contains(1,)", "principal.contains(1)"),
        ("principal . a", "principal.a"), ("principal[\"a\"]", "principal.a"), ("A :: B // c\n :: \"x\"", "A::B::\"x\""),
        ("principal has \"a\"", "principal has a"),
    ]

    @Test("operators bind as the grammar says", arguments: grouping)
    func precedence(text: String, grouped: String) throws {
        #expect(try Expression(cedar: text) == Expression(cedar: grouped))
    }

    @Test(
        "grouping to the right is another expression",
        arguments: [
            ("true && (false && true)", "true && false && true"), ("true || (false || true)", "true || false || true"),
            ("1 - (2 - 3)", "1 - 2 - 3"), ("(1 + 2) * 3", "1 + 2 * 3"), ("(!true) == false", "!(true == false)"),
            ("principal has a.b", "principal has a && principal.a has b"), ("1 != 2", "!(1 == 2)"), ("1 > 2", "2 < 1"),
        ])
    func different(left: String, right: String) throws {
        #expect(try Expression(cedar: left) != Expression(cedar: right))
    }

    private static let principal = Expression(.variable(.principal))
    private static let one = Expression(.literal(.long(1)))

    private static let trees: [(String, Expression.Kind)] = [
        ("true", .literal(.bool(true))), ("false", .literal(.bool(false))), ("0", .literal(.long(0))), ("007", .literal(.long(7))),
        ("9223372036854775807", .literal(.long(.max))), ("-9223372036854775808", .literal(.long(.min))),
        ("- 9223372036854775808", .literal(.long(.min))), ("-5", .literal(.long(-5))),
        ("--9223372036854775808", .unary(.negate, Expression(.literal(.long(.min))))),
        ("-(5)", .unary(.negate, Expression(.literal(.long(5))))), ("--5", .unary(.negate, Expression(.literal(.long(-5))))),
        ("\"a\"", .literal(.string("a"))), ("User::\"a\"", .literal(.entity(EntityUID(type: "User", id: "a")))),
        ("permit::when::\"\"", .literal(.entity(EntityUID(type: "permit::when", id: "")))),
        ("principal::\"a\"", .literal(.entity(EntityUID(type: "principal", id: "a")))),
        ("principal", .variable(.principal)), ("action", .variable(.action)),
        ("resource", .variable(.resource)), ("context", .variable(.context)),
        ("[]", .set([])), ("{}", .record([])), ("[1, [1]]", .set([one, Expression(.set([one]))])),
        ("{a: 1, \"b c\": 1, principal: 1}", .record([.init("a", one), .init("b c", one), .init("principal", one)])),
        ("{\"if\": 1}", .record([.init("if", one)])),
        ("principal.a", .attribute(principal, "a")), ("principal[\"if\"]", .attribute(principal, "if")),
        ("principal[\"\"]", .attribute(principal, "")), ("principal.principal", .attribute(principal, "principal")),
        ("principal.contains", .attribute(principal, "contains")),
        ("principal has a.b.c", .has(principal, ["a", "b", "c"])), ("principal has \"a b\"", .has(principal, ["a b"])),
        ("principal has \"if\"", .has(principal, ["if"])), ("principal has permit", .has(principal, ["permit"])),
        ("principal is User", .isType(principal, "User", in: nil)), ("principal is A::B", .isType(principal, "A::B", in: nil)),
        ("principal is principal", .isType(principal, "principal", in: nil)),
        ("principal is User in principal", .isType(principal, "User", in: principal)),
        ("1 != 1", .binary(.notEqual, one, one)), ("1 >= 1", .binary(.greaterOrEqual, one, one)),
        ("principal.contains(1)", .binary(.contains, principal, one)),
        ("principal.containsAll(1)", .binary(.containsAll, principal, one)),
        ("principal.containsAny(1)", .binary(.containsAny, principal, one)),
        ("principal.getTag(1)", .binary(.getTag, principal, one)), ("principal.hasTag(1)", .binary(.hasTag, principal, one)),
        ("principal.isEmpty()", .unary(.isEmpty, principal)),
        ("ip(1)", .call(.ip, [one])), ("principal.isInRange(1, 1)", .call(.isInRange, [principal, one, one])),
    ]

    @Test("each form has its own node", arguments: trees)
    func tree(text: String, kind: Expression.Kind) throws {
        #expect(try Expression(cedar: text).kind == kind)
    }

    @Test("every function and method of the extension types is called in its own way, with any number of arguments")
    func extensions() throws {
        for function in ExtensionFunction.allCases {
            for count in 0...3 {
                let arguments = Array(repeating: "1", count: count).joined(separator: ", ")
                let asFunction = "\(function)(\(arguments))"
                let asMethod = "principal.\(function)(\(arguments))"
                let (right, wrong) = function.style == .function ? (asFunction, asMethod) : (asMethod, asFunction)
                guard case .call(function, let operands) = try Expression(cedar: right).kind else {
                    Issue.record("\(right) is no call of \(function)")
                    continue
                }
                #expect(operands.count == count + (function.style == .method ? 1 : 0))
                let error = try #require(parseError { try Expression(cedar: wrong) })
                #expect(error.diagnostics.count == 1)
                #expect(error.diagnostics.first?.help?.contains("\(function)(...)") == true)
            }
        }
    }

    @Test(
        "methods of the core language take the number of arguments that they take",
        arguments: [
            ("contains", 1), ("containsAll", 1), ("containsAny", 1), ("getTag", 1), ("hasTag", 1), ("isEmpty", 0),
        ])
    func arity(method: String, count: Int) throws {
        for given in 0...3 {
            let text = "principal.\(method)(\(Array(repeating: "1", count: given).joined(separator: ", ")))"
            let error = parseError { try Expression(cedar: text) }
            #expect((error == nil) == (given == count), "\(text)")
        }
        #expect(parseError { try Expression(cedar: "\(method)(1)") } != nil)
    }

    @Test("not more than four ! or - follow one another", arguments: ["!", "-"])
    func repeatedSigns(sign: String) throws {
        for count in 1...12 {
            for separator in ["", " ", "// c\n"] {
                let signs = Array(repeating: sign, count: count).joined(separator: separator)
                let error = parseError { try Expression(cedar: "\(signs)principal") }
                #expect((error == nil) == (count <= 4))
                let expected = SourceSpan(0..<UInt32(signs.utf8.count))
                if let error { #expect(error.diagnostics.map(\.span) == [expected]) }
            }
        }
    }

    @Test("the sentences of the language's limits on numbers", arguments: [
        "9223372036854775808", "18446744073709551616", "-9223372036854775809", "-(9223372036854775808)",
        "1-9223372036854775808", "-9223372036854775808.a", "99999999999999999999999999",
    ])
    func numbers(text: String) throws {
        let error = try #require(parseError { try Expression(cedar: text) })
        #expect(error.diagnostics.map(\.message) == ["this number does not fit in 64 bits"])
    }

    @Test("reserved words are no names, but strings in their place are", arguments: Name.reservedWords.sorted() + ["__cedar"])
    func reserved(word: String) throws {
        for refused in [
            "{\(word): 1}", "principal.\(word)", "principal has \(word)", "principal has a.\(word)", "principal is \(word)",
            "principal is A::\(word)", "\(word)::\"a\"", "A::\(word)::\"a\"", "\(word)::B::\"a\"",
        ] {
            #expect(parseError { try Expression(cedar: refused) } != nil, "\(refused)")
        }
        for accepted in ["{\"\(word)\": 1}", "principal[\"\(word)\"]", "principal has \"\(word)\"", "A::\"\(word)\""] {
            #expect(parseError { try Expression(cedar: accepted) } == nil, "\(accepted)")
        }
    }

    @Test(
        "words that are keywords elsewhere in a policy are names in expressions",
        arguments: [
            "permit", "forbid", "when", "unless", "principal", "action", "resource", "context", "ip", "contains", "_",
            "True", "iff", "Action", "__cedar1", "_cedar",
        ])
    func contextual(word: String) {
        for accepted in [
            "{\(word): 1}", "principal.\(word)", "principal has \(word)", "principal has a.\(word)", "principal is \(word)",
            "principal is \(word)::A", "\(word)::\"a\"", "A::\(word)::\"a\"",
        ] {
            #expect(parseError { try Expression(cedar: accepted) } == nil, "\(accepted)")
        }
    }

    @Test(
        "every node has the span of its text",
        arguments: [
            "1 + 2", "principal.a.b", "if true then 1 else 2", "!principal.a", "-5", "[1, 2]", "{a: 1}", "ip(\"a\")",
            "principal.contains(1)", "principal has a.b", "principal like \"a\"", "principal is A in resource", "A::B::\"c\"",
            "1 == 2 && 3 == 4", "true || false",
        ])
    func spans(text: String) throws {
        for (before, after) in [("", ""), ("  // c\n ", " "), ("\u{3000}", "\u{A0}// é")] {
            let expression = try Expression(cedar: before + text + after)
            let start = UInt32(before.utf8.count)
            #expect(expression.span == SourceSpan(start..<start + UInt32(text.utf8.count)))
        }
    }

    @Test("the span of an operand leaves its parentheses out, that of the operation takes them in")
    func parenthesesInSpans() throws {
        let text = "(1 + 2) * (3)"
        let expression = try Expression(cedar: text)
        let source = SourceText(text)
        #expect(expression.span.map { source.substring($0) } == "(1 + 2) * (3)")
        #expect(expression.children.compactMap(\.span).map { source.substring($0) } == ["1 + 2", "3"])
    }
}
