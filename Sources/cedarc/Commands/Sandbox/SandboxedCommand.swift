import LynxCedar
import LynxSandbox

/// One command in a cgroup that is made for it and removed after it.
struct SandboxedCommand {
    let name: String
    let principal: EntityUID
    let isAudited: Bool
    let tier: SandboxTier
    let demand: EnforcementDemand
    /// Whom it runs as; `nil` for who runs this program.
    let user: CommandUser?

    /// How it went.
    struct Outcome {
        let end: ChildProcess.End
        /// How many reports could not be told in time.
        let lostReportCount: UInt64
    }

    /// The descriptors by which a started process says that it has come up, and learns that it may go on.
    static let readyDescriptor: Int32 = 3
    static let startDescriptor: Int32 = 4

    /// Runs the command to its end.
    ///
    /// - Parameters:
    ///   - onAttach: is told what the kernel made of the policies, before the command starts.
    ///   - onReport: is told each denial.
    func run(
        _ command: [String], under image: SandboxImage, entities: Entities, _ console: inout Console,
        onAttach: (SandboxStrength, inout Console) -> Void, onReport: (SandboxReport, SandboxState, inout Console) -> Void
    ) throws(Failure) -> Outcome {
        // Whatever ends this program is to leave neither the cgroup nor the pins behind.
        let signals = StopSignals()
        let hierarchy = try Failure.onLoadingError { () throws(LoadingError) in try CgroupHierarchy() }
        let cgroup = try Failure.onLoadingError { () throws(LoadingError) in try Cgroup.make(named: name, in: hierarchy) }
        let outcome: Outcome
        // A sandbox of that name that was there before is another's.
        var isAttached = false
        do throws(Failure) {
            let strength = try Failure.onLoadingError { () throws(LoadingError) in
                try Sandbox.attach(
                    image, as: name, to: [Sandbox.Workload(cgroup: cgroup, principal: principal, isAudited: isAudited)], entities: entities,
                    tier: tier, demand: demand)
            }
            isAttached = true
            onAttach(strength, &console)
            outcome = try follow(command, in: cgroup, signals, &console, onReport: onReport)
        } catch {
            // What led here is to be told, not what came of it.
            try? putAway(cgroup, isAttached: isAttached)
            throw error
        }
        try putAway(cgroup, isAttached: true)
        return outcome
    }

    /// Ends what the command has left running, and only then takes the policies out of force.
    private func putAway(_ cgroup: Cgroup, isAttached: Bool) throws(Failure) {
        do throws(LoadingError) {
            try cgroup.killAll()
        } catch {
            throw Failure("\(error.message); they stay under the policies", help: "when they have gone: cedarc sandbox detach \(name)")
        }
        try Failure.onLoadingError { () throws(LoadingError) in
            // Somebody may have detached it meanwhile.
            if isAttached, try Sandbox.names.contains(name) { try Sandbox.detach(name) }
            try cgroup.remove()
        }
    }

    /// Starts the command, and tells of it until it ends.
    private func follow(
        _ command: [String], in cgroup: Cgroup, _ signals: StopSignals, _ console: inout Console,
        onReport: (SandboxReport, SandboxState, inout Console) -> Void
    ) throws(Failure) -> Outcome {
        let reader = try Failure.onLoadingError { () throws(LoadingError) in try ReportReader(sandbox: name) }
        let state = try Failure.onLoadingError { () throws(LoadingError) in try SandboxState(reading: name) }
        if let early = signals.next() { return Outcome(end: .killed(signal: early.signal), lostReportCount: 0) }

        let child = try start(command, in: cgroup, signals)
        var end: ChildProcess.End?
        var hasAsked = false
        while end == nil {
            for report in reader.next(timeout: 50) { onReport(report, state, &console) }
            while let arrival = signals.next() {
                guard arrival.isForUsAlone else { continue }
                // The first is handed on, for the command to end as it likes to; whoever asks twice means it.
                kill(child.id, hasAsked ? SIGKILL : arrival.signal)
                hasAsked = true
            }
            end = child.poll()
        }
        // What it has left running ends here, under the policies, and tells its last. Should it not end, that comes up again.
        try? cgroup.killAll()
        for report in reader.next(timeout: 0) { onReport(report, state, &console) }
        let lost = reader.lost
        if lost > 0 { console.remark("\(lost) reports were lost: there was more than could be told in time") }
        return Outcome(end: end ?? .exited(1), lostReportCount: lost)
    }

    /// Starts this very program, which comes up outside of the cgroup, is moved there, and becomes the command.
    private func start(_ command: [String], in cgroup: Cgroup, _ signals: StopSignals) throws(Failure) -> ChildProcess {
        let ready = try Pipe()
        defer { ready.finish() }
        let start = try Pipe()
        defer { start.finish() }
        let child: ChildProcess
        do throws(ChildProcess.StartError) {
            child = try ChildProcess.start(
                ["/proc/self/exe", "sandbox", SandboxEnter.name] + (user.map { ["--user=\($0.text)"] } ?? []) + ["--"] + command,
                passing: [(ready.writing, as: SandboxedCommand.readyDescriptor), (start.reading, as: SandboxedCommand.startDescriptor)],
                blocking: signals.before)
        } catch {
            throw Failure("cannot start the command: \(SystemError(code: error.code))")
        }
        ready.closeWriting()
        do throws(LoadingError) {
            var byte: UInt8 = 0
            guard read(ready.reading, &byte, 1) == 1 else { throw LoadingError("the command did not start") }
            try cgroup.add(process: child.id)
            guard writeAll([1], to: start.writing) == 0 else { throw LoadingError("the command did not start") }
        } catch {
            kill(child.id, SIGKILL)
            _ = child.wait()
            throw Failure(error)
        }
        return child
    }
}

/// A pipe that no other child gets by accident.
private final class Pipe {
    private var ends: [Int32] = [-1, -1]

    init() throws(Failure) {
        guard pipe(&ends) == 0 else { throw Failure("cannot make a pipe: \(SystemError(code: errno))") }
        // Above the numbers that a child is given them as, or one could be replaced by the other before it is copied.
        for index in ends.indices {
            let moved = fcntl(ends[index], F_DUPFD_CLOEXEC, 16)
            let code = errno
            close(ends[index])
            ends[index] = moved
            guard moved >= 0 else {
                finish()
                throw Failure("cannot make a pipe: \(SystemError(code: code))")
            }
        }
    }

    var reading: Int32 { ends[0] }
    var writing: Int32 { ends[1] }

    func closeWriting() {
        if ends[1] >= 0 { close(ends[1]) }
        ends[1] = -1
    }

    func finish() {
        if ends[0] >= 0 { close(ends[0]) }
        ends[0] = -1
        closeWriting()
    }
}
