extension Schema {
    /// A name for a type. Other parts of a ``Schema`` do not refer to it: they have the type itself in its place.
    public struct CommonType: Sendable {
        public let name: Name
        public let type: SchemaType
        public let annotations: [Annotation]
        /// Where the schema declares the name.
        public let span: SourceSpan?
    }

    /// A namespace that declarations stand in.
    public struct Namespace: Sendable {
        public let name: Name
        public let annotations: [Annotation]
        /// Where the schema gives the name.
        public let span: SourceSpan?
    }
}
