/// Reads expressions in Cedar's JSON format: objects with one key, the operator or function.
///
/// Each expression is read in three steps: what it is (``Form``) and which JSON its operands are; the operands; the two
/// put together. Only the second recurses, so a level of nesting costs one small frame of stack.
///
/// A function that returns `nil` has reported why. Every expression has the span of its JSON.
struct ExpressionJSONReader {
    var data: DataReader
    private var nesting = 0
    /// How many `has` paths were read so far that Cedar text can only write out as a conjunction.
    private var expandedPaths = 0

    init(data: DataReader) {
        self.data = data
    }

    mutating func expression(_ json: JSONValue) -> Expression? {
        expression(json, in: .expression)
    }

    private mutating func expression(_ json: JSONValue, in notation: Notation) -> Expression? {
        guard enter(json) else { return nil }
        defer { nesting -= 1 }
        guard let node = node(json, in: notation) else { return nil }
        let expandedBefore = expandedPaths
        var operands: [Expression] = []
        // All are read, also behind a faulty one, so that the faults of all are reported.
        for operand in node.operands {
            if let expression = expression(operand, in: node.notation) { operands.append(expression) }
        }
        guard let form = node.form, operands.count == node.operands.count else { return nil }
        if expandedPaths > expandedBefore, form.isExpandedPath {
            reportNestedPath(at: json.span)
            return nil
        }
        if form.isExpandedPath { expandedPaths += 1 }
        return form.expression(of: operands, span: json.span)
    }

    private mutating func enter(_ json: JSONValue) -> Bool {
        guard nesting < NestingLimit.standard else {
            reportNesting(at: json.span)
            return false
        }
        nesting += 1
        return true
    }

    private mutating func reportNesting(at span: SourceSpan?) {
        data.report("the expression nests deeper than \(NestingLimit.standard) levels", at: span)
    }

    private mutating func reportNestedPath(at span: SourceSpan?) {
        // Each such path is written with its target twice or more, so nesting them doubles the text at every level.
        data.report("a `has` path with names that are not identifiers cannot be applied to another one", at: span)
    }
}

// MARK: Forms

extension ExpressionJSONReader {
    /// The two ways in which the format writes expressions.
    private enum Notation {
        case expression
        /// Under `Value`: that of Cedar's data format.
        case value
    }

    /// An expression whose operands are not read yet.
    private struct Node {
        /// `nil` where a fault was reported; the operands are then read for theirs.
        let form: Form?
        var operands: [JSONValue] = []
        var notation = Notation.expression
    }

    /// An expression without its operands.
    private enum Form {
        case literal(Literal)
        case variable(Variable)
        case unary(UnaryOperator)
        case binary(BinaryOperator)
        case and, or
        case attribute(CedarString)
        case has([CedarString])
        case like(Pattern)
        case isType(Name)
        case conditional
        case set
        case record([CedarString])
        case call(ExtensionFunction)

        /// Whether Cedar text has no other way to write it than the conjunction it stands for.
        var isExpandedPath: Bool {
            guard case .has(let path) = self else { return false }
            return path.count > 1 && !path.allSatisfy(\.isIdentifier)
        }

        /// - Returns: `nil` when the operands are fewer than the form takes.
        func expression(of operands: [Expression], span: SourceSpan?) -> Expression? {
            switch self {
            case .and: .and(operands, span: span)
            case .or: .or(operands, span: span)
            default: kind(of: operands).map { Expression($0, span: span) }
            }
        }

        private func kind(of operands: [Expression]) -> Expression.Kind? {
            switch self {
            case .literal(let literal): return .literal(literal)
            case .variable(let variable): return .variable(variable)
            case .and: return .and(operands)
            case .or: return .or(operands)
            case .set: return .set(operands)
            case .record(let names): return .record(zip(names, operands).map { Expression.Field($0, $1) })
            case .call(let function): return .call(function, operands)
            default: break
            }
            var rest = operands.makeIterator()
            guard let first = rest.next() else { return nil }
            let second = rest.next()
            switch self {
            case .unary(let operation): return .unary(operation, first)
            case .binary(let operation): return second.map { .binary(operation, first, $0) }
            case .attribute(let name): return .attribute(first, name)
            case .has(let path): return .has(first, path)
            case .like(let pattern): return .like(first, pattern)
            case .isType(let type): return .isType(first, type, in: second)
            case .conditional:
                guard let second, let third = rest.next() else { return nil }
                return .conditional(if: first, then: second, else: third)
            default: return nil
            }
        }
    }

    private mutating func node(_ json: JSONValue, in notation: Notation) -> Node? {
        switch notation {
        case .expression: node(json)
        case .value: valueNode(json)
        }
    }
}

// MARK: Operators

extension ExpressionJSONReader {
    private static let operators: [CedarString: Form] = {
        var operators: [CedarString: Form] = ["&&": .and, "||": .or, "if-then-else": .conditional, "Set": .set]
        for operation in [UnaryOperator.not, .negate, .isEmpty] { operators[operation.jsonKey] = .unary(operation) }
        for operation in BinaryOperator.allCases { operators[CedarString(operation.rawValue)] = .binary(operation) }
        for function in ExtensionFunction.allCases { operators[CedarString(function.rawValue)] = .call(function) }
        return operators
    }()

    /// Keys whose forms are known only from what stands under them.
    private static let otherKeys: [String] = ["Value", "Var", "Slot", ".", "has", "like", "is", "Record"]

    private mutating func node(_ json: JSONValue) -> Node? {
        guard let member = soleMember(of: json) else { return nil }
        let body = member.value
        switch member.name {
        case "Value": return valueNode(body)
        case "Var": return variable(body)
        case "Slot":
            data.report("a slot cannot stand in a condition", at: json.span, help: "slots belong to the scope")
            return nil
        case ".": return attribute(body)
        case "has": return has(body)
        case "like": return like(body)
        case "is": return isType(body)
        case "Record": return record(body)
        default: break
        }
        switch ExpressionJSONReader.operators[member.name] {
        case .and?: return chain(json, of: member.name, .and)
        case .or?: return chain(json, of: member.name, .or)
        case .conditional?: return operands(["if", "then", "else"], of: body, in: member.name, .conditional)
        case .unary(let operation)?: return operands(["arg"], of: body, in: member.name, .unary(operation))
        case .call(let function)?: return call(function, body)
        case .set?: return set(body)
        case let form?: return operands(["left", "right"], of: body, in: member.name, form)
        case nil:
            reportUnknown(member)
            return nil
        }
    }

    private mutating func soleMember(of json: JSONValue) -> JSONValue.Member? {
        guard case .object(let members) = json.kind else {
            data.report(
                "expected an expression, found \(json.kindName)", at: json.span,
                help: "an expression is an object with one key; a literal is written {\"Value\": ...}")
            return nil
        }
        if let member = members.first, members.count == 1 { return member }
        let keys = members.prefix(5).map { $0.name.excerpt }.joined(separator: ", ")
        data.report(
            "an expression is an object with one key, " + (members.isEmpty ? "this has none" : "this has \(keys)"),
            at: json.span)
        return nil
    }

    private mutating func reportUnknown(_ member: JSONValue.Member) {
        let known = ExpressionJSONReader.operators.keys.map(\.string) + ExpressionJSONReader.otherKeys
        let suggestion = Spelling.suggestion(for: member.name.string, among: known.sorted())
        data.report(
            "there is no operator or function \(member.name.excerpt)", at: member.nameSpan,
            help: suggestion.map { "did you mean `\($0)`?" })
    }

    private mutating func fields(
        _ body: JSONValue, of name: CedarString, _ required: [CedarString], optional: [CedarString] = []
    ) -> [CedarString: JSONValue]? {
        data.fields(of: body, in: "the body of `\(name)`", required: required, optional: optional)
    }

    private mutating func operands(
        _ keys: [CedarString], of body: JSONValue, in name: CedarString, _ form: Form
    ) -> Node? {
        guard let fields = fields(body, of: name, keys) else { return nil }
        let operands = keys.compactMap { fields[$0] }
        return Node(form: operands.count == keys.count ? form : nil, operands: operands)
    }

    /// A conjunction or disjunction that nests to the left, which is how the format writes long chains.
    ///
    /// Walks down the left sides in a loop: the chain counts as one level of nesting.
    private mutating func chain(_ json: JSONValue, of name: CedarString, _ form: Form) -> Node {
        var operands: [JSONValue] = []
        var isSound = true
        var rest: JSONValue? = json
        while let current = rest, case .object(let members) = current.kind, members.count == 1,
            let body = members[name]
        {
            let sides = fields(body, of: name, ["left", "right"])
            rest = sides?["left"]
            if let right = sides?["right"] { operands.append(right) }
            isSound = isSound && rest != nil && sides?["right"] != nil
        }
        if let rest { operands.append(rest) }
        return Node(form: isSound ? form : nil, operands: operands.reversed())
    }

    private mutating func variable(_ body: JSONValue) -> Node? {
        guard let name = data.string(body, as: "`Var`") else { return nil }
        if let variable = Variable.allCases.first(where: { CedarString($0.rawValue) == name }) {
            return Node(form: .variable(variable))
        }
        let suggestion = Spelling.suggestion(for: name.string, among: Variable.allCases.map(\.rawValue))
        data.report(
            "there is no variable \(name.excerpt)", at: body.span, help: suggestion.map { "did you mean `\($0)`?" })
        return nil
    }

    private mutating func set(_ body: JSONValue) -> Node? {
        guard let elements = data.elements(of: body, as: "the body of `Set`") else { return nil }
        return Node(form: .set, operands: elements)
    }

    private mutating func record(_ body: JSONValue) -> Node? {
        guard let members = data.members(of: body, as: "the body of `Record`") else { return nil }
        return Node(form: .record(members.map(\.name)), operands: members.map(\.value))
    }

    private mutating func call(_ function: ExtensionFunction, _ body: JSONValue) -> Node? {
        guard let arguments = data.elements(of: body, as: "the arguments of `\(function)`") else { return nil }
        // How many there are is a matter of evaluation, also that there is no receiver: as the reference implementation has it.
        return Node(form: .call(function), operands: arguments)
    }
}

// MARK: Operators with a part that is no operand

extension ExpressionJSONReader {
    private mutating func attribute(_ body: JSONValue) -> Node? {
        guard let fields = fields(body, of: ".", ["left", "attr"]) else { return nil }
        let name = fields["attr"].flatMap { data.string($0, as: "`attr`") }
        return node(name.map { .attribute($0) }, on: fields["left"])
    }

    private mutating func has(_ body: JSONValue) -> Node? {
        guard let fields = fields(body, of: "has", ["left", "attr"]) else { return nil }
        let path = fields["attr"].flatMap { self.path($0) }
        return node(path.map { .has($0) }, on: fields["left"])
    }

    private mutating func like(_ body: JSONValue) -> Node? {
        guard let fields = fields(body, of: "like", ["left", "pattern"]) else { return nil }
        let pattern = fields["pattern"].flatMap { self.pattern($0) }
        return node(pattern.map { .like($0) }, on: fields["left"])
    }

    private mutating func isType(_ body: JSONValue) -> Node? {
        guard let fields = fields(body, of: "is", ["left", "entity_type"], optional: ["in"]) else { return nil }
        let type = fields["entity_type"].flatMap { data.entityType($0) }
        var node = node(type.map { .isType($0) }, on: fields["left"])
        if let container = fields["in"], !container.isNull { node.operands.append(container) }
        return node
    }

    private func node(_ form: Form?, on target: JSONValue?) -> Node {
        guard let target else { return Node(form: nil) }
        return Node(form: form, operands: [target])
    }

    /// The right side of `has`: a string, or an array of one or more.
    private mutating func path(_ json: JSONValue) -> [CedarString]? {
        switch json.kind {
        case .string(let name): return [name]
        case .array(let elements) where !elements.isEmpty:
            // An access to the last attribute nests as deep as the path is long.
            guard nesting + elements.count <= NestingLimit.standard else {
                reportNesting(at: json.span)
                return nil
            }
            let names = elements.map { data.string($0, as: "a name in `attr`") }.compactMap { $0 }
            return names.count == elements.count ? names : nil
        default:
            data.report("`attr` is a string or an array of one or more strings", at: json.span)
            return nil
        }
    }

    private mutating func pattern(_ json: JSONValue) -> Pattern? {
        guard let parts = data.elements(of: json, as: "`pattern`") else { return nil }
        var elements: [Pattern.Element] = []
        var isSound = true
        for part in parts {
            if case .string("Wildcard") = part.kind {
                elements.append(.wildcard)
            } else if let text = literal(part) {
                elements.append(contentsOf: text.string.unicodeScalars.map { .scalar($0) })
            } else {
                isSound = false
            }
        }
        return isSound ? Pattern(elements) : nil
    }

    /// The text of `{"Literal": text}`
    private mutating func literal(_ part: JSONValue) -> CedarString? {
        guard case .object = part.kind else {
            data.report("a part of `pattern` is \"Wildcard\" or {\"Literal\": ...}", at: part.span)
            return nil
        }
        let fields = data.fields(of: part, in: "a part of `pattern`", required: ["Literal"])
        return fields?["Literal"].flatMap { data.string($0, as: "`Literal`") }
    }
}

// MARK: Values

extension ExpressionJSONReader {
    /// What stands under `Value`, or in another value.
    private mutating func valueNode(_ json: JSONValue) -> Node? {
        switch json.kind {
        case .bool(let bool): return Node(form: .literal(.bool(bool)))
        case .integer(let integer): return Node(form: .literal(.long(integer)))
        case .string(let text): return Node(form: .literal(.string(text)))
        case .array(let elements): return Node(form: .set, operands: elements, notation: .value)
        case .object(let members): return object(members)
        case .number(let text): data.reportNumber(text, at: json.span)
        case .null: data.reportNull(at: json.span)
        }
        return nil
    }

    private mutating func object(_ members: [JSONValue.Member]) -> Node? {
        guard let escape = DataReader.escape(members) else {
            return Node(form: .record(members.map(\.name)), operands: members.map(\.value), notation: .value)
        }
        guard data.isReadable(passedOverIn: members) else { return nil }
        switch escape {
        case .entity(let parts): return data.uid(parts).map { Node(form: .literal(.entity($0))) }
        case .call(let call):
            return Node(
                form: data.function(of: call).map { .call($0) }, operands: call.arguments, notation: .value)
        case .expression(let member):
            data.reportExpression(member)
            return nil
        }
    }
}
