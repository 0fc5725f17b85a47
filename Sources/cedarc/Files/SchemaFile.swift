import ArgumentParser
import LynxCedar

/// Reading of schemas, in the two formats.
enum SchemaFile {
    private static let role = "schema"

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case cedar, json
    }

    /// Reads the schema and resolves its names.
    static func read(_ file: InputFile, format: Format) throws(Failure) -> Schema {
        switch format {
        case .cedar:
            let source = try file.read(as: role)
            return try Failure.onParseError { () throws(ParseError) in try Schema(cedar: source) }
        case .json:
            let source = try file.readJSON(as: role, emptyForm: "{}")
            return try Failure.onParseError { () throws(ParseError) in try Schema(json: source) }
        }
    }
}
