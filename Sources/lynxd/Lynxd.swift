import ArgumentParser

/// The root of the command tree.
@main
struct Lynxd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lynxd",
        abstract: "Decides the calls of agents by Cedar policies, and issues tokens for them.",
        discussion: "Exit status: 0 success, 1 failure, 64 wrong usage.",
        subcommands: [Run.self, Check.self, SchemaCommand.self, AuditCommand.self, Demo.self],
        defaultSubcommand: nil)
}
