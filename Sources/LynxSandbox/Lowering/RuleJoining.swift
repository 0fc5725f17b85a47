import LynxCedar

/// Makes one rule of those that differ in several constants each: which of them go together is looked up.
///
/// The rules have been through ``RuleMerging``: what differs in one thing only is one rule already.
struct RuleJoining {
    private(set) var rules: [Rule] = []
    private(set) var joins: [Join] = []

    /// Fewer rules than these are asked one by one for less than the lookups cost.
    private static let minimumRows = 16
    /// Each join has tables of its own.
    private static let maximumJoins = 24
    /// Operations are a facet where there would otherwise be more joins than these.
    private static let maximumOperationSets = 2

    init(_ merged: [Rule]) {
        var families: [Family: [Member]] = [:]
        var order: [Family] = []
        for rule in merged {
            let (family, member) = RuleJoining.split(rule)
            if families[family] == nil { order.append(family) }
            families[family, default: []].append(member)
        }
        var result: [Rule] = []
        for family in order {
            let members = families[family] ?? []
            if members.count < RuleJoining.minimumRows || family.facets.isEmpty {
                result += members.map(\.rule)
            } else {
                result += joined(family, members)
            }
        }
        rules = result.ordered
    }

    /// What rules have in common that may become one.
    private struct Family: Hashable {
        let effect: Effect
        let kills: Bool
        let rest: Set<Formula>
        let facets: [Test.Dimension]
        let asksForGroups: Bool
    }

    private struct Member {
        let rule: Rule
        /// As many as the family has facets.
        let tests: [Test]
        let groups: Set<EntityUID>
    }

    private static let facets: [Test.Dimension] =
        TextField.allCases.map { .text($0, .indexed) } + [.address] + NumberField.allCases.map { .number($0) }
        + CodeField.allCases.map { .code($0) } + [.principal]

    private static func split(_ rule: Rule) -> (Family, Member) {
        var rest = rule.conjuncts
        var facets: [Test.Dimension] = []
        var tests: [Test] = []
        var byDimension: [Test.Dimension: (formula: Formula, test: Test, count: Int)] = [:]
        for formula in rule.conjuncts {
            guard case .test(let test) = formula, let dimension = test.dimension else { continue }
            byDimension[dimension, default: (formula, test, 0)].count += 1
        }
        for dimension in RuleJoining.facets {
            guard let found = byDimension[dimension], found.count == 1 else { continue }
            facets.append(dimension)
            tests.append(found.test)
            rest.remove(found.formula)
        }
        var groups: Set<EntityUID> = []
        if let found = byDimension[.group], found.count == 1, case .group(let uids) = found.test {
            groups = uids
            rest.remove(found.formula)
        }
        let family = Family(effect: rule.effect, kills: rule.kills, rest: rest, facets: facets, asksForGroups: !groups.isEmpty)
        return (family, Member(rule: rule, tests: tests, groups: groups))
    }

    /// The rules of a family, as few as they can be.
    private mutating func joined(_ family: Family, _ members: [Member]) -> [Rule] {
        let operations = Set(members.map(\.rule.operations))
        if operations.count <= RuleJoining.maximumOperationSets {
            var result: [Rule] = []
            for own in operations.sorted(by: { $0.rawValue < $1.rawValue }) {
                result += joined(family, members.filter { $0.rule.operations == own }, asksForOperation: false)
            }
            return result
        }
        return joined(family, members, asksForOperation: true)
    }

    private mutating func joined(_ family: Family, _ members: [Member], asksForOperation: Bool) -> [Rule] {
        guard members.count >= RuleJoining.minimumRows, joins.count < RuleJoining.maximumJoins, let first = members.first else {
            return members.map(\.rule)
        }
        // What all of them ask for alike is a test as any other.
        let varying = family.facets.indices.filter { place in members.contains { $0.tests[place] != first.tests[place] } }
        let groupsVary = members.contains { $0.groups != first.groups }
        var facets = varying.compactMap { family.facets[$0].facet }
        if asksForOperation { facets.append(.operation) }
        guard !facets.isEmpty else { return members.map(\.rule) }
        let rows = members.map { member in
            var tests = varying.map { FacetTest.test(member.tests[$0]) }
            if asksForOperation { tests.append(.operations(member.rule.operations)) }
            return Join.Row(tests: tests, groups: groupsVary ? member.groups : [])
        }
        guard let join = Join(facets, rows: rows) else {
            // What lies around others multiplies with them: it goes apart.
            var levels = Array(repeating: 0, count: rows.count)
            for (place, facet) in facets.enumerated() {
                let nesting = FacetClasses.nesting(facet, rows.map { $0.tests[place] })
                for index in levels.indices { levels[index] = max(levels[index], nesting[index]) }
            }
            let middle = members.count / 2
            let isOuter = levels.contains(where: { $0 > 0 }) ? levels.map { $0 == 0 } : members.indices.map { $0 < middle }
            let outer = members.indices.filter { isOuter[$0] }.map { members[$0] }
            let inner = members.indices.filter { !isOuter[$0] }.map { members[$0] }
            return joined(family, outer, asksForOperation: asksForOperation) + joined(family, inner, asksForOperation: asksForOperation)
        }
        joins.append(join)
        var rule = first.rule
        for place in varying { rule.conjuncts.remove(.test(first.tests[place])) }
        if groupsVary { rule.conjuncts.remove(.test(.group(first.groups))) }
        rule.conjuncts.insert(.test(.joined(joins.count - 1)))
        rule.operations = members.reduce([]) { $0.union($1.rule.operations) }
        rule.policies = Set(members.flatMap(\.rule.policies)).sorted()
        return [rule]
    }
}

extension Test.Dimension {
    /// How a table tells of it.
    fileprivate var facet: Facet? {
        switch self {
        case .text(let field, .indexed): .text(field)
        case .address: .address
        case .number(let field): .number(field)
        case .code(let field): .code(field)
        case .principal: .principal
        case .text(_, .walked), .group, .principalType, .flags: nil
        }
    }
}
