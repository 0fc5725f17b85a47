/// The attributes that records of a type have: also the form of an entity's attributes and of an action's context.
///
/// Records have no attributes but those of their type.
public struct RecordType: Equatable, Sendable {
    /// In ascending order of their names, which are distinct.
    public let attributes: [Attribute]

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
    }

    /// - Returns: `nil` when two attributes have the same name.
    public init?(_ attributes: some Sequence<Attribute>) {
        let sorted = attributes.sorted { $0.name < $1.name }
        for (index, attribute) in sorted.enumerated().dropFirst() where sorted[index - 1].name == attribute.name {
            return nil
        }
        self.attributes = sorted
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

extension RecordType.Attribute: Equatable {
    /// Annotations are no part of a type.
    public static func == (lhs: RecordType.Attribute, rhs: RecordType.Attribute) -> Bool {
        lhs.name == rhs.name && lhs.isRequired == rhs.isRequired && lhs.type == rhs.type
    }
}

extension RecordType: CustomStringConvertible {
    /// The type in Cedar schema syntax.
    public var description: String {
        let attributes = attributes.map { attribute in
            let name = attribute.name.isIdentifier ? attribute.name.string : attribute.name.literal
            return "\(name)\(attribute.isRequired ? "" : "?"): \(attribute.type)"
        }
        return "{\(attributes.joined(separator: ", "))}"
    }
}
