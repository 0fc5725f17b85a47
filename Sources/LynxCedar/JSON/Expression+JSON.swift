extension Expression: JSONRepresentable {
    /// Reads an expression in Cedar's JSON format: an object with one key, the operator or function.
    ///
    /// The spans of the result are those of the JSON. Expressions may nest ``NestingLimit/standard`` levels deep; a chain of
    /// `&&` or of `||` that nests to the left is one level.
    ///
    /// - Throws: ``ParseError`` with every fault when the text is no JSON, or its meaning no expression.
    public init(json source: SourceText) throws(ParseError) {
        try self.init(json: JSONValue(policyText: source), source: source)
    }

    /// Takes an expression in Cedar's JSON format that was parsed already; see ``init(json:)``.
    public init(json: JSONValue, source: SourceText?) throws(ParseError) {
        var reader = ExpressionJSONReader(data: DataReader(source: source))
        let expression = reader.expression(json)
        self = try reader.data.finish(expression)
    }

    /// The expression in Cedar's JSON format.
    ///
    /// Chains of `&&` and `||` nest to the left. `has` with a path of several names is written out as a conjunction, as other
    /// implementations do; only where that would multiply the text without bound does the path stay one.
    public var json: JSONValue {
        var writer = ExpressionJSONWriter()
        return writer.json(self)
    }
}

extension JSONValue {
    /// Parses a text that holds policies or expressions.
    ///
    /// The JSON may nest at will: it takes two levels or more for each of an expression's, and two for each operand of
    /// a chain. Who reads the expressions counts theirs.
    ///
    /// - Throws: ``ParseError`` with the duplicate keys and the first fault of any other kind.
    public init(policyText source: SourceText) throws(ParseError) {
        try self.init(parsing: source, maximumNesting: .max)
    }
}
