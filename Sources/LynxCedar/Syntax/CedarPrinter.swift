/// Writes expressions and policies as Cedar text that parses back to the same tree.
///
/// Everything is appended to one buffer, so printing takes time linear in the text; parentheses stand only where the
/// grammar needs them. Layout is fixed: expressions on one line, see ``PolicyStatement`` for policies.
struct CedarPrinter {
    private(set) var text = ""

    /// Scopes that are wider than this are broken into lines.
    static let lineWidth = 80

    /// The grammar's levels, loosest first; an operand that binds looser than its place asks for stands in parentheses.
    private enum Precedence: Int, Comparable {
        case conditional, or, and, relation, sum, product, unary, member

        static func < (lhs: Precedence, rhs: Precedence) -> Bool { lhs.rawValue < rhs.rawValue }
    }
}

// MARK: Policies

extension CedarPrinter {
    mutating func append<Reference>(_ policy: PolicyStatement<Reference>) {
        for annotation in policy.annotations {
            text.append("@\(annotation.key)")
            if let value = annotation.value { text.append("(\(value.literal))") }
            text.append("\n")
        }
        append(scope: policy)
        for condition in policy.conditions {
            text.append("\n\(condition.kind.rawValue) { ")
            append(condition.body)
            text.append(" }")
        }
        text.append(";")
    }

    private mutating func append<Reference>(scope policy: PolicyStatement<Reference>) {
        let elements = [
            CedarPrinter.constraint(policy.principal, on: .principal),
            CedarPrinter.constraint(policy.action),
            CedarPrinter.constraint(policy.resource, on: .resource),
        ]
        let line = "\(policy.effect)(\(elements.joined(separator: ", ")))"
        if line.unicodeScalars.count <= CedarPrinter.lineWidth {
            text.append(line)
        } else {
            text.append("\(policy.effect)(\n  \(elements.joined(separator: ",\n  "))\n)")
        }
    }

    private static func constraint<Reference>(
        _ constraint: ScopeConstraint<Reference>, on slot: SlotID
    ) -> String {
        func reference(_ reference: Reference) -> String { reference.entity?.description ?? slot.description }
        return switch constraint {
        case .any: "\(slot.variable)"
        case .equal(let right): "\(slot.variable) == \(reference(right))"
        case .in(let right): "\(slot.variable) in \(reference(right))"
        case .is(let type): "\(slot.variable) is \(type)"
        case .isIn(let type, let right): "\(slot.variable) is \(type) in \(reference(right))"
        }
    }

    private static func constraint(_ constraint: ActionConstraint) -> String {
        switch constraint {
        case .any: "action"
        case .equal(let uid): "action == \(uid)"
        case .in(let uids): "action in [\(uids.map(\.description).joined(separator: ", "))]"
        }
    }
}

extension SlotID {
    /// The variable whose scope element the slot belongs to.
    var variable: Variable {
        switch self {
        case .principal: .principal
        case .resource: .resource
        }
    }
}

// MARK: Expressions

extension CedarPrinter {
    mutating func append(_ expression: Expression) {
        switch expression.kind {
        case .literal(let literal): append(literal)
        case .variable(let variable): text.append(variable.rawValue)
        case .conditional(if: let condition, let then, let otherwise):
            text.append("if ")
            append(condition)
            text.append(" then ")
            append(then)
            text.append(" else ")
            append(otherwise)
        case .and(let operands): append(operands, joinedBy: " && ", atLeast: .relation, orNothing: "true")
        case .or(let operands): append(operands, joinedBy: " || ", atLeast: .and, orNothing: "false")
        case .unary(.isEmpty, let operand): append(method: "isEmpty", of: operand, [])
        case .unary(.not, _), .unary(.negate, _): append(prefixed: expression)
        case .binary(let operation, let left, let right): append(operation, left, right)
        case .attribute(let target, let name):
            append(target, atLeast: .member)
            append(access: name)
        case .has(let target, let path): append(target, has: path)
        case .like(let target, let pattern):
            append(target, atLeast: .sum)
            text.append(" like \(pattern)")
        case .isType(let target, let type, in: let container):
            append(target, atLeast: .sum)
            text.append(" is \(type)")
            if let container {
                text.append(" in ")
                append(container, atLeast: .sum)
            }
        case .set(let elements):
            text.append("[")
            append(list: elements)
            text.append("]")
        case .record(let fields): append(fields)
        case .call(let function, let arguments): append(function, arguments)
        }
    }

    private mutating func append(_ literal: Literal) {
        switch literal {
        case .bool(let value): text.append(value ? "true" : "false")
        case .long(let value): text.append("\(value)")
        case .string(let value): text.append(value.literal)
        case .entity(let uid): text.append(uid.description)
        }
    }

    /// Appends an operand, in parentheses if it binds looser than its place asks for.
    private mutating func append(_ operand: Expression, atLeast precedence: Precedence) {
        append(operand, parenthesized: CedarPrinter.precedence(of: operand) < precedence)
    }

    private mutating func append(_ operand: Expression, parenthesized: Bool) {
        if parenthesized { text.append("(") }
        append(operand)
        if parenthesized { text.append(")") }
    }

    private static func precedence(of expression: Expression) -> Precedence {
        switch expression.kind {
        case .conditional: return .conditional
        case .or(let operands): return operands.isEmpty ? .member : .or
        case .and(let operands): return operands.isEmpty ? .member : .and
        case .has(_, let path): return isWritable(path) ? .relation : .and
        case .like, .isType: return .relation
        case .binary(let operation, _, _):
            switch operation {
            case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .in: return .relation
            case .add, .subtract: return .sum
            case .multiply: return .product
            case .contains, .containsAll, .containsAny, .getTag, .hasTag: return .member
            }
        case .unary(.not, _), .unary(.negate, _): return .unary
        case .literal(.long(let value)): return value < 0 ? .unary : .member
        case .literal, .variable, .unary(.isEmpty, _), .attribute, .set, .record, .call: return .member
        }
    }

    private mutating func append(
        _ operands: [Expression], joinedBy separator: String, atLeast precedence: Precedence, orNothing neutral: String
    ) {
        if operands.isEmpty { text.append(neutral) }
        for (index, operand) in operands.enumerated() {
            if index > 0 { text.append(separator) }
            append(operand, atLeast: precedence)
        }
    }

    private mutating func append(_ operation: BinaryOperator, _ left: Expression, _ right: Expression) {
        let sides: (left: Precedence, right: Precedence)
        switch operation {
        case .contains, .containsAll, .containsAny, .getTag, .hasTag:
            append(method: operation.rawValue, of: left, [right])
            return
        // Relations do not chain, so neither side may be one.
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .in: sides = (.sum, .sum)
        // These associate to the left: `a - (b - c)` keeps its parentheses.
        case .add, .subtract: sides = (.sum, .product)
        case .multiply: sides = (.product, .unary)
        }
        append(left, atLeast: sides.left)
        text.append(" \(operation.rawValue) ")
        append(right, atLeast: sides.right)
    }
}

// MARK: Prefix operators

extension CedarPrinter {
    /// The grammar takes runs of up to four `!` or up to four `-`, not mixed.
    private static let longestPrefix = 4

    private mutating func append(prefixed expression: Expression) {
        var operand = expression
        var run = 0
        guard case .unary(let operation, _) = expression.kind else { return }
        while run < CedarPrinter.longestPrefix, case .unary(operation, let inner) = operand.kind {
            operand = inner
            run += 1
        }
        text.append(String(repeating: operation == .not ? "!" : "-", count: run))
        let standsAlone: Bool
        switch (operation, operand.kind) {
        // `--5` negates the literal -5, whose own sign counts towards the longest run.
        case (.negate, .literal(.long(let value))) where value < 0: standsAlone = run < CedarPrinter.longestPrefix
        // `-5` is a literal; its negation is `-(5)`, and `-(5.a)` should not look like an access to the literal.
        case (.negate, _): standsAlone = CedarPrinter.precedence(of: operand) == .member && !CedarPrinter.startsWithNumber(operand)
        default: standsAlone = CedarPrinter.precedence(of: operand) == .member
        }
        append(operand, parenthesized: !standsAlone)
    }

    /// Whether the text of a member expression starts with a digit.
    private static func startsWithNumber(_ expression: Expression) -> Bool {
        var expression = expression
        while true {
            switch expression.kind {
            case .literal(.long): return true
            case .attribute(let target, _), .unary(.isEmpty, let target): expression = target
            case .binary(let operation, let receiver, _) where operation.isMethod: expression = receiver
            case .call(let function, let arguments):
                guard function.style == .method, let receiver = arguments.first else { return false }
                expression = receiver
            default: return false
            }
        }
    }
}

// MARK: Members, methods and functions

extension CedarPrinter {
    private mutating func append(access name: CedarString) {
        if name.isIdentifier {
            text.append(".\(name)")
        } else {
            text.append("[\(name.literal)]")
        }
    }

    private mutating func append(_ fields: [Expression.Field]) {
        text.append("{")
        for (index, field) in fields.enumerated() {
            if index > 0 { text.append(", ") }
            text.append(field.name.isIdentifier ? field.name.string : field.name.literal)
            text.append(": ")
            append(field.value)
        }
        text.append("}")
    }

    private mutating func append(list: [Expression]) {
        for (index, element) in list.enumerated() {
            if index > 0 { text.append(", ") }
            append(element)
        }
    }

    private mutating func append(method name: String, of receiver: Expression, _ arguments: some Sequence<Expression>) {
        append(receiver, atLeast: .member)
        text.append(".\(name)(")
        append(list: Array(arguments))
        text.append(")")
    }

    private mutating func append(_ function: ExtensionFunction, _ arguments: [Expression]) {
        if function.style == .method, let receiver = arguments.first {
            append(method: function.rawValue, of: receiver, arguments.dropFirst())
        } else {
            text.append("\(function)(")
            append(list: arguments)
            text.append(")")
        }
    }

    /// Whether the grammar has a form for the right side: a string, or identifiers with dots between them.
    private static func isWritable(_ path: [CedarString]) -> Bool {
        path.count <= 1 || path.allSatisfy(\.isIdentifier)
    }

    private mutating func append(_ target: Expression, has path: [CedarString]) {
        guard CedarPrinter.isWritable(path) else {
            append(Expression.expandedHas(target, path))
            return
        }
        append(target, atLeast: .sum)
        text.append(" has ")
        if let name = path.first, path.count == 1, !name.isIdentifier {
            text.append(name.literal)
        } else {
            text.append(path.map(\.string).joined(separator: "."))
        }
    }
}

extension Expression {
    /// `target has a && target.a has b && ...`: what `target has a.b...` stands for (RFC 62).
    static func expandedHas(_ target: Expression, _ path: [CedarString]) -> Expression {
        var prefix = target
        var tests: [Expression] = []
        for name in path {
            tests.append(Expression(.has(prefix, [name])))
            prefix = Expression(.attribute(prefix, name))
        }
        return .and(tests)
    }
}

// MARK: Descriptions

extension Expression: CustomStringConvertible {
    /// The expression as Cedar text on one line; parses back to the same expression.
    ///
    /// Two things have no form of their own and print as an equivalent: `has` with a path of several names that are not
    /// all identifiers is written out as a conjunction, and a method that was built without its receiver prints as
    /// a function.
    public var description: String {
        var printer = CedarPrinter()
        printer.append(self)
        return printer.text
    }
}

extension PolicyStatement: CustomStringConvertible {
    /// The policy as Cedar text; parses back to the same policy.
    ///
    /// Each annotation and each condition has a line of its own, the scope too if it fits in 80 columns. A linked policy
    /// prints with its slots filled.
    public var description: String {
        var printer = CedarPrinter()
        printer.append(self)
        return printer.text
    }
}

extension PolicySet: CustomStringConvertible {
    /// The templates, then the policies, as Cedar text with an empty line between them.
    ///
    /// Cedar text has neither ids nor links: read back, policies are numbered anew, and a linked one is a policy of
    /// its own.
    public var description: String {
        var printer = CedarPrinter()
        for template in templates { printer.appendNext(template) }
        for policy in policies { printer.appendNext(policy) }
        return printer.text
    }
}

extension CedarPrinter {
    fileprivate mutating func appendNext<Reference>(_ policy: PolicyStatement<Reference>) {
        if !text.isEmpty { text.append("\n") }
        append(policy)
        text.append("\n")
    }
}
