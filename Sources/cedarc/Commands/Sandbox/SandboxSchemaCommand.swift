import ArgumentParser
import LynxSandbox

/// `cedarc sandbox schema`: prints what sandbox policies are written against.
struct SandboxSchemaCommand: CedarcCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the schema that sandbox policies are written against.")

    @OptionGroup var reporting: ReportingArguments

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        try console.write(Array(SandboxSchema.text.utf8))
        return .success
    }
}
