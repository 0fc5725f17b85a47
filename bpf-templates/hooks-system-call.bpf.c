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

#define CLONE_NEWUSER 0x10000000
#define PTRACE_TRACEME 0

static __always_inline __u32 prepare(struct scratch *scratch, __u32 operation)
{
	scratch->event.operation = operation;
	return 1;
}

static __always_inline __u32 prepare_target(struct scratch *scratch, __u32 operation, int number, __u32 argument)
{
	struct task_struct *target = number > 0 ? task_by_number(number) : NULL;

	scratch->event.argument = argument;
	if (target)
		fill_target(scratch, target);
	else
		fill_no_target(scratch, number > 0 ? number : 0);
	return prepare(scratch, operation);
}

static __always_inline __u32 prepare_parent(struct scratch *scratch)
{
	fill_target(scratch, BPF_CORE_READ((struct task_struct *)bpf_get_current_task(), real_parent));
	return prepare(scratch, OPERATION_PTRACE);
}

static __always_inline __u32 prepare_ids(struct scratch *scratch, __u32 operation, __u32 count)
{
	scratch->pending.has_ids = 1;
	prepare(scratch, operation);
	return count;
}

static __always_inline __u32 prepare_socket(struct scratch *scratch, const struct pending *call)
{
	scratch->event.socket_family = call->arguments[0];
	scratch->event.socket_kind = call->arguments[1] & SOCK_TYPE_MASK;
	scratch->event.protocol = call->arguments[2];
	return prepare(scratch, OPERATION_CREATE_SOCKET);
}

/*
 * Makes the event that of the operation that the call is about to do (arch/x86/entry/syscalls/syscall_64.tbl). Answers how often it is to be
 * judged: 0 where the call is no operation, or not told by its plain arguments.
 */
static __noinline __u32 prepare_call(struct scratch *scratch)
{
	struct pending *call;
	int target = 0;
	__u32 argument = 0;

	if (!scratch)
		return 0;
	call = &scratch->pending;
	switch (call->number) {
	case 41: /* socket */
	case 53: /* socketpair */
		return prepare_socket(scratch, call);
	case 105: /* setuid */
	case 122: /* setfsuid */
		return prepare_ids(scratch, OPERATION_SET_UID, 1);
	case 113: /* setreuid */
		return prepare_ids(scratch, OPERATION_SET_UID, 2);
	case 117: /* setresuid */
		return prepare_ids(scratch, OPERATION_SET_UID, 3);
	case 106: /* setgid */
	case 123: /* setfsgid */
		return prepare_ids(scratch, OPERATION_SET_GID, 1);
	case 114: /* setregid */
		return prepare_ids(scratch, OPERATION_SET_GID, 2);
	case 119: /* setresgid */
		return prepare_ids(scratch, OPERATION_SET_GID, 3);
	case 56: /* clone */
	case 272: /* unshare */
		return call->arguments[0] & CLONE_NEWUSER ? prepare(scratch, OPERATION_UNSHARE) : 0;
	case 321:
		return prepare(scratch, OPERATION_BPF);
	case 175: /* init_module */
	case 313: /* finit_module */
		return prepare(scratch, OPERATION_LOAD_MODULE);
	case 246: /* kexec_load */
	case 320: /* kexec_file_load */
		return prepare(scratch, OPERATION_KEXEC);
	case 425: /* io_uring_setup */
		return prepare(scratch, OPERATION_IO_URING);
	case 298:
		return prepare(scratch, OPERATION_PERF);
	case 248: /* add_key */
	case 249: /* request_key */
	case 250:
		return prepare(scratch, OPERATION_KEYCTL);
	case 62: /* kill */
	case 200: /* tkill */
	case 129: /* rt_sigqueueinfo */
		target = call->arguments[0];
		argument = call->arguments[1];
		break;
	case 234: /* tgkill */
	case 297: /* rt_tgsigqueueinfo */
		target = call->arguments[1];
		argument = call->arguments[2];
		break;
	case 424: /* pidfd_send_signal: a descriptor says to whom */
		argument = call->arguments[1];
		break;
	case 101: /* ptrace */
		if (call->arguments[0] == PTRACE_TRACEME)
			return prepare_parent(scratch);
		return prepare_target(scratch, OPERATION_PTRACE, call->arguments[1], 0);
	case 310: /* process_vm_readv */
	case 311: /* process_vm_writev */
		return prepare_target(scratch, OPERATION_PTRACE, call->arguments[0], 0);
	case 438: /* pidfd_getfd: as above */
		return prepare_target(scratch, OPERATION_PTRACE, 0, 0);
	default:
		return 0;
	}
	return prepare_target(scratch, OPERATION_SIGNAL, target, argument);
}

static __always_inline void read_arguments(struct pending *call, struct pt_regs *registers)
{
	call->arguments[0] = BPF_CORE_READ(registers, di);
	call->arguments[1] = BPF_CORE_READ(registers, si);
	call->arguments[2] = BPF_CORE_READ(registers, dx);
}

#else

static __always_inline __u32 prepare_call(struct scratch *scratch)
{
	return 0;
}

static __always_inline void read_arguments(struct pending *call, struct pt_regs *registers)
{
}

#endif

#define UNCHANGED (~0U)
/* The call itself, and three ids at most. */
#define JUDGEMENTS_MAXIMUM 4

/* One judgement of a call: the first by its number. A step of a loop, so that the verifier sees `decide` once. */
static long judge_step(__u32 index, struct walk_context *context)
{
	struct pending *call = &context->scratch->pending;
	__u32 id;

	if (index == 1)
		call->count = judges_operations ? prepare_call(context->scratch) : 0;
	if (index > 0) {
		if (call->count == 0)
			return 1;
		call->count--;
		if (call->has_ids) {
			id = call->arguments[0];
			call->arguments[0] = call->arguments[1];
			call->arguments[1] = call->arguments[2];
			/* The kernel leaves an id alone for which -1 stands. */
			if (id == UNCHANGED)
				return 0;
			context->scratch->event.argument = id;
		}
	}
	if (kills(context->scratch))
		return 1;
	return 0;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(sys_enter, struct pt_regs *registers, long number)
{
	struct gate gate;
	struct scratch *scratch;
	struct walk_context context;

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
	scratch->pending.number = number;
	scratch->pending.has_ids = 0;
	read_arguments(&scratch->pending, registers);
	context.scratch = scratch;
	bpf_loop(JUDGEMENTS_MAXIMUM, judge_step, &context, 0);
	return 0;
}
