/// What stands directly behind an operand: accesses of attributes and calls.
extension Parser {
    /// An operand with the attribute accesses and method calls behind it; `nil` when the arguments of a call are next.
    mutating func members(of operand: consuming Tree) throws(Abandoned) -> Tree? {
        var target = operand
        while true {
            switch token.kind {
            case .dot:
                guard let member = try access(target) else { return nil }
                target = member
            case .leftBracket: target = try index(target)
            case .leftParenthesis:
                report("only functions and methods can be called", at: span(from: target.start))
                throw Abandoned()
            default: return target
            }
        }
    }

    /// `target.name` or `target.method(...)`
    private mutating func access(_ target: Tree) throws(Abandoned) -> Tree? {
        advance()
        if token.kind == .number, case .literal(.long) = target.expression.kind { return reportFraction(from: target.start) }
        let nameToken = token
        guard let name = attributeName(after: "`.`") else { throw Abandoned() }
        guard token.kind == .leftParenthesis else {
            return try tree(.attribute(target.expression, name), from: target.start, height: target.height + 1)
        }
        unfinished.operands.append(target.expression)
        open(.method, from: target.start, token: nameToken, height: target.height)
        return try firstElement()
    }

    /// What `1.5` comes to.
    private mutating func reportFraction(from start: UInt32) -> Tree {
        let digits = text(token)
        advance()
        let literal = text(Token(kind: .number, start: start, end: previousEnd))
        report(
            "longs have no fraction", at: span(from: start),
            help: digits.utf8.count <= 4 ? "write `decimal(\"\(literal.shortened)\")`" : nil)
        return .placeholder(from: start)
    }

    /// `target["name"]`
    private mutating func index(_ target: Tree) throws(Abandoned) -> Tree {
        advance()
        guard token.kind == .string else {
            reportUnexpected(
                expected: "an attribute name as a string literal",
                help: "attribute names are fixed; for names that are computed use tags: `getTag(...)`")
            throw Abandoned()
        }
        let name = stringContent(token)
        advance()
        try expect(.rightBracket, "after the attribute name")
        return try tree(.attribute(target.expression, name), from: target.start, height: target.height + 1)
    }

    /// An identifier that names an attribute or a method; `nil` after reporting that there is none.
    mutating func attributeName(after place: String) -> CedarString? {
        guard token.isWord else {
            reportUnexpected(expected: "a name after \(place)")
            return nil
        }
        let name = word(token)
        if token.kind != .identifier || name.isReservedNamespace {
            report(
                "`\(name.text.shortened)` is reserved and cannot be a name here", at: token.span,
                help: "write it as a string: `[\"\(name.text)\"]` or `has \"\(name.text)\"`")
        }
        advance()
        return CedarString(name.text)
    }

    // MARK: Calls

    /// A method call whose closing parenthesis has just been consumed.
    mutating func methodCall(_ call: UnfinishedExpressions.Bracket) throws(Abandoned) -> Tree {
        var operands = unfinished.takeOperands(from: call.operands - 1)
        let name = word(call.token)
        let kind: Expression.Kind
        switch name.meaning {
        case .method(let operation):
            guard operands.count == 2 else {
                return reportArgumentCount(name.text, expected: 1, actual: operands.count - 1, from: call.start)
            }
            kind = .binary(operation, operands[0], operands[1])
        case .isEmpty:
            guard operands.count == 1, let target = operands.popLast() else {
                return reportArgumentCount(name.text, expected: 0, actual: operands.count - 1, from: call.start)
            }
            kind = .unary(.isEmpty, target)
        case .function(let function) where function.style == .method:
            kind = .call(function, operands)
        case .function:
            report(
                "`\(name.text)` is a function, not a method", at: call.token.span, help: "write `\(name.text)(...)`")
            return .placeholder(from: call.start)
        default:
            let suggestion = Spelling.suggestion(for: name.text, among: Parser.methodNames)
            report(
                "there is no method `\(name.text.shortened)`", at: call.token.span,
                help: suggestion.map { "did you mean `\($0)`?" } ?? ForeignSpelling.method(name.text))
            return .placeholder(from: call.start)
        }
        return try tree(kind, from: call.start, height: call.height + 1)
    }

    private mutating func reportArgumentCount(_ name: String, expected: Int, actual: Int, from start: UInt32) -> Tree {
        report(
            "`\(name)` takes \(expected) argument\(expected == 1 ? "" : "s"), not \(actual)", at: span(from: start))
        return .placeholder(from: start)
    }

    /// A function call whose closing parenthesis has just been consumed.
    mutating func functionCall(_ call: UnfinishedExpressions.Bracket) throws(Abandoned) -> Tree {
        let arguments = unfinished.takeOperands(from: call.operands)
        guard let name = unfinished.names.popLast() else { return .placeholder(from: call.start) }
        guard let function = ExtensionFunction(rawValue: name.description), function.style == .function else {
            reportUnknownFunction(name, at: call.token.span)
            return .placeholder(from: call.start)
        }
        return try tree(.call(function, arguments), from: call.start, height: call.height + 1)
    }

    private mutating func reportUnknownFunction(_ name: Name, at span: SourceSpan) {
        if Parser.methodNames.contains(name.description) {
            report("`\(name)` is a method, not a function", at: span, help: "write `x.\(name)(...)`")
        } else {
            let suggestion = Spelling.suggestion(for: name.description, among: Parser.functionNames)
            report(
                "there is no function `\(name.description.shortened)`", at: span,
                help: suggestion.map { "did you mean `\($0)`?" }
                    ?? "the functions are \(Parser.functionNames.map { "`\($0)`" }.joined(separator: ", "))")
        }
    }

    static let methodNames: [String] =
        BinaryOperator.allCases.filter(\.isMethod).map(\.rawValue) + ["isEmpty"]
        + ExtensionFunction.allCases.filter { $0.style == .method }.map(\.rawValue)

    static let functionNames: [String] =
        ExtensionFunction.allCases.filter { $0.style == .function }.map(\.rawValue)
}
