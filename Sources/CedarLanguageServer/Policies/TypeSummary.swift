import LynxCedar

/// Types as text that a reader can take in; large ones are cut, for a schema of a few lines can declare types of a million parts.
struct TypeSummary {
    private var partsLeft = 60

    static func text(_ type: ExpressionType) -> String {
        var summary = TypeSummary()
        return summary.text(type)
    }

    /// The distinct texts of some types, in their order.
    static func text(_ types: [ExpressionType]) -> String {
        var texts: [String] = []
        for type in types {
            let text = text(type)
            if !texts.contains(text) { texts.append(text) }
        }
        let shown = texts.prefix(4).joined(separator: " or ")
        return texts.count > 4 ? shown + " or ..." : shown
    }

    private mutating func text(_ type: ExpressionType) -> String {
        switch type {
        // What the value is known to be is for the checker; its type is what the reader asks for.
        case .bool: return "Bool"
        case .set(let element?): return "Set<\(text(element))>"
        case .record(let shape): return text(shape)
        default: return type.description
        }
    }

    private mutating func text(_ shape: RecordShape) -> String {
        var fields: [String] = []
        var isCut = shape.isOpen
        for attribute in shape.attributes {
            guard partsLeft > 0 else {
                isCut = true
                break
            }
            partsLeft -= 1
            fields.append("\(attribute.name.asAttributeName)\(attribute.isRequired ? "" : "?"): \(text(attribute.type))")
        }
        if isCut { fields.append("...") }
        return "{\(fields.joined(separator: ", "))}"
    }
}

extension CedarString {
    /// As records and schemas write it: in quotes where it is no identifier.
    var asAttributeName: String { isIdentifier ? string : literal }
}
