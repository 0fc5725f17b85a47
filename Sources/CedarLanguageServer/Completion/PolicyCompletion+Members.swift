import LynxCedar

// What can be taken from a value: the attributes and the methods of its type.
extension PolicyCompletion {
    /// Stands for the member that is being typed, so that the text around it parses.
    private static let placeholder = "lynxcedar_member_being_typed"

    /// What can follow the `.` before the place.
    func members() -> [CompletionItem] {
        // `x has a.b.`: a path, in which there are no methods.
        var path: [Substring] = []
        var index = before - 1
        while head.kind(index) == .identifier {
            path.insert(head.text(index), at: 0)
            if head.kind(index - 1) == .has { return attributes(of: receiverTypes(endingAt: index - 2, path: path)) }
            guard head.kind(index - 1) == .dot else { break }
            index -= 2
        }
        let types = receiverTypes(endingAt: before - 1, path: [])
        let isDotAdjacent = Int(head.tokens[before].end) == wordStart
        return attributes(of: types).compactMap { item in
            guard item.text.hasPrefix("\"") else { return item }
            // `.name` is for identifiers only: others stand in brackets in place of the dot, which has to be part of the edit.
            guard isDotAdjacent else { return nil }
            var item = item
            item.text = "[\(item.text)]"
            item.replacesDot = true
            return item
        } + methods(of: types)
    }

    func attributes(of types: [EnvironmentType]) -> [CompletionItem] {
        guard let schema else { return [] }
        let validator = Validator(schema)
        var seenTypes: Set<ExpressionType> = []
        var found: [CedarString: (types: [ExpressionType], isRequired: Bool)] = [:]
        for type in types where seenTypes.insert(type.type).inserted {
            for attribute in validator.attributes(of: type.type) {
                found[attribute.name, default: ([], true)].types.append(attribute.type)
                if !attribute.isRequired { found[attribute.name]?.isRequired = false }
            }
        }
        return found.sorted { $0.key < $1.key }.map { name, attribute in
            let detail = TypeSummary.text(attribute.types) + (attribute.isRequired ? "" : ", optional")
            return CompletionItem(name.asAttributeName, .attribute, detail: detail)
        }
    }

    private func methods(of types: [EnvironmentType]) -> [CompletionItem] {
        // Of a receiver of which nothing is known, all methods are offered.
        let isKnown = !types.isEmpty
        func isOffered(_ isReceiver: (ExpressionType) -> Bool) -> Bool { !isKnown || types.contains { isReceiver($0.type) } }
        var items: [CompletionItem] = []
        func add(_ name: String, _ parameters: String, _ result: String) {
            let text = "\(name)()"
            items.append(
                CompletionItem(
                    name, .method, detail: "(\(parameters)): \(result)", text: text,
                    cursor: parameters.isEmpty ? nil : text.utf8.count - 1))
        }
        if isOffered({ if case .set = $0 { true } else { false } }) {
            add("contains", "element", "Bool")
            add("containsAll", "Set", "Bool")
            add("containsAny", "Set", "Bool")
            add("isEmpty", "", "Bool")
        }
        if isOffered({ type in hasTags(type) }) {
            add("hasTag", "String", "Bool")
            add("getTag", "String", "tag")
        }
        for function in ExtensionFunction.allCases where function.style == .method {
            guard let receiver = function.parameterKinds.first, isOffered({ $0.extensionKind == receiver }) else { continue }
            add(
                function.rawValue, function.parameterKinds.dropFirst().map { $0.typeName }.joined(separator: ", "),
                function.resultKind.typeName)
        }
        return items
    }

    private func hasTags(_ type: ExpressionType) -> Bool {
        switch type {
        case .entity(let name): schema?.entityType(name)?.tags != nil
        case .anyOf(let names): names.contains { schema?.entityType($0)?.tags != nil }
        default: false
        }
    }

    // MARK: Types

    /// The types of the operand that ends with a token, or of what a path of attributes leads to from it.
    ///
    /// Asked first with all of the statement around it, where that parses with something in the place of the member; then with the
    /// scope alone, and at last without.
    func receiverTypes(endingAt end: Int, path: [Substring]) -> [EnvironmentType] {
        guard let schema, let start = head.operandStart(endingAt: end) else { return [] }
        let receiver = ([String(head.source.substring(head.span(start...end)))] + path.map { String($0) }).joined(separator: ".")
        let condition = "when { \(receiver).\(PolicyCompletion.placeholder) };"
        var candidates = ["permit(principal, action, resource) \(condition)"]
        if let statement, let effect = statement.effect, let scopeEnd = statement.scopeEnd {
            candidates.insert("\(head.source.substring(head.span(effect...scopeEnd))) \(condition)", at: 0)
            if path.isEmpty { candidates.insert(wholeStatement(statement, receiverEnd: Int(head.tokens[end].end)), at: 0) }
        }
        let validator = Validator(schema)
        for candidate in candidates {
            guard let parsed = ParsedStatement(candidate), let target = PolicyCompletion.target(in: parsed) else { continue }
            let types = parsed.types(of: target, validator)
            if !types.isEmpty { return types }
        }
        return []
    }

    /// The statement with the placeholder for the word that is being typed.
    private func wholeStatement(_ statement: PolicyText.Statement, receiverEnd: Int) -> String {
        let bytes = Array(source.text.utf8)
        let start = Int(head.tokens[statement.tokens.lowerBound].start)
        let whole = PolicyText(source)
        var rest = offset
        if let token = whole.token(at: offset), whole.tokens[token].isWord { rest = Int(whole.tokens[token].end) }
        let end = whole.statements.first { Int(whole.tokens[$0.tokens.lowerBound].start) == start }.map { Int(whole.span($0).upperBound) }
        let tail = bytes[min(rest, bytes.count)..<max(end ?? 0, min(rest, bytes.count))]
        let text = String(decoding: bytes[start..<receiverEnd] + Array(".\(PolicyCompletion.placeholder) ".utf8) + tail, as: UTF8.self)
        return tail.last == UInt8(ascii: ";") ? text : text + ";"
    }

    private static func target(in statement: ParsedStatement) -> Expression? {
        let access = statement.first { expression in
            if case .attribute(_, let name) = expression.kind { name.string == placeholder } else { false }
        }
        if case .attribute(let target, _)? = access?.kind { return target }
        return nil
    }
}

extension ExpressionType {
    /// The kind of values of the extension types.
    fileprivate var extensionKind: Value.Kind? {
        switch self {
        case .decimal: .decimal
        case .ip: .ip
        case .datetime: .datetime
        case .duration: .duration
        default: nil
        }
    }
}
