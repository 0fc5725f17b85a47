import Testing

/// What the reference implementation (4.12, through its Python binding) gives for these texts in Cedar's JSON format.
enum ReferencePolicyJSON {
    struct Example: CustomTestStringConvertible, Sendable {
        let cedar: String
        let json: String
        var testDescription: String { cedar }
    }

    static let expressions: [Example] = [
        Example(
            cedar: #"true"#,
            json: #"{"Value":true}"#),
        Example(
            cedar: #"-1"#,
            json: #"{"Value":-1}"#),
        Example(
            cedar: #"-9223372036854775808"#,
            json: #"{"Value":-9223372036854775808}"#),
        Example(
            cedar: #"--1"#,
            json: #"{"neg":{"arg":{"Value":-1}}}"#),
        Example(
            cedar: #"-(1)"#,
            json: #"{"neg":{"arg":{"Value":1}}}"#),
        Example(
            cedar: #""a\"b\n\u{e9}""#,
            json: #"{"Value":"a\"b\né"}"#),
        Example(
            cedar: #"User::"alice""#,
            json: #"{"Value":{"__entity":{"type":"User","id":"alice"}}}"#),
        Example(
            cedar: #"N::User::"a b""#,
            json: #"{"Value":{"__entity":{"type":"N::User","id":"a b"}}}"#),
        Example(
            cedar: #"principal"#,
            json: #"{"Var":"principal"}"#),
        Example(
            cedar: #"action"#,
            json: #"{"Var":"action"}"#),
        Example(
            cedar: #"resource"#,
            json: #"{"Var":"resource"}"#),
        Example(
            cedar: #"context"#,
            json: #"{"Var":"context"}"#),
        Example(
            cedar: #"!context.a"#,
            json: #"{"!":{"arg":{".":{"left":{"Var":"context"},"attr":"a"}}}}"#),
        Example(
            cedar: #"!!context.a"#,
            json: #"{"!":{"arg":{"!":{"arg":{".":{"left":{"Var":"context"},"attr":"a"}}}}}}"#),
        Example(
            cedar: #"-context.a"#,
            json: #"{"neg":{"arg":{".":{"left":{"Var":"context"},"attr":"a"}}}}"#),
        Example(
            cedar: #"context.a == 1"#,
            json: #"{"==":{"left":{".":{"left":{"Var":"context"},"attr":"a"}},"right":{"Value":1}}}"#),
        Example(
            cedar: #"context.a != 1"#,
            json: #"{"!=":{"left":{".":{"left":{"Var":"context"},"attr":"a"}},"right":{"Value":1}}}"#),
        Example(
            cedar: #"context.a < 1"#,
            json: #"{"<":{"left":{".":{"left":{"Var":"context"},"attr":"a"}},"right":{"Value":1}}}"#),
        Example(
            cedar: #"context.a <= 1"#,
            json: #"{"<=":{"left":{".":{"left":{"Var":"context"},"attr":"a"}},"right":{"Value":1}}}"#),
        Example(
            cedar: #"context.a > 1"#,
            json: #"{">":{"left":{".":{"left":{"Var":"context"},"attr":"a"}},"right":{"Value":1}}}"#),
        Example(
            cedar: #"context.a >= 1"#,
            json: #"{">=":{"left":{".":{"left":{"Var":"context"},"attr":"a"}},"right":{"Value":1}}}"#),
        Example(
            cedar: #"principal in Group::"a""#,
            json: #"{"in":{"left":{"Var":"principal"},"right":{"Value":{"__entity":{"type":"Group","id":"a"}}}}}"#),
        Example(
            cedar: #"principal in [Group::"a", Group::"b"]"#,
            json: #"{"in":{"left":{"Var":"principal"},"right":{"Set":[{"Value":{"__entity":{"type":"Group","id":"a"}}},{"Value":{"__entity":{"type":"Group","id":"b"}}}]}}}"#),
        Example(
            cedar: #"context.a + 1 - 2 * 3"#,
            json: #"{"-":{"left":{"+":{"left":{".":{"left":{"Var":"context"},"attr":"a"}},"right":{"Value":1}}},"right":{"*":{"left":{"Value":2},"right":{"Value":3}}}}}"#),
        Example(
            cedar: #"true && false"#,
            json: #"{"&&":{"left":{"Value":true},"right":{"Value":false}}}"#),
        Example(
            cedar: #"context.a && context.b && context.c"#,
            json: #"{"&&":{"left":{"&&":{"left":{".":{"left":{"Var":"context"},"attr":"a"}},"right":{".":{"left":{"Var":"context"},"attr":"b"}}}},"right":{".":{"left":{"Var":"context"},"attr":"c"}}}}"#),
        Example(
            cedar: #"context.a && (context.b && context.c)"#,
            json: #"{"&&":{"left":{".":{"left":{"Var":"context"},"attr":"a"}},"right":{"&&":{"left":{".":{"left":{"Var":"context"},"attr":"b"}},"right":{".":{"left":{"Var":"context"},"attr":"c"}}}}}}"#),
        Example(
            cedar: #"(context.a && context.b) && context.c"#,
            json: #"{"&&":{"left":{"&&":{"left":{".":{"left":{"Var":"context"},"attr":"a"}},"right":{".":{"left":{"Var":"context"},"attr":"b"}}}},"right":{".":{"left":{"Var":"context"},"attr":"c"}}}}"#),
        Example(
            cedar: #"context.a || context.b || context.c"#,
            json: #"{"||":{"left":{"||":{"left":{".":{"left":{"Var":"context"},"attr":"a"}},"right":{".":{"left":{"Var":"context"},"attr":"b"}}}},"right":{".":{"left":{"Var":"context"},"attr":"c"}}}}"#),
        Example(
            cedar: #"context.a || (context.b || context.c)"#,
            json: #"{"||":{"left":{".":{"left":{"Var":"context"},"attr":"a"}},"right":{"||":{"left":{".":{"left":{"Var":"context"},"attr":"b"}},"right":{".":{"left":{"Var":"context"},"attr":"c"}}}}}}"#),
        Example(
            cedar: #"context.a && context.b || context.c && context.d"#,
            json: #"{"||":{"left":{"&&":{"left":{".":{"left":{"Var":"context"},"attr":"a"}},"right":{".":{"left":{"Var":"context"},"attr":"b"}}}},"right":{"&&":{"left":{".":{"left":{"Var":"context"},"attr":"c"}},"right":{".":{"left":{"Var":"context"},"attr":"d"}}}}}}"#),
        Example(
            cedar: #"(context.a || context.b) && context.c"#,
            json: #"{"&&":{"left":{"||":{"left":{".":{"left":{"Var":"context"},"attr":"a"}},"right":{".":{"left":{"Var":"context"},"attr":"b"}}}},"right":{".":{"left":{"Var":"context"},"attr":"c"}}}}"#),
        Example(
            cedar: #"context["a b"]"#,
            json: #"{".":{"left":{"Var":"context"},"attr":"a b"}}"#),
        Example(
            cedar: #"context.a.b["if"]"#,
            json: #"{".":{"left":{".":{"left":{".":{"left":{"Var":"context"},"attr":"a"}},"attr":"b"}},"attr":"if"}}"#),
        Example(
            cedar: #"context has a"#,
            json: #"{"has":{"left":{"Var":"context"},"attr":"a"}}"#),
        Example(
            cedar: #"context has "a b""#,
            json: #"{"has":{"left":{"Var":"context"},"attr":"a b"}}"#),
        Example(
            cedar: #"context has a.b"#,
            json: #"{"&&":{"left":{"has":{"left":{"Var":"context"},"attr":"a"}},"right":{"has":{"left":{".":{"left":{"Var":"context"},"attr":"a"}},"attr":"b"}}}}"#),
        Example(
            cedar: #"context has a.b.c.d"#,
            json: #"{"&&":{"left":{"&&":{"left":{"&&":{"left":{"has":{"left":{"Var":"context"},"attr":"a"}},"right":{"has":{"left":{".":{"left":{"Var":"context"},"attr":"a"}},"attr":"b"}}}},"right":{"has":{"left":{".":{"left":{".":{"left":{"Var":"context"},"attr":"a"}},"attr":"b"}},"attr":"c"}}}},"right":{"has":{"left":{".":{"left":{".":{"left":{".":{"left":{"Var":"context"},"attr":"a"}},"attr":"b"}},"attr":"c"}},"attr":"d"}}}}"#),
        Example(
            cedar: #"true && context has a.b"#,
            json: #"{"&&":{"left":{"Value":true},"right":{"&&":{"left":{"has":{"left":{"Var":"context"},"attr":"a"}},"right":{"has":{"left":{".":{"left":{"Var":"context"},"attr":"a"}},"attr":"b"}}}}}}"#),
        Example(
            cedar: #"context has a.b && true"#,
            json: #"{"&&":{"left":{"&&":{"left":{"has":{"left":{"Var":"context"},"attr":"a"}},"right":{"has":{"left":{".":{"left":{"Var":"context"},"attr":"a"}},"attr":"b"}}}},"right":{"Value":true}}}"#),
        Example(
            cedar: #"context has a.b || true"#,
            json: #"{"||":{"left":{"&&":{"left":{"has":{"left":{"Var":"context"},"attr":"a"}},"right":{"has":{"left":{".":{"left":{"Var":"context"},"attr":"a"}},"attr":"b"}}}},"right":{"Value":true}}}"#),
        Example(
            cedar: #"(context has a.b) == true"#,
            json: #"{"==":{"left":{"&&":{"left":{"has":{"left":{"Var":"context"},"attr":"a"}},"right":{"has":{"left":{".":{"left":{"Var":"context"},"attr":"a"}},"attr":"b"}}}},"right":{"Value":true}}}"#),
        Example(
            cedar: #"context.name like "*.jp\*g\\\u{1f600}""#,
            json: #"{"like":{"left":{".":{"left":{"Var":"context"},"attr":"name"}},"pattern":["Wildcard",{"Literal":"."},{"Literal":"j"},{"Literal":"p"},{"Literal":"*"},{"Literal":"g"},{"Literal":"\\"},{"Literal":"😀"}]}}"#),
        Example(
            cedar: #"context.name like """#,
            json: #"{"like":{"left":{".":{"left":{"Var":"context"},"attr":"name"}},"pattern":[]}}"#),
        Example(
            cedar: #"principal is User"#,
            json: #"{"is":{"left":{"Var":"principal"},"entity_type":"User"}}"#),
        Example(
            cedar: #"principal is N::User in Group::"a""#,
            json: #"{"is":{"left":{"Var":"principal"},"entity_type":"N::User","in":{"Value":{"__entity":{"type":"Group","id":"a"}}}}}"#),
        Example(
            cedar: #"principal is User in context.group"#,
            json: #"{"is":{"left":{"Var":"principal"},"entity_type":"User","in":{".":{"left":{"Var":"context"},"attr":"group"}}}}"#),
        Example(
            cedar: #"if context.a then 1 else 2"#,
            json: #"{"if-then-else":{"if":{".":{"left":{"Var":"context"},"attr":"a"}},"then":{"Value":1},"else":{"Value":2}}}"#),
        Example(
            cedar: #"[]"#,
            json: #"{"Set":[]}"#),
        Example(
            cedar: #"[1, "a", [true], User::"a"]"#,
            json: #"{"Set":[{"Value":1},{"Value":"a"},{"Set":[{"Value":true}]},{"Value":{"__entity":{"type":"User","id":"a"}}}]}"#),
        Example(
            cedar: #"{}"#,
            json: #"{"Record":{}}"#),
        Example(
            cedar: #"{a: 1, "b c": {d: principal}}"#,
            json: #"{"Record":{"a":{"Value":1},"b c":{"Record":{"d":{"Var":"principal"}}}}}"#),
        Example(
            cedar: #"context.s.contains(1)"#,
            json: #"{"contains":{"left":{".":{"left":{"Var":"context"},"attr":"s"}},"right":{"Value":1}}}"#),
        Example(
            cedar: #"context.s.containsAll([1])"#,
            json: #"{"containsAll":{"left":{".":{"left":{"Var":"context"},"attr":"s"}},"right":{"Set":[{"Value":1}]}}}"#),
        Example(
            cedar: #"context.s.containsAny([1])"#,
            json: #"{"containsAny":{"left":{".":{"left":{"Var":"context"},"attr":"s"}},"right":{"Set":[{"Value":1}]}}}"#),
        Example(
            cedar: #"context.s.isEmpty()"#,
            json: #"{"isEmpty":{"arg":{".":{"left":{"Var":"context"},"attr":"s"}}}}"#),
        Example(
            cedar: #"principal.hasTag("a")"#,
            json: #"{"hasTag":{"left":{"Var":"principal"},"right":{"Value":"a"}}}"#),
        Example(
            cedar: #"principal.getTag(context.k)"#,
            json: #"{"getTag":{"left":{"Var":"principal"},"right":{".":{"left":{"Var":"context"},"attr":"k"}}}}"#),
        Example(
            cedar: #"ip("10.0.0.1")"#,
            json: #"{"ip":[{"Value":"10.0.0.1"}]}"#),
        Example(
            cedar: #"ip("10.0.0.1").isInRange(ip("10.0.0.0/8"))"#,
            json: #"{"isInRange":[{"ip":[{"Value":"10.0.0.1"}]},{"ip":[{"Value":"10.0.0.0/8"}]}]}"#),
        Example(
            cedar: #"ip("10.0.0.1").isIpv4() || ip("10.0.0.1").isIpv6()"#,
            json: #"{"||":{"left":{"isIpv4":[{"ip":[{"Value":"10.0.0.1"}]}]},"right":{"isIpv6":[{"ip":[{"Value":"10.0.0.1"}]}]}}}"#),
        Example(
            cedar: #"context.ip.isLoopback() || context.ip.isMulticast()"#,
            json: #"{"||":{"left":{"isLoopback":[{".":{"left":{"Var":"context"},"attr":"ip"}}]},"right":{"isMulticast":[{".":{"left":{"Var":"context"},"attr":"ip"}}]}}}"#),
        Example(
            cedar: #"decimal("1.0").lessThan(decimal("2.0"))"#,
            json: #"{"lessThan":[{"decimal":[{"Value":"1.0"}]},{"decimal":[{"Value":"2.0"}]}]}"#),
        Example(
            cedar: #"decimal("1.0").lessThanOrEqual(context.d)"#,
            json: #"{"lessThanOrEqual":[{"decimal":[{"Value":"1.0"}]},{".":{"left":{"Var":"context"},"attr":"d"}}]}"#),
        Example(
            cedar: #"context.d.greaterThan(context.d) && context.d.greaterThanOrEqual(context.d)"#,
            json: #"{"&&":{"left":{"greaterThan":[{".":{"left":{"Var":"context"},"attr":"d"}},{".":{"left":{"Var":"context"},"attr":"d"}}]},"right":{"greaterThanOrEqual":[{".":{"left":{"Var":"context"},"attr":"d"}},{".":{"left":{"Var":"context"},"attr":"d"}}]}}}"#),
        Example(
            cedar: #"datetime("2024-01-01").offset(duration("1h")).durationSince(context.t)"#,
            json: #"{"durationSince":[{"offset":[{"datetime":[{"Value":"2024-01-01"}]},{"duration":[{"Value":"1h"}]}]},{".":{"left":{"Var":"context"},"attr":"t"}}]}"#),
        Example(
            cedar: #"context.t.toDate().toTime().toMilliseconds()"#,
            json: #"{"toMilliseconds":[{"toTime":[{"toDate":[{".":{"left":{"Var":"context"},"attr":"t"}}]}]}]}"#),
        Example(
            cedar: #"context.u.toSeconds() + context.u.toMinutes() + context.u.toHours() + context.u.toDays()"#,
            json: #"{"+":{"left":{"+":{"left":{"+":{"left":{"toSeconds":[{".":{"left":{"Var":"context"},"attr":"u"}}]},"right":{"toMinutes":[{".":{"left":{"Var":"context"},"attr":"u"}}]}}},"right":{"toHours":[{".":{"left":{"Var":"context"},"attr":"u"}}]}}},"right":{"toDays":[{".":{"left":{"Var":"context"},"attr":"u"}}]}}}"#),
    ]

    /// Those with `?` are templates.
    static let policies: [Example] = [
        Example(
            cedar: #"permit(principal, action, resource);"#,
            json: #"{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}"#),
        Example(
            cedar: #"forbid(principal == User::"a", action == Action::"view", resource == Photo::"p");"#,
            json: #"{"effect":"forbid","principal":{"op":"==","entity":{"type":"User","id":"a"}},"action":{"op":"==","entity":{"type":"Action","id":"view"}},"resource":{"op":"==","entity":{"type":"Photo","id":"p"}},"conditions":[]}"#),
        Example(
            cedar: #"permit(principal in Group::"g", action in Action::"view", resource in Album::"x");"#,
            json: #"{"effect":"permit","principal":{"op":"in","entity":{"type":"Group","id":"g"}},"action":{"op":"in","entity":{"type":"Action","id":"view"}},"resource":{"op":"in","entity":{"type":"Album","id":"x"}},"conditions":[]}"#),
        Example(
            cedar: #"permit(principal in Group::"g", action in [Action::"view"], resource in Album::"x");"#,
            json: #"{"effect":"permit","principal":{"op":"in","entity":{"type":"Group","id":"g"}},"action":{"op":"in","entity":{"type":"Action","id":"view"}},"resource":{"op":"in","entity":{"type":"Album","id":"x"}},"conditions":[]}"#),
        Example(
            cedar: #"permit(principal, action in [Action::"view", N::Action::"edit"], resource);"#,
            json: #"{"effect":"permit","principal":{"op":"All"},"action":{"op":"in","entities":[{"type":"Action","id":"view"},{"type":"N::Action","id":"edit"}]},"resource":{"op":"All"},"conditions":[]}"#),
        Example(
            cedar: #"permit(principal, action in [], resource);"#,
            json: #"{"effect":"permit","principal":{"op":"All"},"action":{"op":"in","entities":[]},"resource":{"op":"All"},"conditions":[]}"#),
        Example(
            cedar: #"permit(principal is User, action, resource is N::Photo in Album::"x");"#,
            json: #"{"effect":"permit","principal":{"op":"is","entity_type":"User"},"action":{"op":"All"},"resource":{"op":"is","entity_type":"N::Photo","in":{"entity":{"type":"Album","id":"x"}}},"conditions":[]}"#),
        Example(
            cedar: #"@bare @id("x") @if("") permit(principal, action, resource);"#,
            json: #"{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[],"annotations":{"bare":null,"id":"x","if":""}}"#),
        Example(
            cedar: #"permit(principal, action, resource) when { true } unless { false } when { context.a };"#,
            json: #"{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[{"kind":"when","body":{"Value":true}},{"kind":"unless","body":{"Value":false}},{"kind":"when","body":{".":{"left":{"Var":"context"},"attr":"a"}}}]}"#),
        Example(
            cedar: #"permit(principal == ?principal, action, resource in ?resource);"#,
            json: #"{"effect":"permit","principal":{"op":"==","slot":"?principal"},"action":{"op":"All"},"resource":{"op":"in","slot":"?resource"},"conditions":[]}"#),
        Example(
            cedar: #"permit(principal is User in ?principal, action, resource == ?resource) when { true };"#,
            json: #"{"effect":"permit","principal":{"op":"is","entity_type":"User","in":{"slot":"?principal"}},"action":{"op":"All"},"resource":{"op":"==","slot":"?resource"},"conditions":[{"kind":"when","body":{"Value":true}}]}"#),
        Example(
            cedar: #"forbid(principal in ?principal, action, resource is Photo in ?resource);"#,
            json: #"{"effect":"forbid","principal":{"op":"in","slot":"?principal"},"action":{"op":"All"},"resource":{"op":"is","entity_type":"Photo","in":{"slot":"?resource"}},"conditions":[]}"#),
    ]
}
