/// Writes schemas as Cedar text that parses back to the same fragment.
///
/// Declarations stand apart by an empty line, and so do namespaces; an attribute has a line of its own. Everything is appended to
/// one buffer, so printing takes time linear in the text.
struct SchemaPrinter {
    private(set) var text = ""
    private var indentation = 0

    mutating func append(_ fragment: SchemaFragment) {
        for item in fragment.items {
            separate()
            switch item {
            case .declaration(let declaration): append(declaration)
            case .namespace(let namespace): append(namespace)
            }
        }
    }

    private mutating func append(_ namespace: NamespaceDeclaration) {
        append(namespace.annotations)
        beginLine()
        text += "namespace \(namespace.name) {\n"
        indentation += 1
        for (index, declaration) in namespace.declarations.enumerated() {
            if index > 0 { separate() }
            append(declaration)
        }
        indentation -= 1
        beginLine()
        text += "}\n"
    }

    private mutating func append(_ declaration: SchemaDeclaration) {
        switch declaration {
        case .entity(let entity): append(entity)
        case .action(let action): append(action)
        case .commonType(let commonType): append(commonType)
        }
        text += ";\n"
    }

    // MARK: Declarations

    private mutating func append(_ entity: EntityDeclaration) {
        append(entity.annotations)
        beginLine()
        text += "entity \(entity.names.map(\.name).joined(separator: ", "))"
        switch entity.kind {
        case .enumeration(let ids):
            text += " enum [\(ids.map(\.id.literal).joined(separator: ", "))]"
        case .standard(let memberOf, let attributes, let tags):
            if !memberOf.isEmpty { text += " in \(SchemaPrinter.list(memberOf))" }
            if let attributes {
                text += " "
                append(attributes)
            }
            if let tags {
                text += " tags "
                append(tags)
            }
        }
    }

    private mutating func append(_ action: ActionDeclaration) {
        append(action.annotations)
        beginLine()
        text += "action \(action.ids.map { SchemaPrinter.name($0.id) }.joined(separator: ", "))"
        if let memberOf = action.memberOf, !memberOf.isEmpty {
            text += " in [\(memberOf.map(SchemaPrinter.action).joined(separator: ", "))]"
        }
        // An action that applies to no principal or to no resource applies to nothing, which only the JSON format can say otherwise.
        guard let appliesTo = action.appliesTo, !appliesTo.principals.isEmpty, !appliesTo.resources.isEmpty else { return }
        text += " appliesTo {\n"
        indentation += 1
        beginLine()
        text += "principal: \(SchemaPrinter.list(appliesTo.principals)),\n"
        beginLine()
        text += "resource: \(SchemaPrinter.list(appliesTo.resources))"
        if let context = appliesTo.context {
            text += ",\n"
            beginLine()
            text += "context: "
            append(context)
        }
        text += "\n"
        indentation -= 1
        beginLine()
        text += "}"
    }

    private mutating func append(_ commonType: CommonTypeDeclaration) {
        append(commonType.annotations)
        beginLine()
        text += "type \(commonType.name.name) = "
        append(commonType.type)
    }

    private mutating func append(_ annotations: [Annotation]) {
        for annotation in annotations {
            beginLine()
            text += "@\(annotation.key)"
            if let value = annotation.value { text += "(\(value.literal))" }
            text += "\n"
        }
    }

    // MARK: Types

    private mutating func append(_ type: TypeExpression) {
        switch type.kind {
        case .name(let name, _): text += name.description
        case .builtIn(let type): text += "\(Name.reservedNamespace)::\(type.rawValue)"
        case .set(let element):
            text += "Set<"
            append(element)
            text += ">"
        case .record(let attributes): append(attributes)
        }
    }

    private mutating func append(_ attributes: [AttributeDeclaration]) {
        guard !attributes.isEmpty else {
            text += "{}"
            return
        }
        text += "{\n"
        indentation += 1
        for (index, attribute) in attributes.enumerated() {
            append(attribute.annotations)
            beginLine()
            text += "\(SchemaPrinter.name(attribute.name))\(attribute.isRequired ? "" : "?"): "
            append(attribute.type)
            text += index + 1 < attributes.count ? ",\n" : "\n"
        }
        indentation -= 1
        beginLine()
        text += "}"
    }

    // MARK: Structure

    private mutating func beginLine() {
        for _ in 0..<indentation { text += "  " }
    }

    /// An empty line, except at the start of the text.
    private mutating func separate() {
        if !text.isEmpty { text += "\n" }
    }

    /// The name of an attribute or action: an identifier where it can be one. Here `__cedar` can.
    private static func name(_ name: CedarString) -> String {
        Name.isIdentifier(name.string) && !Name.reservedWords.contains(name.string) ? name.string : name.literal
    }

    private static func list(_ types: [TypeName]) -> String { "[\(types.map(\.name.description).joined(separator: ", "))]" }

    private static func action(_ action: ActionName) -> String {
        action.type.map { "\($0.name)::\(action.id.literal)" } ?? name(action.id)
    }
}

extension SchemaFragment: CustomStringConvertible {
    /// The schema as Cedar text, which parses back to an equal fragment if this one was read from Cedar text.
    ///
    /// What was read from JSON may say what Cedar text cannot; ``cedarText()`` finds that out, while this gives what comes nearest.
    public var description: String { spelled().text }

    /// The schema as Cedar text, which means the same: a translation from the JSON format.
    ///
    /// - Throws: ``ParseError`` with every place that Cedar syntax cannot say: attributes of an entity type that are a common type, a
    ///   type that another one of the same name hides, a name in a namespace that is declared as an entity type and as a common type.
    public func cedarText() throws(ParseError) -> String {
        let (text, diagnostics) = spelled()
        try diagnostics.finish()
        return text
    }

    private func spelled() -> (text: String, DiagnosticCollector) {
        var spelling = CedarSpelling(self)
        var printer = SchemaPrinter()
        printer.append(spelling.rewrite(self))
        return (printer.text, spelling.diagnostics)
    }
}
