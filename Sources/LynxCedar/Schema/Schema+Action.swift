extension Schema {
    /// An action, and what requests for it look like.
    public struct Action: Sendable {
        public let uid: EntityUID
        /// The types that principals can be of, in the order of the schema, each once. Empty for an action that is only a group.
        public let principalTypes: [Name]
        /// The types that resources can be of, in the order of the schema, each once.
        public let resourceTypes: [Name]
        public let context: RecordType
        /// The groups that the action is in directly; see ``Schema/ancestors(ofAction:)`` for all.
        public let memberOf: [EntityUID]
        public let annotations: [Annotation]
        /// Where the schema declares the name.
        public let span: SourceSpan?
    }
}
