// What instructions come to. Recursion goes as deep as expressions nest, which the compiler has bounded; each operation works in a
// function of its own, so that a level costs little stack.

extension Machine {
    /// The value of an instruction; `error` where it has none.
    func value(of number: UInt32) -> FlatValue {
        let instruction = program.instructions[number]
        return instruction.memo == 0 ? compute(instruction) : remembered(instruction)
    }

    /// The same where it is an operand, which often is at hand.
    @inline(__always)
    private func operand(_ number: UInt32) -> FlatValue {
        let instruction = program.instructions[number]
        switch instruction.operation {
        case .constant: return program.constants[instruction.first]
        case .principal: return principal.value
        case .resource: return resource.value
        default: return instruction.memo == 0 ? compute(instruction) : remembered(instruction)
        }
    }

    @inline(__always)
    private func remembered(_ instruction: Instruction) -> FlatValue {
        let memo = scratch.pointee.memos + Int(instruction.memo - 1)
        if memo.pointee.epoch == scratch.pointee.epoch { return memo.pointee.value }
        let value = compute(instruction)
        memo.pointee = Scratch.Memo(epoch: scratch.pointee.epoch, value: value)
        return value
    }

    private func compute(_ instruction: Instruction) -> FlatValue {
        switch instruction.operation {
        case .fail: .error
        case .constant: program.constants[instruction.first]
        case .principal: principal.value
        case .action: action.value
        case .resource: resource.value
        case .context: wholeContext()
        case .and: junction(instruction.first, until: false)
        case .or: junction(instruction.first, until: true)
        case .conditional: conditional(instruction.first)
        case .not, .negate, .isEmpty: unary(instruction.operation, value(of: instruction.first))
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .add, .subtract, .multiply, .in, .contains, .containsAll,
            .containsAny, .getTag, .hasTag:
            binary(instruction)
        case .attribute: attribute(instruction.second, of: operand(instruction.first))
        case .has: has(instruction.second, operand(instruction.first))
        case .contextAttribute: contextAttribute(instruction.second)
        case .contextHas: .bool(contextIndex(instruction.second) != nil)
        case .like: like(operand(instruction.first), program.patterns[instruction.second])
        case .isType: isType(operand(instruction.first), instruction.second)
        case .set: set(instruction.first)
        case .record: record(instruction.first, repeatsNames: instruction.second != 0)
        case .call: call(instruction)
        }
    }

    private func junction(_ list: UInt32, until decisive: Bool) -> FlatValue {
        let count = program.operands[list]
        for index in 0..<count {
            let value = value(of: program.operands[list + 1 + index])
            guard value.tag == .bool else { return .error }
            if (value.payload != 0) == decisive { return value }
        }
        return .bool(!decisive)
    }

    private func conditional(_ list: UInt32) -> FlatValue {
        let condition = value(of: program.operands[list + 1])
        guard condition.tag == .bool else { return .error }
        return value(of: program.operands[list + (condition.payload != 0 ? 2 : 3)])
    }

    private func binary(_ instruction: Instruction) -> FlatValue {
        let left = operand(instruction.first)
        if left.isError { return .error }
        let right = operand(instruction.second)
        if right.isError { return .error }
        return apply(instruction.operation, left, right)
    }

    private func set(_ list: UInt32) -> FlatValue {
        let count = Int(program.operands[list])
        let block = scratch.pointee.allocate(byteCount: count * 16)
        for index in 0..<count {
            let element = value(of: program.operands[list + 1 + UInt32(index)])
            if element.isError { return .error }
            element.store(index, to: block)
        }
        return FlatValue(.set, at: block, count: FlatValue.sort(block, count: count, width: 1))
    }

    private func record(_ list: UInt32, repeatsNames: Bool) -> FlatValue {
        let count = Int(program.operands[list]) / 2
        let block = scratch.pointee.allocate(byteCount: count * 32)
        var written = 0
        for index in 0..<count {
            let place = list + 1 + UInt32(index * 2)
            let field = value(of: program.operands[place + 1])
            if field.isError { return .error }
            let name = FlatValue.string(program.operands[place])
            var slot = written
            // Of equal names the last counts.
            if repeatsNames {
                for earlier in 0..<written where FlatValue.load(earlier * 2, from: block) == name { slot = earlier }
            }
            name.store(slot * 2, to: block)
            field.store(slot * 2 + 1, to: block)
            written = max(written, slot + 1)
        }
        return FlatValue(.record, at: block, count: FlatValue.sort(block, count: written, width: 2))
    }

    private func call(_ instruction: Instruction) -> FlatValue {
        let list = instruction.first
        let count = program.operands[list]
        guard count <= 2 else { return callWithMore(instruction) }
        let first = count > 0 ? operand(program.operands[list + 1]) : .error
        if first.isError { return .error }
        let second = count > 1 ? operand(program.operands[list + 2]) : .error
        if count > 1 && second.isError { return .error }
        return apply(instruction.function, first, second)
    }

    /// Only `isInRange` takes more than two arguments, and only as a feature.
    private func callWithMore(_ instruction: Instruction) -> FlatValue {
        let list = instruction.first
        let first = value(of: program.operands[list + 1])
        guard first.tag == .ip, instruction.function == .isInRange else { return .error }
        var isInRange = false
        for index in 1..<program.operands[list] {
            let range = value(of: program.operands[list + 1 + index])
            guard range.tag == .ip else { return .error }
            isInRange = isInRange || first.address.isInRange(range.address)
        }
        return .bool(isInRange)
    }
}
