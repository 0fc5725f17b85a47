/* SPDX-License-Identifier: Apache-2.0
 *
 * How an event says which process.
 */
#ifndef SANDBOX_PROCESS_H
#define SANDBOX_PROCESS_H

#include "judge.h"

/* include/linux/xarray.h: what an entry of a node is. Numbers of 32 bits need six nodes at most. */
#define ENTRY_KIND 3
#define ENTRY_NODE 2
#define NODES_MAXIMUM 6

/*
 * The task that has a number in the current task's namespace, as find_task_by_vpid() would find it; null where none has. bpf_task_from_vpid
 * is of 6.14 only.
 */
static __always_inline struct task_struct *task_by_number(__u32 number)
{
	struct pid *pid = BPF_CORE_READ((struct task_struct *)bpf_get_current_task(), thread_pid);
	__u32 mask = bpf_core_field_size(((struct xa_node *)0)->slots) / sizeof(void *) - 1, i, shift;
	struct pid_namespace *space = NULL;
	struct hlist_node *first;
	__u64 entry;

	bpf_probe_read_kernel(&space, sizeof(space),
			      (char *)pid + bpf_core_field_offset(struct pid, numbers)
				      + BPF_CORE_READ(pid, level) * bpf_core_type_size(struct upid) + bpf_core_field_offset(struct upid, ns));
	entry = (__u64)BPF_CORE_READ(space, idr.idr_rt.xa_head);
	for (i = 0; i < NODES_MAXIMUM; i++) {
		struct xa_node *node = (struct xa_node *)(entry - ENTRY_NODE);

		if ((entry & ENTRY_KIND) != ENTRY_NODE)
			break;
		shift = BPF_CORE_READ(node, shift) & 63;
		/* The first node says how far the numbers go. */
		if (i == 0 && (__u64)number >> shift > mask)
			return NULL;
		entry = 0;
		bpf_probe_read_kernel(&entry, sizeof(entry),
				      (char *)node + bpf_core_field_offset(struct xa_node, slots)
					      + ((__u64)number >> shift & mask) * sizeof(void *));
	}
	if (!entry || entry & ENTRY_KIND || (i == 0 && number != 0))
		return NULL;
	first = BPF_CORE_READ((struct pid *)entry, tasks[0].first);
	return first ? (struct task_struct *)((char *)first - bpf_core_field_offset(struct task_struct, pid_links)) : NULL;
}

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

/* A process that is not there, or that cannot be told: it is taken for another's. */
static __always_inline void fill_no_target(struct scratch *scratch, __u32 number)
{
	scratch->event.target_pid = number;
	scratch->event.target_is_own = 0;
	scratch->event.present &= ~HAS_TARGET;
}

#endif
