// The expressions that evaluate only some of their operands: `&&`, `||` and `if`.

extension PartialEvaluator {
    /// `&&` (until false) and `||` (until true): operands from left to right until one decides; each that is evaluated must be a bool.
    ///
    /// Behind an operand that is left, an error is not yet certain: the operand stays as the author wrote it and fails if its turn comes.
    func junction(
        _ operands: [Expression], until decisive: Bool, _ expression: Expression, depth: Int
    ) throws(EvaluationError) -> Outcome {
        var junction = Junction(until: decisive)
        for operand in operands where !junction.isDecided {
            do throws(EvaluationError) {
                try add(try outcome(of: operand, depth: depth + 1), of: operand, to: &junction)
            } catch {
                try junction.add(failing: operand, error)
            }
        }
        return junction.outcome(span: expression.span)
    }

    private func add(
        _ outcome: Outcome, of operand: Expression, to junction: inout Junction
    ) throws(EvaluationError) {
        switch outcome {
        case .value(let value): junction.add(try value.truth(at: operand.span), span: operand.span)
        case .residual(let remainder): junction.add(remainder)
        }
    }

    /// `if condition then ... else ...`: only the branch that the condition chooses is evaluated.
    ///
    /// - Parameter operands: the condition and the two branches.
    func conditional(
        _ operands: [Expression], _ expression: Expression, depth: Int
    ) throws(EvaluationError) -> Outcome {
        let condition = try outcome(of: operands[0], depth: depth)
        if let truth = try condition.truth(at: operands[0].span) {
            return try outcome(of: operands[truth ? 1 : 2], depth: depth)
        }
        let branches = [attempt(operands[1], depth: depth), attempt(operands[2], depth: depth)]
        return residual(condition, branches, of: operands, span: expression.span, depth: depth)
    }

    /// What is left of a conditional, of which the branches may be asked for or not.
    private func residual(
        _ condition: Outcome, _ branches: [Outcome?], of operands: [Expression], span: SourceSpan?, depth: Int
    ) -> Outcome {
        let parts = zip([condition] + branches, operands).map { remainder($0, of: $1, depth: depth) }
        let kind = Expression.Kind.conditional(if: parts[0].expression, then: parts[1].expression, else: parts[2].expression)
        return .residual(
            Remainder(
                Expression(kind, span: span),
                parts[1].knowledge.or(parts[2].knowledge),
                mayFail: parts[0].kind != .bool || parts.contains(where: \.mayFail)
            ))
    }

    /// What is left of an operand: all of it, as the author wrote it, when it certainly fails, which `nil` says.
    private func remainder(_ outcome: Outcome?, of operand: Expression, depth: Int) -> Remainder {
        guard let outcome else { return Remainder(operand) }
        return Remainder(
            expression(outcome, for: operand, depth: depth), outcome.knowledge, mayFail: outcome.mayFail)
    }

    /// The outcome of an expression that may or may not be evaluated in the end.
    ///
    /// - Returns: `nil` when it certainly fails.
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

    mutating func add(_ remainder: Remainder) {
        operands.append(remainder.expression)
        isBoolean = isBoolean && remainder.kind == .bool
        mayFail = mayFail || remainder.mayFail
    }

    mutating func add(failing operand: Expression, _ error: EvaluationError) throws(EvaluationError) {
        guard !operands.isEmpty else { throw error }
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

extension Outcome {
    /// The bool that is asked of an operand, as ``Value/truth(at:)``.
    ///
    /// - Returns: `nil` when it is unknown.
    fileprivate func truth(at span: SourceSpan?) throws(EvaluationError) -> Bool? {
        switch self {
        case .value(let value): try value.truth(at: span)
        case .residual: nil
        }
    }
}
