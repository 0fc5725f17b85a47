import ArgumentParser

/// `cedarc sandbox`: policies that the kernel enforces.
struct SandboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Enforce policies on processes, in the kernel.",
        subcommands: [
            SandboxRun.self,
            SandboxAttach.self,
            SandboxStatus.self,
            SandboxEvents.self,
            SandboxReplace.self,
            SandboxDetach.self,
            SandboxDoctor.self,
            SandboxLearn.self,
            SandboxSchemaCommand.self,
            SandboxBase.self,
            SandboxEnter.self,
        ]
    )
}
