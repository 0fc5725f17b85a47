/// The attributes that records of a type have: also the form of an entity's attributes and of an action's context.
///
/// Records have no attributes but those of their type.
public struct RecordType: Sendable {
    /// In ascending order of their names, which are distinct.
    public let attributes: [Attribute]
    /// `nil` for a type that belongs to no schema.
    let identity: Identity?

    /// Which of a schema's types it is: two of one schema are equal exactly if their numbers are.
    struct Identity: Hashable, Sendable {
        let schema: SchemaToken
        let number: Int
    }

    public struct Attribute: Sendable {
        public let name: CedarString
        public let type: SchemaType
        /// Whether every record of the type has the attribute.
        public let isRequired: Bool
        public let annotations: [Annotation]

        public init(name: CedarString, type: SchemaType, isRequired: Bool = true, annotations: [Annotation] = []) {
            self.name = name
            self.type = type
            self.isRequired = isRequired
            self.annotations = annotations
        }
    }

    /// The type of records without attributes.
    public init() {
        self.attributes = []
        self.identity = nil
    }

    /// - Returns: `nil` when two attributes have the same name.
    public init?(_ attributes: some Sequence<Attribute>) {
        let sorted = attributes.sorted { $0.name < $1.name }
        for (index, attribute) in sorted.enumerated().dropFirst() where sorted[index - 1].name == attribute.name {
            return nil
        }
        self.attributes = sorted
        self.identity = nil
    }

    /// The type as one of a schema's.
    func identified(as identity: Identity) -> RecordType { RecordType(attributes, identity) }

    private init(_ attributes: [Attribute], _ identity: Identity) {
        self.attributes = attributes
        self.identity = identity
    }

    public var isEmpty: Bool { attributes.isEmpty }

    /// The attribute of that name. `O(log n)` comparisons.
    public subscript(name: CedarString) -> Attribute? {
        var low = 0
        var high = attributes.count
        while low < high {
            let middle = (low + high) / 2
            if attributes[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return low < attributes.count && attributes[low].name == name ? attributes[low] : nil
    }
}

extension RecordType: Equatable {
    /// `O(1)` for types of one schema; others are compared as they are written out.
    public static func == (lhs: RecordType, rhs: RecordType) -> Bool {
        if let lhs = lhs.identity, let rhs = rhs.identity, lhs.schema == rhs.schema { return lhs.number == rhs.number }
        return lhs.attributes == rhs.attributes
    }
}

extension RecordType.Attribute: Equatable {
    /// Annotations are no part of a type.
    public static func == (lhs: RecordType.Attribute, rhs: RecordType.Attribute) -> Bool {
        lhs.name == rhs.name && lhs.isRequired == rhs.isRequired && lhs.type == rhs.type
    }
}

extension RecordType: CustomStringConvertible {
    /// The type in Cedar schema syntax.
    public var description: String {
        SchemaType.record(self).description
    }
}
