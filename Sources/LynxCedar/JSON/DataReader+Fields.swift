// Objects with fixed keys, where any other key is a fault: the policy format's.

extension DataReader {
    /// The members of an object by name.
    ///
    /// Reports keys that are neither required nor optional, and required ones that are missing; what is there can be
    /// read nevertheless.
    ///
    /// - Returns: `nil`, reported, when `json` is no object.
    mutating func fields(
        of json: JSONValue, in place: String, required: [CedarString], optional: [CedarString] = []
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
            let candidates = missing + optional.filter { fields[$0] == nil }
            let suggestion = Spelling.suggestion(for: member.name.string, among: candidates.map(\.string))
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
