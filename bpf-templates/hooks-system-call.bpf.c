/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules that kill, where nothing can prevent: on the way into a system call. Loaded where some rule kills.
 *
 *   sys_enter   systemCall; and where the kernel runs no LSM programs, the operations that are told by their call and its plain arguments
 *
 * The signal is delivered on the way back: most calls have taken effect by then. Arguments that are addresses are the caller's memory, which it
 * may change or page out, and are not read: what rules say of paths and addresses is not decided here.
 */
#include "endpoint.h"
#include "process.h"

/* arch/x86: the call came by the 32-bit entry, or has the bit of the x32 table; its number would be read by the wrong table. */
#define TS_COMPAT 0x2
#define X32_BIT 0x40000000

/* The loader clears it where LSM programs judge operations. */
const volatile __u32 judges_operations = 1;

/* Whether the number is of the native table; elsewhere the machine has no other. */
static __always_inline int is_native(long number)
{
#if defined(__TARGET_ARCH_x86)
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	return !(BPF_CORE_READ(task, thread_info.status) & TS_COMPAT || number & X32_BIT);
#else
	return 1;
#endif
}

/* What cannot be judged is not let go on, but for the audit. */
static __always_inline int kill_unless_audited(const struct gate *gate)
{
	if (gate->workload->mode != MODE_AUDIT)
		bpf_send_signal(SIGKILL);
	return 0;
}

/* Whether the policies have the process killed for the event as it is. */
static __noinline int kills(struct scratch *scratch)
{
	__u64 verdict;

	if (!scratch)
		return 0;
	verdict = decide(&scratch->event);
	if (verdict & VERDICT_ALLOW || !(verdict & VERDICT_KILL))
		return 0;
	scratch->report.verdict = verdict;
	if (!scratch->has_executable)
		resolve_executable(scratch);
	report(scratch);
	if (scratch->report.mode != MODE_AUDIT)
		bpf_send_signal(SIGKILL);
	return 1;
}

#if defined(__TARGET_ARCH_x86)

/* The arguments that are numbers, as the caller gave them. */
struct call {
	__u32 number;
	__u32 arguments[3];
};

#define CLONE_NEWUSER 0x10000000
#define PTRACE_TRACEME 0
#define UNCHANGED (~0U)

static __always_inline int kills_for_target(struct scratch *scratch, __u32 operation, int number, __u32 argument)
{
	struct task_struct *target = number > 0 ? task_by_number(number) : NULL;

	scratch->event.operation = operation;
	scratch->event.argument = argument;
	if (target)
		fill_target(scratch, target);
	else
		fill_no_target(scratch, number > 0 ? number : 0);
	return kills(scratch);
}

static __always_inline int kills_for_parent(struct scratch *scratch)
{
	scratch->event.operation = OPERATION_PTRACE;
	fill_target(scratch, BPF_CORE_READ((struct task_struct *)bpf_get_current_task(), real_parent));
	return kills(scratch);
}

static __always_inline int kills_for_facility(struct scratch *scratch, __u32 operation)
{
	scratch->event.operation = operation;
	return kills(scratch);
}

/* An id of several; the kernel leaves one alone for which -1 stands. */
static __always_inline int kills_for_id(struct scratch *scratch, __u32 operation, __u32 id)
{
	if (id == UNCHANGED)
		return 0;
	scratch->event.operation = operation;
	scratch->event.argument = id;
	return kills(scratch);
}

static __always_inline int kills_for_ids(struct scratch *scratch, __u32 operation, const struct call *call, __u32 count)
{
	if (kills_for_id(scratch, operation, call->arguments[0]))
		return 1;
	if (count > 1 && kills_for_id(scratch, operation, call->arguments[1]))
		return 1;
	return count > 2 && kills_for_id(scratch, operation, call->arguments[2]);
}

static __always_inline int kills_for_socket(struct scratch *scratch, const struct call *call)
{
	scratch->event.operation = OPERATION_CREATE_SOCKET;
	scratch->event.socket_family = call->arguments[0];
	scratch->event.socket_kind = call->arguments[1] & SOCK_TYPE_MASK;
	scratch->event.protocol = call->arguments[2];
	return kills(scratch);
}

/* arch/x86/entry/syscalls/syscall_64.tbl */
static __noinline int judge_call(struct scratch *scratch, struct call *call)
{
	if (!scratch || !call)
		return 0;
	switch (call->number) {
	case 41: /* socket */
	case 53: /* socketpair */
		return kills_for_socket(scratch, call);
	case 62: /* kill */
	case 200: /* tkill */
	case 129: /* rt_sigqueueinfo */
		return kills_for_target(scratch, OPERATION_SIGNAL, call->arguments[0], call->arguments[1]);
	case 234: /* tgkill */
	case 297: /* rt_tgsigqueueinfo */
		return kills_for_target(scratch, OPERATION_SIGNAL, call->arguments[1], call->arguments[2]);
	case 424: /* pidfd_send_signal: a descriptor says to whom */
		return kills_for_target(scratch, OPERATION_SIGNAL, 0, call->arguments[1]);
	case 101: /* ptrace */
		if (call->arguments[0] == PTRACE_TRACEME)
			return kills_for_parent(scratch);
		return kills_for_target(scratch, OPERATION_PTRACE, call->arguments[1], 0);
	case 310: /* process_vm_readv */
	case 311: /* process_vm_writev */
		return kills_for_target(scratch, OPERATION_PTRACE, call->arguments[0], 0);
	case 438: /* pidfd_getfd: as above */
		return kills_for_target(scratch, OPERATION_PTRACE, 0, 0);
	case 105: /* setuid */
	case 122: /* setfsuid */
		return kills_for_ids(scratch, OPERATION_SET_UID, call, 1);
	case 113: /* setreuid */
		return kills_for_ids(scratch, OPERATION_SET_UID, call, 2);
	case 117: /* setresuid */
		return kills_for_ids(scratch, OPERATION_SET_UID, call, 3);
	case 106: /* setgid */
	case 123: /* setfsgid */
		return kills_for_ids(scratch, OPERATION_SET_GID, call, 1);
	case 114: /* setregid */
		return kills_for_ids(scratch, OPERATION_SET_GID, call, 2);
	case 119: /* setresgid */
		return kills_for_ids(scratch, OPERATION_SET_GID, call, 3);
	case 56: /* clone */
	case 272: /* unshare */
		return call->arguments[0] & CLONE_NEWUSER ? kills_for_facility(scratch, OPERATION_UNSHARE) : 0;
	case 321:
		return kills_for_facility(scratch, OPERATION_BPF);
	case 175: /* init_module */
	case 313: /* finit_module */
		return kills_for_facility(scratch, OPERATION_LOAD_MODULE);
	case 246: /* kexec_load */
	case 320: /* kexec_file_load */
		return kills_for_facility(scratch, OPERATION_KEXEC);
	case 425: /* io_uring_setup */
		return kills_for_facility(scratch, OPERATION_IO_URING);
	case 298:
		return kills_for_facility(scratch, OPERATION_PERF);
	case 248: /* add_key */
	case 249: /* request_key */
	case 250:
		return kills_for_facility(scratch, OPERATION_KEYCTL);
	}
	return 0;
}

static __always_inline void judge_by_call(struct scratch *scratch, struct pt_regs *registers, long number)
{
	struct call call = {
		.number = number,
		.arguments = { BPF_CORE_READ(registers, di), BPF_CORE_READ(registers, si), BPF_CORE_READ(registers, dx) },
	};

	judge_call(scratch, &call);
}

#else

static __always_inline void judge_by_call(struct scratch *scratch, struct pt_regs *registers, long number)
{
}

#endif

SEC("tp_btf/sys_enter")
int BPF_PROG(sys_enter, struct pt_regs *registers, long number)
{
	struct gate gate;
	struct scratch *scratch;

	gate_current(&gate);
	if (!gate.workload)
		return 0;
	scratch = begin(&gate, OPERATION_SYSTEM_CALL);
	if (!scratch)
		return kill_unless_audited(&gate);
	if (!is_native(number)) {
		refuse(scratch, GUARD_SYSTEM_CALLS);
		return kill_unless_audited(&gate);
	}
	scratch->event.system_call = number;
	if (!kills(scratch) && judges_operations)
		judge_by_call(scratch, registers, number);
	return 0;
}
