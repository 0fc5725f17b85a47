/// Writes expressions in Cedar's JSON format.
///
/// Recursion is as deep as the tree; flat chains are built in a loop.
struct ExpressionJSONWriter {
    /// How many `has` paths of several names were met so far.
    private var longPaths = 0

    /// Only calls, because what stands here is on the stack once for every level of the expression.
    mutating func json(_ expression: Expression) -> JSONValue {
        switch expression.kind {
        case .literal(let literal): json(literal)
        case .variable(let variable): json(variable)
        case .conditional(if: let condition, let then, let otherwise): conditional(condition, then, otherwise)
        case .and(let operands): chain(operands, "&&", orNothing: true)
        case .or(let operands): chain(operands, "||", orNothing: false)
        case .unary(let operation, let operand): unary(operation, operand)
        case .binary(let operation, let left, let right): binary(operation, left, right)
        case .attribute(let target, let name): attribute(target, name)
        case .has(let target, let path): has(target, path)
        case .like(let target, let pattern): like(target, pattern)
        case .isType(let target, let type, in: let container): isType(target, type, container)
        case .set(let elements): list(elements, "Set")
        case .record(let fields): record(fields)
        case .call(let function, let arguments): list(arguments, CedarString(function.rawValue))
        }
    }

    private func json(_ variable: Variable) -> JSONValue { ["Var": .string(variable.rawValue)] }

    private mutating func conditional(
        _ condition: Expression, _ then: Expression, _ otherwise: Expression
    ) -> JSONValue {
        let condition = json(condition)
        let then = json(then)
        let otherwise = json(otherwise)
        return ["if-then-else": ["if": condition, "then": then, "else": otherwise]]
    }

    private mutating func unary(_ operation: UnaryOperator, _ operand: Expression) -> JSONValue {
        let operand = json(operand)
        return [operation.jsonKey: ["arg": operand]]
    }

    private mutating func binary(_ operation: BinaryOperator, _ left: Expression, _ right: Expression) -> JSONValue {
        let left = json(left)
        let right = json(right)
        return [CedarString(operation.rawValue): ["left": left, "right": right]]
    }

    private mutating func attribute(_ target: Expression, _ name: CedarString) -> JSONValue {
        let target = json(target)
        return [".": ["left": target, "attr": .string(name)]]
    }

    private mutating func like(_ target: Expression, _ pattern: Pattern) -> JSONValue {
        let target = json(target)
        return ["like": ["left": target, "pattern": .array(pattern.elements.map(json))]]
    }

    private mutating func isType(_ target: Expression, _ type: Name, _ container: Expression?) -> JSONValue {
        let target = json(target)
        var members = [JSONValue.Member("left", target), JSONValue.Member("entity_type", .string(type.description))]
        if let container { members.append(JSONValue.Member("in", json(container))) }
        return ["is": .object(members)]
    }

    private mutating func record(_ fields: [Expression.Field]) -> JSONValue {
        var members: [JSONValue.Member] = []
        members.reserveCapacity(fields.count)
        for field in fields { members.append(JSONValue.Member(field.name, json(field.value))) }
        return ["Record": .object(members)]
    }

    private mutating func list(_ elements: [Expression], _ key: CedarString) -> JSONValue {
        var values: [JSONValue] = []
        values.reserveCapacity(elements.count)
        for element in elements { values.append(json(element)) }
        return [key: .array(values)]
    }

    private func json(_ literal: Literal) -> JSONValue {
        switch literal {
        case .bool(let value): ["Value": .bool(value)]
        case .long(let value): ["Value": .integer(value)]
        case .string(let value): ["Value": .string(value)]
        case .entity(let uid): ["Value": ["__entity": uid.json]]
        }
    }

    private func json(_ element: Pattern.Element) -> JSONValue {
        switch element {
        case .wildcard: "Wildcard"
        case .scalar(let scalar): ["Literal": .string(String(scalar))]
        }
    }

    private mutating func chain(_ operands: [Expression], _ key: CedarString, orNothing neutral: Bool) -> JSONValue {
        guard let first = operands.first else { return ["Value": .bool(neutral)] }
        var result = json(first)
        for operand in operands.dropFirst() {
            result = [key: ["left": result, "right": json(operand)]]
        }
        return result
    }

    /// The conjunction for a path of several names, except on top of another such path or past the longest that an access
    /// could follow: there the text would grow faster than the policy it comes from.
    private mutating func has(_ target: Expression, _ path: [CedarString]) -> JSONValue {
        let pathsBefore = longPaths
        let target = json(target)
        if path.count > 1 { longPaths += 1 }
        if path.count > 1, path.count <= NestingLimit.standard, longPaths == pathsBefore + 1 {
            return conjunction(target, path)
        }
        return ["has": ["left": target, "attr": attributes(path)]]
    }

    private func attributes(_ path: [CedarString]) -> JSONValue {
        if let name = path.first, path.count == 1 { return .string(name) }
        return .array(path.map { .string($0) })
    }

    private func conjunction(_ target: JSONValue, _ path: [CedarString]) -> JSONValue {
        var prefix = target
        var result: JSONValue?
        for name in path {
            let test: JSONValue = ["has": ["left": prefix, "attr": .string(name)]]
            result = result.map { ["&&": ["left": $0, "right": test]] } ?? test
            prefix = [".": ["left": prefix, "attr": .string(name)]]
        }
        return result ?? ["Value": true]
    }
}

extension UnaryOperator {
    /// The key of the operator's expressions.
    var jsonKey: CedarString {
        switch self {
        case .not: "!"
        case .negate: "neg"
        case .isEmpty: "isEmpty"
        }
    }
}

extension JSONValue {
    static func bool(_ value: Bool) -> JSONValue { JSONValue(.bool(value)) }
    static func integer(_ value: Int64) -> JSONValue { JSONValue(.integer(value)) }
    static func string(_ text: CedarString) -> JSONValue { JSONValue(.string(text)) }
    static func string(_ text: String) -> JSONValue { JSONValue(.string(CedarString(text))) }
    static func array(_ elements: [JSONValue]) -> JSONValue { JSONValue(.array(elements)) }
    static func object(_ members: [Member]) -> JSONValue { JSONValue(.object(members)) }
}
