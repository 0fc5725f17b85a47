import ArgumentParser
import LynxCedar
import LynxSandbox

/// `cedarc sandbox attach`: policies for a cgroup that is there.
struct SandboxAttach: CedarcCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Put policies in force for a cgroup.",
        discussion: """
            They hold for every process in the cgroup and below it, until `cedarc sandbox detach` or a reboot, whether this program runs or \
            not. Files and connections that are open already stay open.
            """)

    @Option(help: ArgumentHelp("The cgroup's folder.", valueName: "path"))
    var cgroup: String

    @Option(help: ArgumentHelp("What the sandbox is to be called. Needed where the cgroup's own name, the default, has other letters than a-z, A-Z, digits, - and _.", valueName: "name"))
    var name: String?

    @OptionGroup(title: "Policies") var policies: SandboxPolicyArguments

    @OptionGroup(title: "Workload") var workload: SandboxWorkloadArguments

    @OptionGroup(title: "Kernel") var kernel: SandboxDemandArguments

    @OptionGroup var reporting: ReportingArguments

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        let entities = try policies.loadEntities()
        let image = try policies.image(entities: entities)
        policies.warn(of: image, &console)
        let tier = try kernel.tier(&console)
        let name = name ?? cgroup.split(separator: "/").last.map(String.init) ?? cgroup
        let principal = try workload.uid(name: name)
        let strength = try Failure.onLoadingError { () throws(LoadingError) in
            let cgroup = try Cgroup(path: cgroup, in: CgroupHierarchy())
            return try Sandbox.attach(
                image, as: name, to: [Sandbox.Workload(cgroup: cgroup, principal: principal, isAudited: workload.audit)],
                entities: entities, tier: tier, demand: kernel.demand(isAudited: workload.audit))
        }
        kernel.warn(of: strength, &console)
        try console.print("sandbox \(name) is in force for \(principal)")
        for line in kernel.lines(strength.programs) { try console.print(line) }
        return .success
    }
}
