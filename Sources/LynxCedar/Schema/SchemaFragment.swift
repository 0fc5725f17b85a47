/// A schema as its author wrote it: declarations in the order of the text, names as they stand there.
///
/// It is what translation between Cedar's own syntax and its JSON format works on, see ``json`` and ``cedarText()``. Nothing is
/// declared in it twice; what its names refer to, ``Schema/init(_:)`` finds out. Fragments are equal when they say the same in the
/// same order, wherever it stands in a text.
///
///     let fragment = try SchemaFragment(cedar: "entity User in [Group] { mfa: Bool }; entity Group;")
///     print(fragment.json.formatted())
public struct SchemaFragment: Sendable {
    var items: [Item]
    /// The text that the spans point into.
    public let source: SourceText?

    enum Item: Hashable, Sendable {
        case namespace(NamespaceDeclaration)
        /// A declaration in the empty namespace.
        case declaration(SchemaDeclaration)
    }
}

extension SchemaFragment: Hashable {
    public static func == (lhs: SchemaFragment, rhs: SchemaFragment) -> Bool { lhs.items == rhs.items }

    public func hash(into hasher: inout Hasher) { hasher.combine(items) }
}

extension SchemaFragment {
    /// The fragment, when each of its names is one that can be declared and is declared once.
    ///
    /// - Throws: ``ParseError`` with a fault for each name that is taken or reserved.
    func checked() throws(ParseError) -> SchemaFragment {
        var diagnostics = DiagnosticCollector(source: source)
        _ = SchemaDefinitions(self, reportingTo: &diagnostics)
        try diagnostics.finish()
        return self
    }
}

/// `namespace NAME { ... }`
struct NamespaceDeclaration: Hashable, Sendable {
    var name: Name
    var declarations: [SchemaDeclaration]
    var annotations: [Annotation]
    @Incidental var nameSpan: SourceSpan?
    @Incidental var span: SourceSpan?
}
