import CedarGenerators
import Testing

@testable import LynxCedar

@Suite("Deep and long texts cannot crash or stall the parser", .timeLimit(.minutes(5)))
struct DeepTextTests {
    /// Openings that nest, or would if there were no limit.
    private static let openings = [
        "(", "[", "{a:", "!", "-", "!(", "-(", "if ", "if true then ", "if true then 1 else ", "ip(", "principal.contains(",
        "principal.isInRange(", "principal is User in (", "1 + (", "1 * (", "1 == (", "true && (", "true || (", "[1,", "{\"a\":[",
        "principal[", "principal.getTag(", "principal has ", "(1 ", "{", "[[]",
    ]

    /// Chains that are flat as text but deep as trees, or flat in both.
    private static let chains = [
        "principal.a.b.c", "1+", "1-", "1*", "true&&", "true||", "a.", "a::", "1==", "principal.contains(1).", "[1].", "\"a\"[\"b\"].",
        "!true&&", "-1-", "1/", "1=", "principal has a.", "principal in ", "principal is A in ", "a,", ";", "\"", "\\", "@", "é", "&",
        "then ", "}", ")", "]", "?principal ", "9", "a", "\"\\q\"", "//", "// c\n", " ", "\n", "\r", "permit", "permit(", "permit ",
        "permit(principal,action,resource)when{", "@a", "@a(", "@a\n", "unless{", "-1'", "\"a\\\n",
    ]

    #if DEBUG
    /// Bytes of a text; what is not linear shows at this size too.
    private static let size = 1 << 16
    #else
    private static let size = 1 << 20
    #endif

    /// What threads get by default on some systems.
    private static let stackSize = 512 << 10

    @Test("any number of openings has one clear error, and no stack overflow", arguments: openings)
    func opening(opening: String) throws {
        let text = String(repeating: opening, count: Self.size / opening.utf8.count)
        let error = try #require(parseError { try Expression(cedar: text) })
        expectSpansInside(text, error)
        let policy = "permit(principal,action,resource) when { \(text)"
        let policyError = try #require(parseError { try PolicySet(cedar: policy) })
        expectSpansInside(policy, policyError)
    }

    @Test(
        "what nests is told to nest too deep",
        arguments: [
            "(", "[", "{a:", "!(", "-(", "if ", "if true then ", "if true then 1 else ", "ip(", "principal.contains(", "1 == (",
            "true && (", "1 + (",
        ])
    func tooDeep(opening: String) throws {
        let text = String(repeating: opening, count: Self.size / opening.utf8.count)
        let error = try #require(parseError { try Expression(cedar: text) })
        #expect(error.diagnostics.map(\.message) == ["this nests deeper than \(NestingLimit.standard) levels"])
    }

    @Test("any length of a chain or of nonsense ends in a tree or in errors", arguments: chains)
    func chain(link: String) {
        let text = String(repeating: link, count: Self.size / link.utf8.count)
        for text in [text, "permit(principal,action,resource) when { \(text)1 };"] {
            if let error = parseError({ try PolicySet(cedar: text) }) { expectSpansInside(text, error) }
            if let error = parseError({ try Expression(cedar: text) }) { expectSpansInside(text, error) }
        }
    }

    @Test("chains of && and of || are flat, and take any length", arguments: ["&&", "||"])
    func flatChains(joint: String) throws {
        let text = Array(repeating: "true", count: 100_000).joined(separator: joint)
        #expect(try Expression(cedar: text).children.count == 100_000)
    }

    /// Ways to go one level deeper, around an expression.
    private static let brackets: [(String, String)] = [
        ("(", ")"), ("[", "]"), ("{a:", "}"), ("!(", ")"), ("-(", ")"), ("ip(", ")"), ("1 + (", ")"), ("1 * (", ")"), ("1 == (", ")"),
        ("true && (", ")"), ("true || (", ")"), ("principal.contains(", ")"), ("principal.isInRange(1, ", ")"),
        ("if true then 1 else ", ""), ("if true then ", " else 1"), ("if ", " then 1 else 1"), ("principal is A in (", ")"), ("[{a:[", "]}]"),
    ]

    @Test("what nests up to the limit parses, prints and goes away again on a small stack", arguments: brackets)
    func withinLimit(opening: String, closing: String) {
        let ran = withStack(of: Self.stackSize) {
            // The deepest text that parses, found by bisection, so that each level is one of the text's own.
            func parses(_ levels: Int) -> Bool {
                let text =
                    String(repeating: opening, count: levels) + "1" + String(repeating: closing, count: levels)
                guard let expression = try? Expression(cedar: text) else { return false }
                return expression.description.utf8.count > 0 && expression == expression
            }
            var deepest = 1
            var refused = NestingLimit.standard + 1
            while refused - deepest > 1 {
                let middle = (deepest + refused) / 2
                if parses(middle) { deepest = middle } else { refused = middle }
            }
            // `!(` and the like count the bracket and the operator, `[{a:[` counts three.
            #expect(deepest >= NestingLimit.standard / 3 - 1)
        }
        #expect(ran)
    }

    /// The deepest text that parses of some made of brackets in random order, found by bisection.
    private static func mixture(_ brackets: [(String, String)], dice: inout some RandomNumberGenerator) -> String {
        let order = (0...NestingLimit.standard).compactMap { _ in brackets.randomElement(using: &dice) }
        func text(_ levels: Int) -> String {
            order.prefix(levels).map(\.0).joined() + "1" + order.prefix(levels).reversed().map(\.1).joined()
        }
        var deepest = 1
        var refused = order.count
        while refused - deepest > 1 {
            let middle = (deepest + refused) / 2
            if parseError({ try Expression(cedar: text(middle)) }) == nil { deepest = middle } else { refused = middle }
        }
        return text(deepest)
    }

    @Test("what nests in any mixture up to the limit parses and is formatted on a small stack", arguments: 0..<(brackets.count + 6))
    func mixtures(number: Int) {
        // Each way alone, then all of them.
        let brackets = number < Self.brackets.count ? [Self.brackets[number]] : Self.brackets + Self.deepBrackets
        let ran = withStack(of: Self.stackSize) {
            var dice = SeededGenerator(seed: UInt64(number))
            let expression = Self.mixture(brackets, dice: &dice)
            let policy = "permit(principal,action,resource) when { \(expression) };"
            #expect(parseError { try PolicySet(cedar: policy) } == nil)
            #expect((try? CedarFormatter(indent: 0).format(policies: SourceText(policy))) != nil)
        }
        #expect(ran)
    }

    /// Ways that take several levels at once.
    private static let deepBrackets = [
        ("context.a.contains(", ")"), ("1 || 1 && 1 == 1 + 1 * !context.contains(", ")"), ("principal is A in [", "]"), ("(1 + ", ").a"),
        ("[{\"b\":1,a:", "}]"), ("!!principal.getTag(", ")"), ("(if 1 has a.b then ", " else 2)"), ("ip(1,[1],", ")"),
    ]

    @Test("parentheses in the scope nest up to the limit on a small stack")
    func scope() {
        let ran = withStack(of: Self.stackSize) {
            let (opening, closing) = (String(repeating: "(", count: 249), String(repeating: ")", count: 249))
            for scope in [
                "principal == \(opening)A::\"a\"\(closing), action, resource",
                "principal, action in \(opening)[Action::\"a\"]\(closing), resource",
                "principal, action in [\(opening)Action::\"a\"\(closing)], resource in \(opening)A::\"a\"\(closing)",
            ] {
                #expect(parseError { try PolicySet(cedar: "permit(\(scope));") } == nil)
                #expect((try? CedarFormatter(indent: 0).format(policies: SourceText("permit(\(scope));"))) != nil)
            }
        }
        #expect(ran)
    }

    @Test("chains of operators and accesses as deep as the limit parse on a small stack", arguments: ["+1", "-1", "*1", ".a", "[\"a\"]", ".contains(1)"])
    func deepChains(link: String) {
        let ran = withStack(of: Self.stackSize) {
            let text = "1" + String(repeating: link, count: NestingLimit.standard - 1)
            #expect((try? Expression(cedar: text))?.description.isEmpty == false)
            #expect((try? Expression(cedar: text + link)) == nil)
        }
        #expect(ran)
    }

    @Test("the limit can be set, and counts levels")
    func configurable() {
        for limit in [1, 2, 10, 1_000] {
            let brackets = { (levels: Int) in String(repeating: "(", count: levels) + "1" + String(repeating: ")", count: levels) }
            #expect(parseError { try Expression(cedar: brackets(limit - 1), maximumNesting: limit) } == nil)
            #expect(parseError { try Expression(cedar: brackets(limit), maximumNesting: limit) } != nil)
        }
    }
}
