/// A program that runs as a child of this one.
public struct ChildProcess: Sendable {
    public let id: Int32

    /// How a process came to its end.
    public enum End: Hashable, Sendable {
        case exited(Int32)
        case killed(signal: Int32)

        /// As shells tell it.
        public var status: Int32 {
            switch self {
            case .exited(let status): status
            case .killed(let signal): 128 + signal
            }
        }
    }

    /// Starts a program, which is looked for in PATH, in this process's surroundings.
    ///
    /// - Parameters:
    ///   - input: the descriptor that becomes its standard input; `nil` leaves it this one's.
    ///   - errors: the same for its standard error.
    ///   - descriptors: further ones that it gets, with the numbers that it gets them as.
    ///   - blocked: the signals that are blocked in it; `nil` blocks those that this process does.
    /// - Throws: an error number.
    public static func start(
        _ arguments: [String], input: Int32? = nil, errors: Int32? = nil, passing descriptors: [(Int32, as: Int32)] = [],
        blocking blocked: sigset_t? = nil
    ) throws(StartError) -> ChildProcess {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input { posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) }
        if let errors { posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO) }
        for (descriptor, number) in descriptors { posix_spawn_file_actions_adddup2(&actions, descriptor, number) }
        // What this process ignores for its own output, a child would go on ignoring.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var defaults = sigset_t()
        sigemptyset(&defaults)
        sigaddset(&defaults, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        var flags = POSIX_SPAWN_SETSIGDEF
        if var blocked {
            posix_spawnattr_setsigmask(&attributes, &blocked)
            flags |= POSIX_SPAWN_SETSIGMASK
        }
        posix_spawnattr_setflags(&attributes, Int16(flags))

        let pointers = arguments.map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        guard let program = arguments.first else { throw StartError(code: EINVAL) }
        var id: pid_t = 0
        let code = posix_spawnp(&id, program, &actions, &attributes, pointers, environ)
        guard code == 0 else { throw StartError(code: code) }
        return ChildProcess(id: id)
    }

    public struct StartError: Error, Sendable {
        public let code: Int32
    }

    /// Waits for its end.
    public func wait() -> End {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 && errno == EINTR {}
        return End(status)
    }

    /// Its end, where it has come to it.
    public func poll() -> End? {
        var status: Int32 = 0
        return waitpid(id, &status, WNOHANG) == id ? End(status) : nil
    }
}

extension ChildProcess.End {
    /// From what `waitpid` tells: the signal in the low seven bits, else the status in the next eight.
    fileprivate init(_ status: Int32) {
        let signal = status & 0x7f
        self = signal == 0 ? .exited(status >> 8 & 0xff) : .killed(signal: signal)
    }
}
