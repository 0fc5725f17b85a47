// The expressions that evaluate all their operands.
//
// An operand that certainly fails makes the whole fail, whatever the others are.

extension PartialEvaluator {
    func unary(
        _ unary: UnaryOperator, _ operand: Expression, _ expression: Expression, depth: Int
    ) throws(EvaluationError) -> Outcome {
        try outcome(of: unary, try outcome(of: operand, depth: depth + 1), span: expression.span)
    }

    private func outcome(
        of unary: UnaryOperator, _ operand: Outcome, span: SourceSpan?
    ) throws(EvaluationError) -> Outcome {
        switch operand {
        case .value(let value):
            .value(try unary.apply(value))
        case .residual(let remainder):
            .residual(
                Remainder(
                    Expression(.unary(unary, remainder.expression), span: span),
                    unary.isBoolean ? .bool : .long,
                    mayFail: remainder.mayFail || unary.mayFail(on: remainder.kind)
                ))
        }
    }

    func binary(
        _ binary: BinaryOperator, _ left: Expression, _ right: Expression, _ expression: Expression, depth: Int
    ) throws(EvaluationError) -> Outcome {
        let leftOutcome = try outcome(of: left, depth: depth + 1)
        let rightOutcome = try outcome(of: right, depth: depth + 1)
        return try outcome(of: binary, leftOutcome, rightOutcome, for: (left, right), expression, depth: depth + 1)
    }

    /// What an operator makes of its operands' outcomes.
    ///
    /// - Parameters:
    ///   - operands: what the outcomes are of.
    ///   - depth: the place of the operands.
    func outcome(
        of binary: BinaryOperator, _ left: Outcome, _ right: Outcome, for operands: (Expression, Expression),
        _ expression: Expression, depth: Int
    ) throws(EvaluationError) -> Outcome {
        if let value = try apply(binary, left, right) { return .value(value) }
        let leftExpression = self.expression(left, for: operands.0, depth: depth)
        let rightExpression = self.expression(right, for: operands.1, depth: depth)
        return .residual(
            Remainder(
                Expression(.binary(binary, leftExpression, rightExpression), span: expression.span),
                knowledge(of: binary, left),
                mayFail: mayFail(binary, left, right)
            ))
    }

    /// - Returns: `nil` when the result depends on what is unknown.
    private func apply(
        _ binary: BinaryOperator, _ left: Outcome, _ right: Outcome
    ) throws(EvaluationError) -> Value? {
        if case .value(let left) = left, case .value(let right) = right {
            switch binary {
            case .in: if let isMember = isDescendant(try left.entity(), of: try right.entities()) { return .bool(isMember) }
            case .getTag: return try tag(of: try left.entity(), named: try right.string())
            case .hasTag: if let hasTag = hasTag(try left.entity(), named: try right.string()) { return .bool(hasTag) }
            default: return try binary.apply(left, right)
            }
        }
        switch binary {
        case .equal where differ(left, right): return .bool(false)
        case .notEqual where differ(left, right): return .bool(true)
        case .in where isNeverMember(left, of: right): return .bool(false)
        case .hasTag where hasNeverTags(left, right): return .bool(false)
        default: return nil
        }
    }

    /// Whether two outcomes, not both values, are sure to be unequal and sure not to fail.
    private func differ(_ left: Outcome, _ right: Outcome) -> Bool {
        guard !left.mayFail, !right.mayFail else { return false }
        return switch (left, right) {
        case (.value(let value), .residual(let remainder)), (.residual(let remainder), .value(let value)):
            !remainder.knowledge.allows(value)
        default:
            !left.knowledge.allows(right.knowledge)
        }
    }

    /// What is known of an application that depends on what is unknown.
    private func knowledge(of binary: BinaryOperator, _ left: Outcome) -> Remainder.Knowledge {
        if binary.isBoolean { return .bool }
        guard binary == .getTag else { return .long }
        guard let types, let type = left.entityTypes?.first, let tags = types.tags(of: type) else { return .nothing }
        return tags.map { Remainder.Knowledge($0) } ?? .nothing
    }

    /// Whether some completion of the unknowns might make an application fail that depends on them.
    func mayFail(_ binary: BinaryOperator, _ left: Outcome, _ right: Outcome) -> Bool {
        if left.mayFail || right.mayFail { return true }
        switch binary {
        case .equal, .notEqual:
            return false
        case .in:
            if case .value(let value) = right { return !(left.kind == .entity && value.isEntityOrEntities) }
            return !(left.kind == .entity && (right.kind == .entity || right.entityTypes != nil))
        case .hasTag:
            return !(left.kind == .entity && right.kind == .string)
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            guard let kind = left.kind, kind == right.kind else { return true }
            return kind != .long && kind != .datetime && kind != .duration
        case .contains:
            return left.kind != .set
        case .containsAll, .containsAny:
            return !(left.kind == .set && right.kind == .set)
        case .add, .subtract, .multiply, .getTag:
            return true
        }
    }

    func like(
        _ target: Expression, _ pattern: Pattern, _ expression: Expression, depth: Int
    ) throws(EvaluationError) -> Outcome {
        try like(try outcome(of: target, depth: depth + 1), pattern, span: expression.span)
    }

    private func like(_ outcome: Outcome, _ pattern: Pattern, span: SourceSpan?) throws(EvaluationError) -> Outcome {
        switch outcome {
        case .value(let value): .value(.bool(pattern.matches(try value.string())))
        case .residual(let remainder):
            .residual(
                Remainder(
                    Expression(.like(remainder.expression, pattern), span: span), .bool,
                    mayFail: remainder.mayFail || remainder.kind != .string))
        }
    }

    func call(
        _ function: ExtensionFunction, _ arguments: [Expression], _ expression: Expression, depth: Int
    ) throws(EvaluationError) -> Outcome {
        let outcomes = try outcomes(of: arguments, depth: depth + 1)
        if let values = outcomes.values { return .value(try function.apply(values, features: features)) }
        return .residual(
            Remainder(
                Expression(
                    .call(function, expressions(outcomes, for: arguments, depth: depth + 1)), span: expression.span),
                .kind(function.resultKind),
                mayFail: mayFail(function, outcomes)
            ))
    }

    /// Whether some completion of the unknowns might make a call fail that depends on them.
    private func mayFail(_ function: ExtensionFunction, _ arguments: [Outcome]) -> Bool {
        // Those that answer a question have an answer for all arguments of the kinds that they take.
        guard function.resultKind == .bool, function.arity(with: features).accepts(arguments.count) else { return true }
        let parameters = function.parameterKinds
        return arguments.enumerated().contains { index, argument in
            argument.mayFail || argument.kind != (index < parameters.count ? parameters[index] : parameters.last)
        }
    }

    func set(_ elements: [Expression], _ expression: Expression, depth: Int) throws(EvaluationError) -> Outcome {
        let outcomes = try outcomes(of: elements, depth: depth + 1)
        if let values = outcomes.values { return .value(.set(ValueSet(values))) }
        return .residual(
            Remainder(
                Expression(.set(expressions(outcomes, for: elements, depth: depth + 1)), span: expression.span),
                knowledge(ofSetOf: outcomes),
                mayFail: outcomes.contains(where: \.mayFail)
            ))
    }

    private func knowledge(ofSetOf elements: [Outcome]) -> Remainder.Knowledge {
        var types: Set<Name> = []
        for element in elements {
            guard element.kind == .entity, let type = element.entityTypes else { return .kind(.set) }
            types.formUnion(type)
        }
        return .entities(types)
    }

    func record(
        _ fields: [Expression.Field], _ expression: Expression, depth: Int
    ) throws(EvaluationError) -> Outcome {
        record(fields, try outcomes(of: fields.map(\.value), depth: depth + 1), span: expression.span, depth: depth)
    }

    private func record(
        _ fields: [Expression.Field], _ outcomes: [Outcome], span: SourceSpan?, depth: Int
    ) -> Outcome {
        if let values = outcomes.values { return .value(.record(Record(fields: zip(fields, values)))) }
        let expressions = expressions(outcomes, for: fields.map(\.value), depth: depth + 1)
        return .residual(
            Remainder(
                Expression(.record(zip(fields, expressions).map { Expression.Field($0.name, $1) }), span: span),
                .fields(zip(fields, outcomes).map { Remainder.Field(name: $0.name, outcome: $1) }),
                mayFail: outcomes.contains(where: \.mayFail)
            ))
    }

    /// The outcomes of several operands, from left to right.
    private func outcomes(of operands: [Expression], depth: Int) throws(EvaluationError) -> [Outcome] {
        var outcomes: [Outcome] = []
        outcomes.reserveCapacity(operands.count)
        for operand in operands { outcomes.append(try outcome(of: operand, depth: depth)) }
        return outcomes
    }

    private func expressions(_ outcomes: [Outcome], for originals: [Expression], depth: Int) -> [Expression] {
        zip(outcomes, originals).map { expression($0, for: $1, depth: depth) }
    }
}

extension [Outcome] {
    /// The values, when all of them are.
    fileprivate var values: [Value]? {
        var values: [Value] = []
        values.reserveCapacity(count)
        for outcome in self {
            guard case .value(let value) = outcome else { return nil }
            values.append(value)
        }
        return values
    }
}

extension Record {
    /// Field names are distinct; of a tree in which a program broke that, the last of each name counts.
    fileprivate init(fields: Zip2Sequence<[Expression.Field], [Value]>) {
        if let record = Record(fields.map { Attribute(name: $0.name, value: $1) }) {
            self = record
        } else {
            self.init()
            for (field, value) in fields { self[field.name] = value }
        }
    }
}
