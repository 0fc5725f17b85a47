/// Policies put together from fragments without regard to grammar and types: about half of them parse.
///
/// What comes of it decides nothing; it is there for the verdicts on texts, and for the trees that the odd ones stand for.
struct OddPolicy {
    let dice: Dice

    /// The tokens of one policy.
    func tokens() -> [String] {
        // One odd thing is enough: two would hide each other.
        switch dice.int(0...9) {
        case 0: return fragment(Self.annotations) + scope() + [";"]
        case 1: return ["permit", "("] + fragment(Self.scopes) + [")", ";"]
        case 2: return scope() + fragment(Self.conditions) + [";"]
        default: return scope() + [dice.pick("when", "unless"), "{"] + expression(depth: 3) + ["}", ";"]
        }
    }

    private func scope() -> [String] { [dice.pick("permit", "forbid"), "(", "principal", ",", "action", ",", "resource", ")"] }

    private func fragment(_ fragments: [String]) -> [String] { [dice.any(of: fragments) ?? ""] }

    private func expression(depth: Int) -> [String] {
        if depth == 0 || dice.chance(30) { return fragment(dice.chance(80) ? Self.plainOperands : Self.oddOperands) }
        func part() -> [String] { expression(depth: depth - 1) }
        func parenthesized() -> [String] { ["("] + part() + [")"] }
        switch dice.int(0...13) {
        case 0...2: return part() + fragment(Self.operators) + part()
        case 3, 4: return parenthesized() + fragment(Self.operators) + parenthesized()
        case 5: return [String](repeating: dice.pick("!", "-"), count: dice.int(1...5)) + (dice.bit() ? part() : parenthesized())
        case 6: return ["if"] + part() + ["then"] + part() + ["else"] + part()
        case 7: return (dice.bit() ? part() : parenthesized()) + fragment(Self.accesses)
        case 8, 9: return (dice.chance(70) ? parenthesized() : part()) + fragment(Self.relations)
        case 10: return ["["] + part() + (dice.bit() ? [","] + part() : []) + (dice.chance(20) ? [","] : []) + ["]"]
        case 11: return ["{"] + fragment(Self.keys) + [":"] + part() + (dice.bit() ? [","] + fragment(Self.keys) + [":"] + part() : []) + ["}"]
        case 12: return fragment(Self.functions) + ["("] + (dice.chance(80) ? part() : []) + (dice.chance(20) ? [","] + part() : []) + [")"]
        default: return parenthesized() + ["."] + fragment(Self.functions) + ["("] + (dice.bit() ? part() : []) + [")"]
        }
    }

    private static let plainOperands = [
        "true", "false", "0", "1", "-1", "principal", "action", "resource", "context", "\"a\"", "User::\"a\"", "context.a", "[]", "{}", "(1)",
    ]

    private static let oddOperands = [
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "- 9223372036854775808",
        "-(9223372036854775808)", "--9223372036854775808", "-0", "00", "1_000", "1.a", "-1.a", "- 1 . a", "-\"a\"", "!1", "?principal", "?resource", "?x",
        "\"\\n\\r\\t\\0\\\\\\'\\\"\"", "\"\\u{1F600}\"", "\"\\u{0}\"", "\"\\u{D7FF}\"", "\"\\u{DFFF}\"", "\"\\u{10FFFF}\"", "\"\\u{000041}\"", "\"\\x41\"", "\"\\x7f\"",
        "\"\\x80\"", "\"\\x4\"", "\"\\U{41}\"", "\"\\u41\"", "\"\\a\"", "\"\\*\"", "\"a\nb\"", "\"\\\n b\"", "\"\\u{+41}\"", "\"\\u{ 41}\"", "\"\\u{41\"", "'a'", "\"a\"\"b\"",
        "User::\"\\*\"", "User::\"\"", "User::a", "User", "User::N::\"a\"", "::User::\"a\"", "User::\"a\"::\"b\"", "User::\"a\".b", "in::\"a\"", "if::\"a\"", "has::\"a\"",
        "__cedar::\"a\"", "__cedar::User::\"a\"", "__cedar", "principal::\"a\"", "context::\"a\"", "permit::\"a\"", "Action", "User :: \"a\"", "User::{a: 1}", "User::if::\"a\"",
        "ip", "ip()", "ip(\"1\")", "ip(\"1\", \"2\")", "ip::a", "ip::\"a\"", "N::ip(\"1\")", "IP(\"1\")", "contains(1)", "isIpv4(1)", "isEmpty", "1.isEmpty()", "[1].isEmpty(1)",
        "[].contains()", "[].contains(1, 2)", "[].contains(1,)", "[].containsAll([],[])", "[].foo()", "[].foo", "[].ip(\"1\")", "principal.decimal(\"1.0\")",
        "principal.hasTag()", "principal.getTag(1, 2)", "principal.hasTag(\"a\")", "decimal(\"1.0\").lessThan()", "decimal(1)", "decimal(\"x\")", "duration(\"1h\").toDays(1)",
        "datetime(\"2024-01-01\").offset()", "getTag(1)", "principal(1)", "principal.a.b(1)", "context.a[\"b\"].c", "context[\"a\"", "context[a]", "context[1]", "context[\"a\" + \"b\"]",
        "context[(\"a\")]", "context.\"a\"", "context.if", "context.1", "context.__cedar", "context[\"__cedar\"]", "context.a.", "context..a", "[1, 2,]", "[,]", "[1 2]", "{a: 1,}", "{,}", "{a}", "{a 1}",
        "{a: 1 b: 2}", "{\"a\": 1, a: 2}", "{a.b: 1}", "{[1]: 2}", "()", "(1,)", "(1, 2)", "((1))", "true()", "true.a", "if", "then", "in", "like", "has", "is", "a", "a.b", "a::b", "x()", "a::b()", "error()", "1 / 2", "1 % 2",
        "a = b", "1 === 1", "1 <> 1", "1 =< 1", "true & false", "true | false", "not true", "true and false", "null", "\u{1F600}", "é", "x\u{301}", "$a", "#", "`a`", "~1", "^", "1;", "// x", "/* x */ 1",
    ]

    private static let operators = ["==", "!=", "<", "<=", ">", ">=", "in", "&&", "||", "+", "-", "*", "==", "&&", "||", "=", "/", "%", "&", "|"]

    private static let accesses = [
        ".a", "[\"a\"]", "[\"\"]", ".if", ".in", "[a]", ".contains(1)", ".isEmpty()", ".like", ".principal", ".hasTag(\"a\")", "[\"\\*\"]", "[\"\\n\"]", ".isIpv4()", ".toDate()",
        ".a.b[\"c\"].d", "()", ".a()", "[1]", "[\"a\", \"b\"]", ".contains", ".true", "[]", "::a", ".a::b",
    ]

    private static let relations = [
        "has a", "has \"a\"", "has \"a b\"", "has a.b.c", "has if", "has a.if", "has \"a\".b", "has a.\"b\"", "has a[\"b\"]", "has 1", "has (a)", "has", "has a has b", "has \"\\*\"",
        "has principal", "has context.a", "has a::b", "has __cedar", "has a.__cedar", "has \"a\" + \"b\"", "has a.b()", "has ip", "has ip(\"1\")", "has true", "has User::\"a\"",
        "like \"a*\"", "like \"\\*\"", "like \"\\\\*\"", "like \"*\\**\"", "like a", "like 1", "like \"a\" + \"b\"", "like (\"a\")", "like", "like \"\"", "like \"\\u{2a}\"", "like \"\\x2a\"", "like \"\\q\"", "like User::\"a\"",
        "is User", "is N::User", "is \"User\"", "is User::\"a\"", "is", "is in User::\"a\"", "is User in User::\"a\"", "is User in [User::\"a\"]", "is User in ?principal", "is if", "is __cedar",
        "is __cedar::Long", "is (User)", "is User == true", "is User in a", "is User in 1 + 1", "is User in principal in resource", "is principal", "is User.a", "is User is User", "is ip", "is Long", "is User()", "is [User]", "is in",
        "in principal in resource", "in [principal, resource]", "in (principal)", "== 1 == 2", "< 1 < 2", "== 1 < 2", "!= -1", "- -1", "+ +1", "* -1", "* - - 1", "== !true", "== !!!!!true", "- if true then 1 else 2",
        "&& if true then true else false", "|| if true then true else false && true", "== if true then 1 else 2", "+ 1 * 2 - 3", "&& true || false && true", "== (if true then 1 else 2)", "has a && has b",
    ]

    private static let keys = ["a", "b", "\"a\"", "\"\"", "if", "in", "1", "a.b", "__cedar", "principal", "\"\\n\"", "\"\\*\"", "(a)", "User::\"a\"", "ip", "true", "\"a\" + \"b\"", "is", "contains", "-a"]

    private static let functions = [
        "ip", "decimal", "datetime", "duration", "isIpv4", "isInRange", "lessThan", "contains", "containsAll", "containsAny", "isEmpty", "getTag", "hasTag", "toDate", "offset",
        "foo", "N::ip", "Ip", "if", "principal", "User", "durationSince",
    ]

    private static let annotations = [
        "@a(\"x\")", "@a", "@a()", "@a(x)", "@a(\"x\",)", "@a(\"x\" \"y\")", "@\"a\"", "@a::b(\"x\")", "@a(\"x\") @a(\"y\")", "@a @b", "@if(\"x\")", "@in", "@__cedar(\"x\")", "@1(\"x\")", "@", "@a(\"\\*\")",
        "@a(\"\\u{301}\")", "@a(\"\\q\")", "@a(1)", "@a[\"x\"]", "@a.b", "@ a (\"x\")", "@permit", "@a(\"\\0\")", "a(\"x\")", "@a;", "@a(\"\")", "@é", "@a(User::\"b\")", "@principal @action",
    ]

    private static let scopes = [
        "principal, action, resource,", "principal, action", "principal", "", ",", "principal, action, resource, context", "action, principal, resource", "principal, resource, action", "principal action resource",
        "p, a, r", "principal, action, resource, resource", "principal == User::\"a\", action, resource", "principal == principal, action, resource", "principal != User::\"a\", action, resource",
        "principal == ?principal, action, resource", "principal == ?resource, action, resource", "principal, action, resource in ?resource", "principal, action, resource == ?principal", "principal, action == ?action, resource",
        "principal, action in ?principal, resource", "principal in [User::\"a\"], action, resource", "principal in [User::\"a\", User::\"b\"], action, resource", "principal, action in [Action::\"a\", Action::\"b\",], resource",
        "principal, action in [], resource", "principal, action in [Action::\"a\", User::\"a\"], resource", "principal, action == User::\"a\", resource", "principal, action == N::Action::\"a\", resource",
        "principal, action in N::Action::\"a\", resource", "principal, action in Action::N::\"a\", resource", "principal, action == [Action::\"a\"], resource", "principal, action is Action, resource", "principal, action in (Action::\"a\"), resource",
        "principal is User, action, resource", "principal is N::User, action, resource", "principal is User in Group::\"a\", action, resource", "principal is User in ?principal, action, resource", "principal is ?principal, action, resource",
        "principal is User == User::\"a\", action, resource", "principal is User in [Group::\"a\"], action, resource", "principal is \"User\", action, resource", "principal is __cedar::User, action, resource", "principal is if, action, resource",
        "principal in User, action, resource", "principal in \"a\", action, resource", "principal < User::\"a\", action, resource", "principal == User::\"a\" && true, action, resource", "(principal), action, resource",
        "principal == (User::\"a\"), action, resource", "principal has a, action, resource", "principal like \"a\", action, resource", "principal.a, action, resource", "principal : User, action, resource", "principal in resource, action, resource",
        "principal in User::\"a\" in User::\"b\", action, resource", "principal == User::\"\\u{0}\", action, resource", "principal == User::\"\\*\", action, resource", "principal is in, action, resource", "principal is User in, action, resource",
        "principal, action, resource is User in ?resource", "principal, action, resource is User in ?principal", "principal == if, action, resource", "principal is User::\"a\", action, resource", "principal, action, resource == User::\"a\" in User::\"b\"",
        "principal, action in [[Action::\"a\"]], resource", "principal, action in [?principal], resource", "principal is Action, action, resource", "!principal, action, resource", "principal == 1, action, resource", "principal in {}, action, resource",
    ]

    private static let conditions = [
        "when {}", "when { }", "unless {}", "when { true } when { true }", "when { true } unless { true }", "when ( true )", "when true", "when { true", "when { true } }", "if { true }", "when { true, }", "when { true; }",
        "when { ?principal }", "when { principal == ?principal }", "when { a: 1 }", "when { {} }", "when { { true } }", "When { true }", "when unless { true }", "when { true } ;", "advice { \"a\" }", "where { true }",
        "unless { 1 } unless { 2 } unless { 3 }", "when [ true ]", "when { true && }", "when { && true }", "\"when\" { true }", "when { true } @a", "when { true false }", "when { (true }", "when { true) }",
    ]
}
