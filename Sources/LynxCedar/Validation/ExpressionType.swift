/// What the type checker knows of an expression's values.
///
/// Wider than ``SchemaType``, the types that a schema can declare: an expression may be known to be always true, to be an entity of
/// one of several types, or to have attributes beyond those that are known.
public indirect enum ExpressionType: Sendable {
    /// The type without values, below every other.
    case never
    /// A truth value; always the same one where the payload is not `nil`.
    case bool(Bool?)
    case long
    case string
    case decimal
    case ip
    case datetime
    case duration
    /// An entity of that type.
    case entity(Name)
    /// An entity of one of two or more types, distinct and in ascending order. Only in permissive validation.
    case anyOf([Name])
    /// An entity of whatever type: what operators expect.
    case anyEntity
    /// A set of elements of that type; of whatever type where it is `nil`, as operators expect it.
    case set(ExpressionType?)
    case record(RecordShape)
}

/// The attributes that a record is known to have or may have.
public struct RecordShape: Sendable {
    public struct Attribute: Hashable, Sendable {
        public let name: CedarString
        public let type: ExpressionType
        /// Whether every record of the shape has the attribute.
        public let isRequired: Bool
    }

    /// A schema's record types are taken as they are, not copied: written out in full they may be much larger.
    private enum Storage: Sendable {
        case declared(RecordType)
        case inferred(Inferred)
    }

    /// What policies make of types. An object, so that a type that stands in many places is known to be the same.
    private final class Inferred: Sendable {
        /// In ascending order of the names, which are distinct.
        let attributes: [Attribute]

        init(_ attributes: [Attribute]) {
            self.attributes = attributes
        }
    }

    private let storage: Storage
    /// Whether there may be attributes of which nothing is known.
    public let isOpen: Bool

    /// The records of a type that a schema declares.
    init(_ type: RecordType) {
        storage = .declared(type)
        isOpen = false
    }

    /// - Precondition: the names are distinct and in ascending order.
    init(inferred attributes: [Attribute], isOpen: Bool = false) {
        storage = .inferred(Inferred(attributes))
        self.isOpen = isOpen
    }

    /// All records: what operators expect.
    static let any = RecordShape(inferred: [], isOpen: true)

    /// In ascending order of their names, which are distinct. `O(n)` in their number.
    public var attributes: [Attribute] {
        switch storage {
        case .declared(let type): type.attributes.map(Attribute.init)
        case .inferred(let inferred): inferred.attributes
        }
    }

    /// The names of ``attributes``.
    var names: [CedarString] {
        switch storage {
        case .declared(let type): type.attributes.map(\.name)
        case .inferred(let inferred): inferred.attributes.map(\.name)
        }
    }

    /// What is known of an attribute. `O(log n)` comparisons.
    public subscript(name: CedarString) -> Attribute? {
        switch storage {
        case .declared(let type): type[name].map(Attribute.init)
        case .inferred(let inferred): RecordShape.attribute(name, in: inferred.attributes)
        }
    }

    private static func attribute(_ name: CedarString, in attributes: [Attribute]) -> Attribute? {
        var low = 0
        var high = attributes.count
        while low < high {
            let middle = (low + high) / 2
            if attributes[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return low < attributes.count && attributes[low].name == name ? attributes[low] : nil
    }

    /// What tells a shape from others while both are there; `nil` where it would have to be looked into.
    ///
    /// Shapes of the same identity are equal, if both are open or neither is.
    var identity: Identity? {
        switch storage {
        case .declared(let type): type.identity.map { .declared($0) }
        case .inferred(let inferred): .inferred(ObjectIdentifier(inferred))
        }
    }

    enum Identity: Hashable {
        case declared(RecordType.Identity)
        case inferred(ObjectIdentifier)
    }
}

extension RecordShape.Attribute {
    init(_ attribute: RecordType.Attribute) {
        self.init(name: attribute.name, type: ExpressionType(attribute.type), isRequired: attribute.isRequired)
    }
}

extension RecordShape: Hashable {
    public static func == (lhs: RecordShape, rhs: RecordShape) -> Bool {
        var comparison = TypeComparison()
        return comparison.areEqual(lhs, rhs)
    }

    public func hash(into hasher: inout Hasher) {
        // Names alone: types may be large, and equal names nearly always come with equal types.
        hasher.combine(names)
    }
}

extension ExpressionType: Hashable {}

extension ExpressionType {
    /// The type of the values that a schema gives that type.
    public init(_ type: SchemaType) {
        self =
            switch type {
            case .entity(let name): .entity(name)
            case .set(let element): .set(ExpressionType(element))
            case .record(let record): .record(RecordShape(record))
            default: ExpressionType(type.kind)
            }
    }

    /// The type of all values of a kind, as the parameters of functions have it.
    init(_ kind: Value.Kind) {
        self =
            switch kind {
            case .bool: .bool(nil)
            case .long: .long
            case .string: .string
            case .decimal: .decimal
            case .ip: .ip
            case .datetime: .datetime
            case .duration: .duration
            case .entity: .anyEntity
            case .set: .set(nil)
            case .record: .record(.any)
            }
    }

    /// The entity types that its values can be of; `nil` when they are no entities or of any type.
    var entityTypes: [Name]? {
        switch self {
        case .entity(let name): [name]
        case .anyOf(let names): names
        default: nil
        }
    }

    /// The type of entities of one of these types.
    ///
    /// - Precondition: there is at least one.
    init(entityTypes: Set<Name>) {
        let names = entityTypes.sorted()
        self = names.count == 1 ? .entity(names[0]) : .anyOf(names)
    }
}

// MARK: Order

extension ExpressionType {
    /// Why two types have no common supertype.
    public enum Incompatibility: Error, Hashable, Sendable {
        /// Corresponding attributes differ in being required.
        case optionality
        /// Records have different attributes.
        case attributes
        /// Entities are of different types.
        case entityTypes
        /// One is an entity and the other a record.
        case entityAndRecord
        case different
    }

    /// Whether all its values are values of another type. Strict validation tells apart what permissive validation takes
    /// for a special case: entities by their types, records by their attributes.
    func isSubtype(of other: ExpressionType, isStrict: Bool) -> Bool {
        var comparison = TypeComparison()
        return comparison.isSubtype(self, of: other, isStrict: isStrict)
    }

    /// The smallest type that has the values of both.
    ///
    /// - Throws: why there is none.
    func leastUpperBound(
        _ other: ExpressionType, isStrict: Bool
    ) throws(Incompatibility) -> ExpressionType {
        var comparison = TypeComparison()
        return try comparison.leastUpperBound(self, other, isStrict: isStrict)
    }

    var isEntity: Bool {
        switch self {
        case .entity, .anyOf, .anyEntity: true
        default: false
        }
    }

    /// Whether no value can be of both types. Said of entities only; other types may be told apart by ``leastUpperBound(_:isStrict:)``.
    func isDisjoint(from other: ExpressionType) -> Bool {
        guard let lhs = entityTypes, let rhs = other.entityTypes else { return false }
        return !lhs.contains { rhs.contains($0) }
    }
}

extension RecordShape {
    /// The attributes that records of both shapes may have, and for which there is a type.
    func commonAttributes(with other: RecordShape) -> [Attribute] {
        var comparison = TypeComparison()
        return comparison.commonAttributes(self, other)
    }
}

// MARK: Text

extension ExpressionType: CustomStringConvertible {
    /// The type in Cedar schema syntax, and in words where that has no name for it.
    public var description: String { TypeText(self).text }

    /// The start of the type's text, as a message quotes it. Takes time in its own size, not in the type's.
    var excerpt: String { TypeText(self, limit: 256).text.shortened }
}

extension RecordShape: CustomStringConvertible {
    public var description: String { ExpressionType.record(self).description }
}
