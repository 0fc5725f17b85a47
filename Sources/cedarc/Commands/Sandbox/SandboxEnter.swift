import ArgumentParser
import LynxCedar

/// The first program in a new cgroup: becomes the user that is asked for, waits until it has been moved there, then becomes the command.
/// `run` starts it; nobody else needs to.
struct SandboxEnter: CedarcCommand {
    static let name = "enter"

    static let configuration = CommandConfiguration(
        commandName: SandboxEnter.name, abstract: "What `run` starts.", shouldDisplay: false)

    @Option var user: String?

    @OptionGroup var reporting: ReportingArguments

    @Argument(parsing: .postTerminator) var command: [String] = []

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        // From here on nothing is opened that the command's policies would have to permit.
        guard let program = command.first else { return .failure }
        let arguments = command.map { strdup($0) } + [nil]
        if let user {
            // Before it is in the cgroup, whose policies would judge it.
            let code = try CommandUser(user).become()
            guard code == 0 else { throw Failure("cannot become the user `\(user)`: \(SystemError(code: code))") }
        }
        guard writeAll([1], to: SandboxedCommand.readyDescriptor) == 0 else { return .failure }
        close(SandboxedCommand.readyDescriptor)
        var byte: UInt8 = 0
        // The end without a byte: whoever started this has given up.
        guard read(SandboxedCommand.startDescriptor, &byte, 1) == 1 else { return .failure }
        close(SandboxedCommand.startDescriptor)
        signal(SIGPIPE, SIG_DFL)
        execvp(program, arguments)
        throw Failure("cannot run `\(program)`: \(SystemError(code: errno))")
    }
}
