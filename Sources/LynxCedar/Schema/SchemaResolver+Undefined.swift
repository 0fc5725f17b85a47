/// What to say of names that nothing is declared by.
extension SchemaResolver {
    /// How many names are compared with a misspelled one: a schema may have any number of both.
    private static let maximumCandidates = 256

    mutating func reportUndefined(
        _ name: Name, _ kind: TypeExpression.NameKind, in namespace: Name?, at span: SourceSpan?
    ) {
        // What nobody will read need not be worded.
        guard !diagnostics.isFull else { return }
        let shown = name.description.shortened
        // The name may be declared, as something that cannot stand here.
        if kind == .entity, case .common(let found)? = meaning(of: name, .common, in: namespace) {
            diagnostics.report(
                "`\(shown)` is a common type, and only entity types can stand here", span: span,
                notes: declared(definitions.commonTypes[found]?.span))
            return
        }
        if kind == .entity, case .builtIn(let type)? = meaning(of: name, .common, in: namespace) {
            diagnostics.report("`\(shown)` is the type of \(type.type.kind) values, and only entity types can stand here", span: span)
            return
        }
        if kind == .common, case .entity(let found)? = meaning(of: name, .entity, in: namespace) {
            diagnostics.report(
                "`\(shown)` is an entity type, and only common types can stand here", span: span,
                notes: declared(definitions.entityTypes[found]?.span))
            return
        }
        let what =
            switch kind {
            case .any: "type"
            case .entity: "entity type"
            case .common: "common type"
            }
        diagnostics.report(
            "there is no \(what) `\(shown)`\(place(namespace, name))", span: span,
            help: help(for: name, kind, in: namespace))
    }

    mutating func reportUndefined(_ reference: ActionName, in namespace: Name?) {
        guard !diagnostics.isFull else { return }
        let type = reference.type?.name ?? "Action"
        let uid = EntityUID(type: type, id: reference.id)
        guard type.basename == "Action" else {
            diagnostics.report(
                "`\(uid.description.shortened)` is not an action", span: reference.span,
                help: "the type of an action ends in `Action`: `Action::\(uid.id.excerpt)`")
            return
        }
        let types = candidates(type, in: namespace)
        let ids = definitions.actionUIDs.lazy.filter { types.contains($0.type) }.prefix(SchemaResolver.maximumCandidates).map(\.id.string)
        var help = Spelling.suggestion(for: reference.id.string, among: ids).map { "did you mean \(CedarString($0).excerpt)?" }
        if let elsewhere = definitions.actionUIDs.first(where: { $0.id == reference.id }) {
            help = "did you mean `\(elsewhere.description.shortened)`?"
        }
        diagnostics.report(
            "there is no action `\(uid.description.shortened)`\(place(namespace, type))", span: reference.span, help: help)
    }

    private func declared(_ span: SourceSpan?) -> [Diagnostic.Note] {
        span.map { [Diagnostic.Note("it is declared here", span: $0)] } ?? []
    }

    /// Where a name has been looked for, when that is not plain.
    private func place(_ namespace: Name?, _ name: Name) -> String {
        guard let namespace, !name.isQualified else { return "" }
        return ", neither in `\(namespace.description.shortened)` nor in the empty namespace"
    }

    private func help(for name: Name, _ kind: TypeExpression.NameKind, in namespace: Name?) -> String? {
        if kind != .entity, let meant = SchemaResolver.otherLanguages[name.description] { return meant }
        let known = knownNames(kind)
        // The same name in another namespace is more likely meant than another name here.
        if let elsewhere = known.first(where: { $0.basename == name.basename }) { return "did you mean `\(elsewhere)`?" }
        var candidates = known.prefix(SchemaResolver.maximumCandidates).map(\.description)
        if !name.isQualified {
            candidates += known.lazy.filter { $0.namespace == namespace }.prefix(SchemaResolver.maximumCandidates).map { String($0.basename) }
            if kind != .entity { candidates += BuiltInType.allCases.map(\.rawValue).sorted() + ["Set"] }
        }
        return Spelling.suggestion(for: name.description, among: candidates).map { "did you mean `\($0)`?" }
    }

    private func knownNames(_ kind: TypeExpression.NameKind) -> [Name] {
        switch kind {
        case .any: definitions.commonTypeNames + definitions.entityTypeNames
        case .entity: definitions.entityTypeNames
        case .common: definitions.commonTypeNames
        }
    }

    /// Names that authors bring along from elsewhere, the JSON format among that.
    private static let otherLanguages: [String: String] = [
        "Boolean": "did you mean `Bool`?", "boolean": "did you mean `Bool`?", "bool": "did you mean `Bool`?",
        "Int": "did you mean `Long`?", "Integer": "did you mean `Long`?", "int": "did you mean `Long`?",
        "Number": "did you mean `Long`? Fractions are of type `decimal`", "Decimal": "did you mean `decimal`?",
        "ip": "did you mean `ipaddr`?", "IP": "did you mean `ipaddr`?",
        "Record": "a record is written out: `{ name: Type }`", "Set": "write the type of the elements: `Set<Type>`",
        "Entity": "an entity is written by its type: `User`", "Extension": "an extension type is written by its name: `ipaddr`",
    ]
}
