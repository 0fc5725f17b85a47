/// How an operation is stopped: by which programs, how far they go, and what they are known to miss.
public struct Enforcement: Hashable, Sendable {
    /// How far a kernel that runs LSM programs goes.
    public enum Tier: String, Hashable, Sendable {
        /// The operation fails with EPERM and has no effect.
        case prevented
        /// The process is killed, when the operation may have had its effect already.
        case killedAfter = "killed after"
        /// The programs do nothing about it.
        case notEnforced = "not enforced"
    }

    /// How far a kernel goes that runs no LSM programs.
    public enum Fallback: String, Hashable, Sendable {
        /// The cgroup's programs refuse it, of workloads without capabilities.
        case preventedByCgroup = "prevented by cgroup"
        /// Some policies have the process killed.
        case killedAfter = "killed after"
        case notEnforced = "not enforced"
    }

    /// All programs that judge the operation.
    public let programs: [HookProgram]
    public let tier: Tier
    public let fallback: Fallback
    /// Ways around it, in a sentence each.
    public let bypasses: [String]

    /// The first kernel in which the operation is judged.
    public var since: KernelVersion { programs.map(\.since).min() ?? .oldest }

    /// - Parameter kills: whether a policy has processes killed for the operation.
    init(_ operation: Operation, kills: Bool = false) {
        programs = HookProgram.judging(operation)
        let uses = Set(programs.map(\.use))
        tier = uses.contains(.prevention) ? .prevented : kills && uses.contains(.killing) ? .killedAfter : .notEnforced
        fallback =
            uses.contains(.network)
            ? .preventedByCgroup : kills && (uses.contains(.killing) || HookProgram.toldByTheirCalls.contains(operation)) ? .killedAfter : .notEnforced
        bypasses = Enforcement.bypasses(of: operation)
    }
}

// What the programs are known to miss.
extension Enforcement {
    private static let names = "a hard link or a bind mount gives a file a second path; `links` tells of the first, `mount` stops the second"
    private static let opened = "what was open before the workload was bound, and what its first process inherits, stays open"
    private static let otherSockets =
        "sockets without an internet address (packet, vsock, Bluetooth, ...) pass where no rule asks for address, port or protocol, "
        + "and netlink, key and alg sockets always; `createSocket` stops them"
    private static let capabilities =
        "without LSM programs a workload with capabilities, such as root, leaves its cgroup, or takes packet sockets: run it without any"

    private static func bypasses(of operation: Operation) -> [String] {
        switch operation {
        case .read, .write: [names, opened]
        case .create, .delete, .rename, .link, .chmod, .chown, .truncate: [names]
        case .setAttributes:
            [
                names, "inode flags (chattr) are not judged",
                "what overlayfs does in its layers, with the credentials of who mounted it, is not judged again",
            ]
        case .execute: [
                names, "an interpreter may read a script that it may not execute",
                "a program loader (ld.so) that may be executed starts whatever may be read and mapped, as below the folders of @include(\"base\")",
            ]
        case .mapExecutable:
            [
                names, "`write` of /proc/self/mem, and tracing, change code that is mapped",
                "personality(READ_IMPLIES_EXEC) makes a heap that grows executable: `@enforce(\"kill\")` on the system call stops it",
            ]
        case .receive: ["what the first process inherits is not received"]
        case .signal:
            [
                "F_SETSIG is judged as a signal to oneself, whoever is to get it",
                "F_SETOWN_EX, FIOSETOWN, and F_SETOWN of anything but a process of the workload are refused, whatever is permitted",
                "without LSM programs process groups and process descriptors count as processes of others",
            ]
        case .ptrace: ["without LSM programs pidfd_getfd counts as of a process of others"]
        case .setUid: ["files that are executed with the set-user-id bit change the user: `execute` with `resource.mode` stops it"]
        case .setGid:
            [
                "files that are executed with the set-group-id bit change the group: `execute` with `resource.mode` stops it",
                "without LSM programs the list of setgroups is not seen",
            ]
        case .createSocket:
            ["a socket that is inherited or received is not created: `receive` stops the second", capabilities]
        case .connect, .send:
            [
                otherSockets, "IP options and routing headers may lead packets over other hosts than the address says",
                "without LSM programs only TCP and UDP are seen, and other internet sockets need every address to be permitted", capabilities,
            ]
        case .bind: [otherSockets, "a port that the kernel picks at connecting or listening is not bound", capabilities]
        case .listen, .accept: [otherSockets]
        case .connectUnix, .sendUnix: ["an end without a name, such as of a pair, is not judged", opened]
        case .bindUnix: ["a name that the kernel picks is not judged"]
        case .mount:
            [
                "mount_setattr and the making of file systems that are not yet mounted have no hook; `useCapability` CAP_SYS_ADMIN stops them",
                "of a bind mount the file system is not known: rules that ask for it deny; mount with MS_MOVE is refused, whatever is permitted",
            ]
        case .unmount: ["what has the BPF file system below it cannot be unmounted, whatever is permitted"]
        case .pivotRoot, .makeNode, .symlink, .makeDirectory, .removeDirectory: []
        case .useCapability: ["what the kernel does in the workload's name with the credentials of others is not judged"]
        case .unshare:
            [
                "setns, and namespaces of other kinds, have no hook; `useCapability` CAP_SYS_ADMIN stops them",
                "without LSM programs the flags of clone3 are not seen",
            ]
        case .bpf: ["without LSM programs nothing keeps a workload that may use bpf from taking its programs away"]
        case .loadModule, .kexec, .perf, .keyctl: []
        case .ioUring: ["a ring that is inherited or received is not made: `receive` stops the second"]
        case .systemCall:
            [
                "only rules with `@enforce(\"kill\")` act, and only forbids; `--emit seccomp` writes a profile that prevents",
                "arguments are not seen", "io_uring makes no system calls; `ioUring` stops it",
                "calls of the 32-bit and x32 tables kill the process, for their numbers mean something else",
            ]
        }
    }
}
