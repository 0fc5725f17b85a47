import ArgumentParser
import LynxCedar

/// The schema of a command that works without one too.
struct OptionalSchemaArguments: ParsableArguments {
    @Option(
        name: [.customShort("s"), .customLong("schema")],
        help: ArgumentHelp(
            "The schema that guides how the data is read and what it is checked against. Default: none.", valueName: "file"))
    var file: InputFile?

    @Option(
        name: .customLong("schema-format"),
        help: ArgumentHelp("The format of the schema: cedar or json.", valueName: "format"))
    var format: SchemaFile.Format = .cedar

    /// - Returns: `nil` when none is given.
    func load() throws(Failure) -> Schema? {
        guard let file else { return nil }
        return try SchemaFile.read(file, format: format)
    }
}
