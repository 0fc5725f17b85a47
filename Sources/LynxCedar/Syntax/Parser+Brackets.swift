/// What holds whole expressions: parentheses, sets, records, the arguments of calls, conditionals.
extension Parser {
    /// Opens a bracket; what has been opened inside it when it is closed is its own.
    mutating func open(_ kind: UnfinishedExpressions.Bracket.Kind, from start: UInt32, token: Token? = nil, height: Int = 0) {
        unfinished.brackets.append(
            UnfinishedExpressions.Bracket(
                kind: kind, start: start, token: token ?? self.token, operators: unfinished.operators.count,
                operands: unfinished.operands.count, height: height))
        if kind == .record { unfinished.fieldPlaces.append(FirstPlaces()) }
    }

    /// Goes from the opening token to the first element; where there is none the bracket is closed.
    mutating func firstElement() throws(Abandoned) -> Tree? {
        advance()
        guard let bracket = unfinished.brackets.last else { return nil }
        guard token.kind != bracket.kind.closing else {
            unfinished.brackets.removeLast()
            return try end(bracket)
        }
        try element(bracket.kind)
        return nil
    }

    /// Goes to where the expression in an element starts.
    private mutating func element(_ kind: UnfinishedExpressions.Bracket.Kind) throws(Abandoned) {
        if kind == .record { try field() }
        try enterExpression()
    }

    /// Puts an expression into the bracket around it, behind which the parser goes on.
    ///
    /// - Returns: the bracket as an operand, when it is complete; `nil` when another expression is next. Of the outermost the expression itself.
    mutating func close(_ whole: consuming Tree) throws(Abandoned) -> Tree? {
        var whole = whole
        while true {
            ascend()
            guard var bracket = unfinished.brackets.popLast() else { return whole }
            bracket.height = max(bracket.height, whole.height)
            switch bracket.kind {
            case .outermost:
                return whole
            case .parenthesis:
                try expect(.rightParenthesis, "after the expression")
                return Tree(whole.expression, height: whole.height, start: bracket.start)
            case .set, .method, .function, .record:
                if bracket.kind != .record || addsField(bracket.token) { unfinished.operands.append(whole.expression) }
                guard accept(.comma), token.kind != bracket.kind.closing else { return try end(bracket) }
                unfinished.brackets.append(bracket)
                try element(bracket.kind)
                return nil
            case .condition, .then:
                if bracket.kind == .condition {
                    try expect(.then, "after the condition of `if`")
                    bracket.kind = .then
                } else {
                    try expect(.else, "after the `then` branch", help: "Cedar's `if` always has an `else`")
                    bracket.kind = .otherwise
                }
                unfinished.operands.append(whole.expression)
                unfinished.brackets.append(bracket)
                try enterExpression()
                return nil
            case .otherwise:
                guard let then = unfinished.operands.popLast(), let condition = unfinished.operands.popLast() else { return nil }
                whole = try tree(
                    .conditional(if: condition, then: then, else: whole.expression), from: bracket.start,
                    height: bracket.height + 1)
            }
        }
    }

    /// The tree of a bracket with all its elements, when the closing token follows.
    private mutating func end(_ bracket: UnfinishedExpressions.Bracket) throws(Abandoned) -> Tree {
        try expect(bracket.kind.closing, bracket.kind.place)
        switch bracket.kind {
        case .method: return try methodCall(bracket)
        case .function: return try functionCall(bracket)
        case .record: return try record(bracket)
        default:
            return try tree(
                .set(unfinished.takeOperands(from: bracket.operands)), from: bracket.start, height: bracket.height + 1)
        }
    }

    // MARK: Records

    /// `{ name: value, "any text": value }`, of which the closing brace has just been consumed.
    private mutating func record(_ bracket: UnfinishedExpressions.Bracket) throws(Abandoned) -> Tree {
        unfinished.fieldPlaces.removeLast()
        let values = unfinished.takeOperands(from: bracket.operands)
        let first = unfinished.fields.count - values.count
        let fields = zip(unfinished.fields[first...], values).map { Expression.Field($0, $1) }
        unfinished.fields.removeSubrange(first...)
        return try tree(.record(fields), from: bracket.start, height: bracket.height + 1)
    }

    /// The name of a field with its colon.
    private mutating func field() throws(Abandoned) {
        let last = unfinished.brackets.count - 1
        unfinished.brackets[last].token = token
        unfinished.fields.append(try fieldName())
        try expect(.colon, "after the name of a record's field")
    }

    /// Whether the field that has just been read is the first of its name; reports one that is not, and forgets it.
    private mutating func addsField(_ key: Token) -> Bool {
        let last = unfinished.fieldPlaces.count - 1
        guard let name = unfinished.fields.last, let place = unfinished.fieldPlaces[last].note(name, at: key.span) else { return true }
        report(
            "the record names `\(name.string.shortened)` twice", at: key.span,
            notes: [Diagnostic.Note("first named here", span: place)])
        unfinished.fields.removeLast()
        return false
    }

    private mutating func fieldName() throws(Abandoned) -> CedarString {
        switch token.kind {
        case .string:
            let name = stringContent(token)
            advance()
            return name
        case _ where token.isWord:
            let name = word(token)
            if token.kind != .identifier || name.isReservedNamespace {
                report("`\(name.text)` is reserved", at: token.span, help: "write it as a string: `\"\(name.text)\"`")
            }
            advance()
            return CedarString(name.text)
        default:
            reportUnexpected(expected: "a field name", help: "names are identifiers or strings")
            throw Abandoned()
        }
    }
}

extension UnfinishedExpressions.Bracket.Kind {
    /// The token that ends it.
    fileprivate var closing: Token.Kind {
        switch self {
        case .outermost: .end
        case .parenthesis, .method, .function: .rightParenthesis
        case .set: .rightBracket
        case .record: .rightBrace
        case .condition: .then
        case .then: .else
        case .otherwise: .end
        }
    }

    /// What the closing token stands behind.
    fileprivate var place: String {
        switch self {
        case .method, .function: "after the arguments"
        case .set: "after the elements of the set"
        case .record: "after the fields of the record"
        default: "after the expression"
        }
    }
}
