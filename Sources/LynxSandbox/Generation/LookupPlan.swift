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
    /// In a fixed order.
    private(set) var tables: [PolicyTable] = []
    let joins: [Join]
    /// By facet, the joins that ask for it: the first has the first class behind the bits of the sets.
    private let columns: [Facet: [Int]]
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
    /// The words that one function may hold: they are on its stack, of which the hooks and it have 512 bytes together.
    private static let maximumWords = 32
    /// The kernel's verifier follows each of them, and gives up after a million instructions. (Twice as many were too much for Linux 6.18.)
    private static let maximumComparisons = 4000
    /// The kernel lets a program use 64 maps (`MAX_USED_MAPS`), of which the hooks have some of their own.
    private static let maximumTables = 48

    init(_ rules: [Rule], _ joins: [Join]) throws(Overload) {
        self.joins = joins
        var columns: [Facet: [Int]] = [:]
        for (number, join) in joins.enumerated() { for facet in join.facets { columns[facet, default: []].append(number) } }
        self.columns = columns
        var distinct: Set<Test> = []
        var tests: [Test] = []
        /// The first policy that each test is of.
        var owners: [Int] = []
        for rule in rules {
            // In an order that does not depend on hash seeds: the same policies give the same code.
            for formula in rule.orderedConjuncts {
                formula.forEachTest {
                    guard distinct.insert($0).inserted else { return }
                    tests.append($0)
                    owners.append(rule.policies.first ?? 0)
                }
            }
        }
        directory = try PrincipalDirectory(zip(tests, owners).map { ($0, policy: $1) }, joins)

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
        for (test, owner) in zip(tests, owners) {
            let count: Int
            switch test {
            case .text(let field, _):
                if let rest = lookedUp(test) { _ = texts[field, default: SetNumbers()].number(of: rest) }
                count = texts[field]?.tests.count ?? 0
            case .address where ranges > LookupPlan.maximumRanges:
                count = addresses.number(of: test) + 1
            case .number(let field, let set) where set.count > LookupPlan.maximumNumbers:
                count = numbers[field, default: SetNumbers()].number(of: test) + 1
            case .principal(let set) where set.count > LookupPlan.maximumNumbers:
                count = principals.number(of: test) + 1
            default: count = 0
            }
            guard count <= LookupPlan.maximumSets else {
                throw Overload(
                    "with it the policies tell more than \(LookupPlan.maximumSets) sets of one attribute apart",
                    suggestion: Overload.fewerForms, policy: owner)
            }
        }
        for field in TextField.allCases {
            let classes = self.columns(for: .text(field)).compactMap { if case .texts(let tree) = $0 { tree } else { nil } }
            guard texts[field] != nil || !classes.isEmpty else { continue }
            do throws(TooManyPatterns) {
                textIndexes[field] = try TextIndex(field, texts[field] ?? SetNumbers(), columns: classes)
            } catch {
                let owner = Array(zip(tests, owners)).last { test, _ in
                    if case .text(field, let patterns) = test { patterns.contains { $0.needsAutomaton(in: field) } } else { false }
                }
                throw Overload(
                    "the \(error.count) patterns on `\(error.field.rawValue)` are too many to be looked for at once",
                    suggestion: "write directories and whole paths where that is what is meant: there is no limit to their number",
                    policy: owner?.1 ?? 0)
            }
        }
        tables = allTables
        try checkRoom(rules)
    }

    /// Whether the functions and programs can hold what they look up.
    private func checkRoom(_ rules: [Rule]) throws(Overload) {
        let last = rules.flatMap(\.policies).max() ?? 0
        guard tables.count <= LookupPlan.maximumTables else {
            throw Overload(
                "the policies need \(tables.count) tables, and a program of the kernel can use \(LookupPlan.maximumTables)",
                suggestion: Overload.fewerForms, policy: last)
        }
        for kind in ResourceKind.allCases {
            let own = rules.filter { !$0.operations.isDisjoint(with: .on(kind)) }
            var asked: Set<Facet> = []
            var comparisons = 0
            for rule in own {
                for formula in rule.conjuncts {
                    comparisons += comparisonCount(formula)
                    guard comparisons <= LookupPlan.maximumComparisons else {
                        throw Overload(
                            "with it the policies come to more than \(LookupPlan.maximumComparisons) comparisons for one kind of resource",
                            suggestion: Overload.fewerForms, policy: rule.policies.first ?? last)
                    }
                    formula.forEachTest { test in for facet in Facet.all where isTold(test, by: facet) { asked.insert(facet) } }
                }
            }
            let words = asked.reduce(0) { $0 + wordCount($1) }
            guard words <= LookupPlan.maximumWords else {
                throw Overload(
                    "for one kind of resource the policies tell too many sets and combinations apart: \(words) words of them, and a program of the kernel has room for \(LookupPlan.maximumWords)",
                    suggestion: Overload.fewerForms, policy: own.flatMap(\.policies).max() ?? last)
            }
        }
    }

    /// How many comparisons a formula is in C, about.
    private func comparisonCount(_ formula: Formula) -> Int {
        var count = 0
        formula.forEachTest { test in
            switch test {
            case .number(let field, let values) where numbers[field]?.number(ofKnown: test) == nil: count += values.count
            case .text: count += max(1, constants(of: test).count)
            default: count += 1
            }
        }
        return count
    }

    /// How many words tables give of a facet: the bits of its sets, then a class for each join that asks for it.
    func wordCount(_ facet: Facet) -> Int { setWordCount(facet) + (columns[facet]?.count ?? 0) }

    private func setWordCount(_ facet: Facet) -> Int {
        switch facet {
        case .text(let field): texts[field]?.wordCount ?? 0
        case .address: addresses.wordCount
        case .number(let field): numbers[field]?.wordCount ?? 0
        case .principal: principals.wordCount
        case .code, .operation: 0
        }
    }

    /// Among the words that tables give of a facet, that of the class for a join.
    func word(of join: Int, _ facet: Facet) -> Int? {
        columns[facet]?.firstIndex(of: join).map { setWordCount(facet) + $0 }
    }

    private func columns(for facet: Facet) -> [FacetClasses] {
        (columns[facet] ?? []).compactMap { number in
            let join = joins[number]
            return join.facets.firstIndex(of: facet).map { join.classes[$0] }
        }
    }

    /// Whether a test is told by what tables give of a facet.
    func isTold(_ test: Test, by facet: Facet) -> Bool {
        if case .joined(let number) = test { return columns[facet]?.contains(number) ?? false }
        switch facet {
        case .text(let field):
            guard case .text(field, _) = test else { return false }
            return lookedUp(test).map { texts[field]?.number(ofKnown: $0) != nil } ?? false
        case .address: return addresses.number(ofKnown: test) != nil
        case .number(let field): return numbers[field]?.number(ofKnown: test) != nil
        case .principal: return principals.number(ofKnown: test) != nil
        case .code, .operation: return false
        }
    }

    /// Whether the answer to a test depends on a text.
    func asks(_ test: Test, for field: TextField) -> Bool {
        switch test {
        case .text(let own, _): own == field
        case .same(let left, let right): left == .field(field) || right == .field(field)
        case .joined(let number): joins[number].facets.contains(.text(field))
        default: false
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

    private var allTables: [PolicyTable] {
        var tables = TextField.allCases.flatMap { textIndexes[$0]?.tables ?? [] }
        if wordCount(.address) > 0 { tables.append(.addresses(addresses, columns: columns(for: .address))) }
        for facet in Facet.numbers where wordCount(facet) > 0 {
            var sets = SetNumbers()
            if case .number(let field) = facet { sets = numbers[field] ?? sets }
            tables.append(.numbers(sets, columns: columns(for: facet), name: facet.tableName))
        }
        if wordCount(.principal) > 0 { tables.append(.principals(principals, columns: columns(for: .principal), directory)) }
        for (number, join) in joins.enumerated() {
            for (place, step) in join.steps.enumerated() { tables.append(.join(step, name: "join_\(number)_step_\(place)")) }
            tables.append(.join(join.ends, asksForGroups: join.asksForGroups, name: "join_\(number)", directory))
        }
        return tables
    }

    /// What is too much for one program.
    struct Overload: Error {
        let reason: String
        let suggestion: String
        /// A policy that is part of it, by its place in the set.
        let policy: Int

        init(_ reason: String, suggestion: String, policy: Int) {
            self.reason = reason
            self.suggestion = suggestion
            self.policy = policy
        }

        static let fewerForms =
            "policies of one form that differ in directories, whole texts, addresses or numbers count as one; let patterns, comparisons and other conditions be the same in more of them"
    }
}

extension Facet {
    /// The facets that are numbers.
    static let numbers: [Facet] = NumberField.allCases.map { .number($0) } + CodeField.allCases.map { .code($0) } + [.operation]

    /// All of them, in the order in which they are looked up.
    static let all: [Facet] = TextField.allCases.map { .text($0) } + [.address] + numbers + [.principal]

    /// The array in the function that holds what tables give of the facet.
    var wordsName: String {
        switch self {
        case .text(let field): field.setsName
        case .address: "address"
        case .number(let field): "\(field.rawValue)_sets"
        case .code(let field): "\(field.rawValue)_code_sets"
        case .principal: "principal"
        case .operation: "operation_sets"
        }
    }

    /// The table of a facet that is a number.
    var tableName: String {
        switch self {
        case .number(let field): "\(field.rawValue)_numbers"
        case .code(let field): "\(field.rawValue)_codes"
        case .operation: "operations"
        case .address: "addresses"
        case .principal: "principals"
        case .text(let field): field.rawValue.lowercased()
        }
    }

    /// The number in C.
    var expression: String {
        switch self {
        case .number(let field): field.expression
        case .code(let field): field.expression
        default: "event->operation"
        }
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
    func needsAutomaton(in field: TextField) -> Bool { !isIndexed(in: field) }
}

extension Rule {
    /// The conjuncts with the cheap ones first, and otherwise in an order that is always the same.
    var orderedConjuncts: [Formula] {
        // Hash order is random; the text of the formula is not.
        conjuncts.map { ($0, cost: $0.cost, key: $0.sortKey) }.sorted { ($0.cost, $0.key) < ($1.cost, $1.key) }.map(\.0)
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
        case .text(let field, let patterns): "a\(field)\(patterns.min().map { "\($0)" } ?? "") \(patterns.count)"
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
        case .same(let left, let right): "m\(left)\(right)"
        case .joined(let number): "n\(number)"
        }
    }
}
