import ArgumentParser
import LynxCedar

/// `lynxd check`: reads a configuration and all that it names, and starts nothing.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check a configuration and all files that it names.",
        discussion: "Prints every fault with its place. Keys are not fetched, and no signing key is made.")

    @Argument(help: ArgumentHelp("The configuration, in YAML.", valueName: "file"))
    var file: String

    func run() async throws {
        let keys = KeyCache(isRehearsal: true)
        do throws(ParseError) {
            let loaded = try LoadedConfiguration(path: file, keys: keys)
            try loaded.checkListeners()
            await keys.close()
            let configuration = loaded.configuration
            Reporting.print(
                """
                \(file): \(configuration.issuers.count) issuers, \(configuration.registrations.count) registrations, \
                \(configuration.destinations.count) destinations, \(configuration.listeners.count) listeners
                """)
        } catch {
            await keys.close()
            Reporting.report(error.diagnostics)
            throw ExitCode.failure
        }
    }
}
