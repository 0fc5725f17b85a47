import LynxCedar

/// What is enforced: an effect on some operations where all of its formulas hold.
///
/// It stands for one policy, for a part of one, or for many that differ only in the members of one set.
struct Rule: Hashable, Sendable {
    let effect: Effect
    /// Whether the process is to be killed.
    let kills: Bool
    var operations: OperationSet
    var conjuncts: Set<Formula>
    /// The policies, by their places in the set, in ascending order.
    var policies: [Int]
}

/// Makes one rule of those that differ in one thing only.
///
/// The number of rules is what a decision pays for; how large their sets are it hardly notices.
struct RuleMerging {
    private(set) var rules: [Rule]

    init(_ rules: [Rule]) {
        self.rules = rules.compactMap(\.withIntersections)
        var count: Int
        repeat {
            count = self.rules.count
            mergeOperations()
            for dimension in dimensions { merge(dimension) }
        } while self.rules.count < count
        self.rules = self.rules.ordered
    }

    /// What two rules have in common that may become one.
    private struct Group: Hashable {
        let effect: Effect
        let kills: Bool
        let operations: OperationSet?
        let conjuncts: Set<Formula>
    }

    private var dimensions: [Test.Dimension] {
        let texts = TextField.allCases.flatMap { [Test.Dimension.text($0, .indexed), .text($0, .walked)] }
        let numbers = NumberField.allCases.map { Test.Dimension.number($0) }
        let codes = CodeField.allCases.map { Test.Dimension.code($0) }
        return texts + [.address] + numbers + codes + [.principal, .group, .principalType, .flags]
    }

    private mutating func mergeOperations() {
        var places: [Group: Int] = [:]
        var merged: [Rule] = []
        for rule in rules {
            let group = Group(effect: rule.effect, kills: rule.kills, operations: nil, conjuncts: rule.conjuncts)
            if let place = places[group] {
                merged[place].operations.formUnion(rule.operations)
                merged[place].add(rule.policies)
            } else {
                places[group] = merged.count
                merged.append(rule)
            }
        }
        rules = merged
    }

    private mutating func merge(_ dimension: Test.Dimension) {
        var places: [Group: Int] = [:]
        var merged: [Rule] = []
        // All of them first: each union copies its set.
        var tests: [Int: [Test]] = [:]
        for rule in rules {
            guard let (formula, test) = rule.onlyTest(of: dimension) else {
                merged.append(rule)
                continue
            }
            let group = Group(
                effect: rule.effect, kills: rule.kills, operations: rule.operations,
                conjuncts: rule.conjuncts.subtracting([formula]))
            if let place = places[group] {
                tests[place]?.append(test)
                merged[place].add(rule.policies)
            } else {
                places[group] = merged.count
                tests[merged.count] = [test]
                var rest = rule
                rest.conjuncts = group.conjuncts
                merged.append(rest)
            }
        }
        for (place, tests) in tests {
            if let union = Test.union(of: tests) { merged[place].conjuncts.insert(.test(union)) }
        }
        rules = merged
    }
}

extension [Rule] {
    /// Forbids that kill, forbids, permits: the first that holds decides. Among equals the order of the policies.
    var ordered: [Rule] {
        func rank(_ rule: Rule) -> Int { rule.effect == .permit ? 2 : rule.kills ? 0 : 1 }
        return enumerated().sorted { left, right in
            let (first, second) = (left.element, right.element)
            return (rank(first), first.policies.first ?? 0, left.offset) < (rank(second), second.policies.first ?? 0, right.offset)
        }.map(\.element)
    }
}

extension Rule {
    /// The one formula that is just a question of a dimension; `nil` when there is none, or several.
    func onlyTest(of dimension: Test.Dimension) -> (Formula, Test)? {
        var found: (Formula, Test)?
        for formula in conjuncts {
            guard case .test(let test) = formula, test.dimension == dimension else { continue }
            guard found == nil else { return nil }
            found = (formula, test)
        }
        return found
    }

    mutating func add(_ policies: [Int]) {
        let last = self.policies.last ?? -1
        if policies.allSatisfy({ $0 > last }) {
            self.policies += policies
        } else {
            self.policies = Set(self.policies).union(policies).sorted()
        }
    }
}
