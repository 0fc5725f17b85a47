/// Expressions (language reference, "Grammar": `Expr` and below), by precedence climbing.
///
/// Each level of brackets costs five calls on the stack: expression, binary, unary, member, primary. What is not on that
/// path stays out of line, because what the compiler inlines there is paid for at every level.
extension Parser {
    /// An expression with the height of its tree, which is bounded like the nesting of the text: long chains of
    /// left-associative operators nest no brackets and still make deep trees.
    struct Tree {
        let expression: Expression
        let height: Int

        /// What stands in for an expression that has been reported.
        static let placeholder = Tree(expression: Expression(.literal(.bool(true))), height: 1)
    }

    /// A whole expression, also below brackets.
    mutating func expression() throws(Abandoned) -> Tree {
        try descend()
        defer { ascend() }
        return token.kind == .if ? try conditional() : try binary(.or)
    }

    @inline(never)
    private mutating func tree(
        _ kind: Expression.Kind, from start: UInt32, height: Int
    ) throws(Abandoned) -> Tree {
        guard height <= maximumNesting else {
            reportTooDeep(at: SourceSpan(start..<previousEnd))
            throw Abandoned()
        }
        return Tree(expression: Expression(kind, span: span(from: start)), height: height)
    }

    @inline(never)
    private mutating func conditional() throws(Abandoned) -> Tree {
        let start = token.start
        advance()
        let condition = try expression()
        try expect(.then, "after the condition of `if`")
        let then = try expression()
        try expect(.else, "after the `then` branch", help: "Cedar's `if` always has an `else`")
        let otherwise = try expression()
        return try tree(
            .conditional(if: condition.expression, then: then.expression, else: otherwise.expression), from: start,
            height: max(condition.height, then.height, otherwise.height) + 1)
    }

    // MARK: Binary operators

    private enum Precedence: Int, Comparable {
        case or, and, relation, additive, multiplicative, unary

        static func < (lhs: Precedence, rhs: Precedence) -> Bool { lhs.rawValue < rhs.rawValue }
    }

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

    /// Operands joined by operators that bind at least as tightly as `minimum`.
    private mutating func binary(_ minimum: Precedence) throws(Abandoned) -> Tree {
        let start = token.start
        var left = try unary()
        while let precedence, precedence >= minimum {
            switch precedence {
            case .or, .and: left = try chain(left, precedence, from: start)
            case .relation: left = try relation(left, from: start)
            case .additive, .multiplicative: left = try arithmetic(left, precedence, from: start)
            case .unary: return left
            }
        }
        return left
    }

    /// `a || b || c` or `a && b && c`, flat.
    @inline(never)
    private mutating func chain(
        _ first: Tree, _ precedence: Precedence, from start: UInt32
    ) throws(Abandoned) -> Tree {
        let isOr = precedence == .or
        var operands = [first.expression]
        var height = first.height
        while accept(isOr ? .or : .and) {
            let operand = try binary(isOr ? .and : .relation)
            operands.append(operand.expression)
            height = max(height, operand.height)
        }
        let span = span(from: start)
        let expression = isOr ? Expression.or(operands, span: span) : Expression.and(operands, span: span)
        return Tree(expression: expression, height: height + 1)
    }

    @inline(never)
    private mutating func arithmetic(
        _ left: Tree, _ precedence: Precedence, from start: UInt32
    ) throws(Abandoned) -> Tree {
        let operatorToken = token
        advance()
        let right = try binary(precedence == .additive ? .multiplicative : .unary)
        let operation: BinaryOperator
        switch operatorToken.kind {
        case .plus: operation = .add
        case .minus: operation = .subtract
        case .star: operation = .multiply
        case .slash:
            report("Cedar has no division", at: operatorToken.span)
            return .placeholder
        default:
            report("Cedar has no remainder operation", at: operatorToken.span)
            return .placeholder
        }
        return try tree(
            .binary(operation, left.expression, right.expression), from: start,
            height: max(left.height, right.height) + 1)
    }

    // MARK: Relations

    @inline(never)
    private mutating func relation(_ left: Tree, from start: UInt32) throws(Abandoned) -> Tree {
        let operatorToken = token
        var result = try singleRelation(left, from: start)
        guard let precedence else { return result }
        // The right sides of `has`, `like` and `is` are no expressions, so they do not take the arithmetic behind them along.
        if precedence > .relation { try reportCalculation(after: operatorToken) }
        guard precedence == .relation else { return result }
        report(
            "comparisons do not chain", at: token.span,
            help: "put one of them in parentheses, or join them with `&&`")
        // The rest of the chain is read for further faults only.
        while self.precedence == .relation { result = try singleRelation(result, from: start) }
        return result
    }

    @inline(never)
    private mutating func reportCalculation(after operatorToken: Token) throws(Abandoned) -> Never {
        report(
            "the right side of \(operatorToken.kind.text) cannot be calculated", at: token.span,
            help: "put the part before \(token.kind.text) in parentheses, if that is what is meant")
        throw Abandoned()
    }

    private mutating func singleRelation(_ left: Tree, from start: UInt32) throws(Abandoned) -> Tree {
        switch token.kind {
        case .has: try has(left, from: start)
        case .like: try like(left, from: start)
        case .is: try isType(left, from: start)
        default: try comparison(left, from: start)
        }
    }

    @inline(never)
    private mutating func comparison(_ left: Tree, from start: UInt32) throws(Abandoned) -> Tree {
        let operatorToken = token
        advance()
        let right = try binary(.additive)
        let operation: BinaryOperator
        switch operatorToken.kind {
        case .equal: operation = .equal
        case .notEqual: operation = .notEqual
        case .less: operation = .less
        case .lessOrEqual: operation = .lessOrEqual
        case .greater: operation = .greater
        case .greaterOrEqual: operation = .greaterOrEqual
        case .in: operation = .in
        default:
            report("`=` is not an operator in Cedar", at: operatorToken.span, help: "did you mean `==`?")
            operation = .equal
        }
        return try tree(
            .binary(operation, left.expression, right.expression), from: start,
            height: max(left.height, right.height) + 1)
    }

    /// `target has name`, `target has "any text"` or `target has a.b.c` (RFC 62).
    @inline(never)
    private mutating func has(_ left: Tree, from start: UInt32) throws(Abandoned) -> Tree {
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
        return try tree(.has(left.expression, path), from: start, height: left.height + path.count)
    }

    @inline(never)
    private mutating func like(_ left: Tree, from start: UInt32) throws(Abandoned) -> Tree {
        advance()
        guard token.kind == .string else {
            reportUnexpected(
                expected: "a pattern after `like`", help: "a pattern is a string literal, such as `\"*.jpg\"`")
            throw Abandoned()
        }
        let pattern = patternContent(token)
        advance()
        return try tree(.like(left.expression, pattern), from: start, height: left.height + 1)
    }

    @inline(never)
    private mutating func isType(_ left: Tree, from start: UInt32) throws(Abandoned) -> Tree {
        advance()
        let type = try typeName()
        var container: Tree?
        if accept(.in) { container = try binary(.additive) }
        return try tree(
            .isType(left.expression, type, in: container?.expression), from: start,
            height: max(left.height, container?.height ?? 0) + 1)
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

    // MARK: Unary operators

    private mutating func unary() throws(Abandoned) -> Tree {
        switch token.kind {
        case .bang: try negation(.bang, .not)
        case .minus: try negation(.minus, .negate)
        default: try member()
        }
    }

    /// One to four `!` or `-` before a member. A `-` that touches a number literal makes a negative literal, which alone
    /// can be `-9223372036854775808`.
    @inline(never)
    private mutating func negation(_ kind: Token.Kind, _ operation: UnaryOperator) throws(Abandoned) -> Tree {
        let first = token
        var starts: [UInt32] = []
        var count = 0
        while token.kind == kind {
            count += 1
            if count <= 4 { starts.append(token.start) }
            advance()
        }
        if count > 4 {
            report(
                "no more than four \(kind.text) may follow one another", at: span(from: first.start),
                help: operation == .not ? "an even number of `!` cancels out" : "an even number of `-` cancels out")
            starts = [first.start]
        }
        var operand: Tree
        if kind == .minus, token.kind == .number, let literal = try negativeLiteral(from: starts[starts.count - 1]) {
            operand = literal
            starts.removeLast()
        } else {
            operand = try member()
        }
        for start in starts.reversed() {
            operand = try tree(.unary(operation, operand.expression), from: start, height: operand.height + 1)
        }
        return operand
    }

    /// The literal `-N` whose digits are the current token, or `nil` when an access follows the number, which then binds tighter.
    @inline(never)
    private mutating func negativeLiteral(from start: UInt32) throws(Abandoned) -> Tree? {
        let number = token
        switch following.kind {
        case .dot, .leftParenthesis, .leftBracket: return nil
        default: break
        }
        advance()
        guard let value = Int64("-" + text(number)) else {
            reportNumberTooLarge(SourceSpan(start..<number.end))
            return .placeholder
        }
        return try tree(.literal(.long(value)), from: start, height: 1)
    }

    @inline(never)
    private mutating func reportNumberTooLarge(_ span: SourceSpan) {
        report(
            "this number does not fit in 64 bits", at: span,
            help: "longs reach from \(Int64.min) to \(Int64.max)")
    }

    // MARK: Members

    /// A primary expression with attribute accesses and method calls behind it.
    private mutating func member() throws(Abandoned) -> Tree {
        let start = token.start
        var target = try primary()
        while true {
            switch token.kind {
            case .dot: target = try access(target, from: start)
            case .leftBracket: target = try index(target, from: start)
            case .leftParenthesis: try reportCall(from: start)
            default: return target
            }
        }
    }

    @inline(never)
    private mutating func reportCall(from start: UInt32) throws(Abandoned) -> Never {
        report("only functions and methods can be called", at: span(from: start))
        throw Abandoned()
    }

    /// `target.name` or `target.method(...)`
    @inline(never)
    private mutating func access(_ target: Tree, from start: UInt32) throws(Abandoned) -> Tree {
        advance()
        if token.kind == .number, case .literal(.long) = target.expression.kind { return reportFraction(from: start) }
        let nameToken = token
        guard let name = attributeName(after: "`.`") else { throw Abandoned() }
        if token.kind == .leftParenthesis { return try method(target, nameToken, from: start) }
        return try tree(.attribute(target.expression, name), from: start, height: target.height + 1)
    }

    /// What `1.5` comes to.
    @inline(never)
    private mutating func reportFraction(from start: UInt32) -> Tree {
        let digits = text(token)
        advance()
        let literal = text(Token(kind: .number, start: start, end: previousEnd))
        report(
            "longs have no fraction", at: span(from: start),
            help: digits.utf8.count <= 4 ? "write `decimal(\"\(literal.shortened)\")`" : nil)
        return .placeholder
    }

    /// `target["name"]`
    @inline(never)
    private mutating func index(_ target: Tree, from start: UInt32) throws(Abandoned) -> Tree {
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
        return try tree(.attribute(target.expression, name), from: start, height: target.height + 1)
    }

    /// An identifier that names an attribute or a method; `nil` after reporting that there is none.
    @inline(never)
    private mutating func attributeName(after place: String) -> CedarString? {
        guard token.isWord else {
            reportUnexpected(expected: "a name after \(place)")
            return nil
        }
        let name = text(token)
        if token.kind != .identifier || name == Name.reservedNamespace {
            report(
                "`\(name.shortened)` is reserved and cannot be a name here", at: token.span,
                help: "write it as a string: `[\"\(name)\"]` or `has \"\(name)\"`")
        }
        advance()
        return CedarString(name)
    }

    /// The arguments of a call, up to and with the closing parenthesis.
    @inline(never)
    private mutating func arguments() throws(Abandoned) -> [Tree] {
        advance()
        return try list(until: .rightParenthesis, in: "the arguments")
    }

    /// Expressions separated by commas, a trailing comma allowed, up to and with the closing bracket.
    @inline(never)
    private mutating func list(until closing: Token.Kind, in place: String) throws(Abandoned) -> [Tree] {
        var items: [Tree] = []
        while token.kind != closing {
            items.append(try expression())
            guard accept(.comma) else { break }
        }
        try expect(closing, "after \(place)")
        return items
    }

    @inline(never)
    private mutating func method(
        _ target: Tree, _ nameToken: Token, from start: UInt32
    ) throws(Abandoned) -> Tree {
        let name = text(nameToken)
        let arguments = try arguments()
        let height = (arguments.map(\.height).max() ?? 0, target.height)
        let expressions = arguments.map(\.expression)
        let kind: Expression.Kind
        if let operation = BinaryOperator(rawValue: name), operation.isMethod {
            guard let argument = expressions.first, expressions.count == 1 else {
                reportArgumentCount(name, expected: 1, actual: expressions.count, from: start)
                return .placeholder
            }
            kind = .binary(operation, target.expression, argument)
        } else if name == "isEmpty" {
            guard expressions.isEmpty else {
                reportArgumentCount(name, expected: 0, actual: expressions.count, from: start)
                return .placeholder
            }
            kind = .unary(.isEmpty, target.expression)
        } else if let function = ExtensionFunction(rawValue: name) {
            guard function.style == .method else {
                report(
                    "`\(name)` is a function, not a method", at: nameToken.span, help: "write `\(name)(...)`")
                return .placeholder
            }
            kind = .call(function, [target.expression] + expressions)
        } else {
            let suggestion = Spelling.suggestion(for: name, among: Parser.methodNames)
            report(
                "there is no method `\(name.shortened)`", at: nameToken.span,
                help: suggestion.map { "did you mean `\($0)`?" } ?? ForeignSpelling.method(name))
            return .placeholder
        }
        return try tree(kind, from: start, height: max(height.0, height.1) + 1)
    }

    @inline(never)
    private mutating func reportArgumentCount(_ name: String, expected: Int, actual: Int, from start: UInt32) {
        report(
            "`\(name)` takes \(expected) argument\(expected == 1 ? "" : "s"), not \(actual)", at: span(from: start))
    }

    static let methodNames: [String] =
        BinaryOperator.allCases.filter(\.isMethod).map(\.rawValue) + ["isEmpty"]
        + ExtensionFunction.allCases.filter { $0.style == .method }.map(\.rawValue)

    static let functionNames: [String] =
        ExtensionFunction.allCases.filter { $0.style == .function }.map(\.rawValue)

    // MARK: Primary expressions

    private mutating func primary() throws(Abandoned) -> Tree {
        switch token.kind {
        case .leftParenthesis: try parenthesized()
        case .leftBracket: try set()
        case .leftBrace: try record()
        case .identifier: try word()
        case .true, .false, .number, .string: try literal()
        case .slot: reportSlot()
        default: try reportNoPrimary()
        }
    }

    @inline(never)
    private mutating func parenthesized() throws(Abandoned) -> Tree {
        advance()
        let inner = try expression()
        try expect(.rightParenthesis, "after the expression")
        return inner
    }

    @inline(never)
    private mutating func set() throws(Abandoned) -> Tree {
        let start = token.start
        advance()
        let elements = try list(until: .rightBracket, in: "the elements of the set")
        return try tree(
            .set(elements.map(\.expression)), from: start, height: (elements.map(\.height).max() ?? 0) + 1)
    }

    @inline(never)
    private mutating func literal() throws(Abandoned) -> Tree {
        let literal = token
        switch literal.kind {
        case .true, .false:
            advance()
            return try tree(.literal(.bool(literal.kind == .true)), from: literal.start, height: 1)
        case .string:
            let content = stringContent(literal)
            advance()
            return try tree(.literal(.string(content)), from: literal.start, height: 1)
        default:
            return try number()
        }
    }

    @inline(never)
    private mutating func reportSlot() -> Tree {
        report(
            "template slots may stand in the scope only, not in a condition", at: token.span,
            help: "constrain the scope with the slot, or compare with an attribute")
        advance()
        return .placeholder
    }

    @inline(never)
    private mutating func reportNoPrimary() throws(Abandoned) -> Never {
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

    @inline(never)
    private mutating func number() throws(Abandoned) -> Tree {
        let start = token.start
        let digits = text(token)
        let span = token.span
        advance()
        guard let value = Int64(digits) else {
            reportNumberTooLarge(span)
            return .placeholder
        }
        return try tree(.literal(.long(value)), from: start, height: 1)
    }

    /// A variable, an entity or a function call.
    @inline(never)
    private mutating func word() throws(Abandoned) -> Tree {
        let first = token
        advance()
        let nameText = text(first)
        if token.kind != .doubleColon, let variable = Variable(rawValue: nameText) {
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
            return try function(name, from: first.start)
        case .name(let name):
            reportUnknownVariable(name, at: span(from: first.start))
            // `User "alice"` and `not x` go on with what the author had in mind.
            if token.kind == .string { advance() }
            return name == "not" ? try negated() : .placeholder
        }
    }

    /// What stands behind a `not` that has been reported.
    @inline(never)
    private mutating func negated() throws(Abandoned) -> Tree {
        try descend()
        defer { ascend() }
        return try unary()
    }

    @inline(never)
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

    @inline(never)
    private mutating func function(_ name: Name, from start: UInt32) throws(Abandoned) -> Tree {
        let nameSpan = span(from: start)
        let arguments = try arguments()
        guard let function = ExtensionFunction(rawValue: name.description), function.style == .function else {
            if Parser.methodNames.contains(name.description) {
                report(
                    "`\(name)` is a method, not a function", at: nameSpan, help: "write `x.\(name)(...)`")
            } else {
                let suggestion = Spelling.suggestion(for: name.description, among: Parser.functionNames)
                report(
                    "there is no function `\(name.description.shortened)`", at: nameSpan,
                    help: suggestion.map { "did you mean `\($0)`?" }
                        ?? "the functions are \(Parser.functionNames.map { "`\($0)`" }.joined(separator: ", "))")
            }
            return .placeholder
        }
        return try tree(
            .call(function, arguments.map(\.expression)), from: start, height: (arguments.map(\.height).max() ?? 0) + 1)
    }

    // MARK: Records

    /// `{ name: value, "any text": value }`
    @inline(never)
    private mutating func record() throws(Abandoned) -> Tree {
        let start = token.start
        advance()
        var fields: [Expression.Field] = []
        var places: [CedarString: SourceSpan] = [:]
        var height = 0
        while token.kind != .rightBrace {
            let key = token
            guard let name = try fieldName() else { throw Abandoned() }
            try expect(.colon, "after the name of a record's field")
            let value = try expression()
            height = max(height, value.height)
            if let place = places[name] {
                report(
                    "the record names `\(name.string.shortened)` twice", at: key.span,
                    notes: [Diagnostic.Note("first named here", span: place)])
            } else {
                places[name] = key.span
                fields.append(Expression.Field(name, value.expression))
            }
            guard accept(.comma) else { break }
        }
        try expect(.rightBrace, "after the fields of the record")
        return try tree(.record(fields), from: start, height: height + 1)
    }

    @inline(never)
    private mutating func fieldName() throws(Abandoned) -> CedarString? {
        switch token.kind {
        case .string:
            let name = stringContent(token)
            advance()
            return name
        case _ where token.isWord:
            let name = text(token)
            if token.kind != .identifier || name == Name.reservedNamespace {
                report("`\(name)` is reserved", at: token.span, help: "write it as a string: `\"\(name)\"`")
            }
            advance()
            return CedarString(name)
        default:
            reportUnexpected(expected: "a field name", help: "names are identifiers or strings")
            return nil
        }
    }
}
