/// What a schema declares, by full names: the first step of resolving it. Faults of the declarations themselves are reported
/// here: names that are taken, reserved, or would hide those of the empty namespace.
struct SchemaDefinitions: Sendable {
    /// A declared name, with where it stands.
    struct Definition<Declaration: Sendable>: Sendable {
        let declaration: Declaration
        let namespace: Name?
        let span: SourceSpan?
    }

    private(set) var entityTypes: [Name: Definition<EntityDeclaration>] = [:]
    private(set) var commonTypes: [Name: Definition<CommonTypeDeclaration>] = [:]
    private(set) var actions: [EntityUID: Definition<ActionDeclaration>] = [:]
    /// The keys of ``entityTypes``, ``commonTypes`` and ``actions`` in the order of their declarations.
    private(set) var entityTypeNames: [Name] = []
    private(set) var commonTypeNames: [Name] = []
    private(set) var actionUIDs: [EntityUID] = []
    /// The types that declared actions are of.
    private(set) var actionTypes: Set<Name> = []
    private(set) var namespaces: [Name: NamespaceDeclaration] = [:]
    private(set) var namespaceNames: [Name] = []

    init(_ fragment: SchemaFragment, reportingTo diagnostics: inout DiagnosticCollector) {
        for item in fragment.items {
            switch item {
            case .declaration(let declaration):
                declare(declaration, in: nil, &diagnostics)
            case .namespace(let namespace):
                declare(namespace, &diagnostics)
                for declaration in namespace.declarations { declare(declaration, in: namespace.name, &diagnostics) }
            }
        }
    }

    // MARK: Declarations

    private mutating func declare(_ namespace: NamespaceDeclaration, _ diagnostics: inout DiagnosticCollector) {
        let name = namespace.name
        if name.components.contains(where: { $0 == Name.reservedNamespace }) {
            diagnostics.report("`\(Name.reservedNamespace)` is reserved for the language itself", span: namespace.nameSpan)
        } else if let first = namespaces[name] {
            diagnostics.report(
                "the namespace `\(name.description.shortened)` is declared twice", span: namespace.nameSpan,
                help: "put all of its declarations into one", notes: SchemaDefinitions.firstHere(first.nameSpan))
        } else {
            namespaces[name] = namespace
            namespaceNames.append(name)
        }
    }

    private mutating func declare(
        _ declaration: SchemaDeclaration, in namespace: Name?, _ diagnostics: inout DiagnosticCollector
    ) {
        switch declaration {
        case .entity(let entity):
            for name in entity.names { declare(name, of: entity, in: namespace, &diagnostics) }
            guard case .standard(_, let attributes, let tags) = entity.kind else { return }
            if let attributes { reportDuplicates(in: attributes, &diagnostics) }
            if let tags { reportDuplicates(in: tags, &diagnostics) }
        case .commonType(let commonType):
            declare(commonType, in: namespace, &diagnostics)
            reportDuplicates(in: commonType.type, &diagnostics)
        case .action(let action):
            for id in action.ids { declare(id, of: action, in: namespace, &diagnostics) }
            if let context = action.appliesTo?.context { reportDuplicates(in: context, &diagnostics) }
        }
    }

    private mutating func declare(
        _ declared: DeclaredName, of entity: EntityDeclaration, in namespace: Name?,
        _ diagnostics: inout DiagnosticCollector
    ) {
        guard SchemaDefinitions.isAllowed(declared, &diagnostics) else { return }
        guard declared.name != "Action" else {
            diagnostics.report(
                "`Action` is the type of actions and cannot be declared", span: declared.span,
                help: "actions are declared by `action` alone")
            return
        }
        let name = Name(declared.name, in: namespace)
        if let first = entityTypes[name] {
            diagnostics.report(
                "the entity type `\(name.description.shortened)` is declared twice", span: declared.span,
                notes: SchemaDefinitions.firstHere(first.span))
            return
        }
        entityTypes[name] = Definition(declaration: entity, namespace: namespace, span: declared.span)
        entityTypeNames.append(name)
    }

    private mutating func declare(
        _ commonType: CommonTypeDeclaration, in namespace: Name?, _ diagnostics: inout DiagnosticCollector
    ) {
        let declared = commonType.name
        guard SchemaDefinitions.isAllowed(declared, &diagnostics) else { return }
        guard !SchemaDefinitions.reservedCommonTypes.contains(declared.name) else {
            diagnostics.report(
                "`\(declared.name)` is reserved and cannot name a common type", span: declared.span,
                help: "choose another name, such as `\(declared.name)Type`")
            return
        }
        let name = Name(declared.name, in: namespace)
        if let first = commonTypes[name] {
            diagnostics.report(
                "the common type `\(name.description.shortened)` is declared twice", span: declared.span,
                notes: SchemaDefinitions.firstHere(first.span))
            return
        }
        commonTypes[name] = Definition(declaration: commonType, namespace: namespace, span: declared.span)
        commonTypeNames.append(name)
    }

    private mutating func declare(
        _ declared: DeclaredID, of action: ActionDeclaration, in namespace: Name?,
        _ diagnostics: inout DiagnosticCollector
    ) {
        let type = Name("Action", in: namespace)
        let uid = EntityUID(type: type, id: declared.id)
        if let first = actions[uid] {
            diagnostics.report(
                "the action `\(uid.description.shortened)` is declared twice", span: declared.span,
                notes: SchemaDefinitions.firstHere(first.span))
            return
        }
        actions[uid] = Definition(declaration: action, namespace: namespace, span: declared.span)
        actionUIDs.append(uid)
        actionTypes.insert(type)
    }

    /// Attributes that a record names twice.
    private func reportDuplicates(in type: TypeExpression, _ diagnostics: inout DiagnosticCollector) {
        switch type.kind {
        case .name, .builtIn: return
        case .set(let element): reportDuplicates(in: element, &diagnostics)
        case .record(let attributes):
            var spans: [CedarString: SourceSpan?] = [:]
            for attribute in attributes {
                reportDuplicates(in: attribute.type, &diagnostics)
                guard let first = spans[attribute.name] else {
                    spans.updateValue(attribute.nameSpan, forKey: attribute.name)
                    continue
                }
                diagnostics.report(
                    "the attribute \(attribute.name.excerpt) is declared twice", span: attribute.nameSpan,
                    notes: SchemaDefinitions.firstHere(first))
            }
        }
    }

    /// The names that the JSON format gives a meaning of their own.
    private static let reservedCommonTypes: Set<String> = [
        "Bool", "Boolean", "Entity", "Extension", "Long", "Record", "Set", "String",
    ]

    private static func isAllowed(_ declared: DeclaredName, _ diagnostics: inout DiagnosticCollector) -> Bool {
        guard declared.name == Name.reservedNamespace else { return true }
        diagnostics.report("`\(Name.reservedNamespace)` is reserved for the language itself", span: declared.span)
        return false
    }

    static func firstHere(_ span: SourceSpan?) -> [Diagnostic.Note] {
        span.map { [Diagnostic.Note("first declared here", span: $0)] } ?? []
    }

    // MARK: Shadowing

    /// RFC 70: what the empty namespace declares is visible in all others, and they cannot give its names another meaning.
    func reportShadowing(_ diagnostics: inout DiagnosticCollector) {
        var types: [Substring: SourceSpan?] = [:]
        for (name, span) in typeSpans where !name.isQualified { types[name.basename] = .some(span) }
        if !types.isEmpty {
            for (name, span) in typeSpans where name.isQualified {
                guard let hidden = types[name.basename] else { continue }
                report("`\(name.description.shortened)` hides `\(name.basename)` of the empty namespace", at: span, hidden, &diagnostics)
            }
        }
        for uid in actionUIDs where uid.type.isQualified {
            guard let hidden = actions[EntityUID(type: "Action", id: uid.id)], let definition = actions[uid] else { continue }
            report(
                "`\(uid.description.shortened)` hides the action \(uid.id.excerpt) of the empty namespace", at: definition.span,
                hidden.span, &diagnostics)
        }
    }

    private var typeSpans: [(Name, SourceSpan?)] {
        entityTypeNames.map { ($0, entityTypes[$0]?.span) } + commonTypeNames.map { ($0, commonTypes[$0]?.span) }
    }

    private func report(
        _ message: String, at span: SourceSpan?, _ hidden: SourceSpan?, _ diagnostics: inout DiagnosticCollector
    ) {
        diagnostics.report(
            message, span: span, help: "give one of them another name, or put both into namespaces",
            notes: hidden.map { [Diagnostic.Note("hidden would be this", span: $0)] } ?? [])
    }
}
