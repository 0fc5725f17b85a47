import ArgumentParser
import LynxSandbox

/// `cedarc sandbox base`: prints the policies that `@include("base")` brings in.
struct SandboxBase: CedarcCommand {
    static let configuration = CommandConfiguration(
        commandName: "base",
        abstract: "Print the base profile: the policies that let dynamically linked programs start.",
        discussion: "A policy with the annotation @include(\"base\") brings them in.")

    @OptionGroup var reporting: ReportingArguments

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        try console.write(Array(BaseProfile.text.utf8))
        return .success
    }
}
