import CLibBPF

/// What the running kernel can enforce, found by trying: files that list features are not believed.
public struct KernelCapabilities: Sendable {
    /// The answer to one question, with what to change where it is no.
    public enum Answer: Sendable, Hashable {
        case yes
        case no(String, help: String?)

        public var isYes: Bool { self == .yes }
    }

    public let release: String
    /// LSM programs are loaded, run, and refuse.
    public let lsm: Answer
    /// Programs of cgroups are loaded.
    public let cgroup: Answer
    /// Programs on system calls are loaded: what they see can be killed, not prevented.
    public let systemCalls: Answer
    /// The layout of the kernel's structs is known.
    public let layout: Answer
    /// Links can be pinned.
    public let pins: Answer
    public let unifiedHierarchy: Answer
    /// What LSM programs would not prevent, for want of hooks.
    public let gaps: [EnforcementGap]

    /// Of the running kernel.
    static var release: String {
        var names = utsname()
        uname(&names)
        return withUnsafeBytes(of: &names.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    public static func probe() -> KernelCapabilities {
        let layout: Answer =
            access("/sys/kernel/btf/vmlinux", R_OK) == 0
            ? .yes : .no("/sys/kernel/btf/vmlinux is not there", help: "boot a kernel that was built with CONFIG_DEBUG_INFO_BTF")
        let unified: Answer
        do throws(LoadingError) {
            _ = try CgroupHierarchy()
            unified = .yes
        } catch {
            unified = .no(error.message, help: error.help)
        }
        let version = KernelVersion(release) ?? KernelVersion(.max, 0)
        let hooks = ProgramChoice(Set(HookProgram.all.map(\.name)), .prevented, kills: false, kernel: version)
        return KernelCapabilities(
            release: release, lsm: layout.isYes ? ProbeProgram.refusal() : layout, cgroup: ProbeProgram.cgroup(),
            systemCalls: layout.isYes ? ProbeProgram.systemCall() : layout, layout: layout, pins: PinFolder.probe(),
            unifiedHierarchy: unified, gaps: OperationCoverage(hooks, .prevented).gaps)
    }
}
