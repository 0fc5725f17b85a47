import CLibBPF

/// Which programs of an object run on this kernel.
struct ProgramChoice {
    /// By name.
    private let chosen: Set<String>

    /// - Parameter kills: whether some policy has processes killed.
    init(_ programs: [KernelObject.Program], _ tier: SandboxTier, kills: Bool) {
        let types = btf__load_vmlinux_btf()
        defer { btf__free(types) }
        chosen = Set(
            programs.filter { program in
                if let hook = program.section.suffix(after: "lsm/") {
                    return tier == .prevented && ProgramChoice.fits(program.name, argumentCount(of: hook, types))
                }
                if program.section.hasPrefix("cgroup/") { return tier == .network }
                return kills
            }.map(\.name))
    }

    func includes(_ program: KernelObject.Program) -> Bool { chosen.contains(program.name) }

    /// - Parameter count: of the hook's arguments; `nil` where the kernel has no such hook.
    private static func fits(_ program: String, _ count: Int?) -> Bool {
        guard let count else { return false }
        switch program {
        case "inode_setattr": return count == 3
        case "inode_setattr_before_6_3": return count == 2
        default: return true
        }
    }
}

/// By the kernel's description of itself (BTF).
private func argumentCount(of hook: Substring, _ types: OpaquePointer?) -> Int? {
    // include/uapi/linux/btf.h: BTF_KIND_FUNC
    let functionKind: UInt32 = 12
    guard let types else { return nil }
    let function = btf__find_by_name_kind(types, "bpf_lsm_\(hook)", functionKind)
    guard function > 0, let declaration = btf__type_by_id(types, UInt32(function)),
        let prototype = btf__type_by_id(types, declaration.pointee.type)
    else { return nil }
    // The number of parameters stands in the low bits.
    return Int(prototype.pointee.info & 0xffff)
}

extension String {
    fileprivate func suffix(after prefix: String) -> Substring? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }
}
