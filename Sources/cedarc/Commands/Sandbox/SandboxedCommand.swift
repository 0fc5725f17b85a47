import LynxCedar
import LynxSandbox

/// One command in a cgroup that is made for it and removed after it.
struct SandboxedCommand {
    let name: String
    let principal: EntityUID
    let isAudited: Bool
    let tier: SandboxTier

    /// The descriptor by which a started process learns that it may go on.
    static let startDescriptor: Int32 = 3

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

    /// Starts this very program, which waits outside until it is in the cgroup and then becomes the command.
    private func start(_ command: [String], in cgroup: Cgroup) throws(Failure) -> ChildProcess {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure("cannot make a pipe: \(SystemError(code: errno))") }
        defer { close(ends[1]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let child: ChildProcess
        do throws(ChildProcess.StartError) {
            defer { close(ends[0]) }
            child = try ChildProcess.start(
                ["/proc/self/exe", "sandbox", SandboxEnter.name, "--"] + command,
                passing: [(ends[0], as: SandboxedCommand.startDescriptor)])
        } catch {
            throw Failure("cannot start the command: \(SystemError(code: error.code))")
        }
        do throws(LoadingError) {
            try cgroup.add(process: child.id)
        } catch {
            kill(child.id, SIGKILL)
            _ = child.wait()
            throw Failure(error)
        }
        guard writeAll([1], to: ends[1]) == 0 else { throw Failure("the command did not start") }
        return child
    }
}
