import CLibBPF

/// The links pinned in a folder that is about to be removed, so that their end can be waited for.
///
/// A pin's end is not yet its link's: recent kernels (6.12 is one) put that off until no reader of the file system is left. Until then its
/// program goes on to judge.
struct LinkRemoval {
    private var links: [UInt32] = []
    private var programs: [UInt32] = []

    /// The longest wait for links, in milliseconds, and for programs once these have gone: somebody else may look at a program.
    private static let patience = 10_000
    private static let patienceForPrograms = 200

    /// - Parameter folder: one that is not there has no links.
    init(of folder: String) {
        for name in (try? SmallFile.names(in: folder)) ?? [] {
            let link = bpf_obj_get("\(folder)/\(name)")
            guard link >= 0 else { continue }
            defer { close(link) }
            var info = bpf_link_info()
            var size = UInt32(MemoryLayout<bpf_link_info>.size)
            guard bpf_obj_get_info_by_fd(link, &info, &size) == 0 else { continue }
            if info.id != 0 { links.append(info.id) }
            if info.prog_id != 0 { programs.append(info.prog_id) }
        }
    }

    /// Waits until the programs judge no more.
    ///
    /// - Throws: when a link outlasts the wait, because somebody else holds it.
    func wait() throws(LoadingError) {
        guard LinkRemoval.waits(LinkRemoval.patience, while: { links.contains(where: LinkRemoval.hasLink) }) else {
            throw LoadingError("another process holds the links of the policies that were in force: they stay in force until it ends")
        }
        // A link's number goes before its program stops, the program's only after that.
        _ = LinkRemoval.waits(LinkRemoval.patienceForPrograms) { programs.contains(where: LinkRemoval.hasProgram) }
    }

    /// - Returns: whether the condition has ended.
    private static func waits(_ milliseconds: Int, while condition: () -> Bool) -> Bool {
        for _ in 0..<milliseconds {
            if !condition() { return true }
            usleep(1_000)
        }
        return !condition()
    }

    // The number after the one before it: asked for in this way the kernel counts no new reference.

    private static func hasProgram(_ id: UInt32) -> Bool {
        var next: UInt32 = 0
        return bpf_prog_get_next_id(id - 1, &next) == 0 && next == id
    }

    private static func hasLink(_ id: UInt32) -> Bool {
        var next: UInt32 = 0
        return bpf_link_get_next_id(id - 1, &next) == 0 && next == id
    }
}
