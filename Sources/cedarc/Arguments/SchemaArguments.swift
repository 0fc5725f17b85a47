import ArgumentParser
import LynxCedar

/// The schema of a command that does not work without one.
struct SchemaArguments: ParsableArguments {
    @Option(
        name: [.customShort("s"), .customLong("schema")],
        help: ArgumentHelp("The schema.", valueName: "file"))
    var file: InputFile

    @Option(
        name: .customLong("schema-format"),
        help: ArgumentHelp("The format of the schema: cedar or json.", valueName: "format"))
    var format: SchemaFile.Format = .cedar

    func load() throws(Failure) -> Schema { try SchemaFile.read(file, format: format) }
}
