/// Where a schema's text declares its names and where it uses them, for tools that lead readers from one to the other.
///
/// It is made of what the text says, also when some of its names mean nothing; these do not occur in it.
public struct SchemaIndex: Sendable {
    /// What a schema gives a name.
    public enum Symbol: Hashable, Sendable {
        case namespace(Name)
        case entityType(Name)
        case commonType(Name)
        case action(EntityUID)
    }

    /// A place that declares or names a symbol.
    public struct Occurrence: Hashable, Sendable {
        public let symbol: Symbol
        /// The last component of the name, or the action's id with the quotes that it may have; in the JSON format the string that holds it.
        public let span: SourceSpan
        public let isDeclaration: Bool

        public init(symbol: Symbol, span: SourceSpan, isDeclaration: Bool) {
            self.symbol = symbol
            self.span = span
            self.isDeclaration = isDeclaration
        }
    }

    public struct Declaration: Sendable {
        public let symbol: Symbol
        public let nameSpan: SourceSpan
        /// The whole declaration, which may declare others alike.
        public let span: SourceSpan
        /// Of entities, of the records that a common type names, or of an action's context.
        public let attributes: [Attribute]
    }

    /// An attribute as the text declares it.
    public struct Attribute: Sendable {
        public let name: CedarString
        public let isRequired: Bool
        public let nameSpan: SourceSpan
        public let span: SourceSpan
        public let typeSpan: SourceSpan
        /// Those of the record that is written as its type, or as the type of its elements.
        public let attributes: [Attribute]
    }

    /// What has attributes.
    public enum Holder: Hashable, Sendable {
        case entityType(Name)
        case commonType(Name)
        /// The context of requests for an action.
        case context(EntityUID)
    }

    /// In the order of the text.
    public private(set) var occurrences: [Occurrence] = []
    /// In the order of the text.
    public private(set) var declarations: [Declaration] = []
    private let resolver: SchemaResolver

    /// Linear in the size of the schema's text, but for the order of the occurrences.
    public init(_ fragment: SchemaFragment) {
        resolver = SchemaResolver(fragment)
        for item in fragment.items {
            switch item {
            case .declaration(let declaration):
                add(declaration, in: nil)
            case .namespace(let namespace):
                add(namespace)
                for declaration in namespace.declarations { add(declaration, in: namespace.name) }
            }
        }
        occurrences.sort { $0.span.lowerBound < $1.span.lowerBound }
    }

    /// Where a symbol is declared; several places when the text says so more than once, which is a fault.
    public func declarations(of symbol: Symbol) -> [Declaration] { declarations.filter { $0.symbol == symbol } }

    // MARK: Occurrences

    private mutating func add(_ symbol: Symbol, at span: SourceSpan?, isDeclaration: Bool = false) {
        guard let span else { return }
        occurrences.append(Occurrence(symbol: symbol, span: span, isDeclaration: isDeclaration))
    }

    private mutating func declare(
        _ symbol: Symbol, at nameSpan: SourceSpan?, _ span: SourceSpan?, attributes: [Attribute] = []
    ) {
        guard let nameSpan else { return }
        add(symbol, at: nameSpan, isDeclaration: true)
        declarations.append(
            Declaration(symbol: symbol, nameSpan: nameSpan, span: span ?? nameSpan, attributes: attributes))
    }

    private mutating func add(_ namespace: NamespaceDeclaration) {
        declare(.namespace(namespace.name), at: namespace.nameSpan, namespace.span)
    }

    private mutating func add(_ declaration: SchemaDeclaration, in namespace: Name?) {
        switch declaration {
        case .entity(let entity): add(entity, in: namespace)
        case .action(let action): add(action, in: namespace)
        case .commonType(let commonType):
            declare(
                .commonType(Name(commonType.name.name, in: namespace)), at: commonType.name.span, commonType.span,
                attributes: SchemaIndex.attributes(of: commonType.type))
            add(commonType.type, in: namespace)
        }
    }

    private mutating func add(_ entity: EntityDeclaration, in namespace: Name?) {
        var attributes: [Attribute] = []
        if case .standard(let parents, let shape, let tags) = entity.kind {
            for parent in parents { add(parent, .entity, in: namespace) }
            if let shape {
                attributes = SchemaIndex.attributes(of: shape)
                add(shape, in: namespace)
            }
            if let tags { add(tags, in: namespace) }
        }
        for name in entity.names {
            declare(.entityType(Name(name.name, in: namespace)), at: name.span, entity.span, attributes: attributes)
        }
    }

    private mutating func add(_ action: ActionDeclaration, in namespace: Name?) {
        for parent in action.memberOf ?? [] {
            let type = parent.type?.name ?? "Action"
            for candidate in resolver.candidates(type, in: namespace) {
                let uid = EntityUID(type: candidate, id: parent.id)
                guard resolver.definitions.actions[uid] != nil else { continue }
                add(.action(uid), at: parent.idSpan ?? parent.span)
                break
            }
        }
        for name in (action.appliesTo?.principals ?? []) + (action.appliesTo?.resources ?? []) {
            add(name, .entity, in: namespace)
        }
        let context = action.appliesTo?.context
        if let context { add(context, in: namespace) }
        let attributes = context.map(SchemaIndex.attributes) ?? []
        for id in action.ids {
            let uid = EntityUID(type: Name("Action", in: namespace), id: id.id)
            declare(.action(uid), at: id.span, action.span, attributes: attributes)
        }
    }

    private mutating func add(_ name: TypeName, _ kind: TypeExpression.NameKind, in namespace: Name?) {
        let span = name.span.map { span in
            // In the JSON format the span is that of a string, quotes and all.
            guard resolver.diagnostics.source?.substring(span).utf8.last != UInt8(ascii: "\"") else { return span }
            let length = min(UInt32(name.name.basename.utf8.count), span.upperBound - span.lowerBound)
            return SourceSpan(span.upperBound - length..<span.upperBound)
        }
        switch resolver.meaning(of: name.name, kind, in: namespace) {
        case .common(let name): add(.commonType(name), at: span)
        case .entity(let name): add(.entityType(name), at: span)
        case .builtIn, nil: break
        }
    }

    private mutating func add(_ type: TypeExpression, in namespace: Name?) {
        switch type.kind {
        case .name(let name, let kind): add(TypeName(name: name, span: type.span), kind, in: namespace)
        case .set(let element): add(element, in: namespace)
        case .record(let attributes): for attribute in attributes { add(attribute.type, in: namespace) }
        case .builtIn: break
        }
    }

    // MARK: Attributes

    private static func attributes(of type: TypeExpression) -> [Attribute] {
        switch type.kind {
        case .record(let declared):
            declared.compactMap { attribute in
                guard let nameSpan = attribute.nameSpan else { return nil }
                return Attribute(
                    name: attribute.name, isRequired: attribute.isRequired, nameSpan: nameSpan,
                    span: attribute.span ?? nameSpan, typeSpan: attribute.type.span ?? nameSpan,
                    attributes: attributes(of: attribute.type))
            }
        case .set(let element): attributes(of: element)
        case .name, .builtIn: []
        }
    }

    /// Where an attribute is declared that is reached from a holder through records: the last name of `path`.
    ///
    /// - Returns: `nil` when there is none, or when the way leads through an entity, which is a holder of its own.
    public func attributeSpan(_ path: [CedarString], of holder: Holder) -> SourceSpan? {
        guard var (type, namespace) = type(of: holder) else { return nil }
        var span: SourceSpan?
        for name in path {
            guard case .record(let attributes)? = written(&type, &namespace) else { return nil }
            guard let attribute = attributes.first(where: { $0.name == name }) else { return nil }
            span = attribute.nameSpan
            type = attribute.type
        }
        return span
    }

    private func type(of holder: Holder) -> (TypeExpression, Name?)? {
        switch holder {
        case .entityType(let name):
            guard let definition = resolver.definitions.entityTypes[name],
                case .standard(_, let attributes?, _) = definition.declaration.kind
            else { return nil }
            return (attributes, definition.namespace)
        case .commonType(let name):
            return resolver.definitions.commonTypes[name].map { ($0.declaration.type, $0.namespace) }
        case .context(let uid):
            guard let definition = resolver.definitions.actions[uid], let context = definition.declaration.appliesTo?.context
            else { return nil }
            return (context, definition.namespace)
        }
    }

    /// What a type is written as, behind the common types that it may be named by.
    private func written(_ type: inout TypeExpression, _ namespace: inout Name?) -> TypeExpression.Kind? {
        // Common types may go round in a circle, which is a fault that has been reported where they are resolved.
        for _ in 0...SchemaType.maximumDepth {
            guard case .name(let name, let kind) = type.kind else { return type.kind }
            guard case .common(let common) = resolver.meaning(of: name, kind, in: namespace),
                let definition = resolver.definitions.commonTypes[common]
            else { return nil }
            type = definition.declaration.type
            namespace = definition.namespace
        }
        return nil
    }
}
