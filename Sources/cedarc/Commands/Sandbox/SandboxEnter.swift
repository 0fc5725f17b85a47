import ArgumentParser
import LynxCedar

/// The first program in a new cgroup: waits until it has been moved there, then becomes the command. `run` starts it; nobody else needs to.
struct SandboxEnter: CedarcCommand {
    static let name = "enter"

    static let configuration = CommandConfiguration(
        commandName: SandboxEnter.name, abstract: "What `run` starts.", shouldDisplay: false)

    @OptionGroup var reporting: ReportingArguments

    @Argument(parsing: .postTerminator) var command: [String] = []

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        var byte: UInt8 = 0
        // The end without a byte: whoever started this has given up.
        guard read(SandboxedCommand.startDescriptor, &byte, 1) == 1, let program = command.first else { return .failure }
        close(SandboxedCommand.startDescriptor)
        signal(SIGPIPE, SIG_DFL)
        let arguments = command.map { strdup($0) } + [nil]
        execvp(program, arguments)
        throw Failure("cannot run `\(program)`: \(SystemError(code: errno))")
    }
}
