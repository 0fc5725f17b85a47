import LynxCedar

/// What can stand at a place in a text of policies. The text before the place decides: what comes after it may not parse yet.
struct PolicyCompletion {
    let source: SourceText
    /// In bytes.
    let offset: Int
    let schema: Schema?
    /// The text before the place.
    let head: PolicyText
    /// The first byte of the word that is being typed.
    private(set) var wordStart: Int
    /// The last token before that word.
    let before: Int

    init(_ source: SourceText, offset: Int, schema: Schema?) {
        self.source = source
        self.offset = offset
        self.schema = schema
        head = PolicyText(SourceText(String(source.substring(SourceSpan(0..<UInt32(clamping: offset))))))
        let last = head.tokens.count - 1
        if let token = head.tokens.last, token.isWord || token.kind == .slot || token.kind == .question, Int(token.end) == offset {
            wordStart = Int(token.start)
            before = last - 1
        } else {
            wordStart = offset
            before = last
        }
    }

    /// The items, and the bytes that they replace.
    func items() -> (items: [CompletionItem], replaced: Range<Int>) {
        if head.isComment(offset) { return ([], offset..<offset) }
        if let token = head.tokens.last, token.kind == .string, Int(token.end) == offset, head.source.content(of: token) == nil {
            return (ids(), Int(token.start) + 1..<offset)
        }
        return (wordItems(), wordStart..<offset)
    }

    private func wordItems() -> [CompletionItem] {
        switch head.kind(before) {
        case .dot: return members()
        case .has: return attributes(of: receiverTypes(endingAt: before - 1, path: []))
        case .at: return annotationKeys()
        case .doubleColon: return qualified()
        case .is: return schema.map { schema in schema.entityTypes.map { CompletionItem("\($0.name)", .type, detail: "entity type") } } ?? []
        default: break
        }
        guard let statement, let effect = statement.effect, before >= effect else {
            return CompletionItem.keywords(["permit", "forbid"])
        }
        guard let scopeEnd = statement.scopeEnd else { return scope(from: effect + 1) }
        if isBetweenConditions(scopeEnd) { return CompletionItem.keywords(["when", "unless"]) }
        return expression()
    }

    /// The statement that the place lies in; `nil` between statements.
    var statement: PolicyText.Statement? {
        guard let last = head.statements.last, last.tokens.upperBound > before, before >= last.tokens.lowerBound,
            head.kind(before) != .semicolon
        else { return nil }
        return last
    }

    private func isBetweenConditions(_ scopeEnd: Int) -> Bool {
        guard before >= scopeEnd else { return false }
        var depth = 0
        for index in scopeEnd + 1..<max(before + 1, scopeEnd + 1) {
            switch head.tokens[index].kind {
            case .leftBrace: depth += 1
            case .rightBrace: depth -= 1
            default: break
            }
        }
        return depth <= 0
    }

    // MARK: Scope

    private func scope(from open: Int) -> [CompletionItem] {
        var element = 0
        var start = open + 1
        var depth = 0
        for index in open + 1..<max(before + 1, open + 1) {
            switch head.tokens[index].kind {
            case .leftBracket, .leftParenthesis: depth += 1
            case .rightBracket, .rightParenthesis: depth -= 1
            case .comma where depth == 0:
                element += 1
                start = index + 1
            default: break
            }
        }
        let variables: [Variable] = [.principal, .action, .resource]
        guard element < variables.count else { return [] }
        let variable = variables[element]
        if start > before { return [CompletionItem("\(variable)", .variable)] }
        switch head.kind(before) {
        case .equal, .in, .leftBracket, .comma: return values(of: variable, includingGroups: head.kind(before) != .equal)
        case .identifier where before == start:
            return CompletionItem.keywords(variable == .action ? ["in"] : ["in", "is"]) + [CompletionItem("==", .keyword)]
        case .identifier where variable != .action: return CompletionItem.keywords(["in"])
        default: return []
        }
    }

    private func values(of variable: Variable, includingGroups: Bool) -> [CompletionItem] {
        let slots = variable == .action ? [] : [CompletionItem("?\(variable)", .variable, detail: "template slot")]
        guard let schema else { return slots }
        if variable == .action { return actionItems(schema) }
        var types = Set(schema.actions.flatMap { variable == .principal ? $0.principalTypes : $0.resourceTypes })
        if includingGroups { for type in types { types.formUnion(schema.ancestors(ofEntityType: type)) } }
        return entityItems(schema.entityTypes.filter { types.contains($0.name) }) + slots
    }

    private func actionItems(_ schema: Schema) -> [CompletionItem] {
        schema.actions.map { CompletionItem($0.uid.description, .action, detail: "action") }
    }

    private func entityItems(_ types: [Schema.EntityType]) -> [CompletionItem] {
        types.flatMap { type -> [CompletionItem] in
            guard let ids = type.enumeration else { return [.uid(of: type.name)] }
            return ids.map { CompletionItem(EntityUID(type: type.name, id: $0).description, .entity) }
        }
    }

    // MARK: Names

    /// What can follow the `::` before the place.
    private func qualified() -> [CompletionItem] {
        guard let schema, let path = path(endingAt: before - 1) else { return [] }
        let prefix = "\(path.name)::"
        var items: [CompletionItem] = []
        var seen: Set<Substring> = []
        let isType = head.kind(path.start - 1) == .is
        for type in schema.entityTypes.map(\.name) + (isType ? [] : schema.actions.map(\.uid.type)) where type.description.hasPrefix(prefix) {
            let rest = type.description.dropFirst(prefix.count)
            let component = rest.prefix { $0 != ":" }
            guard seen.insert(component).inserted else { continue }
            items.append(CompletionItem(String(component), component.count == rest.count ? .type : .namespace))
        }
        guard !isType else { return items }
        return items + idItems(of: path.name, schema) { $0.literal }
    }

    /// What can stand in the string that the place lies in.
    private func ids() -> [CompletionItem] {
        let string = head.tokens.count - 1
        guard let schema, head.kind(string - 1) == .doubleColon, let path = path(endingAt: string - 2) else { return [] }
        return idItems(of: path.name, schema) { String($0.literal.dropFirst().dropLast()) }
    }

    private func idItems(of type: Name, _ schema: Schema, _ text: (CedarString) -> String) -> [CompletionItem] {
        let actions = schema.actions.filter { $0.uid.type == type }.map { CompletionItem(text($0.uid.id), .action) }
        return actions + (schema.entityType(type)?.enumeration ?? []).map { CompletionItem(text($0), .entity) }
    }

    private func path(endingAt end: Int) -> (name: Name, start: Int)? {
        guard head.kind(end) == .identifier else { return nil }
        var start = end
        while head.kind(start - 1) == .doubleColon, head.kind(start - 2) == .identifier { start -= 2 }
        let components = stride(from: start, through: end, by: 2).map { head.text($0) }
        return Name(components.joined(separator: "::")).map { ($0, start) }
    }

    private func annotationKeys() -> [CompletionItem] {
        // Those that the reference's tools give a meaning, and those that the author has used before.
        var keys: [Substring] = ["id", "advice", "description"]
        for (index, token) in head.tokens.enumerated() where token.kind == .at && index < before && head.tokens[index + 1].isWord {
            if !keys.contains(head.text(index + 1)) { keys.append(head.text(index + 1)) }
        }
        return keys.map { key in
            let text = "\(key)(\"\")"
            return CompletionItem(String(key), .annotation, text: text, cursor: text.utf8.count - 2)
        }
    }

    // MARK: Expressions

    private func expression() -> [CompletionItem] {
        switch head.kind(before) {
        case .identifier, .string, .number, .slot, .rightParenthesis, .rightBracket, .rightBrace, .true, .false:
            return CompletionItem.keywords(["in", "is", "has", "like", "then", "else"])
        default: break
        }
        var items = Variable.allCases.map { CompletionItem($0.rawValue, .variable) }
        items += CompletionItem.keywords(["if", "true", "false"])
        for function in ExtensionFunction.allCases where function.style == .function {
            items.append(CompletionItem(function.rawValue, .function, text: "\(function)(\"\")", cursor: function.rawValue.utf8.count + 2))
        }
        guard let schema else { return items }
        return items + entityItems(schema.entityTypes) + actionItems(schema)
    }
}
