import ArgumentParser
import LynxCedar
import LynxSandbox

/// `cedarc sandbox replace`: other policies for the same workloads.
struct SandboxReplace: CedarcCommand {
    static let configuration = CommandConfiguration(
        commandName: "replace",
        abstract: "Put other policies in force, without a gap.",
        discussion: "The new policies are in force before the old ones are taken away; in between, both must permit an operation.")

    @Argument(help: ArgumentHelp("The sandbox.", valueName: "name"))
    var name: String

    @OptionGroup(title: "Policies") var policies: SandboxPolicyArguments

    @OptionGroup(title: "Kernel") var kernel: SandboxDemandArguments

    @OptionGroup var reporting: ReportingArguments

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        let entities = try policies.loadEntities()
        let image = try policies.image(entities: entities)
        policies.warn(of: image, &console)
        let strength = try Failure.onLoadingError { () throws(LoadingError) in
            try Sandbox.replace(name, by: image, entities: entities, demand: kernel.demand(isAudited: false))
        }
        kernel.warn(of: strength, &console)
        try console.print("sandbox \(name) has new policies")
        for line in kernel.lines(strength.programs) { try console.print(line) }
        return .success
    }
}
