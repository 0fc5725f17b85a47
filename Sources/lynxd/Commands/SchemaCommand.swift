import ArgumentParser
import LynxCedar
import LynxPolicy

/// `lynxd schema`: prints what policies are written against.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the schema that policies are written against.",
        discussion: """
            With --mcp, each tool of a server has an action of its own, whose context has the tool's typed input. Keep the output in a file and name \
            it as `schema` in the configuration.
            """)

    @Option(
        help: ArgumentHelp(
            "A server by its name in the configuration, and a file with its answer to tools/list. May be given again.", valueName: "server=file"))
    var mcp: [String] = []

    func run() throws {
        guard !mcp.isEmpty else {
            Reporting.print(LynxSchema.text)
            return
        }
        do throws(ParseError) {
            var lists: [(server: String, json: JSONValue)] = []
            for argument in mcp {
                let parts = argument.split(separator: "=", maxSplits: 1)
                guard parts.count == 2 else { throw ParseError(Diagnostic("`\(argument)` is not SERVER=FILE")) }
                let folder = ConfigurationFolder(of: "./x")
                lists.append((String(parts[0]), try JSONValue(parsing: folder.read(String(parts[1])))))
            }
            do throws(ToolSchema.Fault) {
                Reporting.print(try ToolSchema.text(lists))
            } catch {
                throw ParseError(Diagnostic(error.description))
            }
        } catch {
            Reporting.report(error.diagnostics)
            throw ExitCode.failure
        }
    }
}
