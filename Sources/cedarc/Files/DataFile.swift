import LynxCedar

/// Reading of the data that policies are evaluated with.
enum DataFile {
    /// No file means no entities but the actions of the schema.
    static func entities(_ file: InputFile?, schema: Schema? = nil) throws(Failure) -> Entities {
        guard let file else {
            guard let schema else { return Entities() }
            return try Failure.onParseError { () throws(ParseError) in
                try Entities(json: [], source: nil, schema: schema)
            }
        }
        let source = try file.readJSON(as: "entities", emptyForm: "[]")
        return try Failure.onParseError { () throws(ParseError) in try Entities(json: source, schema: schema) }
    }

    /// Reads the context of requests for an action. No file means an empty one.
    ///
    /// - Parameters:
    ///   - schema: what the context must be like; not asked when the action is unknown.
    ///   - isPartial: whether attributes that the schema requires may be missing.
    static func context(
        _ file: InputFile?, schema: Schema? = nil, action: EntityUID? = nil, isPartial: Bool = false
    ) throws(Failure) -> Record {
        guard let file else { return [:] }
        let source = try file.readJSON(as: "context", emptyForm: "{}")
        return try Failure.onParseError { () throws(ParseError) in
            guard let schema, let action else { return try Record(json: source) }
            return try Record(
                json: JSONValue(parsing: source), source: source, schema: schema, action: action, isPartial: isPartial)
        }
    }
}
