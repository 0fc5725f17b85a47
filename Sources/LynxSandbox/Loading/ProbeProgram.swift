import CLibBPF

/// Programs of a few instructions that find out what the kernel lets programs do.
enum ProbeProgram {
    /// Has an LSM program refuse a harmless call of this very process, `getsid`, and looks whether it is refused.
    ///
    /// A kernel whose `lsm=` does not name bpf takes such programs and never runs them.
    static func refusal() -> KernelCapabilities.Answer {
        guard let program = loadAtHook(
            [
                .call(helper: UInt32(BPF_FUNC_get_current_pid_tgid.rawValue)),
                .shiftRight(register: 0, by: 32),
                .skipIfEqual(register: 0, to: getpid(), count: 2),
                .move(register: 0, 0),
                .exit,
                .move(register: 0, -1),
                .exit,
            ])
        else { return .no("the kernel has no LSM hooks for programs", help: lsmHelp) }
        guard program >= 0 else { return .no("the kernel does not take LSM programs: \(text(-program))", help: lsmHelp) }
        defer { close(program) }
        return AttachingTurn.take {
            let link = bpf_raw_tracepoint_open(nil, program)
            guard link >= 0 else { return .no("the kernel does not attach LSM programs: \(text(-link))", help: lsmHelp) }
            let session = getsid(getpid())
            let code = errno
            close(link)
            guard session == -1 && code == EPERM else {
                return .no("the kernel takes LSM programs and does not run them", help: lsmHelp)
            }
            return .yes
        }
    }

    /// Whether the kernel takes LSM programs. That it runs them is not said.
    static func takesHooks() -> Bool {
        guard let program = loadAtHook([.move(register: 0, 0), .exit]), program >= 0 else { return false }
        close(program)
        return true
    }

    /// Loads an LSM program for the hook of `getsid`.
    ///
    /// - Returns: its descriptor, or an error number below 0; `nil` where the kernel's types have no such hook.
    private static func loadAtHook(_ instructions: [bpf_insn]) -> Int32? {
        let hook = libbpf_find_vmlinux_btf_id("task_getsid", BPF_LSM_MAC)
        guard hook > 0 else { return nil }
        var options = bpf_prog_load_opts()
        options.sz = MemoryLayout<bpf_prog_load_opts>.size
        options.expected_attach_type = BPF_LSM_MAC
        options.attach_btf_id = UInt32(hook)
        return load(instructions, BPF_PROG_TYPE_LSM, &options)
    }

    private static let lsmHelp = "boot a kernel that was built with CONFIG_BPF_LSM, with bpf in the list of lsm= on its command line"

    static func cgroup() -> KernelCapabilities.Answer {
        var options = bpf_prog_load_opts()
        options.sz = MemoryLayout<bpf_prog_load_opts>.size
        options.expected_attach_type = BPF_CGROUP_INET4_CONNECT
        let program = load([.move(register: 0, 1), .exit], BPF_PROG_TYPE_CGROUP_SOCK_ADDR, &options)
        guard program >= 0 else {
            return .no("the kernel does not take programs of cgroups: \(text(-program))", help: "run as root; CONFIG_CGROUP_BPF is needed")
        }
        close(program)
        return .yes
    }

    static func systemCall() -> KernelCapabilities.Answer {
        let point = libbpf_find_vmlinux_btf_id("sys_enter", BPF_TRACE_RAW_TP)
        guard point > 0 else { return .no("the kernel does not describe its trace points", help: nil) }
        var options = bpf_prog_load_opts()
        options.sz = MemoryLayout<bpf_prog_load_opts>.size
        options.expected_attach_type = BPF_TRACE_RAW_TP
        options.attach_btf_id = UInt32(point)
        let program = load([.move(register: 0, 0), .exit], BPF_PROG_TYPE_TRACING, &options)
        guard program >= 0 else { return .no("the kernel does not take tracing programs: \(text(-program))", help: "run as root") }
        close(program)
        return .yes
    }

    /// How far below the real root of the hierarchy this process's cgroup is, whatever namespace it is in.
    ///
    /// - Throws: when the kernel does not run programs for this process.
    static func cgroupLevel() throws(LoadingError) -> Int {
        let deepest = 256
        var options = bpf_prog_load_opts()
        options.sz = MemoryLayout<bpf_prog_load_opts>.size
        // Counts up until the process has no ancestor at a level.
        let program = load(
            [
                .move(register: 6, -1),
                .add(register: 6, 1),
                .skipIfEqual(register: 6, to: Int32(deepest), count: 3),
                .copy(register: 1, from: 6),
                .call(helper: UInt32(BPF_FUNC_get_current_ancestor_cgroup_id.rawValue)),
                .skipUnlessEqual(register: 0, to: 0, count: -5),
                .copy(register: 0, from: 6),
                .exit,
            ], BPF_PROG_TYPE_RAW_TRACEPOINT, &options)
        guard program >= 0 else { throw .system("ask the kernel for the level of this process's cgroup", -program, help: "run as root") }
        defer { close(program) }
        var run = bpf_test_run_opts()
        run.sz = MemoryLayout<bpf_test_run_opts>.size
        let code = bpf_prog_test_run_opts(program, &run)
        guard code == 0 else { throw .system("ask the kernel for the level of this process's cgroup", -code) }
        // The first level that it has no ancestor at is one below its own.
        guard (1..<deepest).contains(Int(run.retval)) else { throw LoadingError("this process's cgroup lies too deep") }
        return Int(run.retval) - 1
    }

    private static func text(_ code: Int32) -> String { String(cString: strerror(code)) }

    private static func load(_ instructions: [bpf_insn], _ type: bpf_prog_type, _ options: inout bpf_prog_load_opts) -> Int32 {
        libbpf_set_print(nil)
        let descriptor = bpf_prog_load(type, "lynx_probe", "GPL", instructions, instructions.count, &options)
        return descriptor
    }
}

/// The instructions that probes are made of (Linux, Documentation/bpf/standardization/instruction-set).
extension bpf_insn {
    fileprivate static func call(helper: UInt32) -> bpf_insn { make(code: 0x85, immediate: Int32(bitPattern: helper)) }
    fileprivate static func move(register: UInt8, _ value: Int32) -> bpf_insn { make(code: 0xb7, register: register, immediate: value) }
    fileprivate static func shiftRight(register: UInt8, by bits: Int32) -> bpf_insn {
        make(code: 0x77, register: register, immediate: bits)
    }
    fileprivate static func skipIfEqual(register: UInt8, to value: Int32, count: Int16) -> bpf_insn {
        make(code: 0x15, register: register, offset: count, immediate: value)
    }
    fileprivate static func skipUnlessEqual(register: UInt8, to value: Int32, count: Int16) -> bpf_insn {
        make(code: 0x55, register: register, offset: count, immediate: value)
    }
    fileprivate static func add(register: UInt8, _ value: Int32) -> bpf_insn { make(code: 0x07, register: register, immediate: value) }
    fileprivate static func copy(register: UInt8, from source: UInt8) -> bpf_insn {
        var instruction = make(code: 0xbf, register: register)
        instruction.src_reg = source
        return instruction
    }
    fileprivate static var exit: bpf_insn { make(code: 0x95) }

    private static func make(code: UInt8, register: UInt8 = 0, offset: Int16 = 0, immediate: Int32 = 0) -> bpf_insn {
        var instruction = bpf_insn()
        instruction.code = code
        instruction.dst_reg = register
        instruction.off = offset
        instruction.imm = immediate
        return instruction
    }
}
