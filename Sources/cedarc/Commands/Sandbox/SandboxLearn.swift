import ArgumentParser
import LynxCedar
import LynxSandbox

/// `cedarc sandbox learn`: runs a command without holding it, and proposes policies that allow what it did.
struct SandboxLearn: CedarcCommand {
    static let configuration = CommandConfiguration(
        commandName: "learn",
        abstract: "Propose policies that allow what a command does.",
        discussion: """
            The command runs under no policy; each operation that it would have needed one for is recorded. Only what would lead out of a \
            sandbox is refused. Read what is proposed before you use it: it allows what the command did this time, and where that \
            was much of one directory, or of the system's, all of it.
            """)

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the policies. Default: the standard output.", valueName: "file"))
    var output: OutputFile = .standardOutput

    @Option(help: ArgumentHelp("A folder of `cedarc compile` that permits nothing, where there is no compiler.", valueName: "folder"))
    var prepared: String?

    @Option(help: ArgumentHelp("The clang that compiles the recorder.", valueName: "path"))
    var clang: String?

    @OptionGroup(title: "Workload") var workload: SandboxWorkloadArguments

    @OptionGroup(title: "Command") var user: SandboxUserArguments

    @OptionGroup(title: "Kernel") var kernel: SandboxDemandArguments

    @OptionGroup var reporting: ReportingArguments

    @Argument(parsing: .postTerminator, help: ArgumentHelp("The command, after --.", valueName: "command"))
    var command: [String] = []

    func validate() throws {
        guard !command.isEmpty else { throw ValidationError("Say which command to learn from, after '--'.") }
    }

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        let image: SandboxImage
        if let prepared {
            image = try Failure.onLoadingError { () throws(LoadingError) in try SandboxImage(folder: prepared) }
        } else {
            image = try SandboxPolicyArguments.compile(PolicySet(), entities: Entities(), clang: clang)
        }
        let tier = try kernel.tier(&console)
        let name = "learn-\(getpid())"
        var learned = LearnedPolicies()
        let outcome = try SandboxedCommand(
            name: name, principal: try workload.uid(name: name), isAudited: true, tier: tier, demand: kernel.demand(isAudited: true),
            user: try user.find()
        ).run(
            command, under: image, entities: Entities(), &console,
            onAttach: { strength, console in
                kernel.warn(of: strength, &console)
                if kernel.verbose { kernel.lines(strength.programs).forEach { console.remark($0) } }
            },
            onReport: { report, _, _ in learned.add(report) })
        learned.lostReportCount = outcome.lostReportCount
        if outcome.end != .exited(0) {
            console.remark("the command ended with \(outcome.end.status): what it did may not be all that it does")
        }
        try output.write(learned.text, as: "policies", &console)
        return .success
    }
}
