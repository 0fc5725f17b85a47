import ArgumentParser
import LynxCedar
import LynxSandbox

/// `cedarc sandbox run`: a command in a cgroup of its own, under policies.
struct SandboxRun: CedarcCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a command under policies.",
        discussion: """
            The command starts when its policies are in force, and needs to be permitted to execute. What is denied is told on the \
            standard error. The exit status is the command's own; 1 also when it could not be started. SIGTERM, SIGINT, SIGQUIT and SIGHUP are \
            handed on to the command, the second time as SIGKILL. What the command leaves running is killed.
            """)

    @OptionGroup(title: "Policies") var policies: SandboxPolicyArguments

    @OptionGroup(title: "Workload") var workload: SandboxWorkloadArguments

    @OptionGroup(title: "Command") var user: SandboxUserArguments

    @OptionGroup(title: "Kernel") var kernel: SandboxDemandArguments

    @Option(help: ArgumentHelp("How denials are told: text, json or none.", valueName: "format"))
    var events: EventFormat = .text

    @OptionGroup var reporting: ReportingArguments

    @Argument(parsing: .postTerminator, help: ArgumentHelp("The command, after --.", valueName: "command"))
    var command: [String] = []

    func validate() throws {
        guard !command.isEmpty else { throw ValidationError("Say which command to run, after '--'.") }
    }

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        let entities = try policies.loadEntities()
        let image = try policies.image(entities: entities)
        policies.warn(of: image, &console)
        let tier = try kernel.tier(&console)
        let name = "run-\(getpid())"
        let principal = try workload.uid(name: name)
        let outcome = try SandboxedCommand(
            name: name, principal: principal, isAudited: workload.audit, tier: tier, demand: kernel.demand(isAudited: workload.audit),
            user: try user.find()
        ).run(
            command, under: image, entities: entities, &console,
            onAttach: { strength, console in
                kernel.warn(of: strength, &console)
                if kernel.verbose { kernel.lines(strength.programs).forEach { console.remark($0) } }
            },
            onReport: { report, state, console in
                switch events {
                case .text: console.remark(report.line(state))
                case .json: console.remark(report.json(state))
                case .none: break
                }
            })
        try console.flush()
        SandboxRun.exit(withError: ExitCode(outcome.end.status))
    }
}

/// How denials are told.
enum EventFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json, none
}
