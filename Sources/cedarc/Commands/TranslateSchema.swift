import ArgumentParser
import LynxCedar

/// `cedarc translate-schema`: turns schemas from Cedar's own syntax into its JSON format, and back.
struct TranslateSchema: CedarcCommand {
    static let configuration = CommandConfiguration(
        commandName: "translate-schema",
        abstract: "Translate schemas between Cedar's own syntax and its JSON format.",
        discussion: """
            Comments are lost. With resolved types every name is written in full, and as that of an entity type or of a common \
            type; for that the schema must be without fault. What Cedar's own syntax cannot say is an error.
            """)

    @Option(help: ArgumentHelp("cedar-to-json, cedar-to-json-with-resolved-types or json-to-cedar.", valueName: "direction"))
    var direction: Direction

    enum Direction: String, ExpressibleByArgument, CaseIterable {
        case cedarToJSON = "cedar-to-json"
        case cedarToJSONWithResolvedTypes = "cedar-to-json-with-resolved-types"
        case jsonToCedar = "json-to-cedar"
    }

    @Option(
        name: [.customShort("s"), .customLong("schema")],
        help: ArgumentHelp("The schema. Default: the standard input.", valueName: "file"))
    var schema: InputFile = .standardInput

    @OptionGroup var reporting: ReportingArguments

    private static let role = "schema"

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        switch direction {
        case .cedarToJSON:
            try console.print(readCedar().json.formatted())
        case .cedarToJSONWithResolvedTypes:
            let fragment = try readCedar()
            let resolved = try Failure.onParseError { () throws(ParseError) in try fragment.resolvingTypes() }
            try console.print(resolved.json.formatted())
        case .jsonToCedar:
            let text = try readJSON()
            // The text of a schema that is not empty ends with a newline already.
            if !text.isEmpty { try console.print(String(text.dropLast())) }
        }
        return .success
    }

    private func readCedar() throws(Failure) -> SchemaFragment {
        let source = try schema.read(as: TranslateSchema.role)
        return try Failure.onParseError { () throws(ParseError) in try SchemaFragment(cedar: source) }
    }

    /// The schema's text in Cedar's own syntax.
    private func readJSON() throws(Failure) -> String {
        let source = try schema.readJSON(as: TranslateSchema.role, emptyForm: "{}")
        return try Failure.onParseError { () throws(ParseError) in try SchemaFragment(json: source).cedarText() }
    }
}
