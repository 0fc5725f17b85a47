import LynxCedar

/// Declarations of a schema as a hover shows them: resolved, with their documentation.
struct SchemaSummary {
    let schema: Schema

    func markdown(_ symbol: SchemaIndex.Symbol) -> Markdown? {
        switch symbol {
        case .namespace(let name):
            return schema.namespaces.first { $0.name == name }.map { markdown("namespace \(name)", $0.annotations) }
        case .entityType(let name):
            return schema.entityType(name).map { markdown(text($0), $0.annotations) }
        case .commonType(let name):
            return schema.commonTypes.first { $0.name == name }.map {
                markdown("type \(name) = \(TypeSummary.text(ExpressionType($0.type)));", $0.annotations)
            }
        case .action(let uid):
            return schema.action(uid).map { markdown(text($0), $0.annotations) }
        }
    }

    private func markdown(_ code: String, _ annotations: [Annotation]) -> Markdown {
        var markdown = Markdown()
        markdown.add(code: code)
        // RFC 48 proposes `@doc` for what people should read.
        if let documentation = annotations.first(where: { $0.key == "doc" })?.value { markdown.add(words: documentation.string) }
        return markdown
    }

    private func text(_ entityType: Schema.EntityType) -> String {
        switch entityType.kind {
        case .enumeration(let ids):
            return "entity \(entityType.name) enum [\(SchemaSummary.list(ids.map(\.literal)))];"
        case .standard(let attributes, let tags, let memberOf):
            var text = "entity \(entityType.name)"
            if !memberOf.isEmpty { text += " in [\(SchemaSummary.list(memberOf.map(\.description)))]" }
            if !attributes.isEmpty { text += " \(SchemaSummary.lines(attributes))" }
            if let tags { text += " tags \(TypeSummary.text(ExpressionType(tags)))" }
            return text + ";"
        }
    }

    private func text(_ action: Schema.Action) -> String {
        var text = "action \(action.uid)"
        if !action.memberOf.isEmpty { text += " in [\(SchemaSummary.list(action.memberOf.map(\.description)))]" }
        guard !action.principalTypes.isEmpty || !action.resourceTypes.isEmpty else { return text + ";" }
        text += " appliesTo {\n  principal: [\(SchemaSummary.list(action.principalTypes.map(\.description)))],\n"
        text += "  resource: [\(SchemaSummary.list(action.resourceTypes.map(\.description)))]"
        if !action.context.isEmpty { text += ",\n  context: \(TypeSummary.text(ExpressionType(.record(action.context))))" }
        return text + "\n};"
    }

    /// One attribute a line.
    private static func lines(_ record: RecordType) -> String {
        let shown = record.attributes.prefix(50).map { attribute in
            "  \(attribute.name.asAttributeName)\(attribute.isRequired ? "" : "?"): \(TypeSummary.text(ExpressionType(attribute.type))),\n"
        }
        return "{\n\(shown.joined())\(record.attributes.count > 50 ? "  ...\n" : "")}"
    }

    private static func list(_ texts: [String]) -> String {
        texts.prefix(20).joined(separator: ", ") + (texts.count > 20 ? ", ..." : "")
    }
}
