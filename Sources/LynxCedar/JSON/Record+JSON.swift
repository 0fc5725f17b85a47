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

    /// The record in Cedar's JSON data format, attributes in the order of their names.
    public var json: JSONValue { DataWriter.json(.record(self)) }
}
