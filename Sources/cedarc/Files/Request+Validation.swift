import LynxCedar

extension Request {
    /// Reads a request with the help of a schema.
    ///
    /// - Parameter isValidated: whether all of the request must be as the schema says. The context must be in any case: how it is read
    ///   depends on the schema.
    init(json source: SourceText, schema: Schema?, isValidated: Bool) throws(ParseError) {
        guard let schema, !isValidated else {
            try self.init(json: source, schema: schema)
            return
        }
        let json = try JSONValue(parsing: source)
        guard case .object(let members) = json.kind, let context = members.first(where: { $0.name == "context" }) else {
            try self.init(json: json, source: source)
            return
        }
        try self.init(
            json: JSONValue(.object(members.filter { $0.name != "context" }), span: json.span), source: source)
        self.context = try Record(json: context.value, source: source, schema: schema, action: action)
    }
}
