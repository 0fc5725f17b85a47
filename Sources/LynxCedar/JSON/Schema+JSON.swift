extension SchemaFragment {
    /// Reads a schema in Cedar's JSON format.
    ///
    /// - Throws: ``ParseError`` with every fault of the JSON or of its structure. What its names mean is not looked at.
    public init(json source: SourceText) throws(ParseError) {
        // How deep types may nest is counted where they are read: each of them takes several levels of JSON.
        try self.init(json: JSONValue(parsing: source, maximumNesting: .max), source: source)
    }

    /// Takes a schema in Cedar's JSON format that was parsed already; see ``init(json:)``.
    ///
    /// - Parameter source: The text that the tree's spans point into; errors carry it.
    public init(json: JSONValue, source: SourceText?) throws(ParseError) {
        self = try SchemaJSONReader.read(json, source: source)
    }
}

extension Schema {
    /// Reads a schema in Cedar's JSON format and resolves its names.
    ///
    /// - Throws: ``ParseError`` with every fault of the JSON or of its structure, or, where these have none, of its meaning.
    public init(json text: String, name: String = "<input>") throws(ParseError) {
        try self.init(json: SourceText(text, name: name))
    }

    /// Reads a schema in Cedar's JSON format; see ``init(json:name:)``.
    public init(json source: SourceText) throws(ParseError) {
        try self.init(SchemaFragment(json: source))
    }
}
