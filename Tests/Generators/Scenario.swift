import LynxCedar

/// A schema, and what an engine is asked about in its light. The same seed gives the same scenario.
///
/// Policies, entities and requests mostly conform to the schema, and policies are made to be satisfied more often than chance would
/// have it. The function `unknown`, which Cedar's reference implementation has for its own ends, is left out.
public struct Scenario: Sendable {
    /// In Cedar's schema syntax.
    public let schema: String
    public let input: DifferentialInput

    public init(seed: UInt64) {
        let dice = Dice(seed: seed)
        let words = AwkwardText(dice: dice)
        let schema = SchemaGenerator(dice: dice, words: words).schema()
        let world = WorldGenerator(dice: dice, words: words, schema: schema).world()
        let texts = ScenarioTexts(dice: dice, words: words, world: world)
        self.schema = schema.text
        self.input = DifferentialInput(
            policies: texts.policies(), entities: texts.entities(), requests: texts.requests(), policyJSON: texts.policyJSON())
    }
}

/// Writes the parts of a scenario, and breaks a share of them.
private struct ScenarioTexts {
    let dice: Dice
    let words: AwkwardText
    let world: World
    let policyGenerator: PolicyGenerator

    init(dice: Dice, words: AwkwardText, world: World) {
        self.dice = dice
        self.words = words
        self.world = world
        self.policyGenerator = PolicyGenerator(dice: dice, words: words, world: world)
    }

    // MARK: Policies as text

    func policies() -> String {
        while true {
            let text = anyPolicies()
            if !text.contains("unknown") { return text }
        }
    }

    private func anyPolicies() -> String {
        if dice.chance(12) { return LooseText.text(OddPolicy(dice: dice).tokens(), dice: dice) }
        let count = dice.pick(1, 2, 3, 4, 6)
        if dice.chance(40) {
            return (0..<count).map { _ in
                dice.chance(90) ? policyGenerator.policy("").description : policyGenerator.template("").description
            }.joined(separator: "\n")
        }
        var tokens = (0..<count).flatMap { _ in
            dice.chance(90)
                ? LooseText.tokens(policyGenerator.policy(""), dice: dice) : LooseText.tokens(policyGenerator.template(""), dice: dice)
        }
        let mutation = TextMutation(dice: dice)
        let isBroken = dice.chance(35)
        if isBroken, dice.chance(75) { tokens = mutation.mutated(tokens) }
        let text = LooseText.text(tokens, dice: dice)
        return isBroken && dice.chance(30) ? mutation.mutated(text) : text
    }

    // MARK: Policies as JSON

    func policyJSON() -> String {
        while true {
            let text = anyPolicyJSON()
            if !text.contains("unknown") { return text }
        }
    }

    private func anyPolicyJSON() -> String {
        var json = policySet().json
        if dice.chance(45) {
            let mutation = JSONMutation(
                dice: dice, strays: Self.policyStrays, names: Self.policyNames, duplicatesNames: true)
            for _ in 0..<dice.pick(1, 1, 2) { json = mutation.mutated(json) }
        }
        let text = dice.chance(20) ? json.formatted() : json.description
        return dice.chance(3) ? TextMutation(dice: dice).mutated(text) : text
    }

    private func policySet() -> PolicySet {
        var set = PolicySet()
        for index in 0..<dice.int(0...3) {
            let id = PolicyID(dice.chance(70) ? "p\(index)" : dice.pick("é\(index)", "e\u{301}\(index)", "", "policy \"0\" \(index)", "\u{1F600}\(index)"))
            try? set.add(policyGenerator.policy(id))
        }
        for index in 0..<dice.pick(0, 0, 1, 2) {
            let template = policyGenerator.template("t\(index)")
            if template.slots.isEmpty, dice.chance(95) { continue }
            try? set.add(template)
            for link in 0..<dice.int(0...2) {
                guard let request = dice.any(of: world.requests) else { continue }
                var values: [SlotID: EntityUID] = [:]
                for slot in template.slots { values[slot] = slot == .principal ? request.principal : request.resource }
                _ = try? set.link(template: template.id, as: "l\(index).\(link)", values: values)
            }
        }
        return set
    }

    private static let policyNames: [CedarString] = [
        "effect", "permit", "forbid", "principal", "action", "resource", "conditions", "annotations", "kind", "when", "unless", "body",
        "op", "==", "in", "is", "All", "all", "entity", "entities", "entity_type", "slot", "?principal", "?resource", "Value", "Var", "Slot", "left", "right",
        "arg", "attr", "!", "neg", "!=", "<", "has", "like", "pattern", "contains", "isEmpty", "getTag", "hasTag", "if-then-else", "if", "then",
        "else", "Set", "Record", "ip", "decimal", "isIpv4", "lessThan", "toTime", "staticPolicies", "templates", "templateLinks", "templateId", "newId",
        "values", "__entity", "__extn", "__expr", "type", "id", "User", "N::Doc", "__cedar::User", "Action", "x", "", "p0", "t0", "l0.0", "context", "id", "a b",
    ]

    private static let policyStrays: [JSONValue] = [
        nil, true, 1, "a", [], [:], [nil], JSONValue(.number("1.5")), JSONValue(.integer(.min)), "permit", "?principal",
        ["Value": [1, "a", [true]]], ["Value": ["a": 1, "b": [2]]], ["Value": nil], ["Value": JSONValue(.number("1.5"))],
        ["Value": ["__extn": ["fn": "ip", "arg": "10.0.0.1"]]], ["Value": ["__extn": ["fn": "ip", "arg": "10.0.0.300"]]],
        ["Value": ["__extn": ["fn": "nope", "arg": "x"]]], ["Value": ["__extn": ["fn": "decimal", "args": ["1.5"]]]],
        ["Value": ["__expr": "1 + 1"]], ["Value": ["__entity": ["type": "User", "id": "a"]]], ["Value": ["__entity": ["type": "User x", "id": "a"]]],
        ["Value": ["a": ["__entity": ["type": "User", "id": "a"]]]], ["Value": ["type": "User", "id": "a"]],
        ["Var": "principal"], ["Var": "context"], ["Var": "nobody"], ["Slot": "?principal"], ["Slot": "?resource"], ["Set": []], ["Record": [:]],
        ["Record": ["": ["Value": 1], "é": ["Value": 2]]], ["ip": [["Value": "10.0.0.1"]]], ["ip": []], ["ip": [["Value": "x"]]], ["ip": [["Value": 1], ["Value": 2]]],
        ["nope": []], ["nope": [["Value": 1]]], ["lessThan": [["Value": 1]]], ["isIpv4": [["Value": 1]]], ["isIpv4": []],
        ["has": ["left": ["Var": "context"], "attr": "a"]], ["has": ["left": ["Var": "context"], "attr": ["a", "b"]]],
        ["has": ["left": ["Var": "context"], "attr": []]], ["has": ["left": ["Var": "context"], "attr": ["a b", "if", ""]]],
        ["has": ["left": ["Var": "context"], "attr": ["a"]]],
        [".": ["left": ["Var": "context"], "attr": "a b"]], [".": ["left": ["Var": "context"], "attr": ["a", "b"]]],
        ["like": ["left": ["Value": "ab"], "pattern": ["Wildcard", ["Literal": "b"]]]], ["like": ["left": ["Value": "ab"], "pattern": [["Literal": "ab"]]]],
        ["like": ["left": ["Value": "ab"], "pattern": "a*"]], ["like": ["left": ["Value": "ab"], "pattern": []]], ["like": ["left": ["Value": "ab"], "pattern": [["Literal": ""]]]],
        ["!": ["arg": ["Value": false]]], ["neg": ["arg": ["Value": -1]]], ["neg": ["arg": ["Value": 1]]], ["isEmpty": ["arg": ["Set": []]]],
        ["==": ["left": ["Value": 1], "right": ["Value": 1]]], ["==": ["left": ["Value": 1]]], ["==": ["arg": ["Value": 1]]],
        ["is": ["left": ["Var": "principal"], "entity_type": "User"]], ["is": ["left": ["Var": "principal"], "entity_type": "User", "in": ["Var": "principal"]]],
        ["is": ["left": ["Var": "principal"], "entity_type": "N :: User"]], ["is": ["left": ["Var": "principal"], "entity_type": "in"]],
        ["if-then-else": ["if": ["Value": true], "then": ["Value": true], "else": ["Value": 1]]],
        ["op": "All"], ["op": "==", "entity": ["type": "User", "id": "a"]], ["op": "==", "entity": ["__entity": ["type": "User", "id": "a"]]],
        ["op": "in", "entity": ["type": "Group", "id": "a"]], ["op": "in", "entities": [["type": "Action", "id": "view"]]], ["op": "in", "entities": []],
        ["op": "in", "slot": "?principal"], ["op": "==", "slot": "?resource"], ["op": "is", "entity_type": "User"],
        ["op": "is", "entity_type": "User", "in": ["entity": ["type": "Group", "id": "a"]]], ["op": "is", "entity_type": "User", "in": ["slot": "?principal"]],
        ["op": "is", "entity_type": "User", "in": [:]], ["op": "All", "entity": ["type": "User", "id": "a"]], ["op": "nope"],
        ["kind": "when", "body": ["Value": true]], ["kind": "unless", "body": ["Value": false]], ["kind": "if", "body": ["Value": true]],
        ["type": "User", "id": "a"], ["type": "Action", "id": "view"], ["type": "N::Action", "id": "view"], ["type": "", "id": "a"], ["type": "User", "id": 1],
        ["type": "__cedar::User", "id": "a"], ["__entity": ["type": "User", "id": "a"]], ["a": "b"], ["a": nil], ["if": "x"], ["a b": "x"],
        ["templateId": "t0", "newId": "x", "values": ["?principal": ["__entity": ["type": "User", "id": "a"]]]],
        ["templateId": "t0", "newId": "x", "values": [:]], ["templateId": "p0", "newId": "x", "values": [:]],
    ]

    // MARK: Entities and requests

    func entities() -> String {
        var json = JSONValue(.array(world.entities.map(entity)))
        if dice.chance(15) {
            let mutation = JSONMutation(dice: dice, strays: Self.dataStrays, names: Self.dataNames, duplicatesNames: true)
            json = mutation.mutated(json)
        }
        let text = dice.chance(20) ? json.formatted() : json.description
        return dice.chance(2) ? TextMutation(dice: dice).mutated(text) : text
    }

    private func entity(_ entity: World.EntityRecord) -> JSONValue {
        let uid: JSONValue = dice.bit() ? entity.uid.json : ["__entity": entity.uid.json]
        var members = [
            JSONValue.Member("uid", uid), JSONValue.Member("attrs", entity.attributes.json),
            JSONValue.Member("parents", JSONValue(.array(entity.parents.map { dice.bit() ? $0.json : ["__entity": $0.json] }))),
        ]
        if let tags = entity.tags { members.append(JSONValue.Member("tags", tags.json)) }
        return JSONValue(.object(dice.shuffled(members)))
    }

    func requests() -> [DifferentialInput.Request] {
        world.requests.map { request in
            var context = request.context.json
            if dice.chance(5) {
                // Names stay distinct: the reference's Python interface drops duplicates before the engine sees them.
                let mutation = JSONMutation(dice: dice, strays: Self.dataStrays, names: Self.dataNames, duplicatesNames: false)
                context = mutation.mutated(context)
            }
            return DifferentialInput.Request(
                principal: request.principal, action: request.action, resource: request.resource, context: context.description)
        }
    }

    private static let dataNames: [CedarString] = [
        "uid", "attrs", "parents", "tags", "type", "id", "__entity", "__extn", "__expr", "fn", "arg", "args", "a", "b", "name", "", "é", "e\u{301}",
        "ip", "decimal", "User", "N::Doc", "User ", "in", "__cedar", "Action", "10.0.0.1", "1.5", "offset",
    ]

    private static let dataStrays: [JSONValue] = [
        nil, true, 0, "x", [], [:], JSONValue(.number("1.5")), JSONValue(.number("1e3")), JSONValue(.number("9223372036854775808")),
        JSONValue(.number("-9223372036854775809")), JSONValue(.number("-0")), JSONValue(.number("1.0")), [nil], [[]], ["a": nil],
        ["__entity": ["type": "User", "id": "a"]], ["type": "User", "id": "a"], ["type": "User", "id": "a", "x": 1],
        ["__entity": ["type": "User", "id": "a", "x": 1]], ["__entity": ["type": "User", "id": "a"], "x": 1],
        ["__entity": ["type": "N::x y", "id": "a"]], ["__entity": ["type": "", "id": "a"]], ["__entity": ["type": "if", "id": "a"]],
        ["__entity": ["type": " User", "id": "a"]], ["__entity": "User::\"a\""], "User::\"a\"", ["__entity": ["type": "User"]],
        ["__entity": ["type": "Action", "id": "a"]], ["__extn": ["fn": "ip", "arg": "10.0.0.1"]], ["__extn": ["fn": "ip", "arg": "10.0.0"]],
        ["fn": "ip", "arg": "10.0.0.1"], ["__extn": ["fn": "ip", "args": ["10.0.0.1"]]], ["__extn": ["fn": "ip", "args": []]],
        ["__extn": ["fn": "ip", "args": ["10.0.0.1", "x"]]], ["__extn": ["fn": "ip", "arg": 1]], ["__extn": ["fn": "ip", "arg": ["__extn": ["fn": "ip", "arg": "10.0.0.1"]]]],
        ["__extn": ["fn": "ip", "arg": "10.0.0.1", "args": ["10.0.0.1"]]], ["__extn": ["fn": "ip"]], ["__extn": ["arg": "10.0.0.1"]], ["__extn": ["fn": "nope", "arg": "x"]],
        ["__extn": ["fn": "ip", "arg": "10.0.0.1", "x": 1]], ["__extn": ["fn": "ip", "arg": "10.0.0.1"], "x": 1], ["__extn": "ip"],
        ["__extn": ["fn": "isIpv4", "arg": ["__extn": ["fn": "ip", "arg": "10.0.0.1"]]]],
        ["__extn": ["fn": "offset", "args": [["__extn": ["fn": "datetime", "arg": "2024-01-01"]], ["__extn": ["fn": "duration", "arg": "1h"]]]]],
        ["__extn": ["fn": "offset", "args": [["fn": "datetime", "arg": "2024-01-01"], ["fn": "duration", "arg": "1h"]]]],
        ["__extn": ["fn": "datetime", "arg": "2024-02-30"]], ["__extn": ["fn": "duration", "arg": "1"]], ["__extn": ["fn": "decimal", "arg": "1.23456"]],
        ["__expr": "1"], ["__expr": 1], ["__expr": "User::\"a\"", "x": 1], ["__entity": nil], ["__extn": nil],
        ["uid": ["type": "User", "id": "new"], "attrs": [:], "parents": []], ["uid": ["type": "User", "id": "a"], "attrs": [:], "parents": []],
        ["uid": ["type": "User", "id": "new"], "attrs": [:]], ["uid": "User::\"a\"", "attrs": [:], "parents": []],
        ["uid": ["type": "User", "id": "new"], "attrs": [:], "parents": [["type": "User", "id": "new"]]],
        ["uid": ["type": "User", "id": "new"], "attrs": [:], "parents": [], "tags": ["a": 1]],
        ["uid": ["type": "User", "id": "new"], "attrs": [:], "parents": [], "tags": nil], ["uid": ["__expr": "User::\"a\""], "attrs": [:], "parents": []],
        ["uid": ["type": "Action", "id": "new"], "attrs": [:], "parents": [["type": "User", "id": "a"]]],
        ["uid": ["type": "Action", "id": "new"], "attrs": ["a": 1], "parents": []],
    ]
}
