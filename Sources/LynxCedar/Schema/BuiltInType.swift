/// A type that the language itself defines, under its name in `__cedar` and in the empty namespace.
enum BuiltInType: String, Hashable, Sendable, CaseIterable {
    case bool = "Bool"
    case long = "Long"
    case string = "String"
    case decimal
    case ip = "ipaddr"
    case datetime
    case duration

    /// The type of all values of a kind; `nil` for entities, sets and records, of which there are many types.
    init?(_ kind: Value.Kind) {
        switch kind {
        case .bool: self = .bool
        case .long: self = .long
        case .string: self = .string
        case .decimal: self = .decimal
        case .ip: self = .ip
        case .datetime: self = .datetime
        case .duration: self = .duration
        case .entity, .set, .record: return nil
        }
    }

    /// What values of the type are.
    var type: SchemaType {
        switch self {
        case .bool: .bool
        case .long: .long
        case .string: .string
        case .decimal: .decimal
        case .ip: .ip
        case .datetime: .datetime
        case .duration: .duration
        }
    }

    /// Whether the JSON format calls it an extension type.
    var isExtension: Bool {
        switch self {
        case .bool, .long, .string: false
        case .decimal, .ip, .datetime, .duration: true
        }
    }
}

extension Value.Kind {
    /// The type of the values as schemas call it: `Bool`, `ipaddr`; a word for entities, sets and records, which have no one type.
    public var typeName: String {
        if let type = BuiltInType(self) { return type.rawValue }
        return self == .set ? "Set" : rawValue
    }
}
