extension Value: JSONRepresentable {
    /// Reads a value in Cedar's JSON data format, in which `{"__entity": {"type": ..., "id": ...}}` is an entity and
    /// `{"__extn": {"fn": ..., "arg": ...}}` a call of an extension function, with `args` for several arguments.
    public init(json: JSONValue, source: SourceText?) throws(ParseError) {
        self = try DataReader.read(from: source) { $0.value(json) }
    }

    /// The value in Cedar's JSON data format; reads back as the same value.
    ///
    /// Elements of sets are in the order of ``ValueSet``, attributes in that of their names.
    ///
    /// - Throws: ``UnwritableRecord`` where the value is or holds a record that would be read as an escape.
    public var json: JSONValue {
        get throws(UnwritableRecord) { try DataWriter.json(self) }
    }
}
