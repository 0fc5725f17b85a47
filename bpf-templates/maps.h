/* SPDX-License-Identifier: Apache-2.0
 *
 * The maps that every policy has. Those of its rules are in the generated header.
 */
#ifndef SANDBOX_MAPS_H
#define SANDBOX_MAPS_H

#include "kernel.h"
#include "event.h"
#include "report.h"

enum {
	WORKLOADS_MAXIMUM = 65536,
	REPORTS_SIZE = 4 << 20,
	/* The cgroup hooks' scratch: how many tasks may be inside one of them at a time. */
	CALLERS_MAXIMUM = 256,
	/*
	 * A path is written from its end to its start. Its end is a slash in the middle; zeros that nothing ever overwrites stand behind it,
	 * so that one copy gives a text, the slash behind it, and the zeros that the keys of tables end with.
	 */
	WALK_END = PATH_CAPACITY - 1,
	WALK_CAPACITY = 2 * PATH_CAPACITY,
};

/* Where a path is put together, and how far that has come. */
struct walk {
	__u64 first_dentry;
	__u64 first_mount;
	__u64 dentry;
	__u64 mount;
	__u64 root; /* of the mount */
	__u64 space; /* the mount namespace of the task */
	__u32 position; /* where the path starts in bytes */
	__u32 state; /* enum text_state */
	char bytes[WALK_CAPACITY];
};

/*
 * Which mounts of a file system the task's namespace has (`space`, how many: `count`), or whether one is below another (`count`: on the way
 * back up). In memory and not on the stack: the verifier counts there.
 */
struct mount_search {
	__u64 at, end;
	__u64 space;
	__u64 found;
	__u64 count;
};

/* What is still to be judged at once. In memory for the same reason: there a step of a loop looks to the verifier like every other. */
struct pending {
	__u64 operations; /* each must pass: their numbers, the first in the lowest byte */
	__u32 outcome; /* enum outcome */
	/* A system call on its way: its number, its arguments as the caller gave them, and how many judgements of it are left. Ids: those. */
	__u32 number;
	__u32 arguments[3];
	__u32 count;
	__u32 has_ids; /* one for each argument */
	/* A rename: from one entry below a mount to another. */
	__u32 rename_flags;
	__u64 mount, from, to;
	/* Socket addresses, one behind the other. */
	__u64 address;
	__u32 left; /* bytes */
};

struct scratch {
	struct report report;
	struct event event;
	__u32 has_executable;
	__u32 level; /* of the workload's cgroup */
	__u32 is_silent; /* what is refused is not reported */
	__u64 number;    /* see unknown_pointer */
	struct pending pending;
	struct mount_search search;
	struct walk walk;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, WORKLOADS_MAXIMUM);
	__type(key, __u64);
	__type(value, struct workload);
} workloads SEC(".maps");

/* Between which levels of the hierarchy there are workloads; highest 0 is nowhere. It only grows. */
struct levels {
	__u32 lowest;
	__u32 highest;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct levels);
} levels SEC(".maps");

/* Too large for the stack; of the task, because hooks may be preempted, which rules memory of the processor out. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct scratch);
} scratches SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, REPORTS_SIZE);
} reports SEC(".maps");

/* Reports that found no room. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} lost SEC(".maps");

#endif
