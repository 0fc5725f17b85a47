import LynxCedar

extension LanguageServer {
    /// What stands at a place: the declaration that a name refers to, or the type of an expression.
    mutating func hover(_ place: Place) -> JSONValue {
        guard let schema = workspace.schema(for: place.document) else { return nil }
        let found = place.document.kind.isSchema ? hover(inSchema: schema, place) : hover(inPolicies: schema, place)
        guard let found else { return nil }
        return [
            "contents": found.markdown.json(takesMarkdown: client.takesMarkdown),
            "range": place.document.lines.range(found.span),
        ]
    }

    private typealias Found = (markdown: Markdown, span: SourceSpan)

    private func hover(inSchema schema: LoadedSchema, _ place: Place) -> Found? {
        guard let resolved = schema.resolved, let occurrence = schema.index?.occurrence(at: place.offset) else { return nil }
        return SchemaSummary(schema: resolved).markdown(occurrence.symbol).map { ($0, occurrence.span) }
    }

    private func hover(inPolicies loaded: LoadedSchema, _ place: Place) -> Found? {
        guard let schema = loaded.resolved else { return nil }
        let text = PolicyText(place.document.source)
        if let name = text.name(at: place.offset) {
            let symbol = name.symbol
            return SchemaSummary(schema: schema).markdown(symbol.0).map { ($0, name.span) }
        }
        guard let token = text.token(at: place.offset), let statement = text.statement(ofToken: token) else { return nil }
        let span = text.span(statement)
        guard let parsed = ParsedStatement(place.document.source.substring(span), start: span.lowerBound) else { return nil }
        let validator = Validator(schema)
        if let scopeEnd = statement.scopeEnd, token < scopeEnd {
            guard let variable = Variable(rawValue: String(text.text(token))) else { return nil }
            let types = parsed.environments(validator).map { EnvironmentType(environment: $0, type: $0.type(of: variable)) }
            return LanguageServer.markdown("\(variable)", types).map { ($0, text.tokens[token].span) }
        }
        guard let expression = parsed.expressions(at: place.offset).last, let range = expression.span else { return nil }
        let absolute = SourceSpan(range.lowerBound + parsed.start..<range.upperBound + parsed.start)
        let code = String(place.document.source.substring(absolute))
        // More than a line says less than its type alone.
        let label = code.utf8.count <= 60 && !code.contains(where: \.isNewline) ? code : "..."
        return LanguageServer.markdown(label, parsed.types(of: expression, validator)).map { ($0, absolute) }
    }

    /// The type of an expression, or where it differs between environments, each type with its environments.
    private static func markdown(_ label: String, _ types: [EnvironmentType]) -> Markdown? {
        var groups: [(type: String, environments: [RequestEnvironment])] = []
        for type in types {
            let text = TypeSummary.text(type.type)
            if let index = groups.firstIndex(where: { $0.type == text }) {
                groups[index].environments.append(type.environment)
            } else {
                groups.append((text, [type.environment]))
            }
        }
        guard !groups.isEmpty else { return nil }
        var markdown = Markdown()
        for group in groups.prefix(8) {
            markdown.add(code: "\(label): \(group.type)")
            guard groups.count > 1 else { break }
            let environments = group.environments.prefix(4).map { "\($0.principal), \($0.action.uid), \($0.resource)" }
            let rest = group.environments.count > 4 ? " and \(group.environments.count - 4) more" : ""
            markdown.add(words: "for \(environments.joined(separator: "; "))\(rest)")
        }
        return markdown
    }
}

extension RequestEnvironment {
    func type(of variable: Variable) -> ExpressionType {
        switch variable {
        case .principal: .entity(principal)
        case .action: .entity(action.uid.type)
        case .resource: .entity(resource)
        case .context: ExpressionType(.record(action.context))
        }
    }
}

extension SchemaIndex {
    /// The name that a place lies in.
    func occurrence(at offset: Int) -> Occurrence? {
        occurrences.first { Int($0.span.lowerBound) <= offset && offset <= Int($0.span.upperBound) }
    }
}
