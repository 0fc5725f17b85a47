/// Says a schema as Cedar's own syntax has it, where a type is known by its name alone. The JSON format can say more, and what goes
/// beyond is reported.
struct CedarSpelling: SchemaRewriter {
    private let names: SchemaResolver
    private(set) var diagnostics: DiagnosticCollector

    /// - Parameter fragment: what is to be rewritten.
    init(_ fragment: SchemaFragment) {
        self.names = SchemaResolver(fragment)
        self.diagnostics = DiagnosticCollector(source: fragment.source)
        reportCollisions()
    }

    /// The reference implementation translates no schema in which a namespace declares a name as both, also where nothing
    /// refers to the entity type. In the empty namespace it does.
    private mutating func reportCollisions() {
        for name in names.definitions.commonTypeNames where name.isQualified {
            guard let entity = names.definitions.entityTypes[name] else { continue }
            diagnostics.report(
                "`\(name.description.shortened)` is an entity type and a common type, which the translation to Cedar syntax does not tell apart",
                span: names.definitions.commonTypes[name]?.span, help: "give one of them another name",
                notes: entity.span.map { [Diagnostic.Note("the entity type is here", span: $0)] } ?? [])
        }
    }

    mutating func type(
        _ name: Name, _ kind: TypeExpression.NameKind, at span: SourceSpan?, in namespace: Name?
    ) -> TypeExpression.Kind {
        let meant = names.meaning(of: name, kind, in: namespace)
        // A name that stands for nothing stays as it is: what it may stand for in the end is not known here.
        guard kind != .any, let meant, names.meaning(of: name, .any, in: namespace) != meant else { return .name(name, .any) }
        switch meant {
        case .builtIn(let type): return .name(CedarSpelling.qualified(type), .any)
        case .common(let full), .entity(let full):
            if names.meaning(of: full, .any, in: namespace) == meant { return .name(full, .any) }
            let (what, other) = if case .entity = meant { ("entity", "common") } else { ("common", "entity") }
            diagnostics.report(
                "Cedar syntax cannot name the \(what) type `\(full.description.shortened)` here: the \(other) type of that name goes first",
                span: span, help: "give one of them another name")
            return .name(name, .any)
        }
    }

    /// The shortest name of the language's type that means it there.
    func builtIn(_ type: BuiltInType, in namespace: Name?) -> TypeExpression.Kind {
        let short = Name(unchecked: type.rawValue)
        return .name(names.meaning(of: short, .any, in: namespace) == .builtIn(type) ? short : CedarSpelling.qualified(type), .any)
    }

    private static func qualified(_ type: BuiltInType) -> Name {
        Name(unchecked: "\(Name.reservedNamespace)::\(type.rawValue)")
    }

    mutating func attributes(_ type: TypeExpression, of entity: EntityDeclaration, in namespace: Name?) -> TypeExpression {
        if case .record = type.kind { return rewrite(type, in: namespace) }
        let name = entity.names.first.map { Name($0.name, in: namespace).description } ?? ""
        diagnostics.report(
            "the attributes of `\(name.shortened)` are not written out as a record, and Cedar syntax has no other form for them",
            span: type.span, help: "give the attributes themselves in place of the type's name")
        return type
    }

    mutating func context(_ type: TypeExpression, of action: ActionDeclaration, in namespace: Name?) -> TypeExpression {
        switch type.kind {
        // Only a common type can stand here, in both formats.
        case .name: return type
        case .record, .builtIn: return rewrite(type, in: namespace)
        case .set:
            let uid = EntityUID(type: Name("Action", in: namespace), id: action.ids.first?.id ?? "")
            diagnostics.report("the context of `\(uid.description.shortened)` must be a record, not a set", span: type.span)
            return type
        }
    }
}
