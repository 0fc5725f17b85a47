import CLibBPF

/// Which programs of an object are to run on a kernel, and why others are not.
struct ProgramChoice {
    /// By name.
    private(set) var names: Set<String> = []
    /// The programs that should have a part here and have none, by name, with why.
    private(set) var absent: [String: String] = [:]

    /// - Parameters:
    ///   - names: of the programs in the object.
    ///   - kills: whether some policy has processes killed.
    ///   - kernel: the running one, whose hooks are asked for.
    init(_ names: Set<String>, _ tier: SandboxTier, kills: Bool, kernel: KernelVersion) {
        let types = btf__load_vmlinux_btf()
        defer { btf__free(types) }
        self.init(names, tier, kills: kills, kernel: kernel) { hook in hookArgumentCount(hook, types) }
    }

    /// - Parameter argumentCount: of an LSM hook; `nil` where the kernel has no such hook.
    init(_ names: Set<String>, _ tier: SandboxTier, kills: Bool, kernel: KernelVersion, argumentCount: (String) -> Int?) {
        var covered: Set<String> = []
        for program in HookProgram.all {
            let hasPart =
                switch program.use {
                case .prevention: tier == .prevented
                case .network: tier == .network
                case .killing: kills
                }
            guard hasPart else { continue }
            if program.use == .prevention {
                let count = argumentCount(String(program.section.dropFirst("lsm/".count)))
                guard let count, program.argumentCount ?? count == count else {
                    if program.isExpected(in: kernel) && !(count == nil && program.isOfFacility) {
                        absent[program.name] = "this kernel has no hook \(program.section)"
                    }
                    continue
                }
            }
            if names.contains(program.name) {
                self.names.insert(program.name)
                covered.insert(program.section)
            } else {
                absent[program.name] = "the compiled programs have none for \(program.section)"
            }
        }
        // Where a hook has changed there is a program for each form of it, and distributions bring changes to earlier kernels.
        for program in HookProgram.all where covered.contains(program.section) { absent[program.name] = nil }
    }

    func includes(_ program: KernelObject.Program) -> Bool { names.contains(program.name) }

    /// Leaves out a program that the kernel does not take.
    mutating func drop(_ name: String, because reason: String) {
        if names.remove(name) != nil { absent[name] = reason }
    }
}

/// By the kernel's description of itself (BTF).
private func hookArgumentCount(_ hook: String, _ types: OpaquePointer?) -> Int? {
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
