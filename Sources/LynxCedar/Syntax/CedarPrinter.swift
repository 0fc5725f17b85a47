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
    /// What is left to print: text, or an expression in a place that takes a certain precedence.
    private enum Piece: ExpressibleByStringLiteral {
        case text(String)
        case expression(Expression, atLeast: Precedence)

        init(stringLiteral value: String) { self = .text(value) }

        /// An expression in a place that takes any.
        static func expression(_ expression: Expression) -> Piece { .expression(expression, atLeast: .conditional) }
    }

    /// Keeps a list of what is left to print in place of recursion, so that trees of any depth print.
    mutating func append(_ expression: Expression) {
        var pending: [Piece] = [.expression(expression)]
        while let piece = pending.popLast() {
            switch piece {
            case .text(let part): text.append(part)
            case .expression(let operand, let precedence):
                if CedarPrinter.precedence(of: operand) < precedence {
                    pending += [")", .expression(operand), "("]
                } else {
                    pending += CedarPrinter.pieces(of: operand).reversed()
                }
            }
        }
    }

    private static func pieces(of expression: Expression) -> [Piece] {
        switch expression.kind {
        case .literal(let literal): [.text(text(of: literal))]
        case .variable(let variable): [.text(variable.rawValue)]
        case .conditional(if: let condition, let then, let otherwise):
            ["if ", .expression(condition), " then ", .expression(then), " else ", .expression(otherwise)]
        case .and(let operands): operands.isEmpty ? ["true"] : list(operands, " && ", atLeast: .relation)
        case .or(let operands): operands.isEmpty ? ["false"] : list(operands, " || ", atLeast: .and)
        case .unary(.isEmpty, let operand): method("isEmpty", of: operand, [])
        case .unary(.not, _), .unary(.negate, _): prefixed(expression)
        case .binary(let operation, let left, let right): binary(operation, left, right)
        case .attribute(let target, let name): [.expression(target, atLeast: .member), .text(access(to: name))]
        case .has(let target, let path): has(target, path)
        case .like(let target, let pattern): [.expression(target, atLeast: .sum), .text(" like \(pattern)")]
        case .isType(let target, let type, in: nil): [.expression(target, atLeast: .sum), .text(" is \(type)")]
        case .isType(let target, let type, in: let container?):
            [.expression(target, atLeast: .sum), .text(" is \(type) in "), .expression(container, atLeast: .sum)]
        case .set(let elements): ["["] + list(elements, ", ") + ["]"]
        case .record(let fields): record(fields)
        case .call(let function, let arguments): call(function, arguments)
        }
    }

    private static func text(of literal: Literal) -> String {
        switch literal {
        case .bool(let value): value ? "true" : "false"
        case .long(let value): "\(value)"
        case .string(let value): value.literal
        case .entity(let uid): uid.description
        }
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

    private static func list(
        _ operands: some Sequence<Expression>, _ separator: String, atLeast precedence: Precedence = .conditional
    ) -> [Piece] {
        var pieces: [Piece] = []
        for operand in operands {
            if !pieces.isEmpty { pieces.append(.text(separator)) }
            pieces.append(.expression(operand, atLeast: precedence))
        }
        return pieces
    }

    private static func binary(_ operation: BinaryOperator, _ left: Expression, _ right: Expression) -> [Piece] {
        let sides: (left: Precedence, right: Precedence)
        switch operation {
        case .contains, .containsAll, .containsAny, .getTag, .hasTag:
            return method(operation.rawValue, of: left, [right])
        // Relations do not chain, so neither side may be one.
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .in: sides = (.sum, .sum)
        // These associate to the left: `a - (b - c)` keeps its parentheses.
        case .add, .subtract: sides = (.sum, .product)
        case .multiply: sides = (.product, .unary)
        }
        return [
            .expression(left, atLeast: sides.left), .text(" \(operation.rawValue) "),
            .expression(right, atLeast: sides.right),
        ]
    }
}

// MARK: Prefix operators

extension CedarPrinter {
    /// The grammar takes runs of up to four `!` or up to four `-`, not mixed.
    private static let longestPrefix = 4

    private static func prefixed(_ expression: Expression) -> [Piece] {
        guard case .unary(let operation, _) = expression.kind else { return [] }
        var operand = expression
        var run = 0
        while run < longestPrefix, case .unary(operation, let inner) = operand.kind {
            operand = inner
            run += 1
        }
        let signs = Piece.text(String(repeating: operation == .not ? "!" : "-", count: run))
        return if operation == .negate && !isNegatable(operand, after: run) {
            [signs, "(", .expression(operand), ")"]
        } else if operation == .negate {
            [signs, .expression(operand)]
        } else {
            [signs, .expression(operand, atLeast: .member)]
        }
    }

    /// Whether a run of `-` can stand right before the operand.
    private static func isNegatable(_ operand: Expression, after run: Int) -> Bool {
        // `--5` negates the literal -5, whose own sign counts towards the longest run.
        if case .literal(.long(let value)) = operand.kind, value < 0 { return run < longestPrefix }
        // `-5` is a literal; its negation is `-(5)`, and `-(5.a)` should not look like an access to the literal.
        return precedence(of: operand) == .member && !startsWithNumber(operand)
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
    private static func access(to name: CedarString) -> String {
        name.isIdentifier ? ".\(name)" : "[\(name.literal)]"
    }

    private static func record(_ fields: [Expression.Field]) -> [Piece] {
        var pieces: [Piece] = ["{"]
        for (index, field) in fields.enumerated() {
            let name = field.name.isIdentifier ? field.name.string : field.name.literal
            pieces.append(.text("\(index > 0 ? ", " : "")\(name): "))
            pieces.append(.expression(field.value))
        }
        return pieces + ["}"]
    }

    private static func method(
        _ name: String, of receiver: Expression, _ arguments: some Sequence<Expression>
    ) -> [Piece] {
        [.expression(receiver, atLeast: .member), .text(".\(name)(")] + list(arguments, ", ") + [")"]
    }

    private static func call(_ function: ExtensionFunction, _ arguments: [Expression]) -> [Piece] {
        if function.style == .method, let receiver = arguments.first {
            method(function.rawValue, of: receiver, arguments.dropFirst())
        } else {
            [.text("\(function)(")] + list(arguments, ", ") + [")"]
        }
    }

    /// Whether the grammar has a form for the right side: a string, or identifiers with dots between them.
    private static func isWritable(_ path: [CedarString]) -> Bool {
        path.count <= 1 || path.allSatisfy(\.isIdentifier)
    }

    private static func has(_ target: Expression, _ path: [CedarString]) -> [Piece] {
        guard isWritable(path) else { return pieces(of: .expandedHas(target, path)) }
        let right =
            if let name = path.first, path.count == 1, !name.isIdentifier {
                name.literal
            } else {
                path.map(\.string).joined(separator: ".")
            }
        return [.expression(target, atLeast: .sum), .text(" has \(right)")]
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
    /// Two things have no form of their own: `has` with a path of several names that are not all identifiers is written out as the
    /// conjunction it stands for; and a method without its receiver, which the JSON format can say and evaluation refuses, prints
    /// as a function (`isIpv4()`), which does not parse, as with the reference implementation.
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
