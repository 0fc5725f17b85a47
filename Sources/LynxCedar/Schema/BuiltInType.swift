/// A type that the language itself defines, under its name in `__cedar` and in the empty namespace.
enum BuiltInType: String, Hashable, Sendable, CaseIterable {
    case bool = "Bool"
    case long = "Long"
    case string = "String"
    case decimal
    case ip = "ipaddr"
    case datetime
    case duration

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
