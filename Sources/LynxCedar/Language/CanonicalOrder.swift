/// How two values stand in the total order that canonical forms are sorted by; it is no part of the language.
///
/// Finding it takes time linear in the smaller value and no recursion: each part is looked at once, and values may nest as deep as they
/// like.
enum CanonicalOrder {
    case less, equal, greater

    /// The order of two things that have one of their own.
    init<Operand: Comparable>(_ lhs: Operand, _ rhs: Operand) {
        self = lhs < rhs ? .less : lhs == rhs ? .equal : .greater
    }

    init(_ lhs: Value, _ rhs: Value) {
        /// The sets and records around the current place, outermost first, with how many of their parts were found equal.
        var open: [(parts: Parts, compared: Int)] = []
        var order = CanonicalOrder.step(lhs, rhs, &open)
        while order == .equal, let (parts, compared) = open.last {
            guard compared < parts.count else {
                open.removeLast()
                order = parts.orderOfCounts
                continue
            }
            open[open.count - 1].compared += 1
            order = parts.orderOfNames(at: compared)
            guard order == .equal else { break }
            let (left, right) = parts.values(at: compared)
            order = CanonicalOrder.step(left, right, &open)
        }
        self = order
    }

    /// Compares two values, except for the parts of sets and records: these go to `open`.
    private static func step(_ lhs: Value, _ rhs: Value, _ open: inout [(parts: Parts, compared: Int)]) -> CanonicalOrder {
        switch (lhs, rhs) {
        case (.bool(let lhs), .bool(let rhs)): return CanonicalOrder(lhs ? 1 : 0, rhs ? 1 : 0)
        case (.long(let lhs), .long(let rhs)): return CanonicalOrder(lhs, rhs)
        case (.string(let lhs), .string(let rhs)): return CanonicalOrder(lhs, rhs)
        case (.entity(let lhs), .entity(let rhs)): return CanonicalOrder(lhs, rhs)
        case (.set(let lhs), .set(let rhs)): open.append((.sets(lhs.elements, rhs.elements), 0))
        case (.record(let lhs), .record(let rhs)): open.append((.records(lhs.attributes, rhs.attributes), 0))
        case (.decimal(let lhs), .decimal(let rhs)): return CanonicalOrder(lhs, rhs)
        case (.ip(let lhs), .ip(let rhs)):
            return lhs.canonicallyPrecedes(rhs) ? .less : lhs == rhs ? .equal : .greater
        case (.datetime(let lhs), .datetime(let rhs)): return CanonicalOrder(lhs, rhs)
        case (.duration(let lhs), .duration(let rhs)): return CanonicalOrder(lhs, rhs)
        default: return CanonicalOrder(lhs.rank, rhs.rank)
        }
        return .equal
    }

    /// What two sets or two records are made of.
    private enum Parts {
        case sets([Value], [Value])
        case records([Record.Attribute], [Record.Attribute])

        /// How many pairs of parts there are.
        var count: Int {
            switch self {
            case .sets(let lhs, let rhs): min(lhs.count, rhs.count)
            case .records(let lhs, let rhs): min(lhs.count, rhs.count)
            }
        }

        /// Where all pairs are equal, the shorter comes first.
        var orderOfCounts: CanonicalOrder {
            switch self {
            case .sets(let lhs, let rhs): CanonicalOrder(lhs.count, rhs.count)
            case .records(let lhs, let rhs): CanonicalOrder(lhs.count, rhs.count)
            }
        }

        func orderOfNames(at index: Int) -> CanonicalOrder {
            switch self {
            case .sets: .equal
            case .records(let lhs, let rhs): CanonicalOrder(lhs[index].name, rhs[index].name)
            }
        }

        func values(at index: Int) -> (Value, Value) {
            switch self {
            case .sets(let lhs, let rhs): (lhs[index], rhs[index])
            case .records(let lhs, let rhs): (lhs[index].value, rhs[index].value)
            }
        }
    }
}

extension Value {
    /// The place of the value's kind among the kinds.
    fileprivate var rank: Int {
        switch self {
        case .bool: 0
        case .long: 1
        case .string: 2
        case .entity: 3
        case .set: 4
        case .record: 5
        case .decimal: 6
        case .ip: 7
        case .datetime: 8
        case .duration: 9
        }
    }
}
