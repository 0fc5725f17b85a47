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
            do throws(ParseError) {
                return try Schema(cedar: source)
            } catch {
                throw isJSON(source) ? jsonFailure(source) : Failure(error)
            }
        case .json:
            let source = try file.readJSON(as: role, emptyForm: "{}")
            return try Failure.onParseError { () throws(ParseError) in try Schema(json: source) }
        }
    }
    /// Whether a text that is no schema in Cedar syntax is meant as one in JSON. No schema in Cedar syntax starts with a brace.
    private static func isJSON(_ source: SourceText) -> Bool {
        source.text.utf8.first { !$0.isJSONSpace } == UInt8(ascii: "{")
    }

    private static func jsonFailure(_ source: SourceText) -> Failure {
        Failure([
            Diagnostic(
                "the schema is in JSON, and Cedar syntax was expected", help: "add the option `--schema-format json`", source: source)
        ])
    }
}
