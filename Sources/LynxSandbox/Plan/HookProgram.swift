/// A program of the templates: what the kernel runs it on, what it judges, and which kernels have it.
///
/// The one table of programs. The plan's hooks and tiers and the loader's choice are taken from it, so that the plan cannot promise what is not
/// loaded.
public struct HookProgram: Hashable, Sendable {
    /// Where the loader takes it.
    public enum Use: Hashable, Sendable {
        /// Where the kernel runs LSM programs: it refuses.
        case prevention
        /// Where it runs none: it refuses by the workload's cgroup.
        case network
        /// Where a policy kills.
        case killing
    }

    /// The function's name.
    public let name: String
    /// Where it is attached, as libbpf writes it: `lsm/file_open`.
    public let section: String
    public let use: Use
    /// What it judges; nothing of a program that only keeps workloads inside.
    public let operations: [Operation]
    /// The first kernel that has the hook in this shape. Distributions may bring it to earlier ones.
    public let since: KernelVersion
    /// The first kernel that has it no longer.
    public let before: KernelVersion?
    /// How many arguments the hook has, where that tells this program from another on the same hook.
    public let argumentCount: Int?
    /// Whether a kernel that is built without what the hook guards has no such hook either.
    public let isOfFacility: Bool

    private init(
        _ name: String, on hook: String? = nil, use: Use = .prevention, judges operations: [Operation], since: KernelVersion = .oldest,
        before: KernelVersion? = nil, argumentCount: Int? = nil, isOfFacility: Bool = false
    ) {
        self.name = name
        section =
            switch use {
            case .prevention: "lsm/\(hook ?? name)"
            case .network: "cgroup/\(hook ?? name)"
            case .killing: "tp_btf/\(hook ?? name)"
            }
        self.use = use
        self.operations = operations
        self.since = since
        self.before = before
        self.argumentCount = argumentCount
        self.isOfFacility = isOfFacility
    }

    /// Whether a kernel of this version has to have the hook.
    public func isExpected(in kernel: KernelVersion) -> Bool {
        kernel >= since && before.map { kernel < $0 } ?? true
    }

    /// The programs that judge an operation.
    public static func judging(_ operation: Operation) -> [HookProgram] { all.filter { $0.operations.contains(operation) } }

    /// All programs, in the order of the templates.
    public static let all: [HookProgram] = files + processes + sockets + kernel + guards + cgroups + systemCalls

    private static let files = [
        HookProgram("file_open", judges: [.read, .write, .create, .execute]),
        HookProgram("mmap_file", judges: [.mapExecutable]),
        HookProgram("file_mprotect", judges: [.mapExecutable]),
        HookProgram("path_mknod", judges: [.create, .makeNode, .bindUnix]),
        HookProgram("path_unlink", judges: [.delete]),
        HookProgram("path_rmdir", judges: [.removeDirectory]),
        HookProgram("path_mkdir", judges: [.makeDirectory]),
        HookProgram("path_symlink", judges: [.symlink]),
        HookProgram("path_rename", judges: [.rename, .create, .delete]),
        HookProgram("path_link", judges: [.link, .create]),
        HookProgram("path_chmod", judges: [.chmod]),
        HookProgram("path_chown", judges: [.chown]),
        HookProgram("path_truncate", judges: [.truncate]),
        HookProgram("file_truncate", judges: [.truncate], since: KernelVersion(6, 2)),
        HookProgram("file_receive", judges: [.receive]),
        HookProgram("inode_setattr", judges: [.setAttributes], since: KernelVersion(6, 3), argumentCount: 3),
        HookProgram("inode_setattr_before_6_3", on: "inode_setattr", judges: [.setAttributes], before: KernelVersion(6, 3), argumentCount: 2),
        HookProgram("inode_setxattr", judges: [.setAttributes]),
        HookProgram("inode_removexattr", judges: [.setAttributes]),
        HookProgram("inode_set_acl", judges: [.setAttributes], since: KernelVersion(6, 2)),
        HookProgram("inode_remove_acl", judges: [.setAttributes], since: KernelVersion(6, 2)),
    ]

    private static let processes = [
        HookProgram("ptrace_access_check", judges: [.ptrace]),
        HookProgram("ptrace_traceme", judges: [.ptrace]),
        HookProgram("task_kill", judges: [.signal]),
        HookProgram("file_fcntl", judges: [.signal]),
        HookProgram("file_ioctl", judges: [.signal]),
        HookProgram("file_ioctl_compat", judges: [.signal], since: KernelVersion(6, 8)),
        HookProgram("task_fix_setuid", judges: [.setUid]),
        HookProgram("task_fix_setgid", judges: [.setGid]),
        HookProgram("task_fix_setgroups", judges: [.setGid]),
        HookProgram("userns_create", judges: [.unshare]),
    ]

    private static let sockets = [
        HookProgram("socket_create", judges: [.createSocket]),
        HookProgram("socket_bind", judges: [.bind, .bindUnix]),
        HookProgram("socket_connect", judges: [.connect]),
        HookProgram("socket_sendmsg", judges: [.send, .connect]),
        HookProgram("sctp_bind_connect", judges: [.connect, .bind]),
        HookProgram("socket_listen", judges: [.listen]),
        HookProgram("socket_accept", judges: [.accept]),
        HookProgram("unix_stream_connect", judges: [.connectUnix]),
        HookProgram("unix_may_send", judges: [.sendUnix]),
    ]

    private static let kernel = [
        HookProgram("sb_mount", judges: [.mount]),
        HookProgram("move_mount", judges: [.mount]),
        HookProgram("sb_remount", judges: [.mount]),
        HookProgram("sb_umount", judges: [.unmount]),
        HookProgram("sb_pivotroot", judges: [.pivotRoot]),
        HookProgram("capable", judges: [.useCapability]),
        HookProgram("bpf", judges: [.bpf]),
        HookProgram("kernel_read_file", judges: [.loadModule, .kexec]),
        HookProgram("kernel_load_data", judges: [.loadModule, .kexec]),
        HookProgram("kernel_module_request", judges: [.loadModule]),
        HookProgram("inode_init_security_anon", judges: [.ioUring]),
        HookProgram("uring_override_creds", judges: [], isOfFacility: true),
        HookProgram("perf_event_open", judges: [.perf], isOfFacility: true),
        HookProgram("key_alloc", judges: [.keyctl], isOfFacility: true),
        HookProgram("key_permission", judges: [.keyctl], isOfFacility: true),
    ]

    private static let guards = [HookProgram("inode_permission", judges: [])]

    private static let cgroups = [
        HookProgram("cgroup_sock_create", on: "sock_create", use: .network, judges: [.createSocket]),
        HookProgram("cgroup_bind4", on: "bind4", use: .network, judges: [.bind]),
        HookProgram("cgroup_bind6", on: "bind6", use: .network, judges: [.bind]),
        HookProgram("cgroup_connect4", on: "connect4", use: .network, judges: [.connect]),
        HookProgram("cgroup_connect6", on: "connect6", use: .network, judges: [.connect]),
        HookProgram("cgroup_sendmsg4", on: "sendmsg4", use: .network, judges: [.send]),
        HookProgram("cgroup_sendmsg6", on: "sendmsg6", use: .network, judges: [.send]),
    ]

    private static let systemCalls = [
        HookProgram("sys_enter", use: .killing, judges: [.systemCall])
    ]

    /// What the program on system calls judges besides, where a policy kills and the kernel runs no LSM programs (`judge_call`).
    public static let toldByTheirCalls: Set<Operation> = {
        #if arch(x86_64)
        [.ptrace, .signal, .setUid, .setGid, .createSocket, .unshare, .bpf, .loadModule, .kexec, .ioUring, .perf, .keyctl]
        #else
        // The program knows where the arguments of calls are on x86-64 only.
        []
        #endif
    }()
}
