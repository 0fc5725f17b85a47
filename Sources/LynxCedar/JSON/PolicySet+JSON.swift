extension PolicySet: JSONRepresentable {
    /// Reads a policy set in Cedar's JSON format: an object of `staticPolicies`, `templates` and `templateLinks`.
    ///
    /// The spans of the policies are those of the JSON.
    ///
    /// - Throws: ``ParseError`` with every fault when the text is no JSON, or its meaning no policy set: a policy is
    ///   faulty, an id is used twice, a link does not fit its template.
    public init(json source: SourceText) throws(ParseError) {
        try self.init(json: JSONValue(policyText: source), source: source)
    }

    /// Takes a policy set in Cedar's JSON format that was parsed already; see ``init(json:)``.
    public init(json: JSONValue, source: SourceText?) throws(ParseError) {
        self = try PolicyJSONReader.read(json, source: source) { $0.policySet($1) }
    }

    /// The set in Cedar's JSON format; linked policies are written as links.
    public var json: JSONValue {
        let links: [JSONValue] = policies.compactMap { policy in
            policy.link.map { link in
                ["templateId": .string(link.template.text), "newId": .string(policy.id.text), "values": link.json]
            }
        }
        return [
            "templates": .object(templates.map { JSONValue.Member($0.id.text, $0.json) }),
            "staticPolicies": .object(
                policies.filter { $0.link == nil }.map { JSONValue.Member($0.id.text, $0.json) }),
            "templateLinks": .array(links),
        ]
    }
}

extension TemplateLink {
    fileprivate var json: JSONValue {
        .object(
            SlotID.allCases.compactMap { slot in
                values[slot].map { JSONValue.Member(CedarString(slot.rawValue), ["__entity": $0.json]) }
            })
    }
}
