import ArgumentParser
import LynxCedar
import LynxSandbox

/// `cedarc sandbox events`: what was denied.
struct SandboxEvents: CedarcCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Tell what a sandbox denied.",
        discussion: "An event is told once, to whoever reads it first.")

    @Argument(help: ArgumentHelp("The sandbox.", valueName: "name"))
    var name: String

    @Flag(help: "Go on until the sandbox is detached.")
    var follow = false

    @Option(help: ArgumentHelp("How events are told: text or json.", valueName: "format"))
    var format: EventFormat = .text

    @OptionGroup var reporting: ReportingArguments

    func validate() throws {
        guard format != .none else { throw ValidationError("'--format none' would tell nothing: take text or json.") }
    }

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        let reader = try Failure.onLoadingError { () throws(LoadingError) in try ReportReader(sandbox: name) }
        var known = try? SandboxState(reading: name)
        while true {
            let reports = reader.next(timeout: follow ? 500 : 0)
            if !reports.isEmpty {
                // Each time anew: policies may have been replaced.
                let state = try Failure.onLoadingError { () throws(LoadingError) in
                    do throws(LoadingError) {
                        return try SandboxState(reading: name)
                    } catch {
                        // The last denials of one that was just detached are told by what was known of it.
                        guard let known else { throw error }
                        return known
                    }
                }
                known = state
                for report in reports {
                    try console.print(format == .json ? report.json(state) : report.line(state))
                }
                try console.flush()
            } else if !follow {
                break
            } else if try Failure.onLoadingError({ () throws(LoadingError) in try !Sandbox.names.contains(name) }) {
                break
            }
        }
        let lost = reader.lost
        if lost > 0 { console.remark("\(lost) reports were lost: more was denied than could be told in time") }
        return .success
    }
}
