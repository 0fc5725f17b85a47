// What operators make of values. ``PartialEvaluator`` states the semantics; here only whether there is a value matters, not why not.

extension Machine {
    func unary(_ operation: Instruction.Operation, _ operand: FlatValue) -> FlatValue {
        switch (operation, operand.tag) {
        case (.not, .bool): return .bool(operand.payload == 0)
        case (.negate, .long):
            let (result, overflow) = (0 as Int64).subtractingReportingOverflow(operand.signed)
            return overflow ? .error : .long(result)
        case (.isEmpty, .set): return .bool(operand.count == 0)
        default: return .error
        }
    }

    func apply(_ operation: Instruction.Operation, _ left: FlatValue, _ right: FlatValue) -> FlatValue {
        switch operation {
        case .equal: .bool(left == right)
        case .notEqual: .bool(left != right)
        case .less: compare(left, right) { $0 < $1 }
        case .lessOrEqual: compare(left, right) { $0 <= $1 }
        case .greater: compare(left, right) { $0 > $1 }
        case .greaterOrEqual: compare(left, right) { $0 >= $1 }
        case .add: arithmetic(left, right) { $0.addingReportingOverflow($1) }
        case .subtract: arithmetic(left, right) { $0.subtractingReportingOverflow($1) }
        case .multiply: arithmetic(left, right) { $0.multipliedReportingOverflow(by: $1) }
        case .contains: left.tag == .set ? .bool(left.contains(right)) : .error
        case .containsAll: left.tag == .set && right.tag == .set ? .bool(left.isSuperset(of: right)) : .error
        case .containsAny: left.tag == .set && right.tag == .set ? .bool(left.intersects(right)) : .error
        case .in: isMember(left, of: right)
        case .getTag: tag(right, of: left) ?? .error
        case .hasTag: left.isEntity && right.isString ? .bool(tag(right, of: left) != nil) : .error
        default: .error
        }
    }

    @inline(__always)
    private func compare(_ left: FlatValue, _ right: FlatValue, _ isOrdered: (Int64, Int64) -> Bool) -> FlatValue {
        guard left.tag == right.tag, left.tag == .long || left.tag == .datetime || left.tag == .duration else { return .error }
        return .bool(isOrdered(left.signed, right.signed))
    }

    @inline(__always)
    private func arithmetic(
        _ left: FlatValue, _ right: FlatValue, _ compute: (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
    ) -> FlatValue {
        guard left.tag == .long, right.tag == .long else { return .error }
        let (result, overflow) = compute(left.signed, right.signed)
        return overflow ? .error : .long(result)
    }

    private func isMember(_ member: FlatValue, of container: FlatValue) -> FlatValue {
        guard member.isEntity else { return .error }
        if container.isEntity { return .bool(isMember(member, ofEntity: container)) }
        guard container.tag == .set else { return .error }
        for index in 0..<container.size where !container.element(index).isEntity { return .error }
        if member.tag == .entity { return .bool(entities.isMember(member.number, ofAnyIn: container, walk)) }
        return .bool(container.contains(member))
    }

    private func isMember(_ member: FlatValue, ofEntity entity: FlatValue) -> Bool {
        guard member.tag == .entity, entity.tag == .entity else { return member == entity }
        return entities.isMember(member.number, of: entity.number, walk)
    }

    private func tag(_ name: FlatValue, of entity: FlatValue) -> FlatValue? {
        guard entity.tag == .entity, name.tag == .string, let row = entities.row(entity.number) else { return nil }
        return entities.tags(entity.number, row).attribute(name.number)
    }

    func attribute(_ symbol: UInt32, of target: FlatValue) -> FlatValue {
        switch target.tag {
        case .entity:
            guard let row = entities.row(target.number) else { return .error }
            return entities.attribute(symbol, of: target.number, row) ?? .error
        case .record: return target.attribute(symbol) ?? .error
        default: return .error
        }
    }

    func has(_ symbol: UInt32, _ target: FlatValue) -> FlatValue {
        switch target.tag {
        case .entity:
            guard let row = entities.row(target.number) else { return .false }
            return .bool(entities.shape(row).index(of: symbol) != nil)
        case .foreignEntity: return .false
        case .record: return .bool(target.attribute(symbol) != nil)
        default: return .error
        }
    }

    func like(_ target: FlatValue, _ pattern: FlatPattern) -> FlatValue {
        switch target.tag {
        case .string: .bool(pattern.matches(numbers.symbols.bytes(of: target.number)))
        case .text: .bool(pattern.matches(target.textBytes))
        default: .error
        }
    }

    func isType(_ target: FlatValue, _ type: UInt32) -> FlatValue {
        switch target.tag {
        case .entity: .bool(numbers.keys[target.number].type == type)
        case .foreignEntity: .bool(target.element(0) == .string(type))
        default: .error
        }
    }

    // MARK: Extension functions

    /// The compiler has seen to the number of arguments.
    func apply(_ function: ExtensionFunction, _ first: FlatValue, _ second: FlatValue) -> FlatValue {
        switch function {
        case .decimal: construct(first) { text throws(EvaluationError) in FlatValue(.decimal, UInt64(bitPattern: try Decimal(text).tenThousandths)) }
        case .datetime: construct(first) { text throws(EvaluationError) in FlatValue(.datetime, UInt64(bitPattern: try Datetime(text).millisecondsSinceEpoch)) }
        case .duration: construct(first) { text throws(EvaluationError) in FlatValue(.duration, UInt64(bitPattern: try Duration(text).milliseconds)) }
        case .ip: construct(first) { text throws(EvaluationError) in flat(try IPAddress(text)) }
        case .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual: compare(function, first, second)
        case .isIpv4, .isIpv6, .isLoopback, .isMulticast, .isInRange: ofAddress(function, first, second)
        case .offset, .durationSince, .toDate, .toTime: ofDatetime(function, first, second)
        case .toMilliseconds, .toSeconds, .toMinutes, .toHours, .toDays: ofDuration(function, first)
        }
    }

    private func construct(_ argument: FlatValue, _ make: (String) throws(EvaluationError) -> FlatValue) -> FlatValue {
        let text: UnsafeRawBufferPointer
        switch argument.tag {
        case .string: text = numbers.symbols.bytes(of: argument.number)
        case .text: text = argument.textBytes
        default: return .error
        }
        return (try? make(String(decoding: text, as: UTF8.self))) ?? .error
    }

    func flat(_ address: IPAddress) -> FlatValue {
        var writer = FlatWriter(into: scratch.pointee.allocate(byteCount: 24))
        return writer.write(address)
    }

    private func compare(_ function: ExtensionFunction, _ left: FlatValue, _ right: FlatValue) -> FlatValue {
        guard left.tag == .decimal, right.tag == .decimal else { return .error }
        return switch function {
        case .lessThan: .bool(left.signed < right.signed)
        case .lessThanOrEqual: .bool(left.signed <= right.signed)
        case .greaterThan: .bool(left.signed > right.signed)
        default: .bool(left.signed >= right.signed)
        }
    }

    private func ofAddress(_ function: ExtensionFunction, _ first: FlatValue, _ second: FlatValue) -> FlatValue {
        guard first.tag == .ip else { return .error }
        let address = first.address
        switch function {
        case .isIpv4: return .bool(address.isIPv4)
        case .isIpv6: return .bool(address.isIPv6)
        case .isLoopback: return .bool(address.isLoopback)
        case .isMulticast: return .bool(address.isMulticast)
        default: return second.tag == .ip ? .bool(address.isInRange(second.address)) : .error
        }
    }

    private func ofDatetime(_ function: ExtensionFunction, _ first: FlatValue, _ second: FlatValue) -> FlatValue {
        guard first.tag == .datetime else { return .error }
        let datetime = Datetime(millisecondsSinceEpoch: first.signed)
        switch (function, second.tag) {
        case (.toDate, _): return flat(try? datetime.toDate())
        case (.toTime, _): return flat(datetime.toTime())
        case (.offset, .duration): return flat(try? datetime.offset(by: Duration(milliseconds: second.signed)))
        case (.durationSince, .datetime): return flat(try? datetime.durationSince(Datetime(millisecondsSinceEpoch: second.signed)))
        default: return .error
        }
    }

    private func flat(_ datetime: Datetime?) -> FlatValue {
        datetime.map { FlatValue(.datetime, UInt64(bitPattern: $0.millisecondsSinceEpoch)) } ?? .error
    }

    private func flat(_ duration: Duration?) -> FlatValue {
        duration.map { FlatValue(.duration, UInt64(bitPattern: $0.milliseconds)) } ?? .error
    }

    private func ofDuration(_ function: ExtensionFunction, _ operand: FlatValue) -> FlatValue {
        guard operand.tag == .duration else { return .error }
        let duration = Duration(milliseconds: operand.signed)
        let result =
            switch function {
            case .toMilliseconds: duration.toMilliseconds()
            case .toSeconds: duration.toSeconds()
            case .toMinutes: duration.toMinutes()
            case .toHours: duration.toHours()
            default: duration.toDays()
            }
        return .long(result)
    }
}
