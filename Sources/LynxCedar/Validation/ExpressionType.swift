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
        /// In ascending order of the names, which are distinct.
        case inferred([Attribute])
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
        storage = .inferred(attributes)
        self.isOpen = isOpen
    }

    /// All records: what operators expect.
    static let any = RecordShape(inferred: [], isOpen: true)

    /// In ascending order of their names, which are distinct. `O(n)` in their number.
    public var attributes: [Attribute] {
        switch storage {
        case .declared(let type): type.attributes.map(Attribute.init)
        case .inferred(let attributes): attributes
        }
    }

    /// The names of ``attributes``.
    var names: [CedarString] {
        switch storage {
        case .declared(let type): type.attributes.map(\.name)
        case .inferred(let attributes): attributes.map(\.name)
        }
    }

    /// What is known of an attribute. `O(log n)` comparisons.
    public subscript(name: CedarString) -> Attribute? {
        switch storage {
        case .declared(let type): type[name].map(Attribute.init)
        case .inferred(let attributes): RecordShape.attribute(name, in: attributes)
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

    /// Whether both are the same type of one schema, told without a look at the attributes' types.
    fileprivate func isSameDeclaration(as other: RecordShape) -> Bool {
        if case .declared(let lhs) = storage, case .declared(let rhs) = other.storage { lhs == rhs } else { false }
    }
}

extension RecordShape.Attribute {
    init(_ attribute: RecordType.Attribute) {
        self.init(name: attribute.name, type: ExpressionType(attribute.type), isRequired: attribute.isRequired)
    }
}

extension RecordShape: Hashable {
    public static func == (lhs: RecordShape, rhs: RecordShape) -> Bool {
        if lhs.isSameDeclaration(as: rhs) { return true }
        return lhs.isOpen == rhs.isOpen && lhs.attributes == rhs.attributes
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
            case .bool: .bool(nil)
            case .long: .long
            case .string: .string
            case .decimal: .decimal
            case .ip: .ip
            case .datetime: .datetime
            case .duration: .duration
            case .entity(let name): .entity(name)
            case .set(let element): .set(ExpressionType(element))
            case .record(let record): .record(RecordShape(record))
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
    fileprivate init(entityTypes: Set<Name>) {
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
        switch (self, other) {
        case (.never, _): true
        case (.bool(let lhs), .bool(let rhs)): rhs == nil || lhs == rhs
        case (.long, .long), (.string, .string), (.decimal, .decimal), (.ip, .ip), (.datetime, .datetime),
            (.duration, .duration), (.anyEntity, .anyEntity):
            true
        case (.entity(let lhs), .entity(let rhs)): lhs == rhs
        case (.entity(let lhs), .anyOf(let rhs)): !isStrict && rhs.contains(lhs)
        case (.anyOf(let lhs), .anyOf(let rhs)): isStrict ? lhs == rhs : Set(lhs).isSubset(of: rhs)
        case (.entity, .anyEntity), (.anyOf, .anyEntity): !isStrict
        case (.set, .set(nil)): true
        case (.set(let lhs?), .set(let rhs?)): lhs.isSubtype(of: rhs, isStrict: isStrict)
        case (.record(let lhs), .record(let rhs)): lhs.isSubtype(of: rhs, isStrict: isStrict)
        default: false
        }
    }

    /// The smallest type that has the values of both.
    ///
    /// - Throws: why there is none.
    func leastUpperBound(
        _ other: ExpressionType, isStrict: Bool
    ) throws(Incompatibility) -> ExpressionType {
        if isSubtype(of: other, isStrict: isStrict) { return other }
        if other.isSubtype(of: self, isStrict: isStrict) { return self }
        switch (self, other) {
        case (.bool, .bool):
            return .bool(nil)
        case (.set(let lhs?), .set(let rhs?)):
            return .set(try lhs.leastUpperBound(rhs, isStrict: isStrict))
        case (.record(let lhs), .record(let rhs)):
            return .record(try lhs.leastUpperBound(rhs, isStrict: isStrict))
        case (.entity, .record), (.anyOf, .record), (.anyEntity, .record),
            (.record, .entity), (.record, .anyOf), (.record, .anyEntity):
            throw .entityAndRecord
        default:
            guard isEntity, other.isEntity else { throw .different }
            guard !isStrict else { throw .entityTypes }
            guard let lhs = entityTypes, let rhs = other.entityTypes else { return .anyEntity }
            return ExpressionType(entityTypes: Set(lhs).union(rhs))
        }
    }

    private var isEntity: Bool {
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
    fileprivate func isSubtype(of other: RecordShape, isStrict: Bool) -> Bool {
        if isSameDeclaration(as: other) { return true }
        guard !isOpen || other.isOpen else { return false }
        if names != other.names {
            // Further attributes are no hindrance where the other leaves open what there is.
            guard other.isOpen, !isStrict else { return false }
        }
        return other.attributes.allSatisfy { rhs in
            guard let lhs = self[rhs.name] else { return false }
            let presence = isStrict ? lhs.isRequired == rhs.isRequired : lhs.isRequired || !rhs.isRequired
            return presence && lhs.type.isSubtype(of: rhs.type, isStrict: isStrict)
        }
    }

    fileprivate func leastUpperBound(
        _ other: RecordShape, isStrict: Bool
    ) throws(ExpressionType.Incompatibility) -> RecordShape {
        if isStrict {
            guard names == other.names else { throw .attributes }
            var common: [Attribute] = []
            for (lhs, rhs) in zip(attributes, other.attributes) {
                let type = try lhs.type.leastUpperBound(rhs.type, isStrict: true)
                guard lhs.isRequired == rhs.isRequired else { throw .optionality }
                common.append(Attribute(name: lhs.name, type: type, isRequired: lhs.isRequired))
            }
            return RecordShape(inferred: common, isOpen: isOpen || other.isOpen)
        }
        let common = commonAttributes(with: other)
        let isExact = common.count == attributes.count && common.count == other.attributes.count
        return RecordShape(inferred: common, isOpen: isOpen || other.isOpen || !isExact)
    }

    /// The attributes that records of both shapes may have, and for which there is a type.
    func commonAttributes(with other: RecordShape) -> [Attribute] {
        attributes.compactMap { lhs in
            guard let rhs = other[lhs.name], let type = try? lhs.type.leastUpperBound(rhs.type, isStrict: false) else { return nil }
            return Attribute(name: lhs.name, type: type, isRequired: lhs.isRequired && rhs.isRequired)
        }
    }
}

// MARK: Text

extension ExpressionType: CustomStringConvertible {
    /// The type in Cedar schema syntax, and in words where that has no name for it.
    public var description: String {
        switch self {
        case .never: "nothing"
        case .bool(nil): "Bool"
        case .bool(true?): "true"
        case .bool(false?): "false"
        case .long: "Long"
        case .string: "String"
        case .decimal: "decimal"
        case .ip: "ipaddr"
        case .datetime: "datetime"
        case .duration: "duration"
        case .entity(let name): name.description
        case .anyOf(let names): names.map(\.description).joined(separator: " or ")
        case .anyEntity: "an entity"
        case .set(nil): "a set"
        case .set(let element?): "Set<\(element)>"
        case .record(let shape): shape.description
        }
    }
}

extension RecordShape: CustomStringConvertible {
    public var description: String {
        if isOpen && names.isEmpty { return "a record" }
        var fields = attributes.map { attribute in
            let name = attribute.name.isIdentifier ? attribute.name.string : attribute.name.literal
            return "\(name)\(attribute.isRequired ? "" : "?"): \(attribute.type)"
        }
        if isOpen { fields.append("...") }
        return "{\(fields.joined(separator: ", "))}"
    }
}
