extension SchemaFragment {
    /// Reads a schema in Cedar syntax.
    ///
    /// - Parameters:
    ///   - text: any number of declarations, also none.
    ///   - name: what diagnostics call the text.
    ///   - maximumNesting: levels of nesting that are accepted.
    /// - Throws: ``ParseError`` with every fault of the text's syntax, or, where that has none, of what is declared: names that
    ///   are taken or reserved. What other names refer to is not looked at.
    /// - Complexity: linear in the size of the text.
    public init(
        cedar text: String, name: String = "<input>", maximumNesting: Int = NestingLimit.standard
    ) throws(ParseError) {
        try self.init(cedar: SourceText(text, name: name), maximumNesting: maximumNesting)
    }

    /// Reads a schema in Cedar syntax; see ``init(cedar:name:maximumNesting:)``.
    public init(cedar source: SourceText, maximumNesting: Int = NestingLimit.standard) throws(ParseError) {
        self = try SchemaFragment(parsing: source, maximumNesting: maximumNesting).checked()
    }

    /// Reads the syntax alone; what is declared need not be ``checked()``.
    init(parsing source: SourceText, maximumNesting: Int = NestingLimit.standard) throws(ParseError) {
        var parser = try Parser(checked: source, maximumNesting: maximumNesting)
        let items = parser.schemaItems()
        try parser.diagnostics.finish()
        self.init(items: items, source: source)
    }
}

extension Schema {
    /// Reads a schema in Cedar syntax and resolves its names.
    ///
    /// - Parameters:
    ///   - text: any number of declarations, also none.
    ///   - name: what diagnostics call the text.
    /// - Throws: ``ParseError`` with every fault of the text's syntax, or, where that has none, of its meaning.
    public init(cedar text: String, name: String = "<input>") throws(ParseError) {
        try self.init(cedar: SourceText(text, name: name))
    }

    /// Reads a schema in Cedar syntax; see ``init(cedar:name:)``.
    public init(cedar source: SourceText) throws(ParseError) {
        try self.init(SchemaFragment(parsing: source))
    }
}
