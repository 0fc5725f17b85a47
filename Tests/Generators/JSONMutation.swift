import LynxCedar

/// Changes JSON trees in one place: what comes of it may be another valid document, or one that is nearly so.
struct JSONMutation {
    let dice: Dice
    /// Names and values that mean something in the documents that are changed.
    let strays: [JSONValue]
    let names: [CedarString]
    /// Whether an object may come to have the same name twice.
    let duplicatesNames: Bool

    /// A tree with one change, somewhere.
    func mutated(_ json: JSONValue) -> JSONValue {
        var remaining = dice.int(0...max(0, Self.count(json) - 1))
        return changed(json, &remaining)
    }

    private static func count(_ json: JSONValue) -> Int {
        switch json.kind {
        case .array(let elements): elements.reduce(1) { $0 + count($1) }
        case .object(let members): members.reduce(1) { $0 + count($1.value) }
        default: 1
        }
    }

    /// Walks to the value whose turn it is; `remaining` is negative once it was found.
    private func changed(_ json: JSONValue, _ remaining: inout Int) -> JSONValue {
        if remaining < 0 { return json }
        remaining -= 1
        if remaining < 0 { return changedHere(json) }
        switch json.kind {
        case .array(let elements):
            return JSONValue(.array(elements.map { changed($0, &remaining) }))
        case .object(let members):
            return JSONValue(.object(members.map { .init($0.name, changed($0.value, &remaining)) }))
        default:
            return json
        }
    }

    private func changedHere(_ json: JSONValue) -> JSONValue {
        if dice.chance(25), let stray = dice.any(of: strays) { return stray }
        switch json.kind {
        case .array(let elements): return JSONValue(.array(changed(elements)))
        case .object(let members): return JSONValue(.object(changed(members)))
        case .string(let string):
            return dice.pick(
                JSONValue(.string(CedarString("\(string)\(dice.pick(" ", "x", "::", "\0", "é", "::x"))"))),
                JSONValue(.string(CedarString(string.string.dropFirst()))), JSONValue(.string(dice.any(of: names) ?? "")), nil)
        case .integer(let integer):
            return dice.pick(
                JSONValue(.integer(integer &+ 1)), JSONValue(.number("1.0")), JSONValue(.number("1e2")),
                JSONValue(.number("9223372036854775808")), JSONValue(.number("-0")), "1", nil)
        case .bool(let bool): return dice.pick(JSONValue(.bool(!bool)), "true", 1, nil)
        default: return 0
        }
    }

    private func changed(_ elements: [JSONValue]) -> [JSONValue] {
        guard let element = dice.any(of: elements) else { return [dice.any(of: strays) ?? nil] }
        switch dice.int(0...3) {
        case 0: return Array(elements.dropLast())
        case 1: return elements + [element]
        case 2: return elements.reversed()
        default: return elements + [dice.any(of: strays) ?? nil]
        }
    }

    private func changed(_ members: [JSONValue.Member]) -> [JSONValue.Member] {
        let stray = JSONValue.Member(dice.any(of: names) ?? "x", dice.any(of: strays) ?? nil)
        guard !members.isEmpty else { return [stray] }
        let position = dice.int(0...(members.count - 1))
        var members = members
        switch dice.int(0...4) {
        case 0: members.remove(at: position)
        case 1: members[position] = .init(dice.any(of: names) ?? "x", members[position].value)
        case 2: members = members.reversed()
        case 3:
            // One of the members alone, in place of the object.
            members = [members[position]]
        default:
            members.insert(dice.chance(80) ? stray : .init(members[position].name, stray.value), at: position)
        }
        if duplicatesNames { return members }
        var names: Set<CedarString> = []
        return members.filter { names.insert($0.name).inserted }
    }
}
