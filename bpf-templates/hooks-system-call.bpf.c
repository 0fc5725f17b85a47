/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules that kill, where nothing can prevent: on the way into a system call.
 *
 *   sys_enter   systemCall; and where the kernel runs no LSM programs, the operations that are told by their call and its plain arguments
 *
 * The signal is delivered on the way back: most calls have taken effect by then. Arguments that are addresses are the caller's memory, which it
 * may change or page out, and are not read: what rules say of paths and addresses is not decided here.
 */
#include "judge.h"

/* arch/x86: the call came by the 32-bit entry, or has the bit of the x32 table; its number would be read by the wrong table. */
#define TS_COMPAT 0x2
#define X32_BIT 0x40000000

/* The loader clears it where LSM programs judge operations. */
const volatile __u32 judges_operations = 1;


#if defined(__TARGET_ARCH_x86)
#define CALL_ARGUMENT(registers, index) \
	((index) == 0 ? BPF_CORE_READ(registers, di) : (index) == 1 ? BPF_CORE_READ(registers, si) : BPF_CORE_READ(registers, dx))

static __always_inline __u32 operation_of(long number)
{
	switch (number) {
	case 62: /* kill */
	case 200: /* tkill */
	case 234: /* tgkill */
		return OPERATION_SIGNAL;
	case 101:
		return OPERATION_PTRACE;
	case 105: /* setuid */
	case 122: /* setfsuid */
		return OPERATION_SET_UID;
	case 106: /* setgid */
	case 123: /* setfsgid */
		return OPERATION_SET_GID;
	case 165: /* mount */
	case 429: /* move_mount */
		return OPERATION_MOUNT;
	case 166:
		return OPERATION_UNMOUNT;
	case 155:
		return OPERATION_PIVOT_ROOT;
	case 321:
		return OPERATION_BPF;
	case 175: /* init_module */
	case 313: /* finit_module */
		return OPERATION_LOAD_MODULE;
	case 246: /* kexec_load */
	case 320: /* kexec_file_load */
		return OPERATION_KEXEC;
	case 425:
		return OPERATION_IO_URING;
	case 298:
		return OPERATION_PERF;
	case 248: /* add_key */
	case 249: /* request_key */
	case 250:
		return OPERATION_KEYCTL;
	}
	return 0;
}
#endif

static __always_inline int kills(struct scratch *scratch)
{
	__u64 verdict = decide(&scratch->event);

	if (verdict & VERDICT_ALLOW || !(verdict & VERDICT_KILL))
		return 0;
	scratch->report.verdict = verdict;
	resolve_executable(scratch);
	report(scratch);
	if (scratch->report.mode != MODE_AUDIT)
		bpf_send_signal(SIGKILL);
	return 1;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(sys_enter, struct pt_regs *registers, long number)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct gate gate;
	struct scratch *scratch;
	__u32 operation;

	gate_current(&gate);
	if (!gate.workload)
		return 0;
	scratch = begin(&gate, OPERATION_SYSTEM_CALL);
	if (!scratch)
		return 0;
#if defined(__TARGET_ARCH_x86)
	if (BPF_CORE_READ(task, thread_info.status) & TS_COMPAT || number & X32_BIT) {
		refuse(scratch, GUARD_SYSTEM_CALLS);
		bpf_send_signal(SIGKILL);
		return 0;
	}
#endif
	scratch->event.system_call = number;
	if (kills(scratch))
		return 0;
#if defined(__TARGET_ARCH_x86)
	operation = operation_of(number);
	if (!judges_operations || !operation)
		return 0;
	scratch->event.operation = operation;
	scratch->event.path.state = TEXT_UNRESOLVED;
	if (operation == OPERATION_SIGNAL)
		scratch->event.argument = number == 234 ? CALL_ARGUMENT(registers, 2) : CALL_ARGUMENT(registers, 1);
	else
		scratch->event.argument = CALL_ARGUMENT(registers, 0);
	kills(scratch);
#endif
	return 0;
}
