import ArgumentParser
import LynxPolicy

/// `lynxd schema`: prints what policies are written against.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the schema that policies are written against.")

    func run() throws {
        Reporting.print(LynxSchema.text)
    }
}
