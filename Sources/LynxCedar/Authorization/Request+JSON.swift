extension Request: SchemaGuided {
    /// Reads an object of `principal`, `action`, `resource` and, if there is one, `context`.
    ///
    /// Uids are objects of `type` and `id`, with or without `__entity` around them, or Cedar text: `"User::\"alice\""`.
    ///
    /// - Throws: ``ParseError``, also for any other key: a misspelled `context` would be an empty one.
    public init(json: JSONValue, source: SourceText?, schema: Schema?) throws(ParseError) {
        self = try DataReader.read(from: source) { $0.request(json, schema: schema) }
    }

    /// The request as an object of `principal`, `action`, `resource` and `context`.
    ///
    /// - Throws: ``UnwritableRecord`` where the context is or holds a record that would be read as an escape.
    public var json: JSONValue {
        get throws(UnwritableRecord) {
            ["principal": principal.json, "action": action.json, "resource": resource.json, "context": try context.json]
        }
    }
}

extension DataReader {
    private static let requestKeys: [CedarString] = ["principal", "action", "resource", "context"]

    fileprivate mutating func request(_ json: JSONValue, schema: Schema?) -> Request? {
        guard case .object(let members) = json.kind else {
            report("expected a request as an object, found \(json.kindName)", at: json.span)
            return nil
        }
        reportUnknownRequestKeys(in: members)
        let principal = uidOrText("principal", of: members, at: json.span)
        let action = uidOrText("action", of: members, at: json.span)
        let resource = uidOrText("resource", of: members, at: json.span)
        let context = context(of: members, as: action.flatMap { schema?.action($0)?.context })
        guard let principal, let action, let resource, let context else { return nil }
        let request = Request(principal: principal, action: action, resource: resource, context: context)
        if let schema {
            var conformance = Conformance(schema)
            conformance.check(request)
            report(conformance.takeFaults(), in: json)
        }
        return request
    }

    private mutating func uidOrText(
        _ key: CedarString, of members: [JSONValue.Member], at span: SourceSpan?
    ) -> EntityUID? {
        if let value = members[key] { return uidOrText(value) }
        report("the request has no `\(key)`", at: span)
        return nil
    }

    private mutating func context(of members: [JSONValue.Member], as type: RecordType?) -> Record? {
        guard let json = members["context"] else { return [:] }
        if let type { return record(json, of: "the context", as: type) }
        guard let value = value(json) else { return nil }
        guard case .record(let context) = value else {
            report("the context must be a record, not a value of type \(value.kind)", at: json.span)
            return nil
        }
        return context
    }

    private mutating func reportUnknownRequestKeys(in members: [JSONValue.Member]) {
        let missing = DataReader.requestKeys.filter { members[$0] == nil }.map(\.string)
        for member in members where !DataReader.requestKeys.contains(member.name) && !diagnostics.isFull {
            let suggestion = Spelling.suggestion(for: member.name.string, among: missing)
            report(
                "a request has no key \(member.name.excerpt)", at: member.nameSpan,
                help: suggestion.map { "did you mean `\($0)`?" })
        }
    }
}
