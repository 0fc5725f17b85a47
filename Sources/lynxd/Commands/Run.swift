import ArgumentParser
import LynxCedar

/// `lynxd run`: the daemon.
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve decisions and tokens.",
        discussion: """
            Policies, entities, registrations and keys are read again when their files change or SIGHUP comes; what is faulty leaves in force what \
            was. SIGTERM and SIGINT end the program after the calls that are under way.
            """)

    @Argument(help: ArgumentHelp("The configuration, in YAML.", valueName: "file"))
    var file: String

    func run() async throws {
        let daemon: Daemon
        do throws(ParseError) {
            daemon = try await Daemon(path: file)
        } catch {
            Reporting.report(error.diagnostics)
            throw ExitCode.failure
        }
        do {
            try await daemon.run()
        } catch {
            throw Reporting.fail("\(error)")
        }
    }
}
