/// Reads expressions in Cedar's JSON format: objects with one key, the operator or function.
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

    /// What the one key of an expression can be, besides an extension function.
    private enum Form {
        case value, variable, slot
        case unary(UnaryOperator)
        case and, or
        case binary(BinaryOperator)
        case attribute, has, like, isType, conditional, set, record
    }

    private static let forms: [CedarString: Form] = {
        var forms: [CedarString: Form] = [
            "Value": .value, "Var": .variable, "Slot": .slot,
            "!": .unary(.not), "neg": .unary(.negate), "isEmpty": .unary(.isEmpty),
            "&&": .and, "||": .or,
            ".": .attribute, "has": .has, "like": .like, "is": .isType, "if-then-else": .conditional,
            "Set": .set, "Record": .record,
        ]
        for operation in BinaryOperator.allCases { forms[CedarString(operation.rawValue)] = .binary(operation) }
        return forms
    }()

    private static let functions: [CedarString: ExtensionFunction] = Dictionary(
        uniqueKeysWithValues: ExtensionFunction.allCases.map { (CedarString($0.rawValue), $0) })
}

// MARK: Expressions

extension ExpressionJSONReader {
    mutating func expression(_ value: JSONValue) -> Expression? {
        guard let member = operation(of: value), enter(value) else { return nil }
        defer { nesting -= 1 }
        if let function = ExpressionJSONReader.functions[member.name] {
            return call(function, member.value, span: value.span)
        }
        guard let form = ExpressionJSONReader.forms[member.name] else {
            reportUnknown(member)
            return nil
        }
        return expression(form, member.value, of: value)
    }

    /// Only calls, because what stands here is on the stack once for every level of the expression.
    private mutating func expression(_ form: Form, _ body: JSONValue, of value: JSONValue) -> Expression? {
        switch form {
        case .value: self.value(body, span: value.span)
        case .variable: variable(body, span: value.span)
        case .slot: slot(at: value.span)
        case .unary(let operation): unary(operation, body, span: value.span)
        case .and: conjunction(value)
        case .or: disjunction(value)
        case .binary(let operation): binary(operation, body, span: value.span)
        case .attribute: attribute(body, span: value.span)
        case .has: has(body, span: value.span)
        case .like: like(body, span: value.span)
        case .isType: isType(body, span: value.span)
        case .conditional: conditional(body, span: value.span)
        case .set: set(body, span: value.span)
        case .record: record(body, span: value.span)
        }
    }

    /// The one member of an expression.
    private mutating func operation(of value: JSONValue) -> JSONValue.Member? {
        if case .object(let members) = value.kind, let member = members.first, members.count == 1 { return member }
        reportNoExpression(value)
        return nil
    }

    private mutating func enter(_ value: JSONValue) -> Bool {
        guard nesting < NestingLimit.standard else {
            data.report("the expression nests deeper than \(NestingLimit.standard) levels", at: value.span)
            return false
        }
        nesting += 1
        return true
    }

    private mutating func reportNoExpression(_ value: JSONValue) {
        guard case .object(let members) = value.kind else {
            data.report(
                "expected an expression, found \(value.kindName)", at: value.span,
                help: "an expression is an object with one key; a literal is written {\"Value\": ...}")
            return
        }
        let keys = members.map { $0.name.excerpt }.joined(separator: ", ")
        data.report(
            "an expression is an object with one key, " + (members.isEmpty ? "this has none" : "this has \(keys)"),
            at: value.span)
    }

    private mutating func reportUnknown(_ member: JSONValue.Member) {
        let known = (ExpressionJSONReader.forms.keys.sorted() + ExpressionJSONReader.functions.keys.sorted())
        let suggestion = Spelling.suggestion(for: member.name.string, among: known.map(\.string))
        data.report(
            "there is no operator or function \(member.name.excerpt)", at: member.nameSpan,
            help: suggestion.map { "did you mean `\($0)`?" })
    }

    private mutating func fields(
        _ body: JSONValue, of name: CedarString, _ required: [CedarString], optional: [CedarString] = []
    ) -> [CedarString: JSONValue]? {
        data.fields(of: body, in: "the body of `\(name)`", required: required, optional: optional)
    }

    private mutating func slot(at span: SourceSpan?) -> Expression? {
        data.report("a slot cannot stand in a condition", at: span, help: "slots belong to the scope")
        return nil
    }

    private mutating func unary(_ operation: UnaryOperator, _ body: JSONValue, span: SourceSpan?) -> Expression? {
        guard let argument = fields(body, of: operation.jsonKey, ["arg"])?["arg"] else { return nil }
        guard let operand = expression(argument) else { return nil }
        return Expression(.unary(operation, operand), span: span)
    }

    private mutating func binary(_ operation: BinaryOperator, _ body: JSONValue, span: SourceSpan?) -> Expression? {
        let sides = fields(body, of: CedarString(operation.rawValue), ["left", "right"])
        // Both sides are read, also when the first is faulty, so that the faults of the second are reported.
        let left = expression(sides?["left"])
        let right = expression(sides?["right"])
        guard let left, let right else { return nil }
        return Expression(.binary(operation, left, right), span: span)
    }

    /// Reads what is there; what is missing was reported.
    private mutating func expression(_ value: JSONValue?) -> Expression? {
        guard let value else { return nil }
        return expression(value)
    }

    private mutating func conjunction(_ value: JSONValue) -> Expression? {
        guard let operands = chain(value, of: "&&") else { return nil }
        return .and(operands, span: value.span)
    }

    private mutating func disjunction(_ value: JSONValue) -> Expression? {
        guard let operands = chain(value, of: "||") else { return nil }
        return .or(operands, span: value.span)
    }

    private mutating func all(_ values: some Sequence<JSONValue>) -> [Expression]? {
        var expressions: [Expression] = []
        var areSound = true
        for value in values {
            if let expression = expression(value) {
                expressions.append(expression)
            } else {
                areSound = false
            }
        }
        return areSound ? expressions : nil
    }

    /// The operands of a conjunction or disjunction that nests to the left, which is how the format writes long chains.
    ///
    /// The chain counts as one level of nesting.
    private mutating func chain(_ value: JSONValue, of name: CedarString) -> [Expression]? {
        guard let operands = operands(ofChain: value, name) else { return nil }
        return all(operands.reversed())
    }

    /// The operands, last first, found by walking down the left sides in a loop.
    private mutating func operands(ofChain value: JSONValue, _ name: CedarString) -> [JSONValue]? {
        var operands: [JSONValue] = []
        var rest = value
        while case .object(let members) = rest.kind, members.count == 1, let body = members[name] {
            guard let sides = fields(body, of: name, ["left", "right"]), let left = sides["left"],
                let right = sides["right"]
            else { return nil }
            operands.append(right)
            rest = left
        }
        operands.append(rest)
        return operands
    }

    private mutating func variable(_ body: JSONValue, span: SourceSpan?) -> Expression? {
        guard let name = data.string(body, as: "`Var`") else { return nil }
        guard let variable = Variable.allCases.first(where: { CedarString($0.rawValue) == name }) else {
            let suggestion = Spelling.suggestion(for: name.string, among: Variable.allCases.map(\.rawValue))
            data.report(
                "there is no variable \(name.excerpt)", at: body.span, help: suggestion.map { "did you mean `\($0)`?" })
            return nil
        }
        return Expression(.variable(variable), span: span)
    }

    private mutating func attribute(_ body: JSONValue, span: SourceSpan?) -> Expression? {
        let fields = fields(body, of: ".", ["left", "attr"])
        let target = expression(fields?["left"])
        let name = fields?["attr"].flatMap { data.string($0, as: "`attr`") }
        guard let target, let name else { return nil }
        return Expression(.attribute(target, name), span: span)
    }

    private mutating func has(_ body: JSONValue, span: SourceSpan?) -> Expression? {
        guard let fields = fields(body, of: "has", ["left", "attr"]) else { return nil }
        let expandedBefore = expandedPaths
        let target = expression(fields["left"])
        let path = fields["attr"].flatMap { self.path($0) }
        guard let target, let path else { return nil }
        if path.count > 1, !path.allSatisfy(\.isIdentifier) {
            // Each such path writes its target twice, so nesting them doubles the text at every level.
            guard expandedPaths == expandedBefore else {
                data.report(
                    "a `has` path with names that are not identifiers cannot be applied to another one", at: span)
                return nil
            }
            expandedPaths += 1
        }
        return Expression(.has(target, path), span: span)
    }

    /// The right side of `has`: a string, or an array of one or more.
    private mutating func path(_ value: JSONValue) -> [CedarString]? {
        switch value.kind {
        case .string(let name): return [name]
        case .array(let elements) where !elements.isEmpty:
            // An access to the last attribute nests as deep as the path is long.
            guard nesting + elements.count <= NestingLimit.standard else {
                data.report("the expression nests deeper than \(NestingLimit.standard) levels", at: value.span)
                return nil
            }
            let names = elements.map { data.string($0, as: "a name in `attr`") }.compactMap { $0 }
            return names.count == elements.count ? names : nil
        default:
            data.report("`attr` is a string or an array of one or more strings", at: value.span)
            return nil
        }
    }

    private mutating func like(_ body: JSONValue, span: SourceSpan?) -> Expression? {
        let fields = fields(body, of: "like", ["left", "pattern"])
        let target = expression(fields?["left"])
        let pattern = fields?["pattern"].flatMap { self.pattern($0) }
        guard let target, let pattern else { return nil }
        return Expression(.like(target, pattern), span: span)
    }

    private mutating func pattern(_ value: JSONValue) -> Pattern? {
        guard case .array(let parts) = value.kind else {
            data.report("`pattern` must be an array, not \(value.kindName)", at: value.span)
            return nil
        }
        var elements: [Pattern.Element] = []
        var isSound = true
        for part in parts {
            switch part.kind {
            case .string("Wildcard"): elements.append(.wildcard)
            case .object:
                let text = data.fields(of: part, in: "a part of `pattern`", required: ["Literal"])?["Literal"]
                    .flatMap { data.string($0, as: "`Literal`") }
                if let text {
                    elements.append(contentsOf: text.string.unicodeScalars.map { .scalar($0) })
                } else {
                    isSound = false
                }
            default:
                data.report("a part of `pattern` is \"Wildcard\" or {\"Literal\": ...}", at: part.span)
                isSound = false
            }
        }
        return isSound ? Pattern(elements) : nil
    }

    private mutating func isType(_ body: JSONValue, span: SourceSpan?) -> Expression? {
        guard let fields = fields(body, of: "is", ["left", "entity_type"], optional: ["in"]) else { return nil }
        let target = expression(fields["left"])
        let type = fields["entity_type"].flatMap { data.entityType($0) }
        guard let right = fields["in"], !right.isNull else {
            guard let target, let type else { return nil }
            return Expression(.isType(target, type, in: nil), span: span)
        }
        guard let container = expression(right), let target, let type else { return nil }
        return Expression(.isType(target, type, in: container), span: span)
    }

    private mutating func conditional(_ body: JSONValue, span: SourceSpan?) -> Expression? {
        let fields = fields(body, of: "if-then-else", ["if", "then", "else"])
        let condition = expression(fields?["if"])
        let then = expression(fields?["then"])
        let otherwise = expression(fields?["else"])
        guard let condition, let then, let otherwise else { return nil }
        return Expression(.conditional(if: condition, then: then, else: otherwise), span: span)
    }

    private mutating func set(_ body: JSONValue, span: SourceSpan?) -> Expression? {
        guard case .array(let elements) = body.kind else {
            data.report("the body of `Set` must be an array, not \(body.kindName)", at: body.span)
            return nil
        }
        guard let expressions = all(elements) else { return nil }
        return Expression(.set(expressions), span: span)
    }

    private mutating func record(_ body: JSONValue, span: SourceSpan?) -> Expression? {
        guard case .object(let members) = body.kind else {
            data.report("the body of `Record` must be an object, not \(body.kindName)", at: body.span)
            return nil
        }
        guard let values = all(members.map(\.value)) else { return nil }
        return Expression(.record(zip(members, values).map { Expression.Field($0.name, $1) }), span: span)
    }

    private mutating func call(_ function: ExtensionFunction, _ body: JSONValue, span: SourceSpan?) -> Expression? {
        guard case .array(let elements) = body.kind else {
            data.report("the arguments of `\(function)` must be an array, not \(body.kindName)", at: body.span)
            return nil
        }
        // How many there are is a matter of evaluation, also that there is no receiver: as the reference implementation has it.
        return all(elements).map { Expression(.call(function, $0), span: span) }
    }
}

// MARK: Values

extension ExpressionJSONReader {
    /// The expression for what stands under `Value`, which is in the notation of Cedar's data format.
    private mutating func value(_ value: JSONValue, span: SourceSpan?) -> Expression? {
        switch value.kind {
        case .bool(let bool): return Expression(.literal(.bool(bool)), span: span)
        case .integer(let integer): return Expression(.literal(.long(integer)), span: span)
        case .string(let text): return Expression(.literal(.string(text)), span: span)
        case .array(let elements):
            guard let expressions = values(elements) else { return nil }
            return Expression(.set(expressions), span: span)
        case .object(let members): return object(members, span: span)
        case .number(let text): data.reportNumber(text, at: value.span)
        case .null: data.reportNull(at: value.span)
        }
        return nil
    }

    /// Reads values that stand in another one.
    private mutating func values(_ values: [JSONValue]) -> [Expression]? {
        var expressions: [Expression] = []
        for value in values {
            guard enter(value) else { return nil }
            defer { nesting -= 1 }
            if let expression = self.value(value, span: value.span) { expressions.append(expression) }
        }
        return expressions.count == values.count ? expressions : nil
    }

    private mutating func object(_ members: [JSONValue.Member], span: SourceSpan?) -> Expression? {
        guard let escape = DataReader.escape(members) else {
            guard let values = values(members.map(\.value)) else { return nil }
            return Expression(.record(zip(members, values).map { Expression.Field($0.name, $1) }), span: span)
        }
        guard data.isReadable(passedOverIn: members) else { return nil }
        switch escape {
        case .entity(let parts): return data.uid(parts).map { Expression(.literal(.entity($0)), span: span) }
        case .call(let call): return extensionValue(call, span: span)
        case .expression(let member):
            data.reportExpression(member)
            return nil
        }
    }

    private mutating func extensionValue(_ call: DataReader.Call, span: SourceSpan?) -> Expression? {
        let function = data.function(of: call)
        guard let arguments = values(call.arguments), let function else { return nil }
        return Expression(.call(function, arguments), span: span)
    }
}
