extension Schema {
    /// A type of entities.
    public struct EntityType: Sendable {
        public let name: Name
        public let kind: Kind
        public let annotations: [Annotation]
        /// Where the schema declares the name.
        public let span: SourceSpan?
        /// The ids of an enumeration.
        private let ids: Set<CedarString>

        init(name: Name, kind: Kind, annotations: [Annotation], span: SourceSpan?) {
            self.name = name
            self.kind = kind
            self.annotations = annotations
            self.span = span
            self.ids = if case .enumeration(let ids) = kind { Set(ids) } else { [] }
        }

        public enum Kind: Sendable {
            /// - Parameters:
            ///   - tags: the type of all tags; entities have none where it is `nil`.
            ///   - memberOf: the types that parents may be of, in the order of the schema, each once.
            case standard(attributes: RecordType, tags: SchemaType?, memberOf: [Name])
            /// The type has these entities only, which have neither attributes nor tags nor parents. Never empty.
            case enumeration([CedarString])
        }

        /// The attributes of its entities; an enumeration has none.
        public var attributes: RecordType {
            if case .standard(let attributes, _, _) = kind { attributes } else { RecordType() }
        }

        /// The type of its tags, `nil` when there are no tags.
        public var tags: SchemaType? {
            if case .standard(_, let tags, _) = kind { tags } else { nil }
        }

        /// The types that parents may be of; see ``Schema/ancestors(ofEntityType:)`` for those of all ancestors.
        public var memberOf: [Name] {
            if case .standard(_, _, let memberOf) = kind { memberOf } else { [] }
        }

        /// Whether its entities can have the id. `O(1)` expected.
        public func allows(_ id: CedarString) -> Bool {
            if case .enumeration = kind { ids.contains(id) } else { true }
        }

        /// The ids that its entities can have; `nil` when they can have any.
        public var enumeration: [CedarString]? {
            if case .enumeration(let ids) = kind { ids } else { nil }
        }
    }
}
