/* SPDX-License-Identifier: Apache-2.0
 *
 * What changes the system itself.
 *
 *   sb_mount, move_mount, sb_remount   mount
 *   sb_umount, sb_pivotroot            unmount, pivotRoot
 *   These also keep what the sandboxes' programs are pinned in where it is.
 *   capable                            useCapability: also what mount_setattr and setns, which have no hook of their own, ask for
 *   bpf                                bpf
 *   kernel_read_file, kernel_load_data, kernel_module_request   loadModule, kexec
 *   inode_init_security_anon           ioUring: the ring is an anonymous inode on every kernel from 5.12
 *   uring_override_creds               none: refuses, for who acts would not be told
 *   perf_event_open                    perf
 *   key_alloc, key_permission          keyctl
 */
#include "file.h"

#define MS_RDONLY 1
#define MS_REMOUNT 32
#define MS_BIND 4096
#define MS_MOVE 8192
#define MS_PROPAGATION ((1 << 17) | (1 << 18) | (1 << 19) | (1 << 20))

/*
 * What is going to be mounted, by its name. What stands behind a dot is for the file system alone (fs/filesystems.c, get_fs_type): "fuse.x"
 * is fuse.
 */
static __always_inline void fill_type(struct event *event, const char *type)
{
	__u32 i, is_over = 0;

	__builtin_memset(event->filesystem, 0, sizeof(event->filesystem));
	if (bpf_probe_read_kernel_str(event->filesystem, sizeof(event->filesystem), type) < 0)
		return;
	for (i = 0; i < sizeof(event->filesystem); i++) {
		if (event->filesystem[i] == '.')
			is_over = 1;
		if (is_over)
			event->filesystem[i] = 0;
	}
}

static __always_inline int is_pins(const struct path *path)
{
	return BPF_CORE_READ(path, mnt, mnt_sb, s_magic) == BPF_MAGIC;
}

/* The flags say what the call does in this order (fs/namespace.c, path_mount), and which of its other arguments count. */
SEC("lsm/sb_mount")
long BPF_PROG(sb_mount, const char *device, const struct path *path, const char *type, unsigned long flags, void *data, int previous)
{
	ENTER(previous);
	BEGIN(OPERATION_MOUNT);
	scratch->event.flags = flags & MS_RDONLY ? FLAG_READ_ONLY : 0;
	fill_path(scratch, path);
	if (is_pins(path))
		ANSWER(refuse(scratch, GUARD_PINS));
	if (flags & MS_REMOUNT) {
		scratch->event.flags |= FLAG_REMOUNT | (flags & MS_BIND ? FLAG_BIND : 0);
	} else if (flags & MS_BIND) {
		/* A path of the caller's says what is mounted, and the hook is not told where that led. */
		scratch->event.flags |= FLAG_BIND;
		__builtin_memset(scratch->event.filesystem, 0, sizeof(scratch->event.filesystem));
	} else if (flags & MS_PROPAGATION) {
		/* Nothing is mounted: the file system is the one that is there. */
	} else if (flags & MS_MOVE) {
		/* It could be what has the pins below it, under something that is about to be unmounted. move_mount tells. */
		ANSWER(refuse(scratch, GUARD_MOVE));
	} else {
		fill_type(&scratch->event, type);
	}
	ANSWER(judge(scratch));
}

SEC("lsm/move_mount")
long BPF_PROG(move_mount, const struct path *from, const struct path *to, int previous)
{
	ENTER(previous);
	BEGIN(OPERATION_MOUNT);
	fill_path(scratch, to);
	scratch->event.flags = FLAG_MOVE;
	fill_type(&scratch->event, BPF_CORE_READ(from, mnt, mnt_sb, s_type, name));
	if (is_pins(to) || holds_pins(scratch, mount_of(BPF_CORE_READ(from, mnt))))
		ANSWER(refuse(scratch, GUARD_PINS));
	ANSWER(judge(scratch));
}

SEC("lsm/sb_remount")
long BPF_PROG(sb_remount, struct super_block *sb, void *options, int previous)
{
	ENTER(previous);
	BEGIN(OPERATION_MOUNT);
	scratch->event.flags = FLAG_REMOUNT;
	fill_alone(scratch, (__u64)BPF_CORE_READ(sb, s_root));
	ANSWER(judge(scratch));
}

SEC("lsm/sb_umount")
long BPF_PROG(sb_umount, struct vfsmount *mount, int flags, int previous)
{
	ENTER(previous);
	BEGIN(OPERATION_UNMOUNT);
	fill_entry(scratch, mount_of(mount), (__u64)BPF_CORE_READ(mount, mnt_root));
	/* MNT_DETACH takes along what is mounted below. */
	if (holds_pins(scratch, mount_of(mount)))
		ANSWER(refuse(scratch, GUARD_PINS));
	ANSWER(judge(scratch));
}

SEC("lsm/sb_pivotroot")
long BPF_PROG(sb_pivotroot, const struct path *old, const struct path *new, int previous)
{
	ENTER(previous);
	BEGIN(OPERATION_PIVOT_ROOT);
	fill_path(scratch, new);
	ANSWER(judge(scratch));
}

/* The kernel asks what a task could do, and would go another way; that is no attempt, and no event. */
#define CAP_OPT_NOAUDIT (1 << 1)

SEC("lsm/capable")
long BPF_PROG(capable, const struct cred *cred, void *space, int capability, unsigned int options, int previous)
{
	int outcome;

	ENTER(previous);
	if (acts_for_itself())
		return ALLOWED;
	BEGIN(OPERATION_USE_CAPABILITY);
	scratch->event.capability = capability;
	scratch->is_silent = (options & CAP_OPT_NOAUDIT) != 0;
	outcome = judge_quietly(scratch);
	if (!scratch->is_silent)
		settle(outcome);
	ANSWER(outcome);
}

/* A facility as a whole. */
static __noinline int judge_facility(__u32 operation)
{
	ENTER_IN();
	BEGIN_IN(&gate, operation);
	return judge(scratch);
}

/* 6.18 has one argument more, and so its `previous` elsewhere: a hook that was refused before is not asked again, by the trampoline. */
SEC("lsm/bpf")
long BPF_PROG(bpf, int command)
{
	ENTER(0);
	BEGIN(OPERATION_BPF);
	/* What is not the workload's own is reached by number or by pin. */
	if (command == BPF_PROG_GET_FD_BY_ID || command == BPF_MAP_GET_FD_BY_ID || command == BPF_LINK_GET_FD_BY_ID
	    || command == BPF_BTF_GET_FD_BY_ID || command == BPF_OBJ_GET)
		ANSWER(refuse(scratch, GUARD_OBJECTS));
	ANSWER(judge(scratch));
}

SEC("lsm/kernel_read_file")
long BPF_PROG(kernel_read_file, struct file *file, __u32 id)
{
	__u32 operation = 0;

	if (id == bpf_core_enum_value(enum kernel_read_file_id, READING_MODULE))
		operation = OPERATION_LOAD_MODULE;
	if (id == bpf_core_enum_value(enum kernel_read_file_id, READING_KEXEC_IMAGE)
	    || id == bpf_core_enum_value(enum kernel_read_file_id, READING_KEXEC_INITRAMFS))
		operation = OPERATION_KEXEC;
	ANSWER(operation && judge_facility(operation));
}

SEC("lsm/kernel_load_data")
long BPF_PROG(kernel_load_data, __u32 id)
{
	__u32 operation = 0;

	if (id == bpf_core_enum_value(enum kernel_load_data_id, LOADING_MODULE))
		operation = OPERATION_LOAD_MODULE;
	if (id == bpf_core_enum_value(enum kernel_load_data_id, LOADING_KEXEC_IMAGE)
	    || id == bpf_core_enum_value(enum kernel_load_data_id, LOADING_KEXEC_INITRAMFS))
		operation = OPERATION_KEXEC;
	ANSWER(operation && judge_facility(operation));
}

SEC("lsm/kernel_module_request")
long BPF_PROG(kernel_module_request, char *name, int previous)
{
	if (previous)
		return REFUSED;
	ANSWER(judge_facility(OPERATION_LOAD_MODULE));
}

SEC("lsm/inode_init_security_anon")
long BPF_PROG(inode_init_security_anon, void *inode, const struct qstr *name, const void *context, int previous)
{
	char text[12] = {};

	if (previous)
		return REFUSED;
	bpf_probe_read_kernel_str(text, sizeof(text), BPF_CORE_READ(name, name));
	if (__builtin_memcmp(text, "[io_uring]", 11) != 0)
		return ALLOWED;
	ANSWER(judge_facility(OPERATION_IO_URING));
}

/* A personality's credentials would pass for those of a file system that acts for itself. */
SEC("lsm/uring_override_creds")
long BPF_PROG(uring_override_creds, const struct cred *new, int previous)
{
	ENTER(previous);
	BEGIN(OPERATION_IO_URING);
	ANSWER(refuse(scratch, GUARD_CREDENTIALS));
}

/* The attributes that 6.1 and 6.12 pass first are gone in 6.18. */
SEC("lsm/perf_event_open")
long BPF_PROG(perf_event_open)
{
	ANSWER(judge_facility(OPERATION_PERF));
}

SEC("lsm/key_alloc")
long BPF_PROG(key_alloc, void *key, const struct cred *cred, unsigned long flags, int previous)
{
	if (previous)
		return REFUSED;
	ANSWER(judge_facility(OPERATION_KEYCTL));
}

SEC("lsm/key_permission")
long BPF_PROG(key_permission)
{
	ANSWER(judge_facility(OPERATION_KEYCTL));
}
