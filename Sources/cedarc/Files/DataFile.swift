import LynxCedar

/// Reading of the data that policies are evaluated with.
enum DataFile {
    /// No file means no entities.
    static func entities(_ file: InputFile?) throws(Failure) -> Entities {
        guard let file else { return Entities() }
        let source = try file.readJSON(as: "entities", emptyForm: "[]")
        return try Failure.onParseError { () throws(ParseError) in try Entities(json: source) }
    }

    /// No file means an empty context.
    static func context(_ file: InputFile?) throws(Failure) -> Record {
        guard let file else { return [:] }
        let source = try file.readJSON(as: "context", emptyForm: "{}")
        return try Failure.onParseError { () throws(ParseError) in try Record(json: source) }
    }
}
