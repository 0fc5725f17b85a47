import LynxCedar

/// A file of tests: a JSON array, of which each element is read by itself, so that a faulty one does not keep the others from running.
struct TestsFile {
    let elements: [JSONValue]
    let source: SourceText

    init(_ file: InputFile) throws(Failure) {
        let source = try file.readJSON(as: "tests", emptyForm: "[]")
        self.source = source
        self.elements = try Failure.onParseError { () throws(ParseError) in
            let json = try JSONValue(parsing: source)
            guard case .array(let elements) = json.kind else {
                throw ParseError(Diagnostic("the tests must be an array", span: json.span, source: source))
            }
            return elements
        }
    }

    /// What an element calls itself.
    static func name(of element: JSONValue) -> CedarString? {
        guard case .string(let name)? = element["name"]?.kind else { return nil }
        return name
    }
}
