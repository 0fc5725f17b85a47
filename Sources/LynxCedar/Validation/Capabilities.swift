/// That an attribute or a tag is there: what `has` and `hasTag` are true of.
struct Capability: Hashable {
    enum Kind {
        case attribute, tag
    }

    let kind: Kind
    /// The shape of what has the attribute or tag; see ``PolicyTerms/Term/shape``.
    let target: Int
    /// The shape of the attribute's or tag's name.
    let name: Int
}

/// The capabilities that are known at a place in a policy, as an outer expression grants them.
struct KnownCapabilities {
    /// How many of the grants in force give a capability.
    private var counts: [Capability: Int] = [:]
    private var granted: [Capability] = []

    /// What to ``revoke(to:)`` in order to forget all that is granted from now on.
    var mark: Int { granted.count }

    func contains(_ capability: Capability) -> Bool { counts[capability] != nil }

    mutating func grant(_ capabilities: some Sequence<Capability>) {
        for capability in capabilities {
            counts[capability, default: 0] += 1
            granted.append(capability)
        }
    }

    mutating func revoke(to mark: Int) {
        while granted.count > mark, let capability = granted.popLast() {
            guard let count = counts[capability] else { continue }
            counts[capability] = count > 1 ? count - 1 : nil
        }
    }
}
