import LynxCedar

/// Many rules that differ in several constants, as tables: which row of constants an event has is looked up, not tried row by row.
///
/// For each facet (the path, the port, ...) a table gives the class of the event: a number for the rows that its value agrees with, 0 where there
/// are none. What two classes have in common, the next table gives, by both numbers. The cost of a decision is that of the lookups, however many
/// rows there are.
struct Join: Sendable {
    /// One of the rules: what it asks for, facet by facet.
    struct Row {
        /// As many as the join has facets.
        let tests: [FacetTest]
        /// In one of which the principal has to be; empty where no row asks for groups.
        let groups: Set<EntityUID>
    }

    let facets: [Facet]
    /// By facet, the classes of its values.
    let classes: [FacetClasses]
    /// By facet from the second on but for the last: the class that two have in common, by ``key(_:_:)``.
    let steps: [[UInt64: UInt64]]
    /// What the last class comes to, by its key: a row holds for every principal, or for those in a group.
    let ends: [UInt64: Set<EntityUID>]
    let asksForGroups: Bool

    /// How a table is asked for two classes.
    static func key(_ first: UInt64, _ second: UInt64) -> UInt64 { first << 32 | second }

    /// - Returns: `nil` when the tables would be much larger than the rows.
    init?(_ facets: [Facet], rows: [Row]) {
        var budget = Join.leastBudget + 16 * rows.reduce(0) { $0 + $1.tests.reduce(0) { $0 + $1.count } }
        var found: [(facet: Facet, classes: FacetClasses, rows: RowClasses)] = []
        for (place, facet) in facets.enumerated() {
            guard let (classes, rowClasses) = FacetClasses.find(facet, rows.map { $0.tests[place] }, &budget) else { return nil }
            found.append((facet, classes, rowClasses))
        }
        // What tells most rows apart comes first: little is left then.
        found = found.enumerated().sorted { ($1.element.rows.count, $0.offset) < ($0.element.rows.count, $1.offset) }.map(\.element)
        self.facets = found.map(\.facet)
        classes = found.map(\.classes)
        asksForGroups = rows.contains { !$0.groups.isEmpty }

        var all = found.map(\.rows)
        var reached = all.removeFirst()
        guard let last = all.popLast() else {
            steps = []
            ends = reached.all { Join.groups(of: $0, rows) }
            return
        }
        var steps: [[UInt64: UInt64]] = []
        for next in all {
            guard let common = reached.common(with: next, &budget) else { return nil }
            reached = RowClasses(common.values)
            steps.append(common.mapValues { [reached] in reached.number(of: $0) })
        }
        self.steps = steps
        guard let common = reached.common(with: last, &budget) else { return nil }
        ends = common.mapValues { Join.groups(of: $0, rows) }
    }

    private static let leastBudget = 1 << 16

    private static func groups(of places: [Int32], _ rows: [Row]) -> Set<EntityUID> {
        places.reduce(into: []) { $0.formUnion(rows[Int($1)].groups) }
    }
}

/// What a table tells of an event for joins.
enum Facet: Hashable, Sendable {
    case text(TextField)
    case address
    case number(NumberField)
    case code(CodeField)
    case principal
    case operation
}

/// What a row asks of a facet.
enum FacetTest: Hashable, Sendable {
    case test(Test)
    case operations(OperationSet)

    /// How many values it names.
    var count: Int {
        switch self {
        case .operations: OperationSet.RawValue.bitWidth
        case .test(.text(_, let set)): set.count
        case .test(.address(let set)): set.count
        case .test(.number(_, let set)): set.count
        case .test(.code(_, let set)): set.count
        case .test(.principal(let set)): set.count
        case .test: 1
        }
    }
}

/// Sets of rows, and their numbers from 1 on.
struct RowClasses: Sendable {
    let classes: [[Int32]]
    private let numbers: [[Int32]: UInt64]

    /// Numbers sets of rows in an order of their own, so that the same policies give the same tables.
    ///
    /// - Parameter sets: each in ascending order.
    init(_ sets: some Sequence<[Int32]>) {
        classes = Set(sets).filter { !$0.isEmpty }.sorted { $0.lexicographicallyPrecedes($1) }
        numbers = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($0.element, UInt64($0.offset + 1)) })
    }

    /// 0 is the number of none.
    func number(of rows: [Int32]) -> UInt64 { numbers[rows] ?? 0 }

    var count: Int { classes.count }

    /// Something for each class, by its number.
    func all<Value>(_ value: ([Int32]) -> Value) -> [UInt64: Value] {
        Dictionary(uniqueKeysWithValues: classes.enumerated().map { (UInt64($0.offset + 1), value($0.element)) })
    }

    /// The rows that classes of this and of another facet have in common, where there are any, by their key.
    ///
    /// - Returns: `nil` when they are more than the budget.
    func common(with other: RowClasses, _ budget: inout Int) -> [UInt64: [Int32]]? {
        var others: [Int32: [UInt64]] = [:]
        for (place, rows) in other.classes.enumerated() {
            for row in rows { others[row, default: []].append(UInt64(place + 1)) }
        }
        var result: [UInt64: [Int32]] = [:]
        for (place, rows) in classes.enumerated() {
            for row in rows {
                let partners = others[row] ?? []
                budget -= partners.count
                if budget < 0 { return nil }
                // Rows come in ascending order, so the results are ascending too.
                for partner in partners { result[Join.key(UInt64(place + 1), partner), default: []].append(row) }
            }
        }
        return result
    }
}
