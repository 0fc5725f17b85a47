/// Numbers the types of a schema so that equal types have the same number, wherever they are declared.
///
/// Common types that mention each other twice double at each step. Comparing two such types as they are written out would take time
/// that doubles as well; comparing their numbers does not.
struct DistinctTypes: Sendable {
    private let schema = SchemaToken()
    private var numbers: [Form: Int] = [:]

    /// A type with the numbers of the types that it is made of.
    private enum Form: Hashable {
        case scalar(Value.Kind)
        case entity(Name)
        case set(Int)
        case record([Attribute])
    }

    /// Annotations are no part of a type.
    private struct Attribute: Hashable {
        let name: CedarString
        let isRequired: Bool
        let type: Int
    }

    /// The number of a type that is made of no others.
    mutating func number(of type: SchemaType) -> Int {
        if case .entity(let name) = type { number(.entity(name)) } else { number(.scalar(type.kind)) }
    }

    mutating func number(ofSetOf element: Int) -> Int { number(.set(element)) }

    /// - Parameter types: the numbers of the attributes' types.
    mutating func identity(of record: RecordType, types: [CedarString: Int]) -> RecordType.Identity {
        let attributes = record.attributes.map {
            Attribute(name: $0.name, isRequired: $0.isRequired, type: types[$0.name] ?? -1)
        }
        return RecordType.Identity(schema: schema, number: number(.record(attributes)))
    }

    private mutating func number(_ form: Form) -> Int {
        if let known = numbers[form] { return known }
        let number = numbers.count
        numbers[form] = number
        return number
    }
}

/// Tells the types of one schema from those of another.
final class SchemaToken: Hashable, Sendable {
    static func == (lhs: SchemaToken, rhs: SchemaToken) -> Bool { lhs === rhs }

    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
