import ArgumentParser
import LynxCedar
import LynxSandbox

/// Whom a cgroup stands for, and how strictly it is held.
struct SandboxWorkloadArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Whom the processes stand for: a Lynx::Agent or a Sandbox::Workload. Default: Sandbox::Workload::\"NAME\".", valueName: "uid"))
    var principal: String?

    @Flag(help: "Report what would be denied, and let it pass.")
    var audit = false

    @Option(help: ArgumentHelp("Refuse to start where the kernel cannot do as much: prevented.", valueName: "tier"))
    var require: Requirement?

    enum Requirement: String, ExpressibleByArgument, CaseIterable {
        case prevented
    }

    func uid(name: String) throws(Failure) -> EntityUID {
        guard let principal else { return EntityUID(type: "Sandbox::Workload", id: CedarString(name)) }
        return try EntityUID.read(principal, option: "--principal")
    }

    /// How far the kernel goes; what it cannot do is said.
    func tier(_ console: inout Console) throws(Failure) -> SandboxTier {
        let capabilities = KernelCapabilities.probe()
        let tier = try Failure.onLoadingError { () throws(LoadingError) in try SandboxTier(capabilities) }
        guard tier == .network, case .no(let reason, let help) = capabilities.lsm else { return tier }
        if require == .prevented {
            throw Failure("this kernel cannot prevent every operation: \(reason)", help: help)
        }
        console.report([
            Diagnostic(
                "only network operations are prevented on this kernel: \(reason)", severity: .warning,
                help: help)
        ])
        return tier
    }
}
