import LynxCedar

/// Which tests of the rules are constants in the code and which are looked up, and the tables for these.
///
/// A handful of constants is cheaper to compare with than a table is to look into; the cost of a table does not grow with what it holds.
struct LookupPlan {
    private(set) var texts: [TextField: SetNumbers] = [:]
    private(set) var addresses = SetNumbers()
    private(set) var numbers: [NumberField: SetNumbers] = [:]
    private(set) var principals = SetNumbers()
    private(set) var textIndexes: [TextField: TextIndex] = [:]
    let directory: PrincipalDirectory
    /// The texts that are compared with constants.
    private let constantTexts: Set<TextField>
    /// By field, the literals that are searched for in the text.
    let searches: [TextField: [[UInt8]]]

    /// How many constants of a field are still compared one by one.
    private static let maximumTexts = 8
    /// An automaton finds any number of literals in one walk; a search for one passes most of the text over.
    private static let maximumSearches = 2
    private static let maximumRanges = 4
    private static let maximumNumbers = 16
    /// How many sets a table can tell apart.
    private static let maximumSets = 1024

    init(_ rules: [Rule]) throws(Overload) {
        var distinct: Set<Test> = []
        var tests: [Test] = []
        for rule in rules {
            // In an order that does not depend on hash seeds: the same policies give the same code.
            for formula in rule.orderedConjuncts {
                formula.forEachTest { if distinct.insert($0).inserted { tests.append($0) } }
            }
        }
        directory = try PrincipalDirectory(tests)

        var simple: [TextField: Int] = [:]
        var ranges = 0
        var literals: [TextField: Set<[UInt8]>] = [:]
        var walked: Set<TextField> = []
        for test in tests {
            switch test {
            case .text(let field, let patterns):
                simple[field, default: 0] += patterns.count { $0.isConstant(in: field) }
                for pattern in patterns where !pattern.isConstant(in: field) {
                    if let literal = pattern.searchedLiteral(in: field) {
                        literals[field, default: []].insert(literal)
                    } else if pattern.needsAutomaton(in: field) {
                        walked.insert(field)
                    }
                }
            case .address(let set): ranges += set.count
            default: break
            }
        }
        constantTexts = Set(TextField.allCases.filter { simple[$0, default: 0] <= LookupPlan.maximumTexts })
        searches = literals.filter { !walked.contains($0.key) && $0.value.count <= LookupPlan.maximumSearches }
            .mapValues { $0.sorted { $0.lexicographicallyPrecedes($1) } }
        for test in tests {
            switch test {
            case .text(let field, _):
                if let rest = lookedUp(test) { _ = texts[field, default: SetNumbers()].number(of: rest) }
            case .address where ranges > LookupPlan.maximumRanges:
                _ = addresses.number(of: test)
            case .number(let field, let set) where set.count > LookupPlan.maximumNumbers:
                _ = numbers[field, default: SetNumbers()].number(of: test)
            case .principal(let set) where set.count > LookupPlan.maximumNumbers:
                _ = principals.number(of: test)
            default: break
            }
        }
        let counts = [addresses.tests.count, principals.tests.count] + texts.values.map(\.tests.count) + numbers.values.map(\.tests.count)
        if let count = counts.max(), count > LookupPlan.maximumSets {
            throw .sets(count: count, limit: LookupPlan.maximumSets)
        }
        for field in TextField.allCases {
            guard let sets = texts[field] else { continue }
            do throws(TooManyPatterns) {
                textIndexes[field] = try TextIndex(field, sets)
            } catch {
                throw .patterns(error)
            }
        }
    }

    /// The patterns of a test that are compared with constants.
    func constants(of test: Test) -> [TextPattern] {
        guard case .text(let field, let patterns) = test else { return [] }
        return patterns.filter { isConstant($0, field) }.sorted()
    }

    /// What is left of a test on a text for tables.
    func lookedUp(_ test: Test) -> Test? {
        guard case .text(let field, let patterns) = test else { return nil }
        let rest = patterns.filter { !isConstant($0, field) && search($0, field) == nil }
        return rest.isEmpty ? nil : .text(field, rest)
    }

    private func isConstant(_ pattern: TextPattern, _ field: TextField) -> Bool {
        constantTexts.contains(field) && pattern.isConstant(in: field)
    }

    /// The numbers of the searches that a test asks for.
    func searches(of test: Test) -> [Int] {
        guard case .text(let field, let patterns) = test else { return [] }
        return patterns.compactMap { search($0, field) }.sorted()
    }

    private func search(_ pattern: TextPattern, _ field: TextField) -> Int? {
        pattern.searchedLiteral(in: field).flatMap { literal in searches[field]?.firstIndex(of: literal) }
    }

    /// All tables, in a fixed order.
    var tables: [PolicyTable] {
        var tables = TextField.allCases.flatMap { textIndexes[$0]?.tables ?? [] }
        if !addresses.tests.isEmpty { tables.append(.addresses(addresses)) }
        for field in NumberField.allCases {
            if let sets = numbers[field] { tables.append(.numbers(sets, name: "\(field.rawValue)_numbers")) }
        }
        if !principals.tests.isEmpty { tables.append(.principals(principals, directory)) }
        return tables
    }

    /// What is too much for one program.
    enum Overload: Error {
        case sets(count: Int, limit: Int)
        case patterns(TooManyPatterns)
        case groups(count: Int, limit: Int)
    }
}

extension TextPattern: Comparable {
    /// A total order, for output that does not vary.
    static func < (lhs: TextPattern, rhs: TextPattern) -> Bool {
        let (left, right) = (lhs.sortKey, rhs.sortKey)
        return left.rank == right.rank ? left.text.lexicographicallyPrecedes(right.text) : left.rank < right.rank
    }

    private var sortKey: (rank: Int, text: [UInt8]) {
        switch self {
        case .exact(let text): (0, text)
        case .under(let text): (1, text)
        case .glob(let parts): (2, Array(parts.joined(separator: [0])))
        case .name(let parts): (3, Array(parts.joined(separator: [0])))
        }
    }

    /// Whether it can be compared with a constant of few words.
    func isConstant(in field: TextField) -> Bool {
        switch self {
        case .exact(let text): field.isPath ? text.count < 64 : true
        case .under(let text): field.isPath && text.count < 63
        case .glob(let parts) where parts.count == 2 && parts[1].isEmpty: parts[0].count < (field.isPath ? 64 : 16)
        // The slack behind the text must hold the last word.
        case .glob(let parts) where parts.count == 2 && parts[0].isEmpty: field.isPath && parts[1].count <= 32
        case .glob, .name: false
        }
    }

    /// The literal of a pattern that asks whether it occurs somewhere.
    func searchedLiteral(in field: TextField) -> [UInt8]? {
        guard case .glob(let parts) = self, field.isPath, parts.count == 3, parts[0].isEmpty, parts[2].isEmpty, parts[1].count <= 16 else {
            return nil
        }
        return parts[1]
    }

    /// Whether neither a table of whole texts nor one of prefixes can tell.
    func needsAutomaton(in field: TextField) -> Bool {
        switch self {
        case .exact, .under: !field.isPath
        case .glob(let parts): !(field.isPath && parts.count == 2 && parts[1].isEmpty)
        case .name: true
        }
    }
}

extension Rule {
    /// The conjuncts with the cheap ones first, and otherwise in an order that is always the same.
    var orderedConjuncts: [Formula] {
        // Hash order is random; the text of the formula is not.
        conjuncts.sorted { ($0.size, "\($0.sortKey)") < ($1.size, "\($1.sortKey)") }
    }
}

extension Formula {
    /// A text that is the same for the same formula in every run.
    fileprivate var sortKey: String {
        switch self {
        case .always: "always"
        case .never: "never"
        case .test(let test): test.sortKey
        case .not(let test): "~" + test.sortKey
        case .all(let parts): "&" + parts.map(\.sortKey).joined(separator: ",")
        case .any(let parts): "|" + parts.map(\.sortKey).joined(separator: ",")
        }
    }
}

extension Test {
    /// A text that is the same for the same test in every run. Of large sets the smallest member and the count are enough to tell.
    fileprivate var sortKey: String {
        switch self {
        case .text(let field, let patterns): "a\(field)\(patterns.min().map { "\($0)" } ?? "")\(patterns.count)"
        case .address(let ranges): "b\(ranges.map { "\($0)" }.min() ?? "")\(ranges.count)"
        case .number(let field, let values): "c\(field)\(values.min() ?? 0) \(values.count)"
        case .code(let field, let values): "d\(field)\(values.sorted())"
        case .principal(let uids): "e\(uids.min().map { "\($0)" } ?? "")\(uids.count)"
        case .group(let uids): "f\(uids.sorted())"
        case .principalType(let types): "g\(types.sorted())"
        case .flags(let bits): "h\(bits)"
        case .compare(let left, let order, let right): "i\(left)\(order)\(right)"
        case .fits(let value): "j\(value)"
        case .present(let presence): "k\(presence)"
        case .isOn(let field): "l\(field)"
        }
    }
}
