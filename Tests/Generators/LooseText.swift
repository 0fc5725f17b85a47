import LynxCedar

/// Writes policies as text in all the ways that the grammar allows and the printer never uses: needless parentheses, other
/// spellings of the same string, trailing commas, odd white space and comments.
///
/// Now and then parentheses that are needed are left out, so that another policy or none comes of it.
struct LooseText {
    let dice: Dice
    private var tokens: [String] = []

    init(dice: Dice) {
        self.dice = dice
    }

    private enum Level: Int, Comparable {
        case conditional, or, and, relation, sum, product, unary, member

        static func < (lhs: Level, rhs: Level) -> Bool { lhs.rawValue < rhs.rawValue }
    }

    /// The tokens of a policy or template.
    static func tokens<Reference>(_ policy: PolicyStatement<Reference>, dice: Dice) -> [String] {
        var text = LooseText(dice: dice)
        text.append(policy)
        return text.tokens
    }

    /// The tokens as one text, with anything between them that separates nothing or tokens.
    static func text(_ tokens: [String], dice: Dice) -> String {
        var text = ""
        for token in tokens {
            let separator = separator(dice)
            let isNeeded = (text.unicodeScalars.last?.isWordPart ?? false) && (token.unicodeScalars.first?.isWordPart ?? false)
            text.append(separator.isEmpty && isNeeded ? " " : separator)
            text.append(token)
        }
        return text + (dice.chance(20) ? dice.pick("\n", " ", "// the end", "//\n", "\t") : "")
    }

    private static func separator(_ dice: Dice) -> String {
        if dice.chance(60) { return dice.chance(50) ? " " : "" }
        if dice.chance(80) { return dice.pick(" ", "  ", "\n", "\t", "\r\n", "\n\n", "\r") }
        if dice.chance(80) { return dice.pick("// a \"comment\"\n", "//\n", "// */ ' \\ é\r\n", " // x\n // y\n", "//;\n") }
        return dice.pick("\u{0B}", "\u{0C}", "\u{85}", "\u{A0}", "\u{2028}", "\u{3000}", "//a\rb\n", "//a\u{2028}b\n", "\u{1680}", "\u{2003}")
    }

    private mutating func append(_ tokens: String...) { self.tokens += tokens }

    // MARK: Policies

    private mutating func append<Reference>(_ policy: PolicyStatement<Reference>) {
        for annotation in policy.annotations {
            append("@", annotation.key)
            if let value = annotation.value { append("(", literal(value), ")") }
        }
        append(policy.effect.rawValue, "(")
        append(policy.principal, .principal)
        append(",")
        append(policy.action)
        append(",")
        append(policy.resource, .resource)
        if dice.chance(10) { append(",") }
        append(")")
        for condition in policy.conditions {
            append(condition.kind.rawValue, "{")
            append(condition.body, atLeast: .conditional)
            append("}")
        }
        append(";")
    }

    private mutating func append<Reference>(_ constraint: ScopeConstraint<Reference>, _ slot: SlotID) {
        append(slot == .principal ? "principal" : "resource")
        if let type = constraint.type { append("is", "\(type)") }
        guard let reference = constraint.reference else { return }
        if case .equal = constraint { append("==") } else { append("in") }
        if let uid = reference.entity { append(uid) } else { append(slot.rawValue) }
    }

    private mutating func append(_ constraint: ActionConstraint) {
        append("action")
        switch constraint {
        case .any: break
        case .equal(let uid):
            append("==")
            append(uid)
        case .in(let uids):
            append("in")
            if let uid = uids.first, uids.count == 1, dice.bit() { return append(uid) }
            append("[")
            list(uids) { $0.append($1) }
            append("]")
        }
    }

    private mutating func append(_ uid: EntityUID) {
        for component in uid.type.components { append(String(component), "::") }
        append(literal(uid.id))
    }

    // MARK: Strings

    private func literal(_ string: CedarString) -> String {
        "\"" + string.string.unicodeScalars.map { escaped($0) }.joined() + "\""
    }

    private func escaped(_ scalar: Unicode.Scalar) -> String {
        let hexadecimal = String(scalar.value, radix: 16, uppercase: dice.bit())
        if dice.chance(6) {
            return "\\u{\(String(repeating: "0", count: dice.int(0...max(0, 6 - hexadecimal.count))))\(hexadecimal)}"
        }
        if dice.chance(4), scalar.isASCII { return "\\x\(hexadecimal.count < 2 ? "0" : "")\(hexadecimal)" }
        switch scalar {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case "\n" where dice.chance(80): return "\\n"
        case "\r" where dice.chance(80): return "\\r"
        case "\t" where dice.chance(80): return "\\t"
        case "\0" where dice.chance(80): return "\\0"
        case "'" where dice.chance(30): return "\\'"
        default: return String(Character(scalar))
        }
    }

    private func literal(_ pattern: Pattern) -> String {
        "\""
            + pattern.elements.map { element in
                switch element {
                case .wildcard: "*"
                case .scalar("*"): "\\*"
                case .scalar(let scalar): escaped(scalar)
                }
            }.joined() + "\""
    }

    // MARK: Expressions

    private mutating func append(_ expression: Expression, atLeast level: Level) {
        let isNeeded = Self.level(expression) < level
        let isWritten = isNeeded ? !dice.chance(1) : dice.chance(8)
        if isWritten { append("(") }
        append(expression)
        if isWritten { append(")") }
    }

    private static func level(_ expression: Expression) -> Level {
        switch expression.kind {
        case .conditional: .conditional
        case .or: .or
        case .and: .and
        case .has, .like, .isType: .relation
        case .binary(let operation, _, _):
            switch operation {
            case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .in: .relation
            case .add, .subtract: .sum
            case .multiply: .product
            default: .member
            }
        case .unary(.not, _), .unary(.negate, _): .unary
        case .literal(.long(let long)): long < 0 ? .unary : .member
        default: .member
        }
    }

    private mutating func list<Element>(_ elements: [Element], _ write: (inout LooseText, Element) -> Void) {
        for (index, element) in elements.enumerated() {
            if index > 0 { append(",") }
            write(&self, element)
        }
        if !elements.isEmpty, dice.chance(5) { append(",") }
    }

    private mutating func append(_ expression: Expression) {
        switch expression.kind {
        case .literal(.bool(let bool)): append("\(bool)")
        case .literal(.long(let long)): append(long: long)
        case .literal(.string(let string)): append(literal(string))
        case .literal(.entity(let uid)): append(uid)
        case .variable(let variable): append(variable.rawValue)
        case .conditional(if: let condition, let then, let otherwise):
            append("if")
            append(condition, atLeast: .conditional)
            append("then")
            append(then, atLeast: .conditional)
            append("else")
            append(otherwise, atLeast: .conditional)
        case .and(let operands): append(operands, "&&", atLeast: .relation)
        case .or(let operands): append(operands, "||", atLeast: .and)
        case .unary(.not, let operand):
            append("!")
            append(prefixed: operand, by: .not)
        case .unary(.negate, let operand):
            append("-")
            append(prefixed: operand, by: .negate)
        case .unary(.isEmpty, let operand): append(method: "isEmpty", [operand])
        case .binary(let operation, let left, let right): append(operation, left, right)
        case .attribute(let target, let name):
            append(target, atLeast: .member)
            if name.isIdentifier, dice.chance(80) { append(".", name.string) } else { append("[", literal(name), "]") }
        case .has(let target, let path): append(target, has: path)
        case .like(let target, let pattern):
            append(target, atLeast: .sum)
            append("like", literal(pattern))
        case .isType(let target, let type, in: let container):
            append(target, atLeast: .sum)
            append("is")
            list(type.components.map(String.init), separatedBy: "::")
            if let container {
                append("in")
                append(container, atLeast: .sum)
            }
        case .set(let elements):
            append("[")
            list(elements) { $0.append($1, atLeast: .conditional) }
            append("]")
        case .record(let fields):
            append("{")
            list(fields) { text, field in
                text.append(
                    field.name.isIdentifier && text.dice.chance(80) ? field.name.string : text.literal(field.name), ":")
                text.append(field.value, atLeast: .conditional)
            }
            append("}")
        case .call(let function, let arguments):
            if function.style == .method { return append(method: function.rawValue, arguments) }
            append(function.rawValue, "(")
            list(arguments) { $0.append($1, atLeast: .conditional) }
            append(")")
        }
    }

    private mutating func append(long: Int64) {
        if long < 0 { append("-") }
        append((dice.chance(5) ? "00" : "") + "\(long.magnitude)")
    }

    private mutating func list(_ words: [String], separatedBy separator: String) {
        for (index, word) in words.enumerated() {
            if index > 0 { append(separator) }
            append(word)
        }
    }

    private mutating func append(_ operands: [Expression], _ token: String, atLeast level: Level) {
        for (index, operand) in operands.enumerated() {
            if index > 0 { append(token) }
            append(operand, atLeast: level)
        }
    }

    /// A run of the same operator may stand without parentheses, up to the grammar's four and sometimes beyond.
    private mutating func append(prefixed operand: Expression, by operation: UnaryOperator) {
        if case .unary(operation, _) = operand.kind, dice.chance(80) { return append(operand) }
        append(operand, atLeast: dice.chance(20) ? .unary : .member)
    }

    private mutating func append(_ operation: BinaryOperator, _ left: Expression, _ right: Expression) {
        if operation.isMethod { return append(method: operation.rawValue, [left, right]) }
        let sides: (Level, Level) =
            switch operation {
            case .add, .subtract: (.sum, .product)
            case .multiply: (.product, .unary)
            default: (.sum, .sum)
            }
        append(left, atLeast: sides.0)
        append(operation.rawValue)
        append(right, atLeast: sides.1)
    }

    private mutating func append(method name: String, _ arguments: [Expression]) {
        if let receiver = arguments.first { append(receiver, atLeast: .member) }
        append(".", name, "(")
        list(Array(arguments.dropFirst())) { $0.append($1, atLeast: .conditional) }
        append(")")
    }

    private mutating func append(_ target: Expression, has path: [CedarString]) {
        append(target, atLeast: .sum)
        append("has")
        if let name = path.first, path.count == 1, !name.isIdentifier || dice.chance(20) { return append(literal(name)) }
        list(path.map(\.string), separatedBy: ".")
    }
}

extension Unicode.Scalar {
    /// Whether two of them side by side would read as one token.
    fileprivate var isWordPart: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "?": true
        default: false
        }
    }
}
