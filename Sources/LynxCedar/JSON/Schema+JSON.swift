extension SchemaFragment {
    /// Reads a schema in Cedar's JSON format.
    ///
    /// - Throws: ``ParseError`` with every fault of the JSON or of its structure, or, where these have none, of what is declared:
    ///   names that are reserved. What other names refer to is not looked at.
    public init(json text: String, name: String = "<input>") throws(ParseError) {
        try self.init(json: SourceText(text, name: name))
    }

    /// Reads a schema in Cedar's JSON format; see ``init(json:name:)``.
    public init(json source: SourceText) throws(ParseError) {
        self = try SchemaFragment(parsingJSON: source).checked()
    }

    /// Reads the structure alone; what is declared need not be ``checked()``.
    init(parsingJSON source: SourceText) throws(ParseError) {
        // How deep types may nest is counted where they are read: each of them takes several levels of JSON.
        let json = try JSONValue(parsing: source, maximumNesting: .max)
        self = try SchemaJSONReader.read(json, source: source)
    }

    /// Takes a schema in Cedar's JSON format that was parsed already; see ``init(json:name:)``.
    ///
    /// - Parameter source: The text that the tree's spans point into; errors carry it.
    public init(json: JSONValue, source: SourceText? = nil) throws(ParseError) {
        self = try SchemaJSONReader.read(json, source: source).checked()
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
        try self.init(SchemaFragment(parsingJSON: source))
    }
}
