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
    public var json: JSONValue {
        switch self {
        case .bool(let bool): JSONValue(.bool(bool))
        case .long(let long): JSONValue(.integer(long))
        case .string(let string): JSONValue(.string(string))
        case .entity(let uid): ["__entity": uid.json]
        case .set(let set): JSONValue(.array(set.elements.map(\.json)))
        case .record(let record): record.json
        case .decimal(let decimal): Value.call(.decimal, "\(decimal)")
        case .ip(let address): Value.call(.ip, "\(address)")
        case .datetime(let datetime):
            // As the reference implementation writes them; it reaches instants that no date text does.
            [
                "__extn": [
                    "fn": "offset",
                    "args": [
                        Value.call(.datetime, "1970-01-01"),
                        Value.call(.duration, "\(datetime.millisecondsSinceEpoch)ms"),
                    ],
                ]
            ]
        case .duration(let duration): Value.call(.duration, "\(duration.milliseconds)ms")
        }
    }

    private static func call(_ function: ExtensionFunction, _ argument: String) -> JSONValue {
        ["__extn": ["fn": "\(function)", "arg": JSONValue(.string(CedarString(argument)))]]
    }
}
