/// Operators before their operand: `!` and `-`.
extension Parser {
    /// One to four `!` or `-` before a member. A `-` that touches a number literal makes a negative literal, which alone
    /// can be `-9223372036854775808`.
    ///
    /// - Returns: a negative literal; `nil` when the operand is next.
    mutating func prefixes(_ operation: UnaryOperator) throws(Abandoned) -> Tree? {
        let first = token
        let kind = first.kind
        let outer = unfinished.operators.count
        var count = 0
        var last = first
        while token.kind == kind {
            count += 1
            last = token
            if count <= 4 { openPrefix(.prefix(operation)) }
            advance()
        }
        if count > 4 {
            report(
                "no more than four \(kind.text) may follow one another", at: span(from: first.start),
                help: operation == .not ? "an even number of `!` cancels out" : "an even number of `-` cancels out")
            unfinished.operators.removeSubrange((outer + 1)...)
            last = first
        }
        guard kind == .minus, token.kind == .number, let literal = try negativeLiteral(from: last.start) else { return nil }
        unfinished.operators.removeLast()
        return literal
    }

    /// Goes on behind a `not` that has been reported, with the operand that the author had in mind.
    mutating func enterNegated(_ not: Token) throws(Abandoned) {
        try descend()
        openPrefix(.negated, not)
    }

    private mutating func openPrefix(_ kind: UnfinishedExpressions.Operator.Kind, _ token: Token? = nil) {
        let token = token ?? self.token
        unfinished.operators.append(
            UnfinishedExpressions.Operator(
                kind: kind, precedence: .prefix, token: token, start: token.start, operands: unfinished.operands.count, height: 0))
    }

    /// A member with the prefixes before it.
    mutating func prefixed(_ member: consuming Tree) throws(Abandoned) -> Tree {
        var operand = member
        let first = unfinished.brackets.last?.operators ?? 0
        while unfinished.operators.count > first, let last = unfinished.operators.last, last.precedence == .prefix {
            unfinished.operators.removeLast()
            operand = try completePrefix(last, operand)
        }
        return operand
    }

    mutating func completePrefix(_ prefix: UnfinishedExpressions.Operator, _ operand: Tree) throws(Abandoned) -> Tree {
        guard case .prefix(let operation) = prefix.kind else {
            ascend()
            return Tree(operand.expression, height: operand.height, start: prefix.start)
        }
        return try tree(.unary(operation, operand.expression), from: prefix.start, height: operand.height + 1)
    }

    /// The literal `-N` whose digits are the current token, or `nil` when an access follows the number, which then binds tighter.
    private mutating func negativeLiteral(from start: UInt32) throws(Abandoned) -> Tree? {
        let number = token
        switch following.kind {
        case .dot, .leftParenthesis, .leftBracket: return nil
        default: break
        }
        advance()
        guard let value = Int64("-" + text(number)) else {
            reportNumberTooLarge(SourceSpan(start..<number.end))
            return .placeholder(from: start)
        }
        return try tree(.literal(.long(value)), from: start, height: 1)
    }

    mutating func reportNumberTooLarge(_ span: SourceSpan) {
        report(
            "this number does not fit in 64 bits", at: span,
            help: "longs reach from \(Int64.min) to \(Int64.max)")
    }
}
