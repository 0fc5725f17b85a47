/// A schema as its author wrote it: declarations in the order of the text, names as they stand there.
///
/// It is what translation and formatting work on. ``Schema/init(_:)`` finds out what the names mean.
public struct SchemaFragment: Sendable {
    var items: [Item]
    /// The text that the spans point into.
    public let source: SourceText?

    enum Item: Sendable {
        case namespace(NamespaceDeclaration)
        /// A declaration in the empty namespace.
        case declaration(SchemaDeclaration)
    }
}

/// `namespace NAME { ... }`
struct NamespaceDeclaration: Sendable {
    var name: Name
    var declarations: [SchemaDeclaration]
    var annotations: [Annotation]
    var nameSpan: SourceSpan?
    var span: SourceSpan?
}
