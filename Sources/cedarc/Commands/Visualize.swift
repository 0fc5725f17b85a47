import ArgumentParser
import LynxCedar

/// `cedarc visualize`: draws entities and what they are members of.
struct Visualize: CedarcCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw entities and their parents as a graph.",
        discussion: """
            Prints the graph in the DOT language, or as an SVG picture where Graphviz is installed. The entities of a type are \
            drawn together; an arrow leads from each to its parents.
            """)

    @Option(help: ArgumentHelp("The entities, a JSON array.", valueName: "file"))
    var entities: InputFile

    @OptionGroup(title: "Schema") var schema: OptionalSchemaArguments

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where to write the graph. Default: the standard output.", valueName: "file"))
    var output: OutputFile = .standardOutput

    @Option(
        help: ArgumentHelp("dot or svg. Default: svg for an output file whose name ends in .svg, otherwise dot.", valueName: "format"))
    var format: Format?

    @OptionGroup var reporting: ReportingArguments

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case dot, svg
    }

    func validate() throws {
        try StandardInput.checkUsedOnce([entities, schema.file])
        try output.checkIsNoInput([entities, schema.file])
    }

    private var chosenFormat: Format {
        if let format { return format }
        guard case .path(let path) = output else { return .dot }
        return path.lowercased().hasSuffix(".svg") ? .svg : .dot
    }

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        let schema = try schema.load()
        let graph = EntityGraph(try DataFile.entities(entities, schema: schema))
        let text =
            switch chosenFormat {
            case .dot: graph.dot
            case .svg: try Graphviz.svg(graph.dot)
            }
        try output.write(text, as: "graph", &console)
        return .success
    }
}
