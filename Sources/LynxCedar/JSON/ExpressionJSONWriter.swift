/// Writes expressions in Cedar's JSON format.
///
/// An expression's operands are written first and put together then, so that a level of nesting costs one small frame
/// of stack; flat chains are built in a loop.
struct ExpressionJSONWriter {
    /// How many `has` paths of several names were met so far.
    private var longPaths = 0

    mutating func json(_ expression: Expression) -> JSONValue {
        let pathsBefore = longPaths
        var operands: [JSONValue] = []
        for operand in expression.children { operands.append(json(operand)) }
        return json(expression.kind, operands, isOnLongPath: longPaths > pathsBefore)
    }

    private mutating func json(_ kind: Expression.Kind, _ operands: [JSONValue], isOnLongPath: Bool) -> JSONValue {
        switch kind {
        case .literal(let literal): json(literal)
        case .variable(let variable): ["Var": .string(variable.rawValue)]
        case .conditional: ["if-then-else": .object(members(["if", "then", "else"], operands))]
        case .and: chain(operands, "&&", orNothing: true)
        case .or: chain(operands, "||", orNothing: false)
        case .unary(let operation, _): [operation.jsonKey: .object(members(["arg"], operands))]
        case .binary(let operation, _, _):
            [CedarString(operation.rawValue): .object(members(["left", "right"], operands))]
        case .attribute(_, let name): [".": .object(members(["left"], operands) + [.init("attr", .string(name))])]
        case .has(_, let path): has(operands, path, isOnLongPath: isOnLongPath)
        case .like(_, let pattern):
            ["like": .object(members(["left"], operands) + [.init("pattern", .array(pattern.elements.map(json)))])]
        case .isType(_, let type, in: _):
            [
                "is": .object(
                    members(["left"], operands) + [.init("entity_type", .string(type.description))]
                        + members(["in"], operands.dropFirst()))
            ]
        case .set: ["Set": .array(operands)]
        case .record(let fields): ["Record": .object(members(fields.map(\.name), operands))]
        case .call(let function, _): [CedarString(function.rawValue): .array(operands)]
        }
    }

    private func members(_ keys: [CedarString], _ values: some Sequence<JSONValue>) -> [JSONValue.Member] {
        zip(keys, values).map { JSONValue.Member($0, $1) }
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

    private func chain(_ operands: [JSONValue], _ key: CedarString, orNothing neutral: Bool) -> JSONValue {
        guard let first = operands.first else { return ["Value": .bool(neutral)] }
        return operands.dropFirst().reduce(first) { [key: ["left": $0, "right": $1]] }
    }

    /// The conjunction for a path of several names, except on top of another such path or past the longest that an access
    /// could follow: there the text would grow faster than the policy it comes from.
    private mutating func has(_ operands: [JSONValue], _ path: [CedarString], isOnLongPath: Bool) -> JSONValue {
        if path.count > 1 { longPaths += 1 }
        if let target = operands.first, path.count > 1, path.count <= NestingLimit.standard, !isOnLongPath {
            return conjunction(target, path)
        }
        return ["has": .object(members(["left"], operands) + [.init("attr", attributes(path))])]
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
