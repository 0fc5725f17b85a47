/// Expressions: a group for each level of the grammar at which the reference's formatter has one.
///
/// The levels of `||` and `&&` have none: their breaks belong to the bracket or condition around them, so that either all of its
/// operands stand on one line or each on its own.
///
/// What is yet to be done at each level waits in a list, the next step last, so that expressions that nest take no stack.
extension PolicyLayout {
    fileprivate enum Step {
        case expression, branch
        case disjunction, disjunctionEnd
        case conjunction, conjunctionEnd
        case relation, relationEnd(LayoutDocument.Mark), typeTestEnd(LayoutDocument.Mark)
        case sum, sumEnd(LayoutDocument.Mark)
        case product, productEnd(LayoutDocument.Mark)
        case member, memberEnd(LayoutDocument.Mark), accessEnd(LayoutDocument.Mark)
        /// An element of the list that a token ends.
        case element(Token.Kind), elementEnd(Token.Kind), fieldValue
        case token, line, softLine, outdent(Int), close, group(LayoutDocument.Mark)
    }

    mutating func expression() { perform(.expression) }

    /// Operands joined by `+` and `-`, as the sides of relations are.
    mutating func sum() { perform(.sum) }

    private mutating func perform(_ first: Step) {
        var steps = [first]
        while let step = steps.popLast() { perform(step, &steps) }
    }

    private mutating func perform(_ step: Step, _ steps: inout [Step]) {
        switch step {
        case .expression: expression(&steps)
        case .branch:
            token()
            document.indent(indentation)
            document.line()
            steps += [.outdent(indentation), .expression]
        case .disjunction: steps += [.disjunctionEnd, .conjunction]
        case .disjunctionEnd: if kind == .or { join(&steps, [step, .conjunction]) }
        case .conjunction: steps += [.conjunctionEnd, .relation]
        case .conjunctionEnd: if kind == .and { join(&steps, [step, .relation]) }
        case .relation: steps += [.relationEnd(document.mark()), .sum]
        case .relationEnd(let start): relationEnd(from: start, &steps)
        case .typeTestEnd(let start): typeTestEnd(from: start, &steps)
        case .sum: steps += [.sumEnd(document.mark()), .product]
        case .sumEnd(let start):
            calculate(kind == .plus || kind == .minus, from: start, &steps, [step, .product])
        case .product: steps += [.productEnd(document.mark()), .member]
        case .productEnd(let start):
            calculate(kind == .star || kind == .slash || kind == .percent, from: start, &steps, [step, .member])
        case .member: member(&steps)
        case .memberEnd(let start): memberEnd(from: start, &steps)
        case .accessEnd(let start): accessEnd(from: start, &steps)
        case .element(let end):
            steps += end == .rightBrace ? [.elementEnd(end), .fieldValue, .expression] : [.elementEnd(end), .expression]
        case .elementEnd(let end): elementEnd(until: end, &steps)
        case .fieldValue:
            token()
            document.space()
            steps.append(.expression)
        case .token: token()
        case .line: document.line()
        case .softLine: document.softLine()
        case .outdent(let columns): document.outdent(columns)
        case .close: document.close()
        case .group(let start): document.group(from: start)
        }
    }

    private mutating func expression(_ steps: inout [Step]) {
        guard kind == .if else { return steps.append(.disjunction) }
        document.open()
        // `if`, `then` and `else`, each with what follows it.
        steps += [.close, .branch, .line, .branch, .line, .branch]
    }

    // MARK: Operators

    /// `||` or `&&`, and the operand behind it.
    private mutating func join(_ steps: inout [Step], _ next: [Step]) {
        document.space()
        token(then: .line)
        steps += next
    }

    /// An operator between numbers, and the operand behind it; the end of the group where there is none.
    private mutating func calculate(_ goesOn: Bool, from start: LayoutDocument.Mark, _ steps: inout [Step], _ next: [Step]) {
        guard goesOn else { return document.group(from: start) }
        document.space()
        token()
        document.line()
        steps += next
    }

    private mutating func relationEnd(from start: LayoutDocument.Mark, _ steps: inout [Step]) {
        switch kind {
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .in:
            document.space()
            token()
            document.space()
            steps.append(.sum)
        case .has, .like:
            document.line()
            token()
            document.line()
            document.indent(indentation)
            steps += [.group(start), .outdent(indentation), .sum]
        case .is:
            document.space()
            token()
            document.space()
            document.indent(indentation)
            steps += [.typeTestEnd(start), .outdent(indentation), .sum]
        default: break
        }
    }

    /// What stands behind `is TYPE`.
    private mutating func typeTestEnd(from start: LayoutDocument.Mark, _ steps: inout [Step]) {
        guard kind == .in else { return document.group(from: start) }
        document.line()
        token()
        document.space()
        document.indent(indentation)
        steps += [.group(start), .outdent(indentation), .sum]
    }

    // MARK: Members

    /// A primary expression with the operators before it, and the accesses and calls behind it.
    private mutating func member(_ steps: inout [Step]) {
        while kind == .bang || kind == .minus { token() }
        steps.append(.memberEnd(document.mark()))
        primary(&steps)
    }

    private var startsAccess: Bool { kind == .dot || kind == .leftParenthesis || kind == .leftBracket }

    private mutating func memberEnd(from start: LayoutDocument.Mark, _ steps: inout [Step]) {
        guard startsAccess else { return document.group(from: start) }
        document.indent(indentation)
        steps.append(.accessEnd(start))
        access(&steps)
    }

    private mutating func accessEnd(from start: LayoutDocument.Mark, _ steps: inout [Step]) {
        guard startsAccess else {
            document.outdent(indentation)
            return document.group(from: start)
        }
        document.softLine()
        steps.append(.accessEnd(start))
        access(&steps)
    }

    private mutating func access(_ steps: inout [Step]) {
        switch kind {
        case .dot:
            token()
            token()
        case .leftParenthesis:
            token()
            steps.append(.token)
            guard kind != .rightParenthesis else { return }
            document.indent(indentation)
            document.softLine()
            steps += [.softLine, .outdent(indentation), .element(.rightParenthesis)]
        default:
            token()
            steps += [.token, .expression]
        }
    }

    // MARK: Primary expressions

    private mutating func primary(_ steps: inout [Step]) {
        switch kind {
        case .leftParenthesis:
            document.open()
            token()
            // Lines that follow stand below the first operand, not below the parenthesis.
            document.indent(1)
            steps += [.close, .token, .outdent(1), .expression]
        case .leftBracket:
            token()
            steps.append(.token)
            guard kind != .rightBracket else { return }
            document.indent(1)
            steps += [.outdent(1), .element(.rightBracket)]
        case .leftBrace:
            token()
            steps.append(.token)
            guard kind != .rightBrace else { return }
            document.indent(indentation)
            document.open()
            document.line()
            steps += [.outdent(indentation), .close, .line, .element(.rightBrace)]
        case .true, .false, .number, .string, .slot:
            token()
        case nil:
            break
        default:
            name()
        }
    }

    /// What stands behind an element of a list; the comma behind the last one goes.
    private mutating func elementEnd(until end: Token.Kind, _ steps: inout [Step]) {
        guard kind == .comma else { return }
        guard kind(ahead: 1) != end else { return skipToken() }
        token()
        document.line()
        steps.append(.element(end))
    }

    /// A name, and the id behind it where it is an entity's type.
    private mutating func name() {
        token()
        while kind == .doubleColon {
            token()
            token()
        }
    }
}
