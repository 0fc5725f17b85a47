import LynxCedar

/// The classes of the values of a facet: which rows of a join agree with a value, as a number.
enum FacetClasses: Sendable {
    case texts(PrefixTree<UInt64>)
    case ranges([AddressRange: UInt64])
    /// Of numbers, codes and operations.
    case numbers([UInt64: UInt64])
    case principals([EntityUID: UInt64])

    /// - Parameter tests: those of the rows, in their order.
    /// - Returns: `nil` when more rows than the budget meet in the values.
    static func find(_ facet: Facet, _ tests: [FacetTest], _ budget: inout Int) -> (classes: FacetClasses, rows: RowClasses)? {
        switch facet {
        case .text:
            var tree = placed(tests) { [Int32($0)] } joining: { if $0.last != $1.first { $0 += $1 } }
            var isWithin = true
            tree.close { own, above in
                budget -= above.count
                isWithin = isWithin && budget >= 0
                if isWithin { own = FacetClasses.union(own, above) }
            }
            guard isWithin else { return nil }
            let rows = RowClasses(tree.values)
            return (.texts(tree.mapValues { rows.number(of: $0) }), rows)
        case .address:
            guard let closed = closedRanges(tests, &budget) else { return nil }
            let rows = RowClasses(closed.values)
            return (.ranges(closed.mapValues { rows.number(of: $0) }), rows)
        case .number, .code, .operation:
            let values = collect(tests) { test -> [UInt64] in
                switch test {
                case .test(.number(_, let set)): set.map { UInt64(bitPattern: $0) }
                case .test(.code(_, let set)): set.map { UInt64($0) }
                case .operations(let set): set.operations.map { UInt64($0.rawValue) }
                case .test: []
                }
            }
            let rows = RowClasses(values.values)
            return (.numbers(values.mapValues { rows.number(of: $0) }), rows)
        case .principal:
            let values = collect(tests) { test -> [EntityUID] in
                if case .test(.principal(let set)) = test { Array(set) } else { [] }
            }
            let rows = RowClasses(values.values)
            return (.principals(values.mapValues { rows.number(of: $0) }), rows)
        }
    }

    /// By value, the rows that name it.
    private static func collect<Value: Hashable>(_ tests: [FacetTest], _ values: (FacetTest) -> [Value]) -> [Value: [Int32]] {
        var result: [Value: [Int32]] = [:]
        for (row, test) in tests.enumerated() {
            for value in values(test) { result[value, default: []].append(Int32(row)) }
        }
        return result
    }

    /// The rows that agree with the addresses of a range, those of the ranges around it among them.
    private static func closedRanges(_ tests: [FacetTest], _ budget: inout Int) -> [AddressRange: [Int32]]? {
        let own = collect(tests) { test -> [AddressRange] in
            if case .test(.address(let set)) = test { Array(set) } else { [] }
        }
        let lengths = Set(own.keys.map(\.prefixLength))
        var closed = own
        for range in own.keys {
            for length in lengths where length < range.prefixLength {
                guard let around = own[range.widened(to: length)] else { continue }
                budget -= around.count
                guard budget >= 0 else { return nil }
                closed[range] = union(closed[range] ?? [], around)
            }
        }
        return closed
    }

    /// The patterns of rows in a tree; `value` is what a row puts at each of its places.
    private static func placed<Value>(
        _ tests: [FacetTest], _ value: (Int) -> Value, joining: (inout Value, Value) -> Void
    ) -> PrefixTree<Value> {
        var tree = PrefixTree<Value>()
        for (row, test) in tests.enumerated() {
            guard case .test(.text(_, let patterns)) = test else { continue }
            for pattern in patterns { tree.insert(value(row), at: pattern, joining: joining) }
        }
        return tree
    }

    /// By row, how many ranges or beginnings of other rows lie around its own, at most.
    static func nesting(_ facet: Facet, _ tests: [FacetTest]) -> [Int] {
        var levels = Array(repeating: 0, count: tests.count)
        switch facet {
        case .text:
            var tree = placed(tests) { _ in 0 } joining: { $0 = max($0, $1) }
            tree.close { own, above in own = max(own, above + 1) }
            for (row, test) in tests.enumerated() {
                guard case .test(.text(_, let patterns)) = test else { continue }
                levels[row] = patterns.map { tree.value(at: $0) ?? 0 }.max() ?? 0
            }
        case .address:
            let ranges = Set(tests.flatMap { if case .test(.address(let set)) = $0 { Array(set) } else { [AddressRange]() } })
            let lengths = Set(ranges.map(\.prefixLength))
            for (row, test) in tests.enumerated() {
                guard case .test(.address(let own)) = test else { continue }
                levels[row] =
                    own.map { range in lengths.count { $0 < range.prefixLength && ranges.contains(range.widened(to: $0)) } }.max() ?? 0
            }
        case .number, .code, .principal, .operation: break
        }
        return levels
    }

    private static func union(_ left: [Int32], _ right: [Int32]) -> [Int32] {
        if left.isEmpty { return right }
        if right.isEmpty { return left }
        var result: [Int32] = []
        result.reserveCapacity(left.count + right.count)
        var (first, second) = (0, 0)
        while first < left.count && second < right.count {
            if left[first] <= right[second] {
                if left[first] == right[second] { second += 1 }
                result.append(left[first])
                first += 1
            } else {
                result.append(right[second])
                second += 1
            }
        }
        return result + left[first...] + right[second...]
    }
}
