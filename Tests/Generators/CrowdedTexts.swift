import LynxCedar

/// The names and constants of a crowded world: such as the machine keeps in different ways.
struct CrowdedTexts {
    let dice: Dice

    /// A text of its own for each index: short, around the length at which Swift no longer keeps a text in the string itself (15
    /// bytes), ASCII and not.
    func id(_ index: Int) -> CedarString {
        let stem = "n\(index)"
        switch dice.int(0...5) {
        case 0...2: return CedarString(stem)
        case 3: return CedarString(stem + String(repeating: "-", count: dice.int(14...17) - stem.utf8.count))
        case 4: return CedarString(stem + String(repeating: "é", count: (dice.int(14...17) - stem.utf8.count) / 2) + dice.pick("", "x"))
        default: return CedarString(stem + dice.pick("é", "e\u{301}", "日本", "\0", " ", "-\u{1F600}"))
        }
    }

    /// A few values of each flavor, the usual and those at the ends of what is kept in which way.
    func values(_ uids: [EntityUID]) -> [CrowdedWorld.Flavor: [Value]] {
        var values: [CrowdedWorld.Flavor: [Value]] = [:]
        for flavor in CrowdedWorld.Flavor.allCases { values[flavor] = dice.several(3...6) { value(flavor, uids, depth: 2) } }
        values[.bool] = [true, false]
        return values
    }

    private func value(_ flavor: CrowdedWorld.Flavor, _ uids: [EntityUID], depth: Int) -> Value {
        switch flavor {
        case .long:
            return .long(dice.pick(0, 1, 2, 3, -1, -2, .max, .min, 1 << 31, 1 << 32 - 1, 1 << 32, 1 << 32 + 1, -(1 << 32), dice.long()))
        case .string: return .string(id(dice.int(0...5)))
        case .bool: return .bool(dice.bit())
        case .entity: return .entity(dice.any(of: uids) ?? "User::\"x\"")
        case .decimal: return .decimal(Decimal(tenThousandths: dice.pick(0, 15_000, -15_000, 1, .max, .min)))
        case .datetime: return .datetime(Datetime(millisecondsSinceEpoch: dice.pick(0, 1, -1, 1_700_000_000_000, 86_400_000)))
        case .duration: return .duration(Duration(milliseconds: dice.pick(0, 1, -1, 3_600_000, 86_400_000, 15_000)))
        case .ip: return .ip(dice.pick("10.0.0.1", "10.0.0.0/8", "127.0.0.1", "::1", "::/0", "ff00::/8", "10.1.2.3/32", "10.1.2.3"))
        case .set:
            let flavor = dice.any(of: depth > 0 ? CrowdedWorld.Flavor.allCases : [.long, .string, .entity]) ?? .long
            return .set(ValueSet(dice.several(0...4) { value(flavor, uids, depth: depth - 1) }))
        case .record:
            var record = Record()
            for name in ["x", "y", "z"] as [CedarString] where dice.chance(60) {
                let flavor = dice.any(of: depth > 0 ? CrowdedWorld.Flavor.allCases : [.long, .string, .bool]) ?? .long
                record[name] = value(flavor, uids, depth: depth - 1)
            }
            return .record(record)
        }
    }
}
