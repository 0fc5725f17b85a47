/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs the generated `decide` over events that lie in a map: what the kernel's verifier and compiler make of it, without a hook.
 *
 * The programs are of a type that test runs know and that never sleeps, as the hooks are: programs that sleep, `syscall` among them, may not
 * look into a trie. They are not attached.
 */
#include "bpf.h"
#include "event.h"
#include "match.h"
#include "decide.h"

#ifndef EVENT_COUNT
#define EVENT_COUNT 1024
#endif

struct {
	__uint(type, 2); /* array */
	__uint(max_entries, EVENT_COUNT);
	__uint(map_flags, 1 << 10); /* BPF_F_MMAPABLE */
	__type(key, __u32);
	__type(value, struct event);
} events SEC(".maps");

struct {
	__uint(type, 2);
	__uint(max_entries, EVENT_COUNT);
	__uint(map_flags, 1 << 10);
	__type(key, __u32);
	__type(value, __u64);
} verdicts SEC(".maps");

/* The texts of the events are as d_path leaves them: what a hook does to them is part of what is tried. */
static long finish_one(__u32 index, void *context)
{
	struct event *event = bpf_map_lookup_elem(&events, &index);

	if (!event)
		return 1;
	if (event->path.state == TEXT_WHOLE)
		path_finish(&event->path, event->path.length);
	if (event->executable.state == TEXT_WHOLE)
		executable_finish(&event->executable, event->executable.length);
	return 0;
}

static long decide_one(__u32 index, void *context)
{
	struct event *event = bpf_map_lookup_elem(&events, &index);
	__u64 *verdict = bpf_map_lookup_elem(&verdicts, &index);

	if (!event || !verdict)
		return 1;
	*verdict = decide(event);
	return 0;
}

SEC("raw_tp")
int finish_events(void *context)
{
	bpf_loop(EVENT_COUNT, finish_one, 0, 0);
	return 0;
}

SEC("raw_tp")
int decide_events(void *context)
{
	bpf_loop(EVENT_COUNT, decide_one, 0, 0);
	return 0;
}

char _license[] SEC("license") = "GPL";
