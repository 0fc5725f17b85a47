import ArgumentParser

/// `cedarc sandbox`: what has to do with sandboxes beside compiling their policies.
struct SandboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Work with sandboxes: policies that the kernel enforces.",
        subcommands: [SandboxSchemaCommand.self, SandboxBase.self]
    )
}
