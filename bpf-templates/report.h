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
	__u32 generation; /* of the policies: what the verdict's rule is the number of */
	__u32 reserved;
};

/* What no policy can permit, or a workload could leave its sandbox. */
enum guard {
	GUARD_NONE = 0,
	GUARD_CGROUP = 1, /* writing to the cgroup file system: a way out of the cgroup */
	GUARD_PINS = 2, /* the bpf file system: what is pinned there */
	GUARD_OBJECTS = 3, /* maps, programs and links of others, by their numbers */
	GUARD_OUTSIDE = 4, /* tracing a process outside of the workload */
	GUARD_SYSTEM_CALLS = 5, /* a system call of the compat or x32 table, whose numbers mean something else */
	GUARD_OWNER = 6, /* having a descriptor send signals to others than the workload's own processes */
	GUARD_TERMINAL = 7, /* typing into a terminal, which may be shared with who is outside */
	GUARD_CREDENTIALS = 8, /* acting with the credentials that an io_uring was lent */
	GUARD_MOVE = 9, /* mount(2) with MS_MOVE, where the kernel does not tell what is moved */
};

#endif
