/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether a task is of a workload. Every hook asks this first: on all other tasks it must cost next to nothing and do nothing.
 */
#ifndef SANDBOX_GATE_H
#define SANDBOX_GATE_H

#include "maps.h"

/*
 * The results of a hook. The refusal is written where the compiler cannot work it out: it would negate a truth value, after which the
 * verifier of 6.12 no longer knows the sign. For the same reason hooks return 64 bits.
 */
#define ALLOWED 0L
#define REFUSED                                               \
	({                                                    \
		long refused_;                                \
		asm volatile("%0 = -1" : "=r"(refused_));     \
		refused_;                                     \
	})

struct gate {
	struct workload *workload; /* null: not ours to judge */
	__u64 cgroup;
	__u32 level;
};

/*
 * Finds the nearest cgroup above the current task that is a workload's, however deep the task has gone below it: a cgroup that a workload
 * makes for itself is no way out.
 */
static __noinline void gate_current(struct gate *gate)
{
	__u32 zero = 0, level, i;
	struct levels *range = bpf_map_lookup_elem(&levels, &zero);

	gate->workload = NULL;
	if (!range || range->highest == 0)
		return;
	level = range->highest;
	for (i = 0; i < 32; i++) {
		if (level < range->lowest || level == 0)
			return;
		gate->cgroup = bpf_get_current_ancestor_cgroup_id(level);
		/* 0: the task is not that deep. */
		if (gate->cgroup) {
			gate->workload = bpf_map_lookup_elem(&workloads, &gate->cgroup);
			if (gate->workload) {
				gate->level = level;
				return;
			}
		}
		level--;
	}
}

/* Whether a task is of the workload whose cgroup is at the level of the hierarchy. */
static __always_inline int is_of_workload(struct task_struct *task, __u64 cgroup, __u32 level)
{
	struct cgroup *own = BPF_CORE_READ(task, cgroups, dfl_cgrp), *ancestor = NULL;

	if (!own || (__u32)BPF_CORE_READ(own, level) < level)
		return 0;
	bpf_probe_read_kernel(&ancestor, sizeof(ancestor),
			      (char *)own + bpf_core_field_offset(own->ancestors) + level * sizeof(ancestor));
	return BPF_CORE_READ(ancestor, kn, id) == cgroup;
}

#endif
