import ArgumentParser
import LynxCedar
import LynxSandbox

/// `cedarc sandbox detach`: takes policies out of force.
struct SandboxDetach: CedarcCommand {
    static let configuration = CommandConfiguration(commandName: "detach", abstract: "Take a sandbox's policies out of force.")

    @Argument(help: ArgumentHelp("The sandbox.", valueName: "name"))
    var name: String

    @OptionGroup var reporting: ReportingArguments

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        try Failure.onLoadingError { () throws(LoadingError) in try Sandbox.detach(name) }
        try console.print("sandbox \(name) is detached")
        return .success
    }
}
