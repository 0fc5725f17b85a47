import LynxCedar
import LynxSandbox

/// One command in a cgroup that is made for it and removed after it.
struct SandboxedCommand {
    let name: String
    let principal: EntityUID
    let isAudited: Bool
    let tier: SandboxTier

    /// The descriptors by which a started process says that it has come up, and learns that it may go on.
    static let readyDescriptor: Int32 = 3
    static let startDescriptor: Int32 = 4

    /// Runs the command to its end.
    ///
    /// - Parameter onReport: is told each denial.
    func run(
        _ command: [String], under image: SandboxImage, entities: Entities, _ console: inout Console,
        onReport: (SandboxReport, SandboxState, inout Console) -> Void
    ) throws(Failure) -> ChildProcess.End {
        // Their signals reach the command by itself: it is in the same group of processes.
        signal(SIGINT, SIG_IGN)
        signal(SIGQUIT, SIG_IGN)
        let hierarchy = try Failure.onLoadingError { () throws(LoadingError) in try CgroupHierarchy() }
        let cgroup = try Failure.onLoadingError { () throws(LoadingError) in try Cgroup.make(named: name, in: hierarchy) }
        defer {
            cgroup.killAll()
            cgroup.remove()
        }
        try Failure.onLoadingError { () throws(LoadingError) in
            try Sandbox.attach(
                image, as: name, to: [Sandbox.Workload(cgroup: cgroup, principal: principal, isAudited: isAudited)], entities: entities,
                tier: tier)
        }
        defer { try? Sandbox.detach(name) }
        let reader = try Failure.onLoadingError { () throws(LoadingError) in try ReportReader(sandbox: name) }
        let state = try Failure.onLoadingError { () throws(LoadingError) in try SandboxState(reading: name) }

        let child = try start(command, in: cgroup)
        var end: ChildProcess.End?
        while end == nil {
            for report in reader.next(timeout: 50) { onReport(report, state, &console) }
            end = child.poll()
        }
        for report in reader.next(timeout: 0) { onReport(report, state, &console) }
        let lost = reader.lost
        if lost > 0 { console.remark("\(lost) reports were lost: more was denied than could be told in time") }
        return end ?? .exited(1)
    }

    /// Starts this very program, which comes up outside of the cgroup, is moved there, and becomes the command.
    private func start(_ command: [String], in cgroup: Cgroup) throws(Failure) -> ChildProcess {
        let ready = try Pipe()
        defer { ready.finish() }
        let start = try Pipe()
        defer { start.finish() }
        let child: ChildProcess
        do throws(ChildProcess.StartError) {
            child = try ChildProcess.start(
                ["/proc/self/exe", "sandbox", SandboxEnter.name, "--"] + command,
                passing: [(ready.writing, as: SandboxedCommand.readyDescriptor), (start.reading, as: SandboxedCommand.startDescriptor)])
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
            close(ends[index])
            ends[index] = moved
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
