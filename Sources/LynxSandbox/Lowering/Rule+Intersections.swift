// Two questions of one dimension that both have to hold are one question of what their sets have in common.

extension Rule {
    /// The rule with one test of a dimension where there were several; `nil` when it never holds.
    var withIntersections: Rule? {
        var tests: [Test.Dimension: Test] = [:]
        var rest: Set<Formula> = []
        for formula in conjuncts {
            guard case .test(let test) = formula, let dimension = test.dimension, test.canIntersect else {
                rest.insert(formula)
                continue
            }
            guard let known = tests[dimension] else {
                tests[dimension] = test
                continue
            }
            switch known.intersection(test) {
            case .some(let both): tests[dimension] = both
            case nil: return nil
            }
        }
        var rule = self
        rule.conjuncts = rest.union(tests.values.map { .test($0) })
        return rule
    }
}

extension Test {
    /// Whether the members of the set have nothing in common, or one is in the other: then sets can be intersected.
    fileprivate var canIntersect: Bool {
        switch self {
        // Products of larger sets would be more than what they come from.
        case .text(let field, let patterns): patterns.count <= 64 && patterns.allSatisfy { $0.isIndexed(in: field) }
        case .address(let ranges): ranges.count <= 64
        case .number, .code, .principal, .principalType: true
        case .group, .flags, .compare, .fits, .present, .isOn, .same, .joined: false
        }
    }

    /// The test that holds where this and another of the same dimension do.
    ///
    /// - Returns: `nil` when there is no such event.
    fileprivate func intersection(_ other: Test) -> Test? {
        switch (self, other) {
        case (.text(let field, let left), .text(_, let right)):
            let both = Test.common(left, right) { $0.narrower(than: $1) }
            return both.isEmpty ? nil : .text(field, both)
        case (.address(let left), .address(let right)):
            let both = Test.common(left, right) { $0.narrower(than: $1) }
            return both.isEmpty ? nil : .address(both)
        case (.number(let field, let left), .number(_, let right)):
            let both = left.intersection(right)
            return both.isEmpty ? nil : .number(field, both)
        case (.code(let field, let left), .code(_, let right)):
            let both = left.intersection(right)
            return both.isEmpty ? nil : .code(field, both)
        case (.principal(let left), .principal(let right)):
            let both = left.intersection(right)
            return both.isEmpty ? nil : .principal(both)
        case (.principalType(let left), .principalType(let right)):
            let both = left.intersection(right)
            return both.isEmpty ? nil : .principalType(both)
        default:
            return nil
        }
    }

    private static func common<Member>(_ left: Set<Member>, _ right: Set<Member>, _ narrower: (Member, Member) -> Member?) -> Set<Member> {
        Set(left.flatMap { member in right.compactMap { narrower(member, $0) } })
    }
}

extension TextPattern {
    /// The one of two indexed patterns that the other holds for wherever it does; `nil` when no text has both.
    fileprivate func narrower(than other: TextPattern) -> TextPattern? {
        switch (self, other) {
        case (.exact(let left), .exact(let right)): return left == right ? self : nil
        case (.exact(let text), _): return other.holds(for: text) ? self : nil
        case (_, .exact(let text)): return holds(for: text) ? other : nil
        default:
            guard let left = prefix, let right = other.prefix else { return nil }
            // Of a directory and what begins with its path and a slash, the second leaves the directory itself out.
            if left == right { if case .under = self { return other } else { return self } }
            // A directory's own path begins with whatever is shorter than it and its slash.
            if left.starts(with: right) { return self }
            return right.starts(with: left) ? other : nil
        }
    }

    private func holds(for text: [UInt8]) -> Bool {
        switch self {
        case .exact(let own): text == own
        case .under(let path): text == path || text.starts(with: prefix ?? [])
        case .glob: prefix.map { text.starts(with: $0) } ?? false
        case .name: false
        }
    }
}

extension AddressRange {
    fileprivate func narrower(than other: AddressRange) -> AddressRange? {
        guard isIPv4 == other.isIPv4 else { return nil }
        let (wide, narrow) = prefixLength <= other.prefixLength ? (self, other) : (other, self)
        return narrow.widened(to: wide.prefixLength) == wide ? narrow : nil
    }
}
