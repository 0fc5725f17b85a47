// Attempts on the system itself, and by other ways into the kernel.

#define _GNU_SOURCE
#include "attempt.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#define KEXEC_FILE_NO_INITRAMFS 4

// A kernel of one page, which nobody is going to start.
static long load_kernel(char **a) {
    (void)a;
    static char page[4096] __attribute__((aligned(4096)));
    struct { const void *text; size_t length; unsigned long address, room; } segment = {page, sizeof page, 0x2000000, sizeof page};
    return syscall(SYS_kexec_load, 0x2000000, 1, &segment, 62ul << 16 /* KEXEC_ARCH_X86_64 */);
}
// Here the kernel reads the file: that it is none that could be started shows that it came to look at it.
static long load_kernel_file(char **a) {
    int fd = open(a[0], O_RDONLY);
    if (fd < 0) return -1;
    long result = syscall(SYS_kexec_file_load, fd, -1, 1, "", KEXEC_FILE_NO_INITRAMFS);
    return result == -1 && errno == ENOEXEC ? 0 : result;
}
static long init_module(char **a) {
    (void)a;
    static char image[4096] = "\177ELF";
    long result = syscall(SYS_init_module, image, sizeof image, "");
    return result == -1 && errno == ENOEXEC ? 0 : result;
}
static long finit_module(char **a) {
    int fd = open(a[0], O_RDONLY);
    return fd < 0 ? -1 : syscall(SYS_finit_module, fd, "", 0);
}
// The kernel asks the program of /proc/sys/kernel/modprobe for a protocol that nobody has; that there is none in the end is expected.
static long request_module(char **a) {
    (void)a;
    long fd = socket(21 /* AF_RDS */, SOCK_SEQPACKET, 0);
    return fd == -1 && errno == EAFNOSUPPORT ? 0 : fd;
}

static long prepare_private_mounts(char **a) {
    (void)a;
    return unshare(CLONE_NEWNS) != 0 ? -1 : mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}
static long prepare_mounted(char **a) { return mount("none", a[0], "tmpfs", 0, NULL); }
static long prepare_mounted_proc(char **a) { return mount("none", a[0], "proc", 0, NULL); }
static long unmount(char **a) { return umount2(a[0], MNT_DETACH); }
static long set_mount_read_only(char **a) {
    struct { unsigned long long set, clear, propagation, userns; } attributes = {.set = MOUNT_ATTR_RDONLY};
    return syscall(442 /* mount_setattr */, AT_FDCWD, a[0], 0, &attributes, sizeof attributes);
}
static long remount_read_only(char **a) { return mount(NULL, a[0], NULL, MS_REMOUNT | MS_RDONLY, NULL); }
// The caller says which type it were; the kernel does not ask for it.
static long bind_as(char **a) { return mount(a[0], a[1], a[2], MS_BIND, NULL); }
static long move_as(char **a) { return mount(a[0], a[1], a[2], MS_MOVE, NULL); }
// A bind mount by the later calls.
static long bind_by_tree(char **a) {
    int tree = syscall(SYS_open_tree, AT_FDCWD, a[0], 1 /* OPEN_TREE_CLONE */);
    return tree < 0 ? -1 : syscall(SYS_move_mount, tree, "", AT_FDCWD, a[1], 4 /* MOVE_MOUNT_F_EMPTY_PATH */);
}

// A root of its own, which it may exchange: the old one is /tmp/w, the new one the folder in it.
static long prepare_roots(char **a) {
    if (prepare_private_mounts(a) == -1 || mkdir("/tmp/w/folder/old", 0755) != 0) return -1;
    if (mount("/tmp/w", "/tmp/w", NULL, MS_BIND, NULL) != 0 || chdir("/tmp/w") != 0) return -1;
    if (mount("folder", "folder", NULL, MS_BIND, NULL) != 0) return -1;
    return chroot(".") != 0 ? -1 : chdir("/");
}
static long pivot_root(char **a) {
    (void)a;
    long result = syscall(SYS_pivot_root, "/folder", "/folder/old");
    int error = errno;
    // In the old root, or in the new one.
    note("/mark", "here\n");
    errno = error;
    return result;
}

// Its name can be read in /proc/keys as long as the process is there.
// The kernel puts away the key of the process before some time after its end.
static long prepare_no_key(char **a) {
    for (int waited = 0; waited < 10000; waited += 10) {
        if (!file_has("/proc/keys", a[0])) return 0;
        usleep(10000);
    }
    return -1;
}
static long add_key(char **a) { return syscall(SYS_add_key, "user", a[0], "x", 1, KEY_SPEC_PROCESS_KEYRING); }

// Its own namespace of names, which takes the right to enter any.
static long set_namespace(char **a) {
    (void)a;
    int process = syscall(SYS_pidfd_open, getpid(), 0);
    return process < 0 ? -1 : setns(process, CLONE_NEWUTS);
}
// Runs a command where a cgroup is the root of the hierarchy.
static long in_cgroup_namespace(char **a) {
    if (unshare(CLONE_NEWCGROUP | CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return -1;
    if (umount2("/sys/fs/cgroup", MNT_DETACH) != 0 || mount("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, NULL) != 0) return -1;
    return execvp(a[0], a);
}

// By the 32-bit entry, whose 5 is open. The path has to lie where 32 bits reach.
static long open_i386(char **a) {
    char *path = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    int result;
    if (path == MAP_FAILED) return -1;
    snprintf(path, 4096, "%s", a[0]);
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(5), "b"(path), "c"(O_RDONLY), "d"(0) : "memory", "r8", "r9", "r10", "r11");
    if (result >= 0) return result;
    errno = -result;
    return -1;
}

static long modification_time(char **a) {
    struct timespec times[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    return utimensat(AT_FDCWD, a[0], times, 0);
}
static long has_attribute(char **a) { char value; return getxattr(a[0], "security.test", &value, 1); }
static long do_getpriority(char **a) { (void)a; return getpriority(PRIO_PROCESS, 0); }
static long write_file(char **a) {
    int fd = open(a[0], O_WRONLY | O_TRUNC);
    return fd < 0 ? -1 : write(fd, "taken\n", 6);
}
static long open_in_root(char **a) { return chroot(a[0]) != 0 ? -1 : open(a[1], O_RDONLY); }
static long open_of_bystander(char **a) {
    (void)a;
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd/%d", bystander, terminal);
    return open(path, O_RDONLY | O_NOCTTY);
}

static long bpf(int command, union bpf_attr *attributes) { return syscall(SYS_bpf, command, attributes, sizeof *attributes); }
// A map that somebody outside has pinned.
static long prepare_pinned(char **a) {
    if (access(a[0], F_OK) == 0) return 0;
    union bpf_attr map = {.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};
    int fd = bpf(BPF_MAP_CREATE, &map);
    if (fd < 0) return -1;
    union bpf_attr pin = {.pathname = (unsigned long)a[0], .bpf_fd = fd};
    return bpf(BPF_OBJ_PIN, &pin) != 0 ? -1 : close(fd);
}
static long unlink_pin(char **a) { return unlink(a[0]); }
static long open_pin(char **a) {
    union bpf_attr pin = {.pathname = (unsigned long)a[0]};
    return bpf(BPF_OBJ_GET, &pin);
}
static long take_map(char **a) {
    (void)a;
    union bpf_attr next = {0}, map = {0};
    if (bpf(BPF_MAP_GET_NEXT_ID, &next) != 0) return -1;
    map.map_id = next.next_id;
    return bpf(BPF_MAP_GET_FD_BY_ID, &map);
}

const struct attempt system_attempts[] = {
    {"load-kernel", load_kernel, NULL},
    {"load-kernel-file", load_kernel_file, NULL},
    {"init-module", init_module, NULL},
    {"finit-module", finit_module, NULL},
    {"request-module", request_module, NULL},
    {"unmount", unmount, prepare_mounted},
    {"unmount-there", unmount, NULL},
    {"unmount-apart", unmount, prepare_private_mounts},
    {"set-mount-read-only", set_mount_read_only, prepare_mounted},
    {"remount-read-only", remount_read_only, prepare_mounted},
    {"bind-as", bind_as, NULL},
    {"move-as", move_as, prepare_mounted_proc},
    {"bind-by-tree", bind_by_tree, NULL},
    {"pivot-root", pivot_root, prepare_roots},
    {"add-key", add_key, prepare_no_key},
    {"set-namespace", set_namespace, NULL},
    {"in-cgroup-namespace", in_cgroup_namespace, NULL},
    {"open-i386", open_i386, NULL},
    {"open-in-root", open_in_root, NULL},
    {"open-of-bystander", open_of_bystander, NULL},
    {"unlink-pin", unlink_pin, prepare_pinned},
    {"open-pin", open_pin, prepare_pinned},
    {"take-map", take_map, prepare_pinned},
    {"modification-time", modification_time, NULL},
    {"has-attribute", has_attribute, NULL},
    {"getpriority", do_getpriority, NULL},
    {"write-file", write_file, NULL},
    {0},
};
