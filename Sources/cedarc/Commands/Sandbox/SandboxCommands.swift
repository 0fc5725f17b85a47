import ArgumentParser

/// `cedarc sandbox`: policies that the kernel enforces.
struct SandboxCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Enforce policies on processes, in the kernel.",
        subcommands: [
            SandboxSchemaCommand.self,
            SandboxBase.self,
            SandboxRun.self,
            SandboxAttach.self,
            SandboxStatus.self,
            SandboxEvents.self,
            SandboxReplace.self,
            SandboxDetach.self,
            SandboxDoctor.self,
            SandboxLearn.self,
            SandboxPrepare.self,
            SandboxEnter.self,
        ]
    )
}
