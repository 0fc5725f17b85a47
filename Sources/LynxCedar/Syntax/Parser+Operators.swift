/// Operators with their operands: what stands before, between and behind the members of an expression.
extension Parser {
    private typealias Precedence = UnfinishedExpressions.Precedence

    private var precedence: Precedence? {
        switch token.kind {
        case .or: .or
        case .and: .and
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .assign, .in, .has, .like, .is: .relation
        case .plus, .minus: .additive
        case .star, .slash, .percent: .multiplicative
        default: nil
        }
    }

    /// Opens the current token as an operator behind its left side.
    private mutating func open(
        _ kind: UnfinishedExpressions.Operator.Kind, _ precedence: Precedence, behind left: Tree, isChained: Bool = false
    ) {
        unfinished.operators.append(
            UnfinishedExpressions.Operator(
                kind: kind, precedence: precedence, token: token, start: left.start, operands: unfinished.operands.count,
                height: left.height, isChained: isChained))
        unfinished.operands.append(left.expression)
        advance()
    }

    /// Joins an operand with the operators before it that bind more tightly than the one behind it.
    ///
    /// - Returns: the whole expression between the brackets; `nil` when an operator follows, and then its right side is next.
    mutating func join(_ operand: consuming Tree) throws(Abandoned) -> Tree? {
        var left = operand
        /// Whether a relation was completed just before the current token.
        var isChained = false
        let first = unfinished.brackets.last?.operators ?? 0
        while true {
            let precedence = precedence
            while unfinished.operators.count > first, let last = unfinished.operators.last, precedence.map({ last.precedence >= $0 }) ?? true {
                if last.kind == .chain, last.precedence == precedence { break }
                unfinished.operators.removeLast()
                left = try complete(last, left)
                guard last.precedence == .relation else { continue }
                if !last.isChained { try checkBehindRelation(last.token) }
                isChained = true
            }
            guard let precedence else { return left }
            switch precedence {
            case .or, .and:
                chain(left, precedence, first: first)
                return nil
            case .relation:
                guard let test = try relation(left, isChained: isChained) else { return nil }
                left = test
                isChained = true
            case .additive, .multiplicative, .prefix:
                open(.binary, precedence, behind: left)
                return nil
            }
        }
    }

    /// The tree of an operator with its right side.
    private mutating func complete(_ last: UnfinishedExpressions.Operator, _ right: Tree) throws(Abandoned) -> Tree {
        switch last.kind {
        case .chain:
            unfinished.operands.append(right.expression)
            let operands = unfinished.takeOperands(from: last.operands)
            let span = span(from: last.start)
            let expression = last.precedence == .or ? Expression.or(operands, span: span) : Expression.and(operands, span: span)
            return Tree(expression, height: max(last.height, right.height) + 1, start: last.start)
        case .binary:
            guard let operation = binaryOperator(last.token), let left = unfinished.operands.popLast() else {
                unfinished.operands.removeSubrange(last.operands...)
                return .placeholder(from: last.start)
            }
            return try tree(
                .binary(operation, left, right.expression), from: last.start, height: max(last.height, right.height) + 1)
        case .isIn:
            guard let left = unfinished.operands.popLast(), let type = unfinished.names.popLast() else {
                return .placeholder(from: last.start)
            }
            return try tree(
                .isType(left, type, in: right.expression), from: last.start, height: max(last.height, right.height) + 1)
        case .prefix, .negated:
            return try completePrefix(last, right)
        }
    }

    /// What an operator means; `nil` after reporting that it is not Cedar's.
    private mutating func binaryOperator(_ token: Token) -> BinaryOperator? {
        switch token.kind {
        case .equal: return .equal
        case .notEqual: return .notEqual
        case .less: return .less
        case .lessOrEqual: return .lessOrEqual
        case .greater: return .greater
        case .greaterOrEqual: return .greaterOrEqual
        case .in: return .in
        case .plus: return .add
        case .minus: return .subtract
        case .star: return .multiply
        case .slash:
            report("Cedar has no division", at: token.span)
            return nil
        case .percent:
            report("Cedar has no remainder operation", at: token.span)
            return nil
        default:
            report("`=` is not an operator in Cedar", at: token.span, help: "did you mean `==`?")
            return .equal
        }
    }

    /// `a || b || c` or `a && b && c`, flat.
    private mutating func chain(_ operand: Tree, _ precedence: Precedence, first: Int) {
        let last = unfinished.operators.count - 1
        guard last >= first, unfinished.operators[last].precedence == precedence else {
            return open(.chain, precedence, behind: operand)
        }
        unfinished.operators[last].height = max(unfinished.operators[last].height, operand.height)
        unfinished.operands.append(operand.expression)
        advance()
    }

    // MARK: Relations

    /// A relation at the current token.
    ///
    /// - Parameter isChained: whether it follows another, which has been reported.
    /// - Returns: `nil` when its right side is an expression, which is next.
    private mutating func relation(_ left: Tree, isChained: Bool) throws(Abandoned) -> Tree? {
        let operatorToken = token
        let test: Tree
        switch token.kind {
        case .has: test = try has(left)
        case .like: test = try like(left)
        case .is:
            guard let isType = try isType(left, isChained: isChained) else { return nil }
            test = isType
        default:
            open(.binary, .relation, behind: left, isChained: isChained)
            return nil
        }
        if !isChained { try checkBehindRelation(operatorToken) }
        return test
    }

    /// Reports what cannot follow a relation. The rest of a chain of them is read for further faults only.
    private mutating func checkBehindRelation(_ operatorToken: Token) throws(Abandoned) {
        guard let precedence, precedence >= .relation else { return }
        // The right sides of `has`, `like` and `is` are no expressions, so they do not take the arithmetic behind them along.
        guard precedence == .relation else { try reportCalculation(after: operatorToken) }
        report(
            "comparisons do not chain", at: token.span,
            help: "put one of them in parentheses, or join them with `&&`")
    }

    private mutating func reportCalculation(after operatorToken: Token) throws(Abandoned) -> Never {
        report(
            "the right side of \(operatorToken.kind.text) cannot be calculated", at: token.span,
            help: "put the part before \(token.kind.text) in parentheses, if that is what is meant")
        throw Abandoned()
    }

    /// `target has name`, `target has "any text"` or `target has a.b.c` (RFC 62).
    private mutating func has(_ left: Tree) throws(Abandoned) -> Tree {
        advance()
        var path: [CedarString] = []
        if token.kind == .string {
            path = [stringContent(token)]
            advance()
            if token.kind == .dot {
                report(
                    "a path after `has` is made of identifiers", at: token.span,
                    help: "test one attribute after the other: `x has \"a\" && x[\"a\"] has b`")
                throw Abandoned()
            }
        } else {
            repeat {
                guard let name = attributeName(after: "`has`") else { throw Abandoned() }
                path.append(name)
            } while accept(.dot)
        }
        return try tree(.has(left.expression, path), from: left.start, height: left.height + path.count)
    }

    private mutating func like(_ left: Tree) throws(Abandoned) -> Tree {
        advance()
        guard token.kind == .string else {
            reportUnexpected(
                expected: "a pattern after `like`", help: "a pattern is a string literal, such as `\"*.jpg\"`")
            throw Abandoned()
        }
        let pattern = patternContent(token)
        advance()
        return try tree(.like(left.expression, pattern), from: left.start, height: left.height + 1)
    }

    /// `target is TYPE`; `nil` when an `in` follows, and then what stands behind that is next.
    private mutating func isType(_ left: Tree, isChained: Bool) throws(Abandoned) -> Tree? {
        advance()
        let type = try typeName()
        guard token.kind == .in else {
            return try tree(.isType(left.expression, type, in: nil), from: left.start, height: left.height + 1)
        }
        open(.isIn, .relation, behind: left, isChained: isChained)
        unfinished.names.append(type)
        return nil
    }

    /// The entity type after `is`.
    mutating func typeName() throws(Abandoned) -> Name {
        guard token.isWord else {
            let help: String? =
                token.kind == .string ? "write the type without quotes" : "for example `principal is User`"
            reportUnexpected(expected: "an entity type after `is`", help: help)
            throw Abandoned()
        }
        let first = token
        advance()
        switch try reference(startingWith: first) {
        case .name(let name):
            return name
        case .entity(let uid):
            let shown = uid.description.shortened
            report(
                "`is` takes an entity type, not the entity `\(shown)`", at: span(from: first.start),
                help: "did you mean `== \(shown)` or `in \(shown)`?")
            return uid.type
        }
    }
}
