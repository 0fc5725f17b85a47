extension Record: JSONRepresentable {
    /// Reads a record, such as a request's context, in Cedar's JSON data format.
    public init(json: JSONValue, source: SourceText?) throws(ParseError) {
        self = try DataReader.read(from: source) { reader -> Record? in
            guard let value = reader.value(json) else { return nil }
            guard case .record(let record) = value else {
                reader.report("expected a record, found a value of type \(value.kind)", at: json.span)
                return nil
            }
            return record
        }
    }

    /// Reads the context of requests for an action, and checks that it is as the schema says; see ``SchemaGuided``.
    ///
    /// - Parameter isPartial: whether attributes that the schema requires may be missing, as in a context of which a part is unknown.
    /// - Throws: ``ParseError`` with every fault that was found; also when the schema does not declare the action.
    public init(
        json: JSONValue, source: SourceText?, schema: Schema, action uid: EntityUID, isPartial: Bool = false
    ) throws(ParseError) {
        guard let action = schema.action(uid) else {
            throw ParseError(Diagnostic("the schema declares no action `\(uid)`", span: json.span, source: source))
        }
        self = try DataReader.read(from: source) { reader -> Record? in
            guard let record = reader.record(json, of: "the context", as: action.context) else { return nil }
            var conformance = Conformance(schema, mayLackAttributes: isPartial)
            conformance.check(context: record, of: action)
            reader.report(conformance.takeFaults(), in: json, attributes: json)
            return record
        }
    }

    /// Reads the context of requests for an action from a JSON text, and checks that it is as the schema says.
    public init(json source: SourceText, schema: Schema, action: EntityUID) throws(ParseError) {
        try self.init(json: JSONValue(parsing: source), source: source, schema: schema, action: action)
    }

    /// The record in Cedar's JSON data format, attributes in the order of their names.
    ///
    /// - Throws: ``UnwritableRecord`` where it is or holds a record that would be read as an escape.
    public var json: JSONValue {
        get throws(UnwritableRecord) { try DataWriter.json(.record(self)) }
    }
}
