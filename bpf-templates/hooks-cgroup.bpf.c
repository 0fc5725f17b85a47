/* SPDX-License-Identifier: Apache-2.0
 *
 * The network where the kernel runs no LSM programs: attached to the workload's cgroup, and run for all cgroups below it.
 *
 *   sock_create          createSocket, of the internet families; of sockets whose use no hook below sees, all use as well
 *   bind4, bind6         bind
 *   connect4, connect6   connect, TCP Fast Open too
 *   sendmsg4, sendmsg6   send, of UDP to an address
 *
 * These programs have no storage of the task. They decide in an entry of `callers` that is theirs while they run.
 */
#include "endpoint.h"

#define PASS 1
#define STOP 0

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, CALLERS_MAXIMUM);
	__type(key, __u64);
	__type(value, struct scratch);
} callers SEC(".maps");

/* What an entry of `callers` starts as. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct scratch);
} blank SEC(".maps");

static __always_inline struct scratch *caller_begin(const struct gate *gate, __u32 operation, __u64 *caller)
{
	__u32 zero = 0;
	struct scratch *scratch = bpf_map_lookup_elem(&blank, &zero);

	*caller = bpf_get_current_pid_tgid();
	if (!scratch || bpf_map_update_elem(&callers, caller, scratch, BPF_ANY) != 0)
		return NULL;
	scratch = bpf_map_lookup_elem(&callers, caller);
	if (!scratch)
		return NULL;
	event_begin(scratch, gate, operation);
	if (SANDBOX_USES_EXECUTABLE)
		resolve_executable(scratch);
	return scratch;
}

static __always_inline int caller_answer(int refused, __u64 *caller)
{
	bpf_map_delete_elem(&callers, caller);
	return refused ? STOP : PASS;
}

/* A cgroup program cannot send a signal; what is to be killed is refused. */
static __always_inline int caller_end(struct scratch *scratch, __u64 *caller)
{
	return caller_answer(judge_quietly(scratch), caller);
}

static __always_inline int caller_unprepared(const struct gate *gate)
{
	return gate->workload->mode == MODE_AUDIT ? PASS : STOP;
}

/* Whether connecting, binding and sending run these programs: of TCP and UDP they do. Raw sockets, ping, SCTP, MPTCP and others do without. */
static __always_inline int is_seen(__u32 type, __u32 protocol)
{
	if (type == SOCK_STREAM)
		return protocol == 0 || protocol == IPPROTO_TCP;
	return type == SOCK_DGRAM && (protocol == 0 || protocol == IPPROTO_UDP || protocol == IPPROTO_UDPLITE);
}

SEC("cgroup/sock_create")
int cgroup_sock_create(struct bpf_sock *socket)
{
	struct gate gate;
	struct scratch *scratch;
	__u64 caller;

	gate_current(&gate);
	if (!gate.workload)
		return PASS;
	scratch = caller_begin(&gate, OPERATION_CREATE_SOCKET, &caller);
	if (!scratch)
		return caller_unprepared(&gate);
	scratch->event.socket_family = socket->family;
	scratch->event.socket_kind = socket->type;
	scratch->event.protocol = socket->protocol;
	fill_no_endpoint(scratch);
	operations_begin(scratch);
	/* Whoever has such a socket may reach any address with it. */
	if (!is_seen(socket->type, socket->protocol)) {
		operations_add(scratch, OPERATION_SEND);
		operations_add(scratch, OPERATION_BIND);
		operations_add(scratch, OPERATION_CONNECT);
	}
	operations_add(scratch, OPERATION_CREATE_SOCKET);
	return caller_answer(judge_all_quietly(scratch), &caller);
}

static __always_inline int judge_ipv4(struct bpf_sock_addr *context, __u32 operation)
{
	struct gate gate;
	struct scratch *scratch;
	__u64 caller;
	__u8 bytes[16] = {};
	__u32 address = context->user_ip4;

	gate_current(&gate);
	if (!gate.workload)
		return PASS;
	scratch = caller_begin(&gate, operation, &caller);
	if (!scratch)
		return caller_unprepared(&gate);
	__builtin_memcpy(bytes, &address, sizeof(address));
	address_set(&scratch->event, bytes, 1);
	scratch->event.port = bpf_ntohs(context->user_port);
	scratch->event.protocol = context->protocol;
	return caller_end(scratch, &caller);
}

static __always_inline int judge_ipv6(struct bpf_sock_addr *context, __u32 operation)
{
	struct gate gate;
	struct scratch *scratch;
	__u64 caller;
	__u32 words[4];

	words[0] = context->user_ip6[0];
	words[1] = context->user_ip6[1];
	words[2] = context->user_ip6[2];
	words[3] = context->user_ip6[3];
	gate_current(&gate);
	if (!gate.workload)
		return PASS;
	scratch = caller_begin(&gate, operation, &caller);
	if (!scratch)
		return caller_unprepared(&gate);
	address_set(&scratch->event, (const __u8 *)words, 0);
	scratch->event.port = bpf_ntohs(context->user_port);
	scratch->event.protocol = context->protocol;
	return caller_end(scratch, &caller);
}

SEC("cgroup/bind4")
int cgroup_bind4(struct bpf_sock_addr *context)
{
	return judge_ipv4(context, OPERATION_BIND);
}

SEC("cgroup/bind6")
int cgroup_bind6(struct bpf_sock_addr *context)
{
	return judge_ipv6(context, OPERATION_BIND);
}

SEC("cgroup/connect4")
int cgroup_connect4(struct bpf_sock_addr *context)
{
	return judge_ipv4(context, OPERATION_CONNECT);
}

SEC("cgroup/connect6")
int cgroup_connect6(struct bpf_sock_addr *context)
{
	return judge_ipv6(context, OPERATION_CONNECT);
}

SEC("cgroup/sendmsg4")
int cgroup_sendmsg4(struct bpf_sock_addr *context)
{
	return judge_ipv4(context, OPERATION_SEND);
}

SEC("cgroup/sendmsg6")
int cgroup_sendmsg6(struct bpf_sock_addr *context)
{
	return judge_ipv6(context, OPERATION_SEND);
}
