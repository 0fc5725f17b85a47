/// Operands without what stands behind them: literals, variables, entities, and the start of what is in brackets.
extension Parser {
    /// An operand with the prefixes before it opened; `nil` when another operand is to be read first.
    mutating func operand() throws(Abandoned) -> Tree? {
        switch token.kind {
        case .bang:
            _ = try prefixes(.not)
        case .minus:
            if let literal = try prefixes(.negate) { return literal }
        default: break
        }
        switch token.kind {
        case .identifier: return try word()
        case .true, .false:
            let literal = token
            advance()
            return try tree(.literal(.bool(literal.kind == .true)), from: literal.start, height: 1)
        case .string:
            let start = token.start
            let content = stringContent(token)
            advance()
            return try tree(.literal(.string(content)), from: start, height: 1)
        case .number: return try number()
        case .leftParenthesis:
            open(.parenthesis, from: token.start)
            advance()
            try enterExpression()
            return nil
        case .leftBracket:
            open(.set, from: token.start)
            return try firstElement()
        case .leftBrace:
            open(.record, from: token.start)
            return try firstElement()
        case .slot: return reportSlot()
        default: try reportNoOperand()
        }
    }

    private mutating func reportSlot() -> Tree {
        report(
            "template slots may stand in the scope only, not in a condition", at: token.span,
            help: "constrain the scope with the slot, or compare with an attribute")
        let start = token.start
        advance()
        return .placeholder(from: start)
    }

    private mutating func reportNoOperand() throws(Abandoned) -> Never {
        if token.kind == .if {
            report(
                "an `if` expression needs parentheses here", at: token.span,
                help: "write `(if ... then ... else ...)`")
        } else if token.isWord {
            report("\(token.kind.text) cannot start an expression", at: token.span)
        } else {
            reportUnexpected(expected: "an expression")
        }
        throw Abandoned()
    }

    private mutating func number() throws(Abandoned) -> Tree {
        let number = token
        advance()
        guard let value = Int64(text(number)) else {
            reportNumberTooLarge(number.span)
            return .placeholder(from: number.start)
        }
        return try tree(.literal(.long(value)), from: number.start, height: 1)
    }

    /// A variable, an entity or a function call.
    private mutating func word() throws(Abandoned) -> Tree? {
        let first = token
        advance()
        if token.kind != .doubleColon, let variable = word(first).variable {
            if token.kind == .leftParenthesis {
                report("`\(variable)` is a variable, not a function", at: first.span)
                throw Abandoned()
            }
            return try tree(.variable(variable), from: first.start, height: 1)
        }
        switch try reference(startingWith: first) {
        case .entity(let uid):
            return try tree(.literal(.entity(uid)), from: first.start, height: 1)
        case .name(let name) where token.kind == .leftParenthesis:
            unfinished.names.append(name)
            open(.function, from: first.start, token: Token(kind: .identifier, start: first.start, end: previousEnd))
            return try firstElement()
        case .name(let name):
            reportUnknownVariable(name, at: span(from: first.start))
            // `User "alice"` and `not x` go on with what the author had in mind.
            if token.kind == .string { advance() }
            guard name == "not" else { return .placeholder(from: first.start) }
            try enterNegated(first)
            return nil
        }
    }

    private mutating func reportUnknownVariable(_ name: Name, at span: SourceSpan) {
        var help = "the variables are `principal`, `action`, `resource` and `context`"
        let candidates = Variable.allCases.map(\.rawValue) + ["true", "false"]
        if let foreign = ForeignSpelling.variable(name.description) {
            help = foreign
        } else if ExtensionFunction(rawValue: name.description)?.style == .function {
            help = "`\(name)` is a function: write `\(name)(...)`"
        } else if let suggestion = Spelling.suggestion(for: name.description, among: candidates) {
            help = "did you mean `\(suggestion)`?"
        } else if name.namespace != nil {
            help = "for an entity write the id as a string: `\(name.asEntity)`"
        } else if token.kind == .string || token.kind == .colon {
            help = "for an entity write `\(name.description.shortened)::\"...\"`"
        }
        report("there is no variable `\(name.description.shortened)`", at: span, help: help)
    }
}
