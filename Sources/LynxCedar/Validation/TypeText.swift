/// Writes a type in Cedar schema syntax, and in words where that has no name for it.
///
/// A schema of a few lines can declare types of a million parts: who needs only the start of a text says so.
struct TypeText {
    private(set) var text = ""
    private let limit: Int

    /// - Parameter limit: how many bytes are enough. The text may be longer, and is a beginning of the whole then.
    init(_ type: ExpressionType, limit: Int = .max) {
        self.limit = limit
        write(type)
    }

    private var isEnough: Bool { text.utf8.count >= limit }

    private mutating func write(_ type: ExpressionType) {
        guard !isEnough else { return }
        switch type {
        case .never: text += "nothing"
        case .bool(nil): text += Value.Kind.bool.typeName
        case .bool(let value?): text += value ? "true" : "false"
        case .long: text += Value.Kind.long.typeName
        case .string: text += Value.Kind.string.typeName
        case .decimal: text += Value.Kind.decimal.typeName
        case .ip: text += Value.Kind.ip.typeName
        case .datetime: text += Value.Kind.datetime.typeName
        case .duration: text += Value.Kind.duration.typeName
        case .entity(let name): text += name.description
        case .anyOf(let names): write(names)
        case .anyEntity: text += "an entity"
        case .set(nil): text += "a set"
        case .set(let element?):
            text += "Set<"
            write(element)
            text += ">"
        case .record(let shape): write(shape)
        }
    }

    private mutating func write(_ names: [Name]) {
        for (index, name) in names.enumerated() {
            guard !isEnough else { return }
            text += index == 0 ? "" : " or "
            text += name.description
        }
    }

    private mutating func write(_ shape: RecordShape) {
        if shape.isOpen && shape.names.isEmpty {
            text += "a record"
            return
        }
        text += "{"
        var separator = ""
        for attribute in shape.attributes {
            guard !isEnough else { return }
            text += separator
            text += attribute.name.isIdentifier ? attribute.name.string : attribute.name.literal
            text += attribute.isRequired ? ": " : "?: "
            write(attribute.type)
            separator = ", "
        }
        text += shape.isOpen ? "\(separator)...}" : "}"
    }
}
