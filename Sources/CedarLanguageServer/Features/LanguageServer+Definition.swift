import LynxCedar

extension LanguageServer {
    /// Where that is declared which stands at a place.
    mutating func definition(_ place: Place) -> JSONValue {
        guard let schema = workspace.schema(for: place.document), let index = schema.index else { return nil }
        var spans: [SourceSpan] = []
        if place.document.kind.isSchema {
            spans = index.occurrence(at: place.offset).map { index.declarations(of: $0.symbol).map(\.nameSpan) } ?? []
        } else {
            let text = PolicyText(place.document.source)
            if let name = text.name(at: place.offset) {
                spans = index.declarations(of: name.symbol.0).map(\.nameSpan)
            } else if let resolved = schema.resolved {
                spans = AttributeDefinitions(text: text, index: index, validator: Validator(resolved)).spans(at: place.offset)
            }
        }
        return JSONValue(.array(spans.map { schema.document.location($0) }))
    }
}

/// Finds where the attributes are declared that policies use: in as many places as the types are many that the attribute is taken from.
private struct AttributeDefinitions {
    let text: PolicyText
    let index: SchemaIndex
    let validator: Validator

    func spans(at offset: Int) -> [SourceSpan] {
        guard let token = text.token(at: offset), let statement = text.statement(ofToken: token) else { return [] }
        let span = text.span(statement)
        guard let parsed = ParsedStatement(text.source.substring(span), start: span.lowerBound) else { return [] }
        // The innermost has the place in its own text, not in that of an operand.
        guard let expression = parsed.expressions(at: offset).last else { return [] }
        switch expression.kind {
        case .attribute(let target, let name):
            return spans([name], from: target, parsed)
        case .has(let target, let path):
            // Each name of the path is a token, with dots between.
            guard let end = target.span?.upperBound, let first = text.tokens.firstIndex(where: { $0.start >= end + parsed.start && $0.kind == .has })
            else { return [] }
            let step = (token - first - 1) / 2
            guard token > first, path.indices.contains(step) else { return [] }
            return spans(Array(path[...step]), from: target, parsed)
        default: return []
        }
    }

    private func spans(_ path: [CedarString], from target: Expression, _ parsed: ParsedStatement) -> [SourceSpan] {
        var path = path
        var target = target
        var spans: [SourceSpan] = []
        while true {
            let types = parsed.types(of: target, validator)
            for type in types {
                guard let holders = holders(of: type, target) else { continue }
                for holder in holders {
                    guard let span = declaration(path, of: holder), !spans.contains(span) else { continue }
                    spans.append(span)
                }
            }
            guard spans.isEmpty, case .attribute(let next, let name) = target.kind else { return spans }
            path.insert(name, at: 0)
            target = next
        }
    }

    /// Follows a path through records, and on from every entity that it comes to.
    private func declaration(_ path: [CedarString], of holder: SchemaIndex.Holder) -> SourceSpan? {
        if let span = index.attributeSpan(path, of: holder) { return span }
        guard path.count > 1, var type = self.type(of: holder) else { return nil }
        for (position, name) in path.dropLast().enumerated() {
            guard let attribute = validator.attributes(of: type).first(where: { $0.name == name }) else { return nil }
            if case .entity(let name) = attribute.type { return declaration(Array(path[(position + 1)...]), of: .entityType(name)) }
            type = attribute.type
        }
        return nil
    }

    private func type(of holder: SchemaIndex.Holder) -> ExpressionType? {
        switch holder {
        case .entityType(let name): .entity(name)
        case .context(let uid): validator.schema.action(uid).map { ExpressionType(.record($0.context)) }
        case .commonType: nil
        }
    }

    private func holders(of type: EnvironmentType, _ target: Expression) -> [SchemaIndex.Holder]? {
        switch (type.type, target.kind) {
        case (.entity(let name), _): [.entityType(name)]
        case (.anyOf(let names), _): names.map { .entityType($0) }
        case (_, .variable(.context)): [.context(type.environment.action.uid)]
        default: nil
        }
    }
}
