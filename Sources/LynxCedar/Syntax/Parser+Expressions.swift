/// Expressions (language reference, "Grammar": `Expr` and below), by precedence climbing without recursion.
///
/// Operands and what stands behind them are read in turn. What waits for its other parts meanwhile is in ``UnfinishedExpressions``.
extension Parser {
    /// A part of an expression with the height of its tree, which is bounded like the nesting of the text: long chains of
    /// left-associative operators nest no brackets and still make deep trees.
    struct Tree {
        let expression: Expression
        let height: Int
        /// Where its text starts, brackets around it included.
        let start: UInt32

        init(_ expression: Expression, height: Int, start: UInt32) {
            self.expression = expression
            self.height = height
            self.start = start
        }

        /// What stands in for an expression that has been reported.
        static func placeholder(from start: UInt32) -> Tree {
            Tree(Expression(.literal(.bool(true))), height: 1, start: start)
        }
    }

    /// A whole expression with all that is in its brackets.
    mutating func expression() throws(Abandoned) -> Expression {
        let nesting = nestingLeft
        do throws(Abandoned) {
            return try wholeExpression()
        } catch {
            nestingLeft = nesting
            unfinished.removeAll()
            throw error
        }
    }

    private mutating func wholeExpression() throws(Abandoned) -> Expression {
        open(.outermost, from: token.start)
        try enterExpression()
        while true {
            // Nothing is handed on where a bracket or an operator was opened: then an operand is next.
            var operand = try operand()
            while let target = operand.take(), let member = try members(of: target), let whole = try join(prefixed(member)) {
                operand = try close(whole)
                if unfinished.brackets.isEmpty, let operand { return operand.expression }
            }
        }
    }

    /// Goes to where an expression starts, also behind the `if` of conditionals.
    mutating func enterExpression() throws(Abandoned) {
        try descend()
        while token.kind == .if {
            open(.condition, from: token.start)
            advance()
            try descend()
        }
    }

    /// A tree whose last token has just been consumed.
    mutating func tree(_ kind: Expression.Kind, from start: UInt32, height: Int) throws(Abandoned) -> Tree {
        guard height <= maximumNesting else {
            reportTooDeep(at: SourceSpan(start..<previousEnd))
            throw Abandoned()
        }
        return Tree(Expression(kind, span: span(from: start)), height: height, start: start)
    }
}
