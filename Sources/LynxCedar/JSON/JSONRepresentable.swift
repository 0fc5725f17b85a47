/// What has a JSON format of its own: values, records, entity uids, entities, requests.
public protocol JSONRepresentable: Sendable {
    /// Reads the format from a JSON tree.
    ///
    /// - Parameter source: The text that the tree's spans point into; errors carry it.
    /// - Throws: ``ParseError`` with every fault that was found.
    init(json: JSONValue, source: SourceText?) throws(ParseError)

    /// Reads the format from a JSON text.
    ///
    /// - Throws: ``ParseError`` with every fault that was found, or with those of the JSON itself.
    init(json source: SourceText) throws(ParseError)

    /// The thing in the format; reads back as the same.
    ///
    /// - Throws: ``UnwritableRecord`` where a value has no form; what holds no values never throws.
    var json: JSONValue { get throws(UnwritableRecord) }
}

extension JSONRepresentable {
    /// Reads the format from a JSON tree that a program built.
    public init(json: JSONValue) throws(ParseError) {
        try self.init(json: json, source: nil)
    }

    public init(json source: SourceText) throws(ParseError) {
        try self.init(json: JSONValue(parsing: source), source: source)
    }

    /// Reads the format from a JSON text.
    public init(json text: String, name: String = "<input>") throws(ParseError) {
        try self.init(json: SourceText(text, name: name))
    }

    /// Reads the format from the bytes of a JSON text, which must be UTF-8.
    public init(json utf8: some Collection<UInt8>, name: String = "<input>") throws(ParseError) {
        try self.init(json: SourceText(utf8: utf8, name: name))
    }
}

/// What can be read with the help of a schema, which says what the data must be: entities and requests.
///
/// Where the schema expects an entity, `{"type": ..., "id": ...}` may stand without the `__entity` around it; where it expects a
/// value of an extension type, `{"fn": ..., "arg": ...}` may stand without `__extn`, and so may the text alone that the type's
/// constructor takes: `"127.0.0.1"`.
public protocol SchemaGuided: JSONRepresentable {
    /// Reads the format from a JSON tree, and checks that it is as the schema says.
    ///
    /// - Parameters:
    ///   - source: The text that the tree's spans point into; errors carry it.
    ///   - schema: `nil` to read what stands there and check nothing.
    /// - Throws: ``ParseError`` with every fault that was found.
    init(json: JSONValue, source: SourceText?, schema: Schema?) throws(ParseError)

    /// Reads the format from a JSON text, and checks that it is as the schema says.
    ///
    /// - Throws: ``ParseError`` with every fault that was found, or with those of the JSON itself.
    init(json source: SourceText, schema: Schema?) throws(ParseError)
}

extension SchemaGuided {
    public init(json: JSONValue, source: SourceText?) throws(ParseError) {
        try self.init(json: json, source: source, schema: nil)
    }

    public init(json source: SourceText) throws(ParseError) {
        try self.init(json: source, schema: nil)
    }

    public init(json source: SourceText, schema: Schema?) throws(ParseError) {
        try self.init(json: JSONValue(parsing: source), source: source, schema: schema)
    }

    /// Reads the format from a JSON text, and checks that it is as the schema says.
    public init(json text: String, name: String = "<input>", schema: Schema?) throws(ParseError) {
        try self.init(json: SourceText(text, name: name), schema: schema)
    }

    /// Reads the format from the bytes of a JSON text, which must be UTF-8, and checks that it is as the schema says.
    public init(
        json utf8: some Collection<UInt8>, name: String = "<input>", schema: Schema?
    ) throws(ParseError) {
        try self.init(json: SourceText(utf8: utf8, name: name), schema: schema)
    }
}
