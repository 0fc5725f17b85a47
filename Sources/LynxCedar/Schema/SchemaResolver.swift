/// Finds out what the names in a schema mean, and reports those that mean nothing.
///
/// Names are looked for in the namespace that they stand in, then in the empty namespace, then among the types of the
/// language; in each of these a common type goes before an entity type (RFC 24).
struct SchemaResolver: Sendable {
    let definitions: SchemaDefinitions
    var diagnostics: DiagnosticCollector
    /// The common types that were resolved without a fault.
    var commonTypes: [Name: Sized] = [:]
    /// The groups that an action is in directly, also of actions that have a fault elsewhere.
    private var actionParents: [EntityUID: [EntityUID]] = [:]
    var distinctTypes = DistinctTypes()

    /// A resolved type with what it counts for against the limits.
    struct Sized: Sendable {
        let type: SchemaType
        /// Which of the ``distinctTypes`` it is.
        let number: Int
        let depth: Int
        let size: Int
    }

    init(_ fragment: SchemaFragment) {
        self.diagnostics = DiagnosticCollector(source: fragment.source)
        self.definitions = SchemaDefinitions(fragment, reportingTo: &diagnostics)
        definitions.reportShadowing(&diagnostics)
    }

    mutating func schema(source: SourceText?) throws(ParseError) -> Schema {
        resolveCommonTypes()
        let entityTypes = definitions.entityTypeNames.compactMap { entityType($0) }
        let actions = definitions.actionUIDs.compactMap { action($0) }
        reportActionCycles()
        try diagnostics.finish()
        return Schema(
            entityTypes: entityTypes, actions: actions, commonTypes: definitions.commonTypeNames.compactMap { commonType($0) },
            namespaces: definitions.namespaceNames.compactMap { namespace($0) }, warnings: warnings(source: source),
            source: source)
    }

    // MARK: Declarations

    private mutating func entityType(_ name: Name) -> Schema.EntityType? {
        guard let definition = definitions.entityTypes[name] else { return nil }
        let kind: Schema.EntityType.Kind
        switch definition.declaration.kind {
        case .enumeration(let ids):
            kind = .enumeration(ids.map(\.id))
        case .standard(let parents, let shape, let tags):
            let memberOf = entityTypes(parents, in: definition.namespace)
            let attributes = record(shape, in: definition.namespace, what: "the attributes of `\(name.description.shortened)`")
            let tagType = tags.flatMap { resolve($0, in: definition.namespace) }
            guard let attributes else { return nil }
            kind = .standard(attributes: attributes, tags: tagType?.type, memberOf: memberOf)
        }
        return Schema.EntityType(
            name: name, kind: kind, annotations: definition.declaration.annotations, span: definition.span)
    }

    private mutating func action(_ uid: EntityUID) -> Schema.Action? {
        guard let definition = definitions.actions[uid] else { return nil }
        let namespace = definition.namespace
        let memberOf = distinct((definition.declaration.memberOf ?? []).compactMap { action($0, in: namespace) })
        actionParents[uid] = memberOf
        let appliesTo = definition.declaration.appliesTo
        let principals = entityTypes(appliesTo?.principals ?? [], in: namespace)
        let resources = entityTypes(appliesTo?.resources ?? [], in: namespace)
        // Of actions that are declared together the first stands for all, so that a fault of theirs is told once.
        let first = definition.declaration.ids.first.map { EntityUID(type: uid.type, id: $0.id) } ?? uid
        let context = record(appliesTo?.context, in: namespace, what: "the context of `\(first.description.shortened)`")
        guard let context else { return nil }
        return Schema.Action(
            uid: uid, principalTypes: principals, resourceTypes: resources, context: context, memberOf: memberOf,
            annotations: definition.declaration.annotations, span: definition.span)
    }

    private func commonType(_ name: Name) -> Schema.CommonType? {
        guard let definition = definitions.commonTypes[name], let type = commonTypes[name]?.type else { return nil }
        return Schema.CommonType(
            name: name, type: type, annotations: definition.declaration.annotations, span: definition.span)
    }

    private func namespace(_ name: Name) -> Schema.Namespace? {
        definitions.namespaces[name].map { Schema.Namespace(name: name, annotations: $0.annotations, span: $0.nameSpan) }
    }

    private func distinct<Element: Hashable>(_ elements: [Element]) -> [Element] {
        var seen: Set<Element> = []
        return elements.filter { seen.insert($0).inserted }
    }

    // MARK: Entity types and actions by name

    /// The declared entity types of a list, each once; others are reported.
    private mutating func entityTypes(_ names: [TypeName], in namespace: Name?) -> [Name] {
        distinct(
            names.compactMap { reference in
                switch meaning(of: reference.name, .entity, in: namespace) {
                case .entity(let name) where definitions.entityTypes[name] != nil:
                    return name
                case .entity(let name):
                    diagnostics.report(
                        "`\(name.description.shortened)` is the type of actions, which cannot stand here", span: reference.span)
                    return nil
                default:
                    reportUndefined(reference.name, .entity, in: namespace, at: reference.span)
                    return nil
                }
            })
    }

    private mutating func action(_ reference: ActionName, in namespace: Name?) -> EntityUID? {
        if let uid = actionUID(reference, in: namespace) { return uid }
        reportUndefined(reference, in: namespace)
        return nil
    }

    /// The declared action that is meant, `nil` if there is none.
    func actionUID(_ reference: ActionName, in namespace: Name?) -> EntityUID? {
        candidates(reference.type?.name ?? "Action", in: namespace).lazy
            .map { EntityUID(type: $0, id: reference.id) }
            .first { definitions.actions[$0] != nil }
    }

    private mutating func reportActionCycles() {
        let hierarchy = Hierarchy(definitions.actionUIDs.map { ($0, actionParents[$0] ?? []) })
        for cycle in hierarchy.cycles(among: definitions.actionUIDs, limit: DiagnosticCollector.maximumCount) {
            guard let first = cycle.first else { continue }
            let path = cycle.prefix(8).map { "`\($0.description.shortened)`" }.joined(separator: " in ")
            diagnostics.report(
                "the action `\(first.description.shortened)` is a member of itself: \(path)\(cycle.count > 8 ? " in ..." : "")",
                span: definitions.actions[first]?.span,
                notes: cycle.dropFirst().dropLast().prefix(8).compactMap { uid in
                    definitions.actions[uid]?.span.map { Diagnostic.Note("`\(uid.description.shortened)` is declared here", span: $0) }
                })
        }
    }

    // MARK: Warnings

    private func warnings(source: SourceText?) -> [Diagnostic] {
        var warnings: [Diagnostic] = []
        for name in definitions.commonTypeNames {
            guard let definition = definitions.commonTypes[name] else { continue }
            if let entity = definitions.entityTypes[name] {
                warnings.append(
                    Diagnostic(
                        "the common type `\(name.description.shortened)` hides the entity type of that name", severity: .warning,
                        span: definition.span, notes: entity.span.map { [Diagnostic.Note("the entity type is here", span: $0)] } ?? [],
                        source: source, code: "schema-warning"))
            }
        }
        let types =
            definitions.entityTypeNames.map { ($0, definitions.entityTypes[$0]?.span) }
            + definitions.commonTypeNames.map { ($0, definitions.commonTypes[$0]?.span) }
        for (name, span) in types where BuiltInType(rawValue: String(name.basename)) != nil {
            warnings.append(
                Diagnostic(
                    "`\(name.description.shortened)` hides the type `\(name.basename)` of the language", severity: .warning, span: span,
                    help: "that one can still be reached as `\(Name.reservedNamespace)::\(name.basename)`", source: source, code: "schema-warning"))
        }
        return warnings
    }
}

extension Schema {
    /// Resolves the names of a schema.
    ///
    /// - Throws: ``ParseError`` with every fault: names that are not declared, declared twice, reserved, or hide those of the
    ///   empty namespace; common types that contain themselves; actions that are members of themselves; contexts that are no
    ///   records.
    public init(_ fragment: SchemaFragment) throws(ParseError) {
        var resolver = SchemaResolver(fragment)
        self = try resolver.schema(source: fragment.source)
    }
}
