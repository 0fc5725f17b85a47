// The expressions that evaluate only some of their operands: `&&`, `||` and `if`.

extension PartialEvaluator {
    /// `&&` (until false) and `||` (until true): operands from left to right until one decides; each that is evaluated must be a bool.
    func junction(
        _ operands: [Expression], until decisive: Bool, _ expression: Expression, depth: Int
    ) throws(EvaluationError) -> Outcome {
        var junction = Junction(until: decisive)
        for operand in operands {
            if junction.isDecided { break }
            try add(operand, to: &junction, depth: depth + 1)
        }
        return junction.outcome(span: expression.span)
    }

    /// Evaluates the next operand.
    ///
    /// Behind an operand that is left, an error is not yet certain: the operand stays as the author wrote it and fails if its turn comes.
    private func add(_ operand: Expression, to junction: inout Junction, depth: Int) throws(EvaluationError) {
        do throws(EvaluationError) {
            let outcome = try outcome(of: operand, depth: depth)
            if case .value(let value) = outcome {
                junction.add(try value.truth(at: operand.span), span: operand.span)
            } else {
                junction.add(outcome, expression(outcome, for: operand, depth: depth))
            }
        } catch {
            guard !junction.isEmpty else { throw error }
            junction.add(failing: operand)
        }
    }

    /// `if condition then ... else ...`: only the branch that the condition chooses is evaluated.
    func conditional(
        _ condition: Expression, _ then: Expression, _ otherwise: Expression, _ expression: Expression, depth: Int
    ) throws(EvaluationError) -> Outcome {
        switch try outcome(of: condition, depth: depth + 1) {
        case .value(let value):
            return try outcome(of: try value.truth(at: condition.span) ? then : otherwise, depth: depth + 1)
        case .residual(let condition):
            let thenOutcome = attempt(then, depth: depth + 1)
            let elseOutcome = attempt(otherwise, depth: depth + 1)
            let branches = [thenOutcome, elseOutcome]
            let then = thenOutcome.map { self.expression($0, for: then, depth: depth + 1) } ?? then
            let otherwise = elseOutcome.map { self.expression($0, for: otherwise, depth: depth + 1) } ?? otherwise
            return .residual(
                Remainder(
                    Expression(.conditional(if: condition.expression, then: then, else: otherwise), span: expression.span),
                    branches.allSatisfy { $0?.isBoolean ?? false } ? .bool : .nothing,
                    mayFail: condition.form != .bool || condition.mayFail || branches.contains { $0?.mayFail ?? true }
                ))
        }
    }

    /// The outcome of an expression that may or may not be evaluated in the end.
    ///
    /// - Returns: `nil` when it certainly fails; the residual then holds it as the author wrote it.
    func attempt(_ expression: Expression, depth: Int) -> Outcome? {
        try? outcome(of: expression, depth: depth)
    }
}

/// The operands of a `&&` or `||` that are left after evaluation, from left to right.
///
/// While no operand is left, every one so far was the neutral value.
private struct Junction {
    /// The value that decides: `false` for `&&`, `true` for `||`.
    private let decisive: Bool
    private var operands: [Expression] = []
    /// Whether all operands are bools where they have a value.
    private var isBoolean = true
    private var mayFail = false
    /// Whether operands further to the right cannot matter.
    private(set) var isDecided = false

    init(until decisive: Bool) {
        self.decisive = decisive
    }

    var isEmpty: Bool { operands.isEmpty }

    mutating func add(_ value: Bool, span: SourceSpan?) {
        // The neutral value changes nothing, except that a bool is asked of the others: see `outcome`.
        guard value == decisive else { return }
        isDecided = true
        if isBoolean && !mayFail {
            operands = []
        } else {
            operands.append(Expression(.literal(.bool(value)), span: span))
        }
    }

    mutating func add(_ outcome: Outcome, _ operand: Expression) {
        operands.append(operand)
        isBoolean = isBoolean && outcome.isBoolean
        mayFail = mayFail || outcome.mayFail
    }

    mutating func add(failing operand: Expression) {
        operands.append(operand)
        mayFail = true
        isDecided = true
    }

    func outcome(span: SourceSpan?) -> Outcome {
        if operands.isEmpty { return .value(.bool(isDecided ? decisive : !decisive)) }
        var operands = operands
        if operands.count == 1 && !isBoolean {
            // One operand alone would no longer be asked for a bool.
            operands.insert(Expression(.literal(.bool(!decisive)), span: span), at: 0)
        }
        return .residual(
            Remainder(
                decisive ? .or(operands, span: span) : .and(operands, span: span),
                .bool,
                mayFail: mayFail || !isBoolean
            ))
    }
}

extension Value {
    /// The bool that is asked of an operand.
    ///
    /// - Throws: a type error at `span`, that of the operand: the expression around it may be a chain of thousands.
    func truth(at span: SourceSpan?) throws(EvaluationError) -> Bool {
        do throws(EvaluationError) { return try bool() } catch { throw error.located(at: span) }
    }
}
