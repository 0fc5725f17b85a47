import LynxCedar

/// An entry of a document's outline.
struct OutlineSymbol {
    let name: String
    let detail: String?
    let kind: Kind
    let span: SourceSpan
    let nameSpan: SourceSpan
    var children: [OutlineSymbol] = []

    /// The numbers of the protocol's `SymbolKind`.
    enum Kind: Int {
        case namespace = 3
        case entityType = 5
        case attribute = 8
        case policy = 12
        case commonType = 23
        case action = 24
    }

    /// As `DocumentSymbol`. Attributes nest no deeper than the parser lets types nest.
    func tree(_ lines: LineTable) -> JSONValue {
        let members: [(CedarString, JSONValue?)] = [
            ("name", JSONValue(name)), ("detail", detail.map { JSONValue($0) }), ("kind", JSONValue(kind.rawValue)),
            ("range", lines.range(span)), ("selectionRange", lines.range(nameSpan)),
            ("children", children.isEmpty ? nil : JSONValue(.array(children.map { $0.tree(lines) }))),
        ]
        return .object(members)
    }

    /// As a list of `SymbolInformation`.
    func flat(_ document: Document, container: String?) -> [JSONValue] {
        let members: [(CedarString, JSONValue?)] = [
            ("name", JSONValue(name)), ("kind", JSONValue(kind.rawValue)), ("location", document.location(span)),
            ("containerName", container.map { JSONValue($0) }),
        ]
        return [JSONValue.object(members)] + children.flatMap { $0.flat(document, container: name) }
    }

    // MARK: Policies

    static func policies(_ text: PolicyText) -> [OutlineSymbol] {
        var number = 0
        return text.statements.compactMap { statement in
            guard let effect = statement.effect else { return nil }
            defer { number += 1 }
            let id = (statement.tokens.lowerBound..<effect).first {
                text.kind($0) == .at && text.kind($0 + 1) == .identifier && text.text($0 + 1) == "id" && text.kind($0 + 3) == .string
            }.flatMap { text.source.content(of: text.tokens[$0 + 3]) }
            // Clients refuse symbols without a name.
            let name = id.map(\.string).flatMap { $0.isEmpty ? nil : $0 } ?? "policy\(number)"
            return OutlineSymbol(
                name: name, detail: String(text.text(effect)), kind: .policy, span: text.span(statement),
                nameSpan: text.tokens[effect].span)
        }
    }

    // MARK: Schemas

    static func declarations(_ index: SchemaIndex) -> [OutlineSymbol] {
        var symbols: [OutlineSymbol] = []
        var namespace: SourceSpan?
        for declaration in index.declarations {
            let symbol = OutlineSymbol(declaration)
            if case .namespace = declaration.symbol {
                symbols.append(symbol)
                namespace = declaration.span
            } else if let namespace, namespace.lowerBound <= symbol.span.lowerBound, symbol.span.upperBound <= namespace.upperBound,
                !symbols.isEmpty
            {
                symbols[symbols.count - 1].children.append(symbol)
            } else {
                symbols.append(symbol)
            }
        }
        return symbols
    }

    private init(_ declaration: SchemaIndex.Declaration) {
        span = declaration.span.union(declaration.nameSpan)
        nameSpan = declaration.nameSpan
        children = declaration.attributes.map { OutlineSymbol($0) }
        switch declaration.symbol {
        case .namespace(let name): (self.name, detail, kind) = (name.description, "namespace", .namespace)
        case .entityType(let type): (name, detail, kind) = (String(type.basename), "entity", .entityType)
        case .commonType(let type): (name, detail, kind) = (String(type.basename), "type", .commonType)
        case .action(let uid): (name, detail, kind) = (uid.id.asAttributeName, "action", .action)
        }
    }

    private init(_ attribute: SchemaIndex.Attribute) {
        self.init(
            name: attribute.name.asAttributeName, detail: attribute.isRequired ? nil : "optional", kind: .attribute,
            span: attribute.span.union(attribute.nameSpan), nameSpan: attribute.nameSpan,
            children: attribute.attributes.map { OutlineSymbol($0) })
    }

    private init(
        name: String, detail: String?, kind: Kind, span: SourceSpan, nameSpan: SourceSpan, children: [OutlineSymbol] = []
    ) {
        self.name = name
        self.detail = detail
        self.kind = kind
        self.span = span
        self.nameSpan = nameSpan
        self.children = children
    }
}
