import CLibBPF

/// Lets one process at a time attach programs to hooks and take them away.
///
/// The kernel rewrites its own code for each, and processes that ask for it at once keep one another from getting on: Linux 6.1 takes longer than
/// half a minute for four that it attaches within a second one after the other. Nothing but speed depends on the turn. Where it cannot be
/// had, what was to be done is done without.
enum AttachingTurn {
    /// The longest wait, and how long until the next look, in milliseconds.
    private static let patience = 60_000
    private static let interval: UInt32 = 10

    static func take<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        // Who may not open the product's folder of pins cannot hold the others up.
        let folder = open(PinFolder.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        // The turn ends with the descriptor, also when the process is killed.
        defer { if folder >= 0 { close(folder) } }
        if folder >= 0 { wait(for: folder) }
        return try body()
    }

    private static func wait(for folder: Int32) {
        for _ in 0..<patience / Int(interval) {
            guard flock(folder, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK || errno == EINTR else { return }
            usleep(interval * 1_000)
        }
    }
}
