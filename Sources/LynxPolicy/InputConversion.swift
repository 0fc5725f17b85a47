import LynxCedar

/// Arguments of a tool as Cedar values.
///
/// They come from outside: nothing in them is taken for an entity or an extension value because of how it is written, as Cedar's own JSON format would do.
public enum InputConversion {
    /// An argument that no Cedar value stands for.
    public struct Unrepresentable: Error, Sendable {}

    /// - Parameter type: what the schema says; `nil` to take what is there.
    public static func value(_ json: JSONValue, as type: SchemaType?) throws(Unrepresentable) -> Value {
        switch (json.kind, type) {
        case (.bool(let bool), _): return .bool(bool)
        case (.integer(let integer), .decimal?):
            let (scaled, overflow) = integer.multipliedReportingOverflow(by: 10_000)
            guard !overflow else { throw Unrepresentable() }
            return .decimal(Decimal(tenThousandths: scaled))
        case (.integer(let integer), _): return .long(integer)
        case (.number(let text), _):
            // Four decimals, or nothing: a policy must not compare what was rounded.
            guard let decimal = try? Decimal(text) else { throw Unrepresentable() }
            return .decimal(decimal)
        case (.string(let text), .datetime?):
            guard let datetime = try? Datetime(text.string) else { throw Unrepresentable() }
            return .datetime(datetime)
        case (.string(let text), .ip?):
            guard let address = try? IPAddress(text.string) else { throw Unrepresentable() }
            return .ip(address)
        case (.string(let text), _): return .string(text)
        case (.array(let elements), _):
            var elementType: SchemaType?
            if case .set(let type)? = type { elementType = type }
            var values: [Value] = []
            for element in elements { values.append(try value(element, as: elementType)) }
            return .set(ValueSet(values))
        case (.object(let members), _):
            var recordType: RecordType?
            if case .record(let type)? = type { recordType = type }
            return .record(try record(members, as: recordType))
        case (.null, _): throw Unrepresentable()
        }
    }

    private static func record(_ members: [JSONValue.Member], as type: RecordType?) throws(Unrepresentable) -> Record {
        var attributes: [Record.Attribute] = []
        let known = Set((type?.attributes ?? []).map { FoldedName($0.name) })
        for member in members {
            // Some servers take a name in other letters for the one that the schema knows: a policy would have seen another value, or none.
            if let type, type[member.name] == nil, known.contains(FoldedName(member.name)) { throw Unrepresentable() }
            // An argument that is null is one that is not given.
            if case .null = member.value.kind { continue }
            // What the schema does not know, policies cannot speak of.
            if let type, type[member.name] == nil { continue }
            attributes.append(Record.Attribute(name: member.name, value: try value(member.value, as: type?[member.name]?.type)))
        }
        guard let record = Record(attributes) else { throw Unrepresentable() }
        return record
    }
}
