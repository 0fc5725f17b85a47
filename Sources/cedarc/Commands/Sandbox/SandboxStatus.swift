import ArgumentParser
import LynxCedar
import LynxSandbox

/// `cedarc sandbox status`: what is in force.
struct SandboxStatus: CedarcCommand {
    static let configuration = CommandConfiguration(commandName: "status", abstract: "List the sandboxes that are in force.")

    @Flag(name: .shortAndLong, help: "Tell for each program in the kernel how many instructions it has and how many were verified.")
    var verbose = false

    @OptionGroup var reporting: ReportingArguments

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        let names = try Failure.onLoadingError { () throws(LoadingError) in try Sandbox.names }
        if names.isEmpty { try console.print("no sandbox is in force") }
        var status = ExitStatus.success
        for name in names {
            do throws(Failure) {
                let (state, programs) = try Failure.onLoadingError { () throws(LoadingError) in
                    (try SandboxState(reading: name), try Sandbox.programs(of: name))
                }
                try show(state, programs, &console)
            } catch {
                // One that cannot be read is not to hide the others.
                console.report(error.diagnostics)
                status = .failure
            }
        }
        return status
    }

    private func show(_ state: SandboxState, _ programs: [ProgramCount], _ console: inout Console) throws(Failure) {
        let lines = ProgramCount.lines(programs, isVerbose: verbose)
        try console.print("\(state.name): \(state.tier.rawValue), \(lines.first ?? "no programs")")
        for line in lines.dropFirst() { try console.print(line) }
        for binding in state.bindings {
            try console.print("    \(binding.principal) in \(binding.cgroup)\(binding.isAudited ? " (audited)" : "")")
        }
        for line in EnforcementGap.lines(state.gaps) { try console.print("    not prevented: \(line)") }
    }
}
