// What Cedar's operators do with values, as far as that hangs on the values alone (language reference, "Operators and functions").

extension UnaryOperator {
    func apply(_ operand: Value) throws(EvaluationError) -> Value {
        switch self {
        case .not:
            return .bool(!(try operand.bool()))
        case .negate:
            let (result, overflow) = (0 as Int64).subtractingReportingOverflow(try operand.long())
            guard !overflow else { throw .overflow(.negate) }
            return .long(result)
        case .isEmpty:
            return .bool(try operand.set().isEmpty)
        }
    }

    /// Whether the result is a bool, provided that there is one; otherwise it is a long.
    var isBoolean: Bool {
        switch self {
        case .not, .isEmpty: true
        case .negate: false
        }
    }

    /// Whether there may be no result for an operand of a kind; `nil` stands for any.
    func mayFail(on kind: Value.Kind?) -> Bool {
        switch self {
        case .not: kind != .bool
        case .isEmpty: kind != .set
        case .negate: true
        }
    }
}

extension BinaryOperator {
    /// - Returns: `nil` for the operators that look into the entity store: `in`, `getTag`, `hasTag`.
    func apply(_ left: Value, _ right: Value) throws(EvaluationError) -> Value? {
        switch self {
        case .equal: .bool(left == right)
        case .notEqual: .bool(left != right)
        case .less: .bool(try left.compare(right) == .less)
        case .lessOrEqual: .bool(try left.compare(right) != .greater)
        case .greater: .bool(try left.compare(right) == .greater)
        case .greaterOrEqual: .bool(try left.compare(right) != .less)
        case .add: .long(try arithmetic(.add, left, right) { $0.addingReportingOverflow($1) })
        case .subtract: .long(try arithmetic(.subtract, left, right) { $0.subtractingReportingOverflow($1) })
        case .multiply: .long(try arithmetic(.multiply, left, right) { $0.multipliedReportingOverflow(by: $1) })
        case .contains: .bool(try left.set().contains(right))
        case .containsAll: .bool(try left.set().isSuperset(of: try right.set()))
        case .containsAny: .bool(try left.set().intersects(try right.set()))
        case .in, .getTag, .hasTag: nil
        }
    }

    private func arithmetic(
        _ operation: EvaluationError.Operation, _ left: Value, _ right: Value,
        _ compute: (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
    ) throws(EvaluationError) -> Int64 {
        let (result, overflow) = compute(try left.long(), try right.long())
        guard !overflow else { throw .overflow(operation) }
        return result
    }

    /// Whether the result is a bool, provided that there is one.
    var isBoolean: Bool {
        switch self {
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .in,
            .contains, .containsAll, .containsAny, .hasTag:
            true
        case .add, .subtract, .multiply, .getTag:
            false
        }
    }
}

// The operand that an operation asks for, or the type error.
extension Value {
    func bool() throws(EvaluationError) -> Bool {
        guard case .bool(let value) = self else { throw .type(self, expected: .bool) }
        return value
    }

    func long() throws(EvaluationError) -> Int64 {
        guard case .long(let value) = self else { throw .type(self, expected: .long) }
        return value
    }

    func string() throws(EvaluationError) -> CedarString {
        guard case .string(let value) = self else { throw .type(self, expected: .string) }
        return value
    }

    func entity() throws(EvaluationError) -> EntityUID {
        guard case .entity(let uid) = self else { throw .type(self, expected: .entity) }
        return uid
    }

    func set() throws(EvaluationError) -> ValueSet {
        guard case .set(let value) = self else { throw .type(self, expected: .set) }
        return value
    }

    /// The right side of `in`: an entity, or a set of which every element is one.
    func entities() throws(EvaluationError) -> [EntityUID] {
        switch self {
        case .entity(let uid):
            return [uid]
        case .set(let set):
            var uids: [EntityUID] = []
            uids.reserveCapacity(set.count)
            for element in set.elements { uids.append(try element.entity()) }
            return uids
        default:
            throw .type(self, expected: .entity, .set)
        }
    }
}

extension Value {
    /// Whether it can stand on the right side of `in`.
    var isEntityOrEntities: Bool {
        switch self {
        case .entity: true
        case .set(let set): set.elements.allSatisfy { $0.kind == .entity }
        default: false
        }
    }

    fileprivate enum Order { case less, equal, greater }

    /// How two longs, two datetimes or two durations compare; nothing else does.
    fileprivate func compare(_ other: Value) throws(EvaluationError) -> Order {
        func order<Operand: Comparable>(_ left: Operand, _ right: Operand) -> Order {
            left < right ? .less : left == right ? .equal : .greater
        }
        switch (self, other) {
        case (.long(let left), .long(let right)): return order(left, right)
        case (.datetime(let left), .datetime(let right)): return order(left, right)
        case (.duration(let left), .duration(let right)): return order(left, right)
        case (.long, _), (.datetime, _), (.duration, _): throw .type(other, expected: kind)
        case (_, .long), (_, .datetime), (_, .duration): throw .type(self, expected: other.kind)
        default: throw .type(self, expected: .long, .datetime, .duration)
        }
    }
}
