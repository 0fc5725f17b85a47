/* SPDX-License-Identifier: Apache-2.0
 *
 * What user space reads of a denial: `struct report`, and behind it the event up to the end of its path. Include event.h first.
 */
#ifndef SANDBOX_REPORT_H
#define SANDBOX_REPORT_H

struct report {
	__u64 time; /* CLOCK_BOOTTIME, in nanoseconds */
	__u64 cgroup;
	__u64 verdict; /* as of `decide` */
	__u32 mode; /* enum workload_mode: what is only audited took place */
	__u32 guard; /* enum guard: what was refused whatever the policies say; 0 otherwise */
};

/* What no policy can permit, or a workload could leave its sandbox. */
enum guard {
	GUARD_NONE = 0,
	GUARD_CGROUP = 1, /* writing to the cgroup file system: a way out of the cgroup */
	GUARD_PINS = 2, /* the bpf file system: what is pinned there */
	GUARD_OBJECTS = 3, /* maps, programs and links of others, by their numbers */
	GUARD_OUTSIDE = 4, /* tracing a process outside of the workload */
	GUARD_SYSTEM_CALLS = 5, /* a system call of the compat or x32 table, whose numbers mean something else */
};

#endif
