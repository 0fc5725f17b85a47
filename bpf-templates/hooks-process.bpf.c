/* SPDX-License-Identifier: Apache-2.0
 *
 * What processes do to each other and to themselves.
 *
 *   ptrace_access_check, ptrace_traceme   ptrace (also reading another's /proc files, and what process_vm_readv and pidfd_getfd ask)
 *   task_kill                             signal
 *   file_fcntl, file_ioctl                signal: having a descriptor send signals; and what types into a terminal, which is refused
 *   task_fix_setuid                       setUid
 *   task_fix_setgid, task_fix_setgroups   setGid, for each group
 *   userns_create                         unshare
 */
#include "process.h"

SEC("lsm/ptrace_access_check")
long BPF_PROG(ptrace_access_check, struct task_struct *child, unsigned int mode, int previous)
{
	ENTER(previous);
	BEGIN(OPERATION_PTRACE);
	fill_target(scratch, child);
	/* Whoever traces a process outside has left the sandbox. */
	if (!scratch->event.target_is_own)
		ANSWER(refuse(scratch, GUARD_OUTSIDE));
	ANSWER(judge(scratch));
}

SEC("lsm/ptrace_traceme")
long BPF_PROG(ptrace_traceme, struct task_struct *parent, int previous)
{
	ENTER(previous);
	BEGIN(OPERATION_PTRACE);
	fill_target(scratch, parent);
	ANSWER(judge(scratch));
}

SEC("lsm/task_kill")
long BPF_PROG(task_kill, struct task_struct *target, void *information, int number, const struct cred *cred, int previous)
{
	ENTER(previous);
	BEGIN(OPERATION_SIGNAL);
	fill_target(scratch, target);
	scratch->event.argument = number;
	ANSWER(judge(scratch));
}

/* include/uapi/asm-generic/fcntl.h */
#define F_SETOWN 8
#define F_SETSIG 10
#define F_SETOWN_EX 15
#define SIGIO 29

/*
 * A descriptor's signals are sent later, by whoever has something happen on it. So they are judged when their target is set, and that is a
 * process of the workload, whatever the policies say: a group may come to have others in it, and what F_SETOWN_EX points to may change.
 */
SEC("lsm/file_fcntl")
long BPF_PROG(file_fcntl, struct file *file, unsigned int command, unsigned long argument, int previous)
{
	int owner = argument;
	struct task_struct *target;

	if (!previous && command != F_SETOWN && command != F_SETSIG && command != F_SETOWN_EX)
		return ALLOWED;
	ENTER(previous);
	BEGIN(OPERATION_SIGNAL);
	fill_no_target(scratch, owner > 0 ? owner : 0);
	scratch->event.argument = SIGIO;
	/* Nobody any more. */
	if (command == F_SETOWN && owner == 0)
		return ALLOWED;
	target = NULL;
	if (command == F_SETSIG) {
		/* 0 is SIGIO again. */
		if (argument)
			scratch->event.argument = argument;
		target = (struct task_struct *)bpf_get_current_task();
	} else if (command == F_SETOWN && owner > 0) {
		target = task_by_number(owner);
	}
	if (target)
		fill_target(scratch, target);
	/* One that is not there yet may be there before the kernel looks. */
	if (!scratch->event.target_is_own)
		ANSWER(refuse(scratch, GUARD_OWNER));
	ANSWER(judge(scratch));
}

/* include/uapi/asm-generic/ioctls.h, sockios.h */
#define TIOCSTI 0x5412
#define TIOCLINUX 0x541c
#define FIOSETOWN 0x8901
#define SIOCSPGRP 0x8902

static __noinline int judge_ioctl(__u32 command)
{
	ENTER_IN();
	BEGIN_IN(&gate, OPERATION_SIGNAL);
	fill_no_target(scratch, 0);
	scratch->event.argument = SIGIO;
	if (command == FIOSETOWN || command == SIOCSPGRP)
		return refuse(scratch, GUARD_OWNER);
	/* What is typed into a terminal goes to the shell that started the workload, too. */
	scratch->event.operation = OPERATION_WRITE;
	return refuse(scratch, GUARD_TERMINAL);
}

static __always_inline int is_guarded(__u32 command)
{
	return command == FIOSETOWN || command == SIOCSPGRP || command == TIOCSTI || command == TIOCLINUX;
}

SEC("lsm/file_ioctl")
long BPF_PROG(file_ioctl, struct file *file, unsigned int command, unsigned long argument, int previous)
{
	if (previous)
		return REFUSED;
	if (!is_guarded(command))
		return ALLOWED;
	ANSWER(judge_ioctl(command));
}

/* Since 6.8, and in later versions of 6.1; before, 32-bit calls asked file_ioctl. */
SEC("lsm/file_ioctl_compat")
long BPF_PROG(file_ioctl_compat, struct file *file, unsigned int command, unsigned long argument, int previous)
{
	if (previous)
		return REFUSED;
	if (!is_guarded(command))
		return ALLOWED;
	ANSWER(judge_ioctl(command));
}

static __noinline int judge_number(struct gate *gate, __u32 operation, __u32 number)
{
	FOR_WORKLOAD(gate);
	BEGIN_IN(gate, operation);
	scratch->event.argument = number;
	return judge(scratch);
}

/* setfsuid and setfsgid; the other calls change the effective id, or keep it. */
#define LSM_SETID_FS 8
#define IDS_MAXIMUM 3

static __always_inline void ids_add(struct scratch *scratch, __u32 id)
{
	__u32 *ids = scratch->pending.arguments;

	ids[2] = ids[1];
	ids[1] = ids[0];
	ids[0] = id;
	scratch->pending.count++;
}

static long ids_step(__u32 index, struct walk_context *context)
{
	struct pending *pending = &context->scratch->pending;

	if (pending->count == 0)
		return 1;
	pending->count--;
	context->scratch->event.argument = pending->arguments[0];
	pending->arguments[0] = pending->arguments[1];
	pending->arguments[1] = pending->arguments[2];
	pending->outcome = judge_quietly(context->scratch);
	if (pending->outcome)
		return 1;
	return 0;
}

static __always_inline int judge_ids(struct scratch *scratch)
{
	struct walk_context context = { .scratch = scratch };

	bpf_loop(IDS_MAXIMUM, ids_step, &context, 0);
	return settle(scratch->pending.outcome);
}

/* The three ids that a process has, and those that it had. setresuid may change the saved id alone, which is as good as taking it on. */
static __always_inline void ids_add_changed(struct scratch *scratch, __u32 real, __u32 effective, __u32 saved, __u32 old_real, __u32 old_saved)
{
	ids_add(scratch, effective);
	if (real != old_real && real != saved)
		ids_add(scratch, real);
	if (saved != old_saved)
		ids_add(scratch, saved);
}

static __always_inline void ids_begin(struct scratch *scratch)
{
	scratch->pending.count = 0;
	scratch->pending.outcome = OUTCOME_PASS;
}

SEC("lsm/task_fix_setuid")
long BPF_PROG(task_fix_setuid, struct cred *new, const struct cred *old, int flags, int previous)
{
	ENTER(previous);
	BEGIN(OPERATION_SET_UID);
	ids_begin(scratch);
	if (flags == LSM_SETID_FS)
		ids_add(scratch, BPF_CORE_READ(new, fsuid.val));
	else
		ids_add_changed(scratch, BPF_CORE_READ(new, uid.val), BPF_CORE_READ(new, euid.val), BPF_CORE_READ(new, suid.val),
				BPF_CORE_READ(old, uid.val), BPF_CORE_READ(old, suid.val));
	ANSWER(judge_ids(scratch));
}

SEC("lsm/task_fix_setgid")
long BPF_PROG(task_fix_setgid, struct cred *new, const struct cred *old, int flags, int previous)
{
	ENTER(previous);
	BEGIN(OPERATION_SET_GID);
	ids_begin(scratch);
	if (flags == LSM_SETID_FS)
		ids_add(scratch, BPF_CORE_READ(new, fsgid.val));
	else
		ids_add_changed(scratch, BPF_CORE_READ(new, gid.val), BPF_CORE_READ(new, egid.val), BPF_CORE_READ(new, sgid.val),
				BPF_CORE_READ(old, gid.val), BPF_CORE_READ(old, sgid.val));
	ANSWER(judge_ids(scratch));
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
	struct groups_context context = {};
	struct group_info *groups;
	__u32 count;

	ENTER(previous);
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
	ENTER(previous);
	ANSWER(judge_number(&gate, OPERATION_UNSHARE, 0));
}
