import ArgumentParser
import LynxCedar
import LynxSandbox

/// Whom a cgroup stands for, and whether it is held.
struct SandboxWorkloadArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Whom the processes stand for: a Lynx::Agent or a Sandbox::Workload. Default: Sandbox::Workload::\"NAME\".", valueName: "uid"))
    var principal: String?

    @Flag(help: "Report what would be denied, and let it pass. What would lead out of the sandbox is refused all the same.")
    var audit = false

    func uid(name: String) throws(Failure) -> EntityUID {
        guard let principal else { return EntityUID(type: "Sandbox::Workload", id: CedarString(name)) }
        return try EntityUID.read(principal, option: "--principal")
    }
}
