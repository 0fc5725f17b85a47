import ArgumentParser
import LynxCedar
import LynxSandbox

/// What the kernel has to prevent, and what is told of how far it goes.
struct SandboxDemandArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "prevented: refuse to start where the kernel cannot prevent every operation. Default: where it cannot prevent what policies speak of.",
            valueName: "tier"))
    var require: Requirement?

    @Flag(help: "Let pass what policies speak of and this kernel cannot prevent; it is told.")
    var acceptUnprevented = false

    @Flag(name: .shortAndLong, help: "Tell for each program in the kernel how many instructions it has and how many were verified.")
    var verbose = false

    enum Requirement: String, ExpressibleByArgument, CaseIterable {
        case prevented
    }

    func validate() throws {
        guard require == nil || !acceptUnprevented else {
            throw ValidationError("'--require prevented' and '--accept-unprevented' cannot both be asked for.")
        }
    }

    /// - Parameter isAudited: whether denials are only reported: nothing is promised then.
    func demand(isAudited: Bool) -> EnforcementDemand {
        if require == .prevented { return .everything }
        return acceptUnprevented || isAudited ? .whatThereIs : .mentioned
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
                "only connect, bind, send and createSocket of internet sockets are prevented on this kernel, and of workloads without capabilities only: \(reason)",
                severity: .warning, help: help)
        ])
        return tier
    }

    /// Warns of what is in force and does not prevent all that it should.
    func warn(of strength: SandboxStrength, _ console: inout Console) {
        var warnings = EnforcementGap.lines(strength.unmet).map { "the policies speak of what passes on this kernel: \($0)" }
        if strength.tier == .prevented {
            warnings += EnforcementGap.lines(strength.gaps.filter { !strength.unmet.contains($0) }).map { "not prevented on this kernel: \($0)" }
        }
        console.report(warnings.map { Diagnostic($0, severity: .warning) })
    }

    /// The programs in the kernel.
    func lines(_ programs: [ProgramCount]) -> [String] { ProgramCount.lines(programs, isVerbose: verbose) }
}
