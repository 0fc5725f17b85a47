extension Value: JSONRepresentable {
    /// Reads a value in Cedar's JSON data format, in which `{"__entity": {"type": ..., "id": ...}}` is an entity and
    /// `{"__extn": {"fn": ..., "arg": ...}}` a call of an extension function, with `args` for several arguments.
    public init(json: JSONValue, source: SourceText?) throws(ParseError) {
        self = try DataReader.read(from: source) { $0.value(json) }
    }

    /// The value in Cedar's JSON data format; reads back as the same value, but for one case: a record of just one attribute
    /// named `__entity`, `__extn` or `__expr` whose value has the form of that escape. The format has no way to write it.
    ///
    /// Elements of sets are in the order of ``ValueSet``, attributes in that of their names.
    public var json: JSONValue { DataWriter.json(self) }
}
