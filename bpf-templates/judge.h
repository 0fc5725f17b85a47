/* SPDX-License-Identifier: Apache-2.0
 *
 * From the gate to the answer: an event begins, the hook fills in what it knows, `judge` asks the policies and reports.
 */
#ifndef SANDBOX_JUDGE_H
#define SANDBOX_JUDGE_H

#include "gate.h"
#include "path.h"

/* Whether some rule asks for the program that acts; resolving it costs as much as the file does. */
#ifndef SANDBOX_USES_EXECUTABLE
#define SANDBOX_USES_EXECUTABLE 1
#endif

#define SIGKILL 9

/* Fills what every event has. The rest is left as it was: `decide` reads no field of other operations. */
static __always_inline void event_begin(struct scratch *scratch, const struct gate *gate, __u32 operation)
{
	struct event *event = &scratch->event;
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	const struct cred *cred = BPF_CORE_READ(task, cred);

	scratch->report.cgroup = gate->cgroup;
	scratch->report.mode = gate->workload->mode;
	scratch->report.guard = GUARD_NONE;
	scratch->report.generation = gate->workload->generation;
	scratch->level = gate->level;
	scratch->is_silent = 0;
	event->operation = operation;
	event->present = 0;
	event->flags = 0;
	event->argument = 0;
	event->workload = gate->workload->number;
	event->workload_type = gate->workload->type;
	event->groups[0] = gate->workload->groups[0];
	event->groups[1] = gate->workload->groups[1];
	event->groups[2] = gate->workload->groups[2];
	event->groups[3] = gate->workload->groups[3];
	event->uid = BPF_CORE_READ(cred, euid.val);
	event->gid = BPF_CORE_READ(cred, egid.val);
	event->pid = bpf_get_current_pid_tgid() >> 32;
	/* Not bpf_get_current_comm: where a process has taken a shorter name, Linux 6.1 leaves the end of the longer one behind it. */
	__builtin_memset(event->comm, 0, sizeof(event->comm));
	bpf_probe_read_kernel_str(event->comm, sizeof(event->comm), &task->comm);
	event->path.state = TEXT_UNRESOLVED;
	event->path.length = 0;
	event->is_abstract = 0;
	scratch->has_executable = 0;
	event->executable.state = TEXT_UNRESOLVED;
	event->executable.length = 0;
}

/* Null when the kernel has no memory for it: the operation is then refused. */
static __noinline struct scratch *begin(const struct gate *gate, __u32 operation)
{
	struct scratch *scratch =
		bpf_task_storage_get(&scratches, bpf_get_current_task_btf(), 0, BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (!scratch)
		return NULL;
	event_begin(scratch, gate, operation);
	if (SANDBOX_USES_EXECUTABLE)
		resolve_executable(scratch);
	return scratch;
}

/* What becomes of an operation that there is no memory to judge in. */
static __always_inline int unprepared(const struct gate *gate)
{
	return gate->workload->mode != MODE_AUDIT;
}

/* Whether the path is part of what the operation was about. */
static __always_inline int has_path(__u32 operation)
{
	return operation <= OPERATION_RECEIVE || (operation >= OPERATION_CONNECT_UNIX && operation <= OPERATION_PIVOT_ROOT);
}

static __noinline int report(struct scratch *scratch)
{
	__u32 size = sizeof(struct report) + offsetof(struct event, path) + offsetof(struct path_text, bytes), zero = 0;
	__u64 *count;

	if (!scratch)
		return 0;
	scratch->report.time = bpf_ktime_get_boot_ns();
	if (!has_path(scratch->event.operation)) {
		scratch->event.path.length = 0;
		scratch->event.path.state = TEXT_WHOLE;
	}
	size += scratch->event.path.length & (PATH_CAPACITY - 1);
	if (bpf_ringbuf_output(&reports, &scratch->report, size, 0) < 0) {
		count = bpf_map_lookup_elem(&lost, &zero);
		if (count)
			(*count)++;
	}
	return 0;
}

/* What became of an event: refused, and on top of that killed, or neither. */
enum outcome {
	OUTCOME_PASS = 0,
	OUTCOME_REFUSE = 1,
	OUTCOME_KILL = 2,
};

static __noinline int judge_quietly(struct scratch *scratch)
{
	__u64 verdict;

	if (!scratch)
		return OUTCOME_REFUSE;
	verdict = decide(&scratch->event);
	if (verdict & VERDICT_ALLOW)
		return OUTCOME_PASS;
	scratch->report.verdict = verdict;
	if (!scratch->is_silent) {
		if (!scratch->has_executable)
			resolve_executable(scratch);
		report(scratch);
	}
	if (scratch->report.mode == MODE_AUDIT)
		return OUTCOME_PASS;
	return verdict & VERDICT_KILL ? OUTCOME_KILL : OUTCOME_REFUSE;
}

/* Kills the process where the rule says so. */
static __always_inline int settle(int outcome)
{
	if (outcome == OUTCOME_KILL)
		bpf_send_signal(SIGKILL);
	return outcome;
}

/* 0 to let the operation pass, another number to refuse it. */
static __always_inline int judge(struct scratch *scratch)
{
	return settle(judge_quietly(scratch));
}

/* Several operations at once, of which each must pass: the last that is added is judged first. */
#define OPERATIONS_MAXIMUM 8

static __always_inline void operations_begin(struct scratch *scratch)
{
	scratch->pending.operations = 0;
	scratch->pending.outcome = OUTCOME_PASS;
}

static __always_inline void operations_add(struct scratch *scratch, __u32 operation)
{
	scratch->pending.operations = scratch->pending.operations << 8 | operation;
}

static long operations_step(__u32 index, struct walk_context *context)
{
	struct pending *pending = &context->scratch->pending;
	__u32 operation = pending->operations & 0xff;

	if (!operation)
		return 1;
	pending->operations >>= 8;
	context->scratch->event.operation = operation;
	pending->outcome = judge_quietly(context->scratch);
	if (pending->outcome)
		return 1;
	return 0;
}

/* In a loop, so that the verifier sees `decide` once. */
static __always_inline int judge_all_quietly(struct scratch *scratch)
{
	struct walk_context context = { .scratch = scratch };

	bpf_loop(OPERATIONS_MAXIMUM, operations_step, &context, 0);
	return scratch->pending.outcome;
}

static __always_inline int judge_all(struct scratch *scratch)
{
	return settle(judge_all_quietly(scratch));
}

/* Refuses what no policy can permit. Not even the audit lets it pass: the record would end with the way out of the cgroup. */
static __noinline int refuse(struct scratch *scratch, __u32 guard)
{
	if (!scratch)
		return 1;
	scratch->report.guard = guard;
	scratch->report.verdict = VERDICT(0, REASON_DEFAULT, 0);
	resolve_executable(scratch);
	report(scratch);
	return 1;
}

#define ANSWER(refused) do { if (refused) return REFUSED; return ALLOWED; } while (0)

/*
 * What every LSM program begins with. ENTER declares `gate`, stands by what a program before this one refused, and lets pass what no workload
 * does. BEGIN declares `scratch` with an event that has begun. ENTER_IN, or FOR_WORKLOAD where the gate is given, and BEGIN_IN are the same for
 * functions that programs call, which answer 0 to let pass and another number to refuse.
 */
#define ENTER(previous)           \
	struct gate gate;         \
                                  \
	if (previous)             \
		return REFUSED;   \
	gate_current(&gate);      \
	if (!gate.workload)       \
		return ALLOWED

#define BEGIN(operation)                                  \
	struct scratch *scratch = begin(&gate, operation); \
                                                          \
	if (!scratch)                                     \
		ANSWER(unprepared(&gate))

#define ENTER_IN()             \
	struct gate gate;      \
                               \
	gate_current(&gate);   \
	if (!gate.workload)    \
		return 0

#define FOR_WORKLOAD(gate)                \
	if (!(gate) || !(gate)->workload) \
		return 0

#define BEGIN_IN(gate, operation)                        \
	struct scratch *scratch = begin(gate, operation); \
                                                         \
	if (!scratch)                                    \
		return unprepared(gate)

#endif
