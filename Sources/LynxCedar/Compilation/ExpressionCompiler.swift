// How expressions become instructions.

extension Program {
    /// What constants are evaluated with: nothing.
    private static let nothing = (request: PartialRequest(), entities: Entities())

    /// The instruction for an expression, which must nest no deeper than the simple semantics may go.
    mutating func compile(_ expression: Expression, _ numbers: inout EntityNumbers) -> UInt32 {
        if expression.isClosed { return constant(expression, &numbers) }
        switch expression.kind {
        case .literal(let literal): return intern(Value(literal), &numbers)
        case .variable(let variable): return intern(Instruction(variable.operation))
        case .and(let operands): return list(.and, operands, &numbers)
        case .or(let operands): return list(.or, operands, &numbers)
        case .set(let elements): return list(.set, elements, &numbers)
        case .conditional(let condition, let then, let otherwise): return list(.conditional, [condition, then, otherwise], &numbers)
        case .unary(let unary, let operand): return intern(Instruction(unary.operation, compile(operand, &numbers)))
        case .binary(let binary, let left, let right): return self.binary(binary, left, right, &numbers)
        case .attribute(let target, let name): return member(.attribute, .contextAttribute, target, name, &numbers)
        case .has(let target, let path): return has(target, path, &numbers)
        case .like(let target, let pattern): return like(target, pattern, &numbers)
        case .isType(let target, let type, in: let container): return isType(target, type, container, &numbers)
        case .record(let fields): return record(fields, &numbers)
        case .call(let function, let arguments): return call(function, arguments, &numbers)
        }
    }

    /// What the simple semantics makes of an expression without variables.
    private mutating func constant(_ expression: Expression, _ numbers: inout EntityNumbers) -> UInt32 {
        if case .literal(let literal) = expression.kind { return intern(Value(literal), &numbers) }
        // That the policy does not nest too deep has been seen to; the `!` of an `unless` is not the author's, and does not count.
        let evaluator = PartialEvaluator(
            request: Program.nothing.request, entities: Program.nothing.entities, maximumNesting: .max, features: features)
        guard case .value(let value)? = try? evaluator.evaluate(expression) else { return intern(Instruction(.fail)) }
        return intern(value, &numbers)
    }

    private mutating func list(_ operation: Instruction.Operation, _ operands: [Expression], _ numbers: inout EntityNumbers) -> UInt32 {
        var list: [UInt32] = []
        list.reserveCapacity(operands.count)
        for operand in operands { list.append(compile(operand, &numbers)) }
        return intern(Instruction(operation, intern(list)))
    }

    private mutating func binary(_ binary: BinaryOperator, _ left: Expression, _ right: Expression, _ numbers: inout EntityNumbers) -> UInt32 {
        let first = compile(left, &numbers)
        return intern(Instruction(binary.operation, first, compile(right, &numbers)))
    }

    private mutating func member(
        _ operation: Instruction.Operation, _ ofContext: Instruction.Operation, _ target: Expression, _ name: CedarString, _ numbers: inout EntityNumbers) -> UInt32 {
        let symbol = numbers.symbols.intern(name.string)
        if case .variable(.context) = target.kind { return intern(Instruction(ofContext, 0, symbol)) }
        return intern(Instruction(operation, compile(target, &numbers), symbol))
    }

    /// `x has a.b` is `x has a && x.a has b`.
    private mutating func has(_ target: Expression, _ path: [CedarString], _ numbers: inout EntityNumbers) -> UInt32 {
        var isContext = false
        if case .variable(.context) = target.kind { isContext = true }
        // What the next step asks. Two instructions use it, and it may be large: it is compiled once, and evaluated once.
        var asked = isContext ? 0 : compile(target, &numbers)
        var steps: [UInt32] = []
        for (index, name) in path.enumerated() {
            let symbol = numbers.symbols.intern(name.string)
            let ofContext = isContext && index == 0
            steps.append(intern(ofContext ? Instruction(.contextHas, 0, symbol) : Instruction(.has, asked, symbol)))
            guard index + 1 < path.count else { break }
            if !ofContext { remember(asked) }
            asked = intern(ofContext ? Instruction(.contextAttribute, 0, symbol) : Instruction(.attribute, asked, symbol))
        }
        if steps.count == 1 { return steps[0] }
        return intern(Instruction(.and, intern(steps)))
    }

    private mutating func like(_ target: Expression, _ pattern: Pattern, _ numbers: inout EntityNumbers) -> UInt32 {
        let first = compile(target, &numbers)
        return intern(Instruction(.like, first, intern(pattern)))
    }

    /// `x is T in y` is `x is T && x in y`.
    private mutating func isType(_ target: Expression, _ type: Name, _ container: Expression?, _ numbers: inout EntityNumbers) -> UInt32 {
        let first = compile(target, &numbers)
        let isType = intern(Instruction(.isType, first, numbers.symbols.intern(type.description)))
        guard let container else { return isType }
        remember(first)
        let isMember = intern(Instruction(.in, first, compile(container, &numbers)))
        return intern(Instruction(.and, intern([isType, isMember])))
    }

    private mutating func record(_ fields: [Expression.Field], _ numbers: inout EntityNumbers) -> UInt32 {
        var list: [UInt32] = []
        // Field names are distinct; of a tree in which a program broke that, the last of each name counts, and all are evaluated.
        var names: Set<UInt32> = []
        for field in fields {
            let name = numbers.symbols.intern(field.name.string)
            names.insert(name)
            list.append(name)
            list.append(compile(field.value, &numbers))
        }
        return intern(Instruction(.record, intern(list), names.count == fields.count ? 0 : 1))
    }

    private mutating func call(_ function: ExtensionFunction, _ arguments: [Expression], _ numbers: inout EntityNumbers) -> UInt32 {
        // Whatever the arguments come to, it is an error.
        guard function.arity(with: features).accepts(arguments.count) else { return intern(Instruction(.fail)) }
        var list: [UInt32] = []
        for argument in arguments { list.append(compile(argument, &numbers)) }
        return intern(Instruction(.call, intern(list), function: function))
    }
}

extension Expression {
    /// Whether the value depends on nothing but the expression: neither on the request nor on the entities.
    ///
    /// Goes as deep as the expression, which has been found to be within the limit.
    fileprivate var isClosed: Bool {
        switch kind {
        case .variable, .attribute, .has, .binary(.in, _, _), .binary(.getTag, _, _), .binary(.hasTag, _, _), .isType: false
        default: allChildren { $0.isClosed }
        }
    }
}

extension Variable {
    fileprivate var operation: Instruction.Operation {
        switch self {
        case .principal: .principal
        case .action: .action
        case .resource: .resource
        case .context: .context
        }
    }
}

extension UnaryOperator {
    fileprivate var operation: Instruction.Operation {
        switch self {
        case .not: .not
        case .negate: .negate
        case .isEmpty: .isEmpty
        }
    }
}

extension BinaryOperator {
    fileprivate var operation: Instruction.Operation {
        switch self {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        case .in: .in
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .contains: .contains
        case .containsAll: .containsAll
        case .containsAny: .containsAny
        case .getTag: .getTag
        case .hasTag: .hasTag
        }
    }
}
