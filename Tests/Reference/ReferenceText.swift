import LynxCedar

/// Expressions as the reference implementation (4.12) prints them after type checking: operators put in terms of others, every
/// operand in parentheses that is not a literal, a variable, a set or a record, and in place of a branch that is never taken the other.
struct ReferenceText {
    let text: String

    init(_ expression: Expression) {
        switch expression.kind {
        case .literal(.bool(let value)): text = "\(value)"
        case .literal(.long(let value)): text = "\(value)"
        case .literal(.string(let value)): text = "\"\(ReferenceText.escaped(value))\""
        case .literal(.entity(let uid)): text = "\(uid.type)::\"\(ReferenceText.escaped(uid.id))\""
        case .variable(let variable): text = "\(variable)"
        case .conditional(let condition, let then, let otherwise):
            let branches: (Expression, Expression) =
                switch condition.kind {
                case .literal(.bool(true)): (then, then)
                case .literal(.bool(false)): (otherwise, otherwise)
                default: (then, otherwise)
                }
            text = "if \(operand(condition)) then \(operand(branches.0)) else \(operand(branches.1))"
        case .and(let operands): text = operands.map(operand).joined(separator: " && ")
        case .or(let operands): text = operands.map(operand).joined(separator: " || ")
        case .unary(.not, let target): text = "!\(operand(target))"
        case .unary(.negate, let target): text = "-\(operand(target))"
        case .unary(.isEmpty, let target): text = "\(operand(target)).isEmpty()"
        case .binary(let symbol, let left, let right): text = ReferenceText.binary(symbol, left, right)
        case .attribute(let target, let name):
            text = operand(target) + (name.isIdentifier ? ".\(name)" : "[\"\(ReferenceText.escaped(name))\"]")
        case .has(let target, let path): text = ReferenceText.presence(target, path)
        case .like(let target, let pattern): text = "\(operand(target)) like \(pattern)"
        case .isType(let target, let type, in: let container):
            let test = "\(operand(target)) is \(type)"
            text = container.map { "(\(test)) && (\(operand(target)) in \(operand($0)))" } ?? test
        case .set(let elements): text = "[\(elements.map { ReferenceText($0).text }.joined(separator: ", "))]"
        case .record(let fields):
            let fields = fields.sorted { $0.name < $1.name }.map { field in
                let name = field.name.isIdentifier ? "\(field.name)" : "\"\(ReferenceText.escaped(field.name))\""
                return "\(name): \(ReferenceText(field.value).text)"
            }
            text = "{\(fields.joined(separator: ", "))}"
        case .call(let function, let arguments): text = ReferenceText.call(function, arguments)
        }
    }

    private static func binary(_ symbol: BinaryOperator, _ left: Expression, _ right: Expression) -> String {
        switch symbol {
        case .notEqual: return "!(\(operand(left)) == \(operand(right)))"
        case .greater: return "!(\(operand(left)) <= \(operand(right)))"
        case .greaterOrEqual: return "!(\(operand(left)) < \(operand(right)))"
        default:
            if symbol.isMethod { return "\(operand(left)).\(symbol)(\(ReferenceText(right).text))" }
            return "\(operand(left)) \(symbol) \(operand(right))"
        }
    }

    private static func presence(_ target: Expression, _ path: [CedarString]) -> String {
        var tests: [String] = []
        var target = target
        for name in path {
            tests.append("\(operand(target)) has \(name.isIdentifier ? "\(name)" : "\"\(escaped(name))\"")")
            target = Expression(.attribute(target, name))
        }
        return tests.count == 1 ? tests[0] : tests.map { "(\($0))" }.joined(separator: " && ")
    }

    private static func call(_ function: ExtensionFunction, _ arguments: [Expression]) -> String {
        let texts = arguments.map { ReferenceText($0).text }
        guard function.style == .method, let receiver = arguments.first else {
            return "\(function)(\(texts.joined(separator: ", ")))"
        }
        return "\(operand(receiver)).\(function)(\(texts.dropFirst().joined(separator: ", ")))"
    }

    /// Characters as Rust's `escape_debug` prints them.
    static func escaped(_ text: CedarString) -> String {
        var result = ""
        for scalar in text.string.unicodeScalars {
            switch scalar {
            case "\0": result += "\\0"
            case "\t": result += "\\t"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\\", "\"", "'": result += "\\\(scalar)"
            default:
                let extends = scalar.properties.isGraphemeExtend && result.isEmpty
                if extends || !scalar.isShown {
                    result += "\\u{\(String(scalar.value, radix: 16))}"
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }
}

/// An expression as an operand of another.
private func operand(_ expression: Expression) -> String {
    let text = ReferenceText(expression).text
    switch expression.kind {
    case .literal(.long(let value)) where value < 0: return "(\(text))"
    case .literal, .variable, .set, .record: return text
    default: return "(\(text))"
    }
}

extension Unicode.Scalar {
    /// Whether it has a form of its own on a page.
    fileprivate var isShown: Bool {
        if self == " " { return true }
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator: return false
        default: return true
        }
    }
}
