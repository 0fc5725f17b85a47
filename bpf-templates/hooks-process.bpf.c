/* SPDX-License-Identifier: Apache-2.0
 *
 * What processes do to each other and to themselves.
 *
 *   ptrace_access_check, ptrace_traceme   ptrace (also reading another's /proc files, and what process_vm_readv and pidfd_getfd ask)
 *   task_kill                             signal
 *   task_fix_setuid                       setUid
 *   task_fix_setgid, task_fix_setgroups   setGid, for each group
 *   userns_create                         unshare
 */
#include "judge.h"

static __always_inline void fill_target(struct scratch *scratch, struct task_struct *target)
{
	struct event *event = &scratch->event;
	struct task_struct *leader = BPF_CORE_READ(target, group_leader);

	event->target_pid = BPF_CORE_READ(target, tgid);
	event->target_uid = BPF_CORE_READ(target, real_cred, euid.val);
	event->target_is_own = is_of_workload(target, scratch->report.cgroup, scratch->level);
	__builtin_memset(event->target_comm, 0, sizeof(event->target_comm));
	bpf_probe_read_kernel_str(event->target_comm, sizeof(event->target_comm), &leader->comm);
	event->present |= HAS_TARGET;
}

SEC("lsm/ptrace_access_check")
long BPF_PROG(ptrace_access_check, struct task_struct *child, unsigned int mode, int previous)
{
	struct gate gate;
	struct scratch *scratch;

	if (previous)
		return REFUSED;
	gate_current(&gate);
	if (!gate.workload)
		return ALLOWED;
	scratch = begin(&gate, OPERATION_PTRACE);
	if (!scratch)
		return unprepared(&gate);
	fill_target(scratch, child);
	/* Whoever traces a process outside has left the sandbox. */
	if (!scratch->event.target_is_own)
		ANSWER(refuse(scratch, GUARD_OUTSIDE));
	ANSWER(judge(scratch));
}

SEC("lsm/ptrace_traceme")
long BPF_PROG(ptrace_traceme, struct task_struct *parent, int previous)
{
	struct gate gate;
	struct scratch *scratch;

	if (previous)
		return REFUSED;
	gate_current(&gate);
	if (!gate.workload)
		return ALLOWED;
	scratch = begin(&gate, OPERATION_PTRACE);
	if (!scratch)
		return unprepared(&gate);
	fill_target(scratch, parent);
	ANSWER(judge(scratch));
}

SEC("lsm/task_kill")
long BPF_PROG(task_kill, struct task_struct *target, void *information, int number, const struct cred *cred, int previous)
{
	struct gate gate;
	struct scratch *scratch;

	if (previous)
		return REFUSED;
	gate_current(&gate);
	if (!gate.workload)
		return ALLOWED;
	scratch = begin(&gate, OPERATION_SIGNAL);
	if (!scratch)
		return unprepared(&gate);
	fill_target(scratch, target);
	scratch->event.argument = number;
	ANSWER(judge(scratch));
}

static __noinline int judge_number(struct gate *gate, __u32 operation, __u32 number)
{
	struct scratch *scratch;

	if (!gate || !gate->workload)
		return 0;
	scratch = begin(gate, operation);
	if (!scratch)
		return gate->workload->mode != MODE_AUDIT;
	scratch->event.argument = number;
	return judge(scratch);
}

/* setfsuid and setfsgid; the other calls change the effective id, or keep it. */
#define LSM_SETID_FS 8

SEC("lsm/task_fix_setuid")
long BPF_PROG(task_fix_setuid, struct cred *new, const struct cred *old, int flags, int previous)
{
	struct gate gate;

	if (previous)
		return REFUSED;
	gate_current(&gate);
	if (!gate.workload)
		return ALLOWED;
	if (flags == LSM_SETID_FS)
		ANSWER(judge_number(&gate, OPERATION_SET_UID, BPF_CORE_READ(new, fsuid.val)));
	/* setresuid may change the saved id alone, which is as good as taking it on: each that becomes another is asked for. */
	if (BPF_CORE_READ(new, suid.val) != BPF_CORE_READ(old, suid.val)
	    && judge_number(&gate, OPERATION_SET_UID, BPF_CORE_READ(new, suid.val)))
		return REFUSED;
	if (BPF_CORE_READ(new, uid.val) != BPF_CORE_READ(old, uid.val) && BPF_CORE_READ(new, uid.val) != BPF_CORE_READ(new, suid.val)
	    && judge_number(&gate, OPERATION_SET_UID, BPF_CORE_READ(new, uid.val)))
		return REFUSED;
	ANSWER(judge_number(&gate, OPERATION_SET_UID, BPF_CORE_READ(new, euid.val)));
}

SEC("lsm/task_fix_setgid")
long BPF_PROG(task_fix_setgid, struct cred *new, const struct cred *old, int flags, int previous)
{
	struct gate gate;

	if (previous)
		return REFUSED;
	gate_current(&gate);
	if (!gate.workload)
		return ALLOWED;
	if (flags == LSM_SETID_FS)
		ANSWER(judge_number(&gate, OPERATION_SET_GID, BPF_CORE_READ(new, fsgid.val)));
	if (BPF_CORE_READ(new, sgid.val) != BPF_CORE_READ(old, sgid.val)
	    && judge_number(&gate, OPERATION_SET_GID, BPF_CORE_READ(new, sgid.val)))
		return REFUSED;
	if (BPF_CORE_READ(new, gid.val) != BPF_CORE_READ(old, gid.val) && BPF_CORE_READ(new, gid.val) != BPF_CORE_READ(new, sgid.val)
	    && judge_number(&gate, OPERATION_SET_GID, BPF_CORE_READ(new, gid.val)))
		return REFUSED;
	ANSWER(judge_number(&gate, OPERATION_SET_GID, BPF_CORE_READ(new, egid.val)));
}

struct groups_context {
	struct gate *gate;
	__u64 groups;
	__u32 refused;
};

static long judge_group(__u32 index, struct groups_context *context)
{
	__u32 number = ~0U;

	bpf_probe_read_kernel(&number, sizeof(number),
			      (void *)(context->groups + index * sizeof(number)));
	if (judge_number(context->gate, OPERATION_SET_GID, number))
		context->refused = 1;
	return context->refused;
}

#define GROUPS_MAXIMUM 65536

SEC("lsm/task_fix_setgroups")
long BPF_PROG(task_fix_setgroups, struct cred *new, const struct cred *old, int previous)
{
	struct gate gate;
	struct groups_context context = {};
	struct group_info *groups;
	__u32 count;

	if (previous)
		return REFUSED;
	gate_current(&gate);
	if (!gate.workload)
		return ALLOWED;
	context.gate = &gate;
	groups = BPF_CORE_READ(new, group_info);
	count = BPF_CORE_READ(groups, ngroups);
	/* The list stands behind its length. */
	context.groups = (__u64)groups + bpf_core_field_offset(struct group_info, ngroups) + sizeof(groups->ngroups);
	bpf_loop(count > GROUPS_MAXIMUM ? GROUPS_MAXIMUM : count, judge_group, &context, 0);
	ANSWER(context.refused);
}

SEC("lsm/userns_create")
long BPF_PROG(userns_create, const struct cred *cred, int previous)
{
	struct gate gate;

	if (previous)
		return REFUSED;
	gate_current(&gate);
	if (!gate.workload)
		return ALLOWED;
	ANSWER(judge_number(&gate, OPERATION_UNSHARE, 0));
}
