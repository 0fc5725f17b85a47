/// Where the kernel asks about an operation, and what it is known to miss.
public struct Enforcement: Hashable, Sendable {
    /// How far the kernel goes.
    public enum Tier: String, Hashable, Sendable {
        /// The operation fails with EPERM and has no effect.
        case prevented
        /// The process is killed, when the operation may have had its effect already.
        case killedAfter = "killed after"
        /// The operation is only reported.
        case observed
    }

    /// LSM hooks and cgroup hooks by the names of the kernel.
    public let hooks: [String]
    public let tier: Tier
    /// The first kernel in which the hooks are as the programs expect.
    public let since: KernelVersion
    /// Ways around it, in a sentence each.
    public let bypasses: [String]

    private init(_ hooks: [String], tier: Tier = .prevented, since: KernelVersion = .oldest, bypasses: [String] = []) {
        self.hooks = hooks
        self.tier = tier
        self.since = since
        self.bypasses = bypasses
    }

    init(_ operation: Operation) {
        let names = "a hard link or a bind mount gives a file a second path; `links` tells of the first, `mount` stops the second"
        switch operation {
        case .read, .write:
            self.init(["lsm/file_open"], bypasses: [names, "files that were open before the workload was bound stay open"])
        case .create:
            self.init(["lsm/path_mknod", "lsm/file_open", "lsm/path_rename", "lsm/path_link"], bypasses: [names])
        case .execute:
            self.init(["lsm/file_open"], bypasses: [names, "an interpreter may read a script that it may not execute"])
        case .mapExecutable:
            self.init(["lsm/mmap_file", "lsm/file_mprotect"], bypasses: ["a program may write code of its own into anonymous memory"])
        case .delete: self.init(["lsm/path_unlink"], bypasses: [names])
        case .rename: self.init(["lsm/path_rename"], bypasses: [names])
        case .link: self.init(["lsm/path_link"], bypasses: [names])
        case .symlink: self.init(["lsm/path_symlink"])
        case .makeDirectory: self.init(["lsm/path_mkdir"])
        case .removeDirectory: self.init(["lsm/path_rmdir"])
        case .makeNode: self.init(["lsm/path_mknod"])
        case .chmod: self.init(["lsm/path_chmod"], bypasses: [names])
        case .chown: self.init(["lsm/path_chown"], bypasses: [names])
        case .truncate: self.init(["lsm/path_truncate", "lsm/file_truncate"], bypasses: [names])
        case .setAttributes: self.init(["lsm/inode_setattr", "lsm/inode_setxattr", "lsm/inode_removexattr", "lsm/inode_set_acl", "lsm/inode_remove_acl"], bypasses: [names])
        case .receive: self.init(["lsm/file_receive"])
        case .ptrace: self.init(["lsm/ptrace_access_check", "lsm/ptrace_traceme"])
        case .signal: self.init(["lsm/task_kill"])
        case .setUid: self.init(["lsm/task_fix_setuid"])
        case .setGid: self.init(["lsm/task_fix_setgid", "lsm/task_fix_setgroups"])
        case .createSocket: self.init(["lsm/socket_create", "cgroup/sock_create"])
        case .connect: self.init(["lsm/socket_connect", "lsm/socket_sendmsg", "cgroup/connect4", "cgroup/connect6"])
        case .bind: self.init(["lsm/socket_bind", "cgroup/bind4", "cgroup/bind6"])
        case .listen: self.init(["lsm/socket_listen"])
        case .accept: self.init(["lsm/socket_accept"])
        case .send:
            self.init(
                ["lsm/socket_sendmsg", "cgroup/sendmsg4", "cgroup/sendmsg6"], bypasses: ["raw and packet sockets; `createSocket` stops those"])
        case .connectUnix: self.init(["lsm/unix_stream_connect"])
        case .bindUnix: self.init(["lsm/path_mknod", "lsm/socket_bind"])
        case .sendUnix: self.init(["lsm/unix_may_send"])
        case .mount: self.init(["lsm/sb_mount", "lsm/move_mount", "lsm/sb_remount"], bypasses: ["mount_setattr has no hook; `useCapability` CAP_SYS_ADMIN stops it"])
        case .unmount: self.init(["lsm/sb_umount"])
        case .pivotRoot: self.init(["lsm/sb_pivotroot"])
        case .useCapability: self.init(["lsm/capable"])
        case .unshare: self.init(["lsm/userns_create"], bypasses: ["setns has no hook; `useCapability` CAP_SYS_ADMIN stops it"])
        case .bpf: self.init(["lsm/bpf"])
        case .loadModule: self.init(["lsm/kernel_read_file", "lsm/kernel_load_data", "lsm/kernel_module_request"])
        case .kexec: self.init(["lsm/kernel_read_file", "lsm/kernel_load_data"])
        case .ioUring: self.init(["lsm/inode_init_security_anon"])
        case .perf: self.init(["lsm/perf_event_open"])
        case .keyctl: self.init(["lsm/key_alloc", "lsm/key_permission"])
        case .systemCall:
            self.init(
                ["tp_btf/sys_enter"], tier: .killedAfter,
                bypasses: ["arguments are not seen", "io_uring makes no system calls; `ioUring` stops it", "a seccomp profile prevents: --emit seccomp"])
        }
    }
}
