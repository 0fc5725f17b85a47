/* SPDX-License-Identifier: Apache-2.0
 *
 * What changes the system itself.
 *
 *   sb_mount, move_mount, sb_remount   mount
 *   sb_umount, sb_pivotroot            unmount, pivotRoot
 *   capable                            useCapability: also what mount_setattr and setns, which have no hook of their own, ask for
 *   bpf                                bpf
 *   kernel_read_file, kernel_load_data, kernel_module_request   loadModule, kexec
 *   inode_init_security_anon           ioUring: the ring is an anonymous inode on every kernel from 5.12
 *   perf_event_open                    perf
 *   key_alloc, key_permission          keyctl
 */
#include "file.h"

#define MS_RDONLY 1
#define MS_REMOUNT 32
#define MS_BIND 4096
#define MS_MOVE 8192

SEC("lsm/sb_mount")
long BPF_PROG(sb_mount, const char *device, const struct path *path, const char *type, unsigned long flags, void *data, int previous)
{
	struct gate gate;
	struct scratch *scratch;

	if (previous)
		return REFUSED;
	gate_current(&gate);
	if (!gate.workload)
		return ALLOWED;
	scratch = begin(&gate, OPERATION_MOUNT);
	if (!scratch)
		return unprepared(&gate);
	scratch->event.flags = (flags & MS_RDONLY ? FLAG_READ_ONLY : 0) | (flags & MS_REMOUNT ? FLAG_REMOUNT : 0)
		| (flags & MS_BIND ? FLAG_BIND : 0) | (flags & MS_MOVE ? FLAG_MOVE : 0);
	fill_path(scratch, path);
	__builtin_memset(scratch->event.filesystem, 0, sizeof(scratch->event.filesystem));
	bpf_probe_read_kernel_str(scratch->event.filesystem, sizeof(scratch->event.filesystem), type);
	ANSWER(judge(scratch));
}

static __noinline int judge_mount_point(struct gate *gate, const struct path *path, __u32 operation, __u32 flags)
{
	struct scratch *scratch;

	if (!gate || !gate->workload)
		return 0;
	scratch = begin(gate, operation);
	if (!scratch)
		return gate->workload->mode != MODE_AUDIT;
	scratch->event.flags = flags;
	fill_path(scratch, path);
	return judge(scratch);
}

SEC("lsm/move_mount")
long BPF_PROG(move_mount, const struct path *from, const struct path *to, int previous)
{
	struct gate gate;
	struct scratch *scratch;
	const char *type;

	if (previous)
		return REFUSED;
	gate_current(&gate);
	if (!gate.workload)
		return ALLOWED;
	scratch = begin(&gate, OPERATION_MOUNT);
	if (!scratch)
		return unprepared(&gate);
	scratch->event.flags = FLAG_MOVE;
	fill_path(scratch, to);
	type = BPF_CORE_READ(from, mnt, mnt_sb, s_type, name);
	__builtin_memset(scratch->event.filesystem, 0, sizeof(scratch->event.filesystem));
	bpf_probe_read_kernel_str(scratch->event.filesystem, sizeof(scratch->event.filesystem), type);
	ANSWER(judge(scratch));
}

SEC("lsm/sb_remount")
long BPF_PROG(sb_remount, struct super_block *sb, void *options, int previous)
{
	struct gate gate;
	struct scratch *scratch;

	if (previous)
		return REFUSED;
	gate_current(&gate);
	if (!gate.workload)
		return ALLOWED;
	scratch = begin(&gate, OPERATION_MOUNT);
	if (!scratch)
		return unprepared(&gate);
	scratch->event.flags = FLAG_REMOUNT;
	fill_alone(scratch, (__u64)BPF_CORE_READ(sb, s_root));
	ANSWER(judge(scratch));
}

SEC("lsm/sb_umount")
long BPF_PROG(sb_umount, struct vfsmount *mount, int flags, int previous)
{
	struct gate gate;
	struct scratch *scratch;
	__u64 magic;

	if (previous)
		return REFUSED;
	gate_current(&gate);
	if (!gate.workload)
		return ALLOWED;
	scratch = begin(&gate, OPERATION_UNMOUNT);
	if (!scratch)
		return unprepared(&gate);
	fill_entry(scratch, mount_of(mount), (__u64)BPF_CORE_READ(mount, mnt_root));
	magic = BPF_CORE_READ(mount, mnt_sb, s_magic);
	if (magic == BPF_MAGIC)
		ANSWER(refuse(scratch, GUARD_PINS));
	ANSWER(judge(scratch));
}

SEC("lsm/sb_pivotroot")
long BPF_PROG(sb_pivotroot, const struct path *old, const struct path *new, int previous)
{
	struct gate gate;

	if (previous)
		return REFUSED;
	gate_current(&gate);
	if (!gate.workload)
		return ALLOWED;
	ANSWER(judge_mount_point(&gate, new, OPERATION_PIVOT_ROOT, 0));
}

/* The kernel asks what a task could do, and would go another way; that is no attempt, and no event. */
#define CAP_OPT_NOAUDIT (1 << 1)

SEC("lsm/capable")
long BPF_PROG(capable, const struct cred *cred, void *space, int capability, unsigned int options, int previous)
{
	struct gate gate;
	struct scratch *scratch;

	if (previous)
		return REFUSED;
	gate_current(&gate);
	if (!gate.workload)
		return ALLOWED;
	scratch = begin(&gate, OPERATION_USE_CAPABILITY);
	if (!scratch)
		return unprepared(&gate);
	scratch->event.capability = capability;
	if (options & CAP_OPT_NOAUDIT) {
		if (decide(&scratch->event) & VERDICT_ALLOW || scratch->report.mode == MODE_AUDIT)
			return ALLOWED;
		return REFUSED;
	}
	ANSWER(judge(scratch));
}

/* A facility as a whole. */
static __noinline int judge_facility(__u32 operation)
{
	struct gate gate;
	struct scratch *scratch;

	gate_current(&gate);
	if (!gate.workload)
		return 0;
	scratch = begin(&gate, operation);
	if (!scratch)
		return gate.workload->mode != MODE_AUDIT;
	return judge(scratch);
}

/* 6.18 has one argument more, and so its `previous` elsewhere: a hook that was refused before is not asked again, by the trampoline. */
SEC("lsm/bpf")
long BPF_PROG(bpf, int command)
{
	struct gate gate;
	struct scratch *scratch;

	gate_current(&gate);
	if (!gate.workload)
		return ALLOWED;
	scratch = begin(&gate, OPERATION_BPF);
	if (!scratch)
		return unprepared(&gate);
	/* What is not the workload's own is reached by number or by pin. */
	if (command == BPF_PROG_GET_FD_BY_ID || command == BPF_MAP_GET_FD_BY_ID || command == BPF_LINK_GET_FD_BY_ID
	    || command == BPF_BTF_GET_FD_BY_ID || command == BPF_OBJ_GET)
		ANSWER(refuse(scratch, GUARD_OBJECTS));
	ANSWER(judge(scratch));
}

SEC("lsm/kernel_read_file")
long BPF_PROG(kernel_read_file, struct file *file, __u32 id)
{
	if (id == bpf_core_enum_value(enum kernel_read_file_id, READING_MODULE))
		ANSWER(judge_facility(OPERATION_LOAD_MODULE));
	if (id == bpf_core_enum_value(enum kernel_read_file_id, READING_KEXEC_IMAGE)
	    || id == bpf_core_enum_value(enum kernel_read_file_id, READING_KEXEC_INITRAMFS))
		ANSWER(judge_facility(OPERATION_KEXEC));
	return ALLOWED;
}

SEC("lsm/kernel_load_data")
long BPF_PROG(kernel_load_data, __u32 id)
{
	if (id == bpf_core_enum_value(enum kernel_load_data_id, LOADING_MODULE))
		ANSWER(judge_facility(OPERATION_LOAD_MODULE));
	if (id == bpf_core_enum_value(enum kernel_load_data_id, LOADING_KEXEC_IMAGE)
	    || id == bpf_core_enum_value(enum kernel_load_data_id, LOADING_KEXEC_INITRAMFS))
		ANSWER(judge_facility(OPERATION_KEXEC));
	return ALLOWED;
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
