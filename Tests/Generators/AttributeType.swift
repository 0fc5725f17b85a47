import LynxCedar

/// The type of an attribute, a tag or a context field in a generated schema.
indirect enum AttributeType: Hashable {
    case bool, long, string
    case `extension`(ExtensionText.Kind)
    case entity(Name)
    case set(AttributeType)
    case record([AttributeField])

    /// The type in Cedar's schema syntax.
    ///
    /// - Parameter name: the name that a type goes by, if it does.
    func schemaText(_ name: (AttributeType) -> Name?) -> String {
        if let name = name(self) { return "\(name)" }
        return switch self {
        case .bool: "Bool"
        case .long: "Long"
        case .string: "String"
        case .extension(.ip): "ipaddr"
        case .extension(let kind): "\(kind)"
        case .entity(let type): "\(type)"
        case .set(let element): "Set<\(element.schemaText(name))>"
        case .record(let fields):
            "{"
                + fields.map { "\($0.name.literal)\($0.isRequired ? "" : "?"): \($0.type.schemaText(name))" }
                .joined(separator: ", ") + "}"
        }
    }

    /// Whether values of this type and of `other` may look alike to an operator: compares the outermost constructor only.
    func hasShape(of other: AttributeType) -> Bool {
        switch (self, other) {
        case (.bool, .bool), (.long, .long), (.string, .string), (.entity, .entity), (.record, .record): true
        case (.extension(let left), .extension(let right)): left == right
        case (.set(let left), .set(let right)): left.hasShape(of: right)
        default: false
        }
    }
}

/// An attribute's declaration.
struct AttributeField: Hashable {
    let name: CedarString
    let type: AttributeType
    let isRequired: Bool
}
