import ArgumentParser
import LynxCedar
import LynxSandbox

/// `cedarc sandbox status`: what is in force.
struct SandboxStatus: CedarcCommand {
    static let configuration = CommandConfiguration(commandName: "status", abstract: "List the sandboxes that are in force.")

    @OptionGroup var reporting: ReportingArguments

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        for name in Sandbox.names {
            let state = try? SandboxState(reading: name)
            try console.print("\(name): \(state?.tier.rawValue ?? "unknown tier"), \(Sandbox.programCount(of: name)) programs")
            for binding in state?.bindings ?? [] {
                try console.print("    \(binding.principal) in \(binding.cgroup)\(binding.isAudited ? " (audited)" : "")")
            }
        }
        return .success
    }
}
