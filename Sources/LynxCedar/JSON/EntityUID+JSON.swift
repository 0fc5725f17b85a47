extension EntityUID: JSONRepresentable {
    /// Reads `{"type": ..., "id": ...}`, with or without the `{"__entity": ...}` around it that values need.
    public init(json: JSONValue, source: SourceText?) throws(ParseError) {
        self = try DataReader.read(from: source) { $0.uid(json) }
    }

    /// The uid as `{"type": ..., "id": ...}`.
    public var json: JSONValue {
        ["type": JSONValue(.string(CedarString(type.description))), "id": JSONValue(.string(id))]
    }
}
