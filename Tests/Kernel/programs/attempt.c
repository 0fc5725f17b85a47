// Attempts one operation and prints what came of it: "ok", or the error's name.
//
//     attempt OPERATION [ARGUMENT...]
//     attempt --in CGROUP [--as NAME] [--see SIGN] OPERATION [ARGUMENT...]
//     attempt world
//
// The second makes its attempt in a process that enters a cgroup and takes a name, watches that from outside, and prints too whether a sign
// of its success was seen there ("ok yes", "EPERM no"). Every such attempt starts with the same files: see attempt/world.c.
//
// The exit status is 0 when the operation took place and 1 when it was refused, so that suites can look for side effects
// themselves. Operations that need more than one call print the result of the call that policies govern.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "attempt/attempt.h"

extern char **environ;

static long open_read(char **a) { return open(a[0], O_RDONLY); }
static long open_write(char **a) { return open(a[0], O_WRONLY); }
static long open_append(char **a) { return open(a[0], O_WRONLY | O_APPEND); }
static long open_truncate(char **a) { return open(a[0], O_WRONLY | O_TRUNC); }
static long open_create(char **a) { return open(a[0], O_WRONLY | O_CREAT | O_EXCL, 0600); }
static long open_temporary(char **a) { return open(a[0], O_WRONLY | O_TMPFILE, 0600); }
static long open_path(char **a) { return open(a[0], O_PATH); }
// A path descriptor opened again: policies see the second opening.
static long open_through_path(char **a) {
    int fd = open(a[0], O_PATH);
    if (fd < 0) return -1;
    char again[64];
    snprintf(again, sizeof again, "/proc/self/fd/%d", fd);
    return open(again, O_RDONLY);
}
static long open_relative(char **a) {
    int folder = open(a[0], O_PATH | O_DIRECTORY);
    return folder < 0 ? -1 : openat(folder, a[1], O_RDONLY);
}
static long open_by_handle(char **a) {
    union {
        struct file_handle handle;
        char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
    } file;
    file.handle.handle_bytes = MAX_HANDLE_SZ;
    int mount_id;
    if (name_to_handle_at(AT_FDCWD, a[0], &file.handle, &mount_id, 0) != 0) return -1;
    int folder = open(a[1], O_RDONLY | O_DIRECTORY);
    return folder < 0 ? -1 : open_by_handle_at(folder, &file.handle, O_RDONLY);
}
// The tree is cloned out of the namespace: its files have no path in it.
static long open_in_cloned_tree(char **a) {
    int tree = syscall(SYS_open_tree, AT_FDCWD, a[0], 1 /* OPEN_TREE_CLONE */);
    return tree < 0 ? -1 : openat(tree, a[1], O_RDONLY);
}
// The system call's number with the bit of the x32 interface.
static long open_x32(char **a) { return syscall(0x40000000 | SYS_openat, AT_FDCWD, a[0], O_RDONLY, 0); }
static long open_deep(char **a) {
    // Builds a path of a[1] components below a[0] and opens a file at its end.
    int depth = atoi(a[1]);
    int folder = open(a[0], O_PATH | O_DIRECTORY);
    for (int level = 0; level < depth && folder >= 0; level++) {
        int next = openat(folder, "d", O_PATH | O_DIRECTORY);
        close(folder);
        folder = next;
    }
    return folder < 0 ? -1 : openat(folder, "leaf", O_RDONLY);
}
static long make_deep(char **a) {
    int depth = atoi(a[1]);
    int folder = open(a[0], O_RDONLY | O_DIRECTORY);
    for (int level = 0; level < depth && folder >= 0; level++) {
        if (mkdirat(folder, "d", 0700) != 0 && errno != EEXIST) return -1;
        int next = openat(folder, "d", O_RDONLY | O_DIRECTORY);
        close(folder);
        folder = next;
    }
    return folder < 0 ? -1 : openat(folder, "leaf", O_WRONLY | O_CREAT, 0600);
}

static long do_unlink(char **a) { return unlink(a[0]); }
static long do_rmdir(char **a) { return rmdir(a[0]); }
static long do_mkdir(char **a) { return mkdir(a[0], 0700); }
static long do_mknod(char **a) { return mknod(a[0], S_IFIFO | 0600, 0); }
static long do_rename(char **a) { return rename(a[0], a[1]); }
static long do_exchange(char **a) { return syscall(SYS_renameat2, AT_FDCWD, a[0], AT_FDCWD, a[1], 2 /* RENAME_EXCHANGE */); }
static long do_link(char **a) { return link(a[0], a[1]); }
static long do_symlink(char **a) { return symlink(a[0], a[1]); }
static long do_readlink(char **a) { char text[256]; return readlink(a[0], text, sizeof text); }
static long do_stat(char **a) { struct stat status; return stat(a[0], &status); }
static long do_list(char **a) { return open(a[0], O_RDONLY | O_DIRECTORY); }
static long do_chmod(char **a) { return chmod(a[0], 0644); }
static long do_chown(char **a) { return chown(a[0], 1, 1); }
static long do_truncate(char **a) { return truncate(a[0], 0); }
static long do_utimes(char **a) { return utimensat(AT_FDCWD, a[0], NULL, 0); }
static long do_setxattr(char **a) { return setxattr(a[0], "security.test", "1", 1, 0); }
static long do_chroot(char **a) { return chroot(a[0]); }

static long run_program(int (*start)(char **), char **a) {
    // The error of the execve comes back through a pipe that closes when it works.
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return -1;
    pid_t child = fork();
    if (child < 0) return -1;
    if (child == 0) {
        // What it would print is not the result.
        close(STDOUT_FILENO);
        start(a);
        int error = errno;
        if (write(report[1], &error, sizeof error) < 0) _exit(126);
        _exit(127);
    }
    close(report[1]);
    int error = 0;
    ssize_t length = read(report[0], &error, sizeof error);
    int status;
    waitpid(child, &status, 0);
    if (length == (ssize_t)sizeof error) { errno = error; return -1; }
    if (WIFSIGNALED(status)) { errno = EINTR; return -1; }
    return 0;
}
static int start_exec(char **a) { return execve(a[0], a, environ); }
static int start_memfd(char **a) {
    int source = open(a[0], O_RDONLY);
    if (source < 0) return -1;
    int copy = memfd_create("copy", 0);
    char block[4096];
    for (ssize_t length; (length = read(source, block, sizeof block)) > 0;)
        if (write(copy, block, length) != length) return -1;
    return fexecve(copy, a, environ);
}
static long do_exec(char **a) { return run_program(start_exec, a); }
static long do_memfd_exec(char **a) { return run_program(start_memfd, a); }
static long map_executable(char **a) {
    int fd = open(a[0], O_RDONLY);
    if (fd < 0) return -1;
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) == MAP_FAILED ? -1 : 0;
}
static long map_anonymous_executable(char **a) {
    (void)a;
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0;
}
static long protect_executable(char **a) {
    (void)a;
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

static long do_ptrace(char **a) {
    pid_t target = atoi(a[0]);
    long result = ptrace(PTRACE_ATTACH, target, 0, 0);
    int error = errno;
    if (result == 0) { waitpid(target, NULL, 0); ptrace(PTRACE_DETACH, target, 0, 0); }
    errno = error;
    return result;
}
static long trace_child(char **a) {
    (void)a;
    pid_t child = fork();
    if (child == 0) {
        // Ends by itself: whoever may not trace may not be able to kill either. Nobody is to wait for its output.
        close(STDOUT_FILENO);
        close(STDERR_FILENO);
        alarm(2);
        for (;;) pause();
    }
    char number[16];
    snprintf(number, sizeof number, "%d", child);
    char *arguments[] = {number, NULL};
    long result = do_ptrace(arguments);
    int error = errno;
    syscall(SYS_kill, child, SIGKILL);
    errno = error;
    return result;
}
static long do_traceme(char **a) { (void)a; return ptrace(PTRACE_TRACEME, 0, 0, 0); }
static long do_kill(char **a) { return kill(atoi(a[0]), atoi(a[1])); }
static long do_setuid(char **a) { return syscall(SYS_setuid, atoi(a[0])); }
static long do_setgid(char **a) { return syscall(SYS_setgid, atoi(a[0])); }
static long do_unshare(char **a) { return unshare(strcmp(a[0], "user") == 0 ? CLONE_NEWUSER : CLONE_NEWNS); }
static long do_setns(char **a) {
    int fd = open(a[0], O_RDONLY);
    return fd < 0 ? -1 : setns(fd, 0);
}
// A process of a sandbox that would start its child in another cgroup.
static long clone_into(char **a) {
    struct { unsigned long long flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup; } clone = {0};
    clone.flags = 0x200000000ULL /* CLONE_INTO_CGROUP */;
    clone.exit_signal = SIGCHLD;
    clone.cgroup = open(a[0], O_PATH | O_DIRECTORY);
    if ((int)clone.cgroup < 0) return -1;
    long child = syscall(SYS_clone3, &clone, sizeof clone);
    if (child == 0) _exit(0);
    if (child > 0) waitpid(child, NULL, 0);
    return child;
}

static int family_of(const char *name) {
    if (strcmp(name, "inet6") == 0) return AF_INET6;
    if (strcmp(name, "unix") == 0) return AF_UNIX;
    if (strcmp(name, "netlink") == 0) return AF_NETLINK;
    if (strcmp(name, "packet") == 0) return AF_PACKET;
    return AF_INET;
}
static long do_socket(char **a) {
    int type = a[1] && strcmp(a[1], "udp") == 0 ? SOCK_DGRAM : a[1] && strcmp(a[1], "raw") == 0 ? SOCK_RAW : SOCK_STREAM;
    return socket(family_of(a[0]), type, type == SOCK_RAW && family_of(a[0]) == AF_INET ? IPPROTO_ICMP : 0);
}
socklen_t address_of(char **a, struct sockaddr_storage *storage) {
    memset(storage, 0, sizeof *storage);
    struct sockaddr_in *four = (struct sockaddr_in *)storage;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)storage;
    if (inet_pton(AF_INET, a[0], &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons(atoi(a[1]));
        return sizeof *four;
    }
    if (inet_pton(AF_INET6, a[0], &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(atoi(a[1]));
        return sizeof *six;
    }
    struct sockaddr_un *local = (struct sockaddr_un *)storage;
    local->sun_family = AF_UNIX;
    strncpy(local->sun_path, a[0], sizeof local->sun_path - 1);
    return sizeof *local;
}
static long do_connect(char **a) {
    struct sockaddr_storage address;
    socklen_t length = address_of(a, &address);
    int fd = socket(address.ss_family, SOCK_STREAM, 0);
    return fd < 0 ? -1 : connect(fd, (struct sockaddr *)&address, length);
}
static long connect_udp(char **a) {
    struct sockaddr_storage address;
    socklen_t length = address_of(a, &address);
    int fd = socket(address.ss_family, SOCK_DGRAM, 0);
    return fd < 0 ? -1 : connect(fd, (struct sockaddr *)&address, length);
}
// Connects without a connect.
static long fast_open(char **a) {
    struct sockaddr_storage address;
    socklen_t length = address_of(a, &address);
    int fd = socket(address.ss_family, SOCK_STREAM, 0);
    return fd < 0 ? -1 : sendto(fd, "x", 1, MSG_FASTOPEN | MSG_NOSIGNAL, (struct sockaddr *)&address, length);
}
static long send_udp(char **a) {
    struct sockaddr_storage address;
    socklen_t length = address_of(a, &address);
    int fd = socket(address.ss_family, SOCK_DGRAM, 0);
    return fd < 0 ? -1 : sendto(fd, "x", 1, 0, (struct sockaddr *)&address, length);
}
static int bound(char **a, int type) {
    struct sockaddr_storage address;
    socklen_t length = address_of(a, &address);
    int fd = socket(address.ss_family, type, 0);
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) != 0) return -1;
    return fd;
}
static long do_bind(char **a) { return bound(a, SOCK_STREAM); }
static long do_listen(char **a) {
    int fd = bound(a, SOCK_STREAM);
    return fd < 0 ? -1 : listen(fd, 4);
}
// Takes connections until it is killed; says "ready" when it can.
static long do_serve(char **a) {
    int fd = bound(a, SOCK_STREAM);
    int queue = 5;
    if (fd < 0 || listen(fd, 64) != 0) return -1;
    setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN, &queue, sizeof queue);
    puts("ready");
    fflush(stdout);
    for (;;) close(accept(fd, NULL, NULL));
}
// Prints how many datagrams came within a second.
static long count_datagrams(char **a) {
    int fd = bound(a, SOCK_DGRAM);
    struct timeval second = {.tv_sec = 1};
    if (fd < 0) return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
    char byte;
    int count = 0;
    while (recv(fd, &byte, 1, 0) >= 0) count++;
    printf("%d ", count);
    return 0;
}
// Receives a descriptor from the one that serves it, and reads from what it stands for.
static long receive_descriptor(char **a) {
    struct sockaddr_storage address;
    socklen_t length = address_of(a, &address);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, length) != 0) return -1;
    char byte, room[CMSG_SPACE(sizeof(int))];
    struct iovec data = {&byte, 1};
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
    if (recvmsg(fd, &message, 0) < 0) return -1;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header == NULL || message.msg_flags & MSG_CTRUNC) { errno = EPERM; return -1; }
    int received;
    memcpy(&received, CMSG_DATA(header), sizeof received);
    return read(received, &byte, 1);
}
static long send_descriptor(char **a) {
    int fd = bound(a, SOCK_STREAM);
    int file = open(a[1], O_RDONLY);
    if (fd < 0 || file < 0 || listen(fd, 4) != 0) return -1;
    puts("ready");
    fflush(stdout);
    for (;;) {
        int peer = accept(fd, NULL, NULL);
        char byte = 'x', room[CMSG_SPACE(sizeof(int))] = {0};
        struct iovec data = {&byte, 1};
        struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof file);
        memcpy(CMSG_DATA(header), &file, sizeof file);
        sendmsg(peer, &message, MSG_NOSIGNAL);
        close(peer);
    }
}

static long do_mount(char **a) { return mount("none", a[0], a[1] ? a[1] : "tmpfs", 0, NULL); }
static long bind_mount(char **a) { return mount(a[0], a[1], NULL, MS_BIND, NULL); }
static long do_umount(char **a) { return umount2(a[0], MNT_DETACH); }
static long move_mount_new(char **a) {
    int context = syscall(SYS_fsopen, "tmpfs", 0);
    if (context < 0 || syscall(SYS_fsconfig, context, 6 /* FSCONFIG_CMD_CREATE */, NULL, NULL, 0) != 0) return -1;
    int mounted = syscall(SYS_fsmount, context, 0, 0);
    return mounted < 0 ? -1 : syscall(SYS_move_mount, mounted, "", AT_FDCWD, a[0], 4 /* MOVE_MOUNT_F_EMPTY_PATH */);
}
static long do_bpf(char **a) {
    union bpf_attr attributes = {0};
    if (a[0] && strcmp(a[0], "next") == 0) return syscall(SYS_bpf, BPF_PROG_GET_NEXT_ID, &attributes, sizeof attributes);
    if (a[0] && strcmp(a[0], "map") == 0) { attributes.map_id = atoi(a[1]); return syscall(SYS_bpf, BPF_MAP_GET_FD_BY_ID, &attributes, sizeof attributes); }
    if (a[0] && strcmp(a[0], "pin") == 0) { attributes.pathname = (unsigned long)a[1]; return syscall(SYS_bpf, BPF_OBJ_GET, &attributes, sizeof attributes); }
    attributes.map_type = BPF_MAP_TYPE_ARRAY;
    attributes.key_size = attributes.value_size = 4;
    attributes.max_entries = 1;
    return syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes);
}
static long load_module(char **a) {
    int fd = open(a[0], O_RDONLY);
    return fd < 0 ? -1 : syscall(SYS_finit_module, fd, "", 0);
}
static long load_module_bytes(char **a) {
    (void)a;
    static char image[4096] = "\177ELF";
    return syscall(SYS_init_module, image, sizeof image, "");
}
static long do_io_uring(char **a) {
    (void)a;
    struct io_uring_params parameters = {0};
    return syscall(SYS_io_uring_setup, 4, &parameters);
}
static long do_perf(char **a) {
    (void)a;
    struct perf_event_attr attributes = {.type = PERF_TYPE_SOFTWARE, .config = PERF_COUNT_SW_CPU_CLOCK, .size = sizeof attributes};
    return syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0);
}
static long do_keyctl(char **a) {
    (void)a;
    return syscall(SYS_add_key, "user", "lynx", "x", 1, KEY_SPEC_PROCESS_KEYRING);
}
static long use_capability(char **a) { return sethostname(a[0], strlen(a[0])); }
static long do_getppid(char **a) { (void)a; return getppid(); }
static long do_syscall(char **a) { return syscall(atoi(a[0]), 0, 0, 0, 0, 0, 0); }

static const struct { const char *name; operation run; } operations[] = {
    {"open-read", open_read}, {"open-write", open_write}, {"open-append", open_append}, {"open-truncate", open_truncate},
    {"create", open_create}, {"create-temporary", open_temporary}, {"open-path", open_path},
    {"open-through-path", open_through_path}, {"open-relative", open_relative}, {"open-by-handle", open_by_handle},
    {"open-in-cloned-tree", open_in_cloned_tree}, {"open-x32", open_x32}, {"open-deep", open_deep}, {"make-deep", make_deep},
    {"unlink", do_unlink}, {"rmdir", do_rmdir}, {"mkdir", do_mkdir}, {"mknod", do_mknod}, {"rename", do_rename},
    {"exchange", do_exchange}, {"link", do_link}, {"symlink", do_symlink}, {"readlink", do_readlink}, {"stat", do_stat},
    {"list", do_list}, {"chmod", do_chmod}, {"chown", do_chown}, {"truncate", do_truncate}, {"utimes", do_utimes},
    {"setxattr", do_setxattr}, {"chroot", do_chroot}, {"exec", do_exec}, {"memfd-exec", do_memfd_exec},
    {"map-executable", map_executable}, {"map-anonymous-executable", map_anonymous_executable},
    {"protect-executable", protect_executable}, {"ptrace", do_ptrace}, {"trace-child", trace_child}, {"traceme", do_traceme}, {"kill", do_kill},
    {"setuid", do_setuid}, {"setgid", do_setgid}, {"unshare", do_unshare}, {"setns", do_setns}, {"clone-into", clone_into},
    {"socket", do_socket}, {"connect", do_connect}, {"connect-udp", connect_udp}, {"fast-open", fast_open},
    {"send-udp", send_udp}, {"bind", do_bind}, {"listen", do_listen}, {"serve", do_serve},
    {"count-datagrams", count_datagrams}, {"receive-descriptor", receive_descriptor}, {"send-descriptor", send_descriptor},
    {"mount", do_mount}, {"bind-mount", bind_mount}, {"umount", do_umount}, {"move-mount", move_mount_new}, {"bpf", do_bpf},
    {"load-module", load_module}, {"load-module-bytes", load_module_bytes}, {"io-uring", do_io_uring}, {"perf", do_perf},
    {"keyctl", do_keyctl}, {"sethostname", use_capability}, {"getppid", do_getppid}, {"syscall", do_syscall},
};

static int find(const char *name, struct attempt *found) {
    const struct attempt *const lists[] = {socket_attempts, process_attempts, system_attempts};
    *found = (struct attempt){0};
    for (size_t index = 0; index < sizeof operations / sizeof *operations; index++)
        if (strcmp(operations[index].name, name) == 0) *found = (struct attempt){name, operations[index].run, NULL};
    for (size_t list = 0; list < sizeof lists / sizeof *lists; list++)
        for (const struct attempt *attempt = lists[list]; attempt->name != NULL; attempt++)
            if (strcmp(attempt->name, name) == 0) *found = *attempt;
    return found->name != NULL;
}

int main(int count, char **arguments) {
    const char *cgroup = NULL, *name = NULL, *sign = NULL;
    int index = 1;
    for (; index + 1 < count && strncmp(arguments[index], "--", 2) == 0; index += 2) {
        if (strcmp(arguments[index], "--in") == 0) cgroup = arguments[index + 1];
        if (strcmp(arguments[index], "--as") == 0) name = arguments[index + 1];
        if (strcmp(arguments[index], "--see") == 0) sign = arguments[index + 1];
    }
    if (index < count && strcmp(arguments[index], "world") == 0) {
        if (make_world() == 0) return 0;
        perror("attempt: the world cannot be made");
        return 2;
    }
    // Missing arguments are null, as the operations expect.
    char *given[8] = {0};
    for (int argument = index + 1; argument < count && argument <= index + 7; argument++) given[argument - index - 1] = arguments[argument];
    struct attempt attempt;
    if (index >= count || !find(arguments[index], &attempt)) {
        puts("unknown operation");
        return 2;
    }
    if (cgroup != NULL) {
        if (make_world() == 0) return watched(&attempt, given, cgroup, name, sign);
        printf("no world: %s\n", strerrorname_np(errno));
        return 2;
    }
    errno = 0;
    if (attempt.run(given) != -1) { puts("ok"); return 0; }
    puts(strerrorname_np(errno));
    return 1;
}
