import CLibBPF

/// How large a program is, and how much of it the kernel's verifier went through.
public struct ProgramCount: Sendable, Hashable {
    /// In the object.
    public let name: String
    /// After the kernel's own rewriting, with the functions that it shares with others.
    public let instructions: Int
    /// Over all ways through it (`bpf_prog_info.verified_insns`): what the kernel's limit of a million is for.
    public let verifiedInstructions: Int

    /// Asks the kernel.
    ///
    /// - Parameter program: a descriptor; of no program gives `nil`.
    init?(name: String, program: Int32) {
        var info = bpf_prog_info()
        var size = UInt32(MemoryLayout<bpf_prog_info>.size)
        guard program >= 0, bpf_obj_get_info_by_fd(program, &info, &size) == 0 else { return nil }
        self.name = name
        // An instruction takes eight bytes.
        instructions = Int(info.xlated_prog_len) / 8
        verifiedInstructions = Int(info.verified_insns)
    }

    /// Asks the kernel about the program of a pinned link.
    ///
    /// - Throws: when the link cannot be opened.
    init?(name: String, link path: String) throws(LoadingError) {
        let link = bpf_obj_get(path)
        guard link >= 0 else { throw .system("open the pinned link `\(path)`", -link) }
        defer { close(link) }
        var info = bpf_link_info()
        var size = UInt32(MemoryLayout<bpf_link_info>.size)
        guard bpf_obj_get_info_by_fd(link, &info, &size) == 0 else { return nil }
        let program = bpf_prog_get_fd_by_id(info.prog_id)
        defer { if program >= 0 { close(program) } }
        self.init(name: name, program: program)
    }

    /// The programs in a line, and where asked for in a line each below it.
    public static func lines(_ programs: [ProgramCount], isVerbose: Bool) -> [String] {
        let total = programs.reduce(0) { $0 + $1.verifiedInstructions }
        var line = "\(programs.count) programs, \(total) instructions verified"
        if let largest = programs.max(by: { $0.verifiedInstructions < $1.verifiedInstructions }) {
            line += ", at most \(largest.verifiedInstructions) for one (\(largest.name))"
        }
        guard isVerbose else { return [line] }
        return [line] + programs.map { "    \($0.name): \($0.instructions) instructions, \($0.verifiedInstructions) verified" }
    }
}
