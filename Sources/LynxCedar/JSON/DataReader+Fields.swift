// Objects with fixed keys, where any other key is a fault: those of the policy and schema formats.

extension DataReader {
    /// The members of an object by name.
    ///
    /// Reports keys that are neither required nor optional, and required ones that are missing; what is there can be
    /// read nevertheless.
    ///
    /// - Parameter confused: keys that authors bring along from elsewhere, each with the one that stands for it here.
    /// - Returns: `nil`, reported, when `json` is no object.
    mutating func fields(
        of json: JSONValue, in place: String, required: [CedarString], optional: [CedarString] = [],
        confused: [CedarString: String] = [:]
    ) -> [CedarString: JSONValue]? {
        guard case .object(let members) = json.kind else {
            report("expected \(place) as an object, found \(json.kindName)", at: json.span)
            return nil
        }
        var fields: [CedarString: JSONValue] = [:]
        for member in members { fields[member.name] = member.value }
        var missing = required.filter { fields[$0] == nil }
        for member in members where !required.contains(member.name) && !optional.contains(member.name) {
            fields[member.name] = nil
            guard !diagnostics.isFull else { continue }
            let candidates = missing + optional.filter { fields[$0] == nil }
            let suggestion =
                confused[member.name] ?? Spelling.suggestion(for: member.name.string, among: candidates.map(\.string))
            report(
                "\(place) does not take the key \(member.name.excerpt)", at: member.nameSpan,
                help: suggestion.map { "did you mean `\($0)`?" })
            // A misspelled key is not reported as missing too.
            if let suggestion { missing.removeAll { $0 == CedarString(suggestion) } }
        }
        for name in missing { report("\(place) lacks the key `\(name)`", at: json.span) }
        return fields
    }

    mutating func string(_ json: JSONValue, as place: String) -> CedarString? {
        if case .string(let text) = json.kind { return text }
        report("\(place) must be a string, not \(json.kindName)", at: json.span)
        return nil
    }

    mutating func members(of json: JSONValue, as place: String) -> [JSONValue.Member]? {
        if case .object(let members) = json.kind { return members }
        report("\(place) must be an object, not \(json.kindName)", at: json.span)
        return nil
    }

    mutating func elements(of json: JSONValue, as place: String) -> [JSONValue]? {
        if case .array(let elements) = json.kind { return elements }
        report("\(place) must be an array, not \(json.kindName)", at: json.span)
        return nil
    }

    /// Reads annotations, an object of strings; `null` stands for an annotation without a value.
    mutating func annotations(_ value: JSONValue) -> [Annotation] {
        guard let members = members(of: value, as: "`annotations`") else { return [] }
        var annotations: [Annotation] = []
        for member in members {
            guard Name.isIdentifier(member.name.string) else {
                report(
                    "the name of an annotation is an identifier, \(member.name.excerpt) is not", at: member.nameSpan)
                continue
            }
            let text: CedarString?
            switch member.value.kind {
            case .null: text = nil
            case .string(let value): text = value
            default:
                report(
                    "the value of an annotation must be a string or null, not \(member.value.kindName)",
                    at: member.value.span)
                continue
            }
            let span = member.nameSpan.flatMap { name in member.value.span.map(name.union) }
            annotations.append(Annotation(key: member.name.string, value: text, span: span))
        }
        return annotations
    }

    mutating func entityType(_ json: JSONValue) -> Name? {
        string(json, as: "an entity type").flatMap { entityType($0, at: json.span) }
    }
}

extension JSONValue {
    var isNull: Bool {
        if case .null = kind { true } else { false }
    }

    /// The value of an object's member; `nil` also when this is no object.
    func member(_ name: CedarString) -> JSONValue? {
        guard case .object(let members) = kind else { return nil }
        return members[name]
    }
}
