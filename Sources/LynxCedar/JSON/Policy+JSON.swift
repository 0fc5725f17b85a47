extension Policy {
    /// Reads a policy in Cedar's JSON format. The spans of the result are those of the JSON.
    ///
    /// - Throws: ``ParseError`` with every fault when the text is no JSON, or its meaning no policy; a template is a fault.
    public init(json source: SourceText, id: PolicyID = "policy0") throws(ParseError) {
        try self.init(json: JSONValue(policyText: source), source: source, id: id)
    }

    /// Reads a policy in Cedar's JSON format from text, as from a ``SourceText``.
    public init(json text: String, id: PolicyID = "policy0", name: String = "<input>") throws(ParseError) {
        try self.init(json: SourceText(text, name: name), id: id)
    }

    /// Reads a policy in Cedar's JSON format from UTF-8, as from a ``SourceText``.
    public init(
        json utf8: some Collection<UInt8>, id: PolicyID = "policy0", name: String = "<input>"
    ) throws(ParseError) {
        try self.init(json: SourceText(utf8: utf8, name: name), id: id)
    }

    /// Takes a policy in Cedar's JSON format that was parsed already; `source` is the text that its spans point into.
    public init(json: JSONValue, source: SourceText?, id: PolicyID = "policy0") throws(ParseError) {
        self = try PolicyJSONReader.read(json, source: source) { $0.policy($1, id: id) }
    }
}

extension Template {
    /// Reads a template in Cedar's JSON format. The spans of the result are those of the JSON.
    ///
    /// - Throws: ``ParseError`` with every fault when the text is no JSON, or its meaning no template; one without slots is a template too.
    public init(json source: SourceText, id: PolicyID = "policy0") throws(ParseError) {
        try self.init(json: JSONValue(policyText: source), source: source, id: id)
    }

    /// Reads a template in Cedar's JSON format from text, as from a ``SourceText``.
    public init(json text: String, id: PolicyID = "policy0", name: String = "<input>") throws(ParseError) {
        try self.init(json: SourceText(text, name: name), id: id)
    }

    /// Reads a template in Cedar's JSON format from UTF-8, as from a ``SourceText``.
    public init(
        json utf8: some Collection<UInt8>, id: PolicyID = "policy0", name: String = "<input>"
    ) throws(ParseError) {
        try self.init(json: SourceText(utf8: utf8, name: name), id: id)
    }

    /// Takes a template in Cedar's JSON format that was parsed already; `source` is the text that its spans point into.
    public init(json: JSONValue, source: SourceText?, id: PolicyID = "policy0") throws(ParseError) {
        self = try PolicyJSONReader.read(json, source: source) { $0.template($1, id: id) }
    }
}

extension PolicyStatement {
    /// The policy in Cedar's JSON format, which holds neither its id nor its link: a linked policy has its slots filled.
    public var json: JSONValue {
        var members: [JSONValue.Member] = [
            JSONValue.Member("effect", .string(effect.rawValue)),
            JSONValue.Member("principal", principal.json(slot: .principal)),
            JSONValue.Member("action", action.json),
            JSONValue.Member("resource", resource.json(slot: .resource)),
            JSONValue.Member(
                "conditions",
                .array(conditions.map { ["kind": .string($0.kind.rawValue), "body": $0.body.json] })),
        ]
        if !annotations.isEmpty {
            let values = annotations.map { annotation in
                JSONValue.Member(CedarString(annotation.key), annotation.value.map { .string($0) } ?? nil)
            }
            members.append(JSONValue.Member("annotations", .object(values)))
        }
        return .object(members)
    }
}

extension ScopeConstraint {
    fileprivate func json(slot: SlotID) -> JSONValue {
        func member(_ reference: Reference) -> JSONValue.Member {
            reference.entity.map { JSONValue.Member("entity", $0.json) }
                ?? JSONValue.Member("slot", .string(slot.rawValue))
        }
        func operation(_ name: CedarString) -> JSONValue.Member { JSONValue.Member("op", .string(name)) }
        func type(_ name: Name) -> JSONValue.Member { JSONValue.Member("entity_type", .string(name.description)) }
        return switch self {
        case .any: .object([operation("All")])
        case .equal(let reference): .object([operation("=="), member(reference)])
        case .in(let reference): .object([operation("in"), member(reference)])
        case .is(let name): .object([operation("is"), type(name)])
        case .isIn(let name, let reference):
            .object([operation("is"), type(name), JSONValue.Member("in", .object([member(reference)]))])
        }
    }
}

extension ActionConstraint {
    fileprivate var json: JSONValue {
        if case .in(let uids) = self, let uid = uids.first, uids.count == 1 {
            return ["op": "in", "entity": uid.json]
        }
        return switch self {
        case .any: ["op": "All"]
        case .equal(let uid): ["op": "==", "entity": uid.json]
        case .in(let uids): ["op": "in", "entities": .array(uids.map(\.json))]
        }
    }
}
