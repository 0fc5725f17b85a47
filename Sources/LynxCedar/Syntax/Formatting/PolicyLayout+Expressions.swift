/// Expressions: a group for each level of the grammar at which the reference's formatter has one.
///
/// The levels of `||` and `&&` have none: their breaks belong to the bracket or condition around them, so that either all of its
/// operands stand on one line or each on its own.
extension PolicyLayout {
    mutating func expression() {
        guard kind == .if else { return disjunction() }
        document.open()
        branch()
        document.line()
        branch()
        document.line()
        branch()
        document.close()
    }

    /// `if`, `then` or `else` with what follows it.
    private mutating func branch() {
        token()
        document.indent(indentation)
        document.line()
        expression()
        document.outdent(indentation)
    }

    private mutating func disjunction() {
        conjunction()
        while kind == .or {
            document.space()
            token(then: .line)
            conjunction()
        }
    }

    private mutating func conjunction() {
        relation()
        while kind == .and {
            document.space()
            token(then: .line)
            relation()
        }
    }

    private mutating func relation() {
        let start = document.mark()
        sum()
        switch kind {
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .in:
            document.space()
            token()
            document.space()
            sum()
        case .has, .like:
            document.line()
            token()
            document.line()
            document.indent(indentation)
            sum()
            document.outdent(indentation)
            document.group(from: start)
        case .is:
            typeTest(from: start)
        default: break
        }
    }

    /// `is TYPE` or `is TYPE in EXPRESSION`, behind an operand.
    private mutating func typeTest(from start: LayoutDocument.Mark) {
        document.space()
        token()
        document.space()
        document.indent(indentation)
        sum()
        document.outdent(indentation)
        if kind == .in {
            document.line()
            token()
            document.space()
            document.indent(indentation)
            sum()
            document.outdent(indentation)
        }
        document.group(from: start)
    }

    /// Operands joined by `+` and `-`, as the sides of relations are.
    mutating func sum() {
        let start = document.mark()
        product()
        while kind == .plus || kind == .minus {
            document.space()
            token()
            document.line()
            product()
        }
        document.group(from: start)
    }

    private mutating func product() {
        let start = document.mark()
        unary()
        while kind == .star || kind == .slash || kind == .percent {
            document.space()
            token()
            document.line()
            unary()
        }
        document.group(from: start)
    }

    private mutating func unary() {
        while kind == .bang || kind == .minus { token() }
        member()
    }

    /// A primary expression with the accesses and calls behind it.
    private mutating func member() {
        let start = document.mark()
        primary()
        if startsAccess {
            document.indent(indentation)
            access()
            while startsAccess {
                document.softLine()
                access()
            }
            document.outdent(indentation)
        }
        document.group(from: start)
    }

    private var startsAccess: Bool { kind == .dot || kind == .leftParenthesis || kind == .leftBracket }

    private mutating func access() {
        switch kind {
        case .dot:
            token()
            token()
        case .leftParenthesis:
            token()
            if kind != .rightParenthesis {
                document.indent(indentation)
                document.softLine()
                list(until: .rightParenthesis) { $0.expression() }
                document.outdent(indentation)
                document.softLine()
            }
            token()
        default:
            token()
            expression()
            token()
        }
    }

    // MARK: Primary expressions

    private mutating func primary() {
        switch kind {
        case .leftParenthesis:
            document.open()
            token()
            // Lines that follow stand below the first operand, not below the parenthesis.
            document.indent(1)
            expression()
            document.outdent(1)
            token()
            document.close()
        case .leftBracket:
            token()
            if kind != .rightBracket {
                document.indent(1)
                list(until: .rightBracket) { $0.expression() }
                document.outdent(1)
            }
            token()
        case .leftBrace:
            record()
        case .true, .false, .number, .string, .slot:
            token()
        case nil:
            break
        default:
            name()
        }
    }

    /// Elements between commas; the comma behind the last one goes.
    private mutating func list(until end: Token.Kind, _ element: (inout PolicyLayout) -> Void) {
        guard kind != end else { return }
        element(&self)
        while kind == .comma {
            guard kind(ahead: 1) != end else { return skipToken() }
            token()
            document.line()
            element(&self)
        }
    }

    private mutating func record() {
        token()
        if kind != .rightBrace {
            document.indent(indentation)
            document.open()
            document.line()
            list(until: .rightBrace) { layout in
                layout.expression()
                layout.token()
                layout.document.space()
                layout.expression()
            }
            document.line()
            document.close()
            document.outdent(indentation)
        }
        token()
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
