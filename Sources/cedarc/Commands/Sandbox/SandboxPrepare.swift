import ArgumentParser
import LynxCedar
import LynxSandbox

/// `cedarc sandbox prepare`: compiles here what is loaded elsewhere.
struct SandboxPrepare: CedarcCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare",
        abstract: "Compile policies for machines without a compiler.",
        discussion: "`run`, `attach` and `replace` take the folder by --prepared.")

    @OptionGroup(title: "Policies") var policies: SandboxPolicyArguments

    @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write.", valueName: "folder"))
    var output: String

    @OptionGroup var reporting: ReportingArguments

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        let image = try policies.image(entities: try policies.loadEntities())
        try Failure.onLoadingError { () throws(LoadingError) in try image.write(to: output) }
        return .success
    }
}
