/* SPDX-License-Identifier: Apache-2.0
 *
 * Sockets, where the kernel has LSM programs.
 *
 *   socket_create    createSocket
 *   socket_bind      bind, bindUnix of abstract names (names in directories are made by path_mknod)
 *   socket_connect   connect
 *   socket_sendmsg   send to an address; connect, for TCP Fast Open
 *   socket_listen, socket_accept   listen, accept: by the address that the socket is bound to
 *   unix_stream_connect, unix_may_send   connectUnix, sendUnix
 */
#include "endpoint.h"
#include "file.h"

#define MSG_FASTOPEN 0x20000000
#define UNIX_PATH_OFFSET 2
#define UNIX_PATH_CAPACITY 108

SEC("lsm/socket_create")
long BPF_PROG(socket_create, int family, int type, int protocol, int kernel, int previous)
{
	struct gate gate;
	struct scratch *scratch;

	if (previous)
		return REFUSED;
	if (kernel)
		return ALLOWED;
	gate_current(&gate);
	if (!gate.workload)
		return ALLOWED;
	scratch = begin(&gate, OPERATION_CREATE_SOCKET);
	if (!scratch)
		return unprepared(&gate);
	scratch->event.socket_family = family;
	scratch->event.socket_kind = type & SOCK_TYPE_MASK;
	scratch->event.protocol = protocol;
	ANSWER(judge(scratch));
}

static __noinline int judge_address(struct gate *gate, struct socket *socket, __u64 address, __u32 length, __u32 operation)
{
	struct scratch *scratch;
	__u32 family = BPF_CORE_READ(socket, sk, __sk_common.skc_family);
	__u16 told = AF_UNSPEC;

	if (!gate || !gate->workload)
		return 0;
	if (family != AF_INET && family != AF_INET6)
		return 0;
	bpf_probe_read_kernel(&told, sizeof(told), (void *)address);
	/* To connect to no address is to disconnect; bind takes it for IPv4's "any". */
	if (told == AF_UNSPEC && operation == OPERATION_CONNECT)
		return 0;
	/* An IPv6 socket may be told an IPv4 address. */
	if (told == AF_INET || told == AF_UNSPEC)
		family = AF_INET;
	/* Too short: the kernel refuses by itself. */
	if (length < (family == AF_INET ? 8 : 24))
		return 0;
	scratch = begin(gate, operation);
	if (!scratch)
		return gate->workload->mode != MODE_AUDIT;
	scratch->event.protocol = BPF_CORE_READ(socket, sk, sk_protocol);
	fill_endpoint(scratch, address, family);
	return judge(scratch);
}

/* The name of a Unix socket that is in no directory: '@', and the name. */
static __noinline int fill_abstract(struct scratch *scratch, __u64 name, __u32 length)
{
	struct path_text *path;
	struct walk *walk;
	__u32 position;

	if (!scratch)
		return 0;
	path = &scratch->event.path;
	walk = &scratch->walk;
	if (length == 0 || length > UNIX_PATH_CAPACITY)
		return 0;
	/* The zero that such a name starts with becomes the '@'. */
	position = WALK_END - length;
	walk->bytes[WALK_END] = '/';
	if (bpf_probe_read_kernel(&walk->bytes[position & (PATH_CAPACITY - 1)], length & 127, (void *)name) < 0)
		return 0;
	walk->bytes[position & (PATH_CAPACITY - 1)] = '@';
	bpf_probe_read_kernel(path->bytes, bucket_of(length), &walk->bytes[position & (PATH_CAPACITY - 1)]);
	path->length = length;
	path->prefix = prefix_of(length);
	path->state = TEXT_WHOLE;
	scratch->event.is_abstract = 1;
	return 0;
}

SEC("lsm/socket_bind")
long BPF_PROG(socket_bind, struct socket *socket, struct sockaddr *address, int length, int previous)
{
	struct gate gate;
	struct scratch *scratch;
	__u32 family;
	char first = 1;

	if (previous)
		return REFUSED;
	gate_current(&gate);
	if (!gate.workload)
		return ALLOWED;
	family = BPF_CORE_READ(socket, sk, __sk_common.skc_family);
	if (family != AF_UNIX)
		ANSWER(judge_address(&gate, socket, (__u64)address, length, OPERATION_BIND));
	bpf_probe_read_kernel(&first, 1, (char *)address + UNIX_PATH_OFFSET);
	/* Without a name the kernel picks a number: nothing that anybody could wait for. */
	if (length <= UNIX_PATH_OFFSET || first != 0)
		return ALLOWED;
	scratch = begin(&gate, OPERATION_BIND_UNIX);
	if (!scratch)
		return unprepared(&gate);
	fill_abstract(scratch, (__u64)address + UNIX_PATH_OFFSET, length - UNIX_PATH_OFFSET);
	ANSWER(judge(scratch));
}

SEC("lsm/socket_connect")
long BPF_PROG(socket_connect, struct socket *socket, struct sockaddr *address, int length, int previous)
{
	struct gate gate;

	if (previous)
		return REFUSED;
	gate_current(&gate);
	if (!gate.workload)
		return ALLOWED;
	ANSWER(judge_address(&gate, socket, (__u64)address, length, OPERATION_CONNECT));
}

SEC("lsm/socket_sendmsg")
long BPF_PROG(socket_sendmsg, struct socket *socket, struct msghdr *message, int size, int previous)
{
	struct gate gate;
	__u64 name;
	__u32 operation = OPERATION_SEND;

	if (previous)
		return REFUSED;
	name = (__u64)message->msg_name;
	if (!name)
		return ALLOWED;
	gate_current(&gate);
	if (!gate.workload)
		return ALLOWED;
	if (BPF_CORE_READ(socket, type) == SOCK_STREAM) {
		/* A stream is already connected and ignores the address, but for TCP Fast Open, which connects without a connect. */
		if (!(BPF_CORE_READ(message, msg_flags) & MSG_FASTOPEN))
			return ALLOWED;
		operation = OPERATION_CONNECT;
	}
	ANSWER(judge_address(&gate, socket, name, BPF_CORE_READ(message, msg_namelen), operation));
}

static __noinline int judge_local(struct socket *socket, __u32 operation)
{
	struct gate gate;
	struct scratch *scratch;
	__u32 family = BPF_CORE_READ(socket, sk, __sk_common.skc_family);

	if (family != AF_INET && family != AF_INET6)
		return 0;
	gate_current(&gate);
	if (!gate.workload)
		return 0;
	scratch = begin(&gate, operation);
	if (!scratch)
		return gate.workload->mode != MODE_AUDIT;
	fill_local(scratch, (__u64)BPF_CORE_READ(socket, sk));
	return judge(scratch);
}

SEC("lsm/socket_listen")
long BPF_PROG(socket_listen, struct socket *socket, int backlog, int previous)
{
	if (previous)
		return REFUSED;
	ANSWER(judge_local(socket, OPERATION_LISTEN));
}

SEC("lsm/socket_accept")
long BPF_PROG(socket_accept, struct socket *socket, struct socket *accepted, int previous)
{
	if (previous)
		return REFUSED;
	ANSWER(judge_local(socket, OPERATION_ACCEPT));
}

/* By the name of the other end. An end without one is a pair's, which its own process made. */
static __noinline int judge_unix(struct sock *other, __u32 operation)
{
	struct unix_sock *end = (struct unix_sock *)other;
	struct unix_address *address = BPF_CORE_READ(end, addr);
	struct dentry *dentry = BPF_CORE_READ(end, path.dentry);
	struct gate gate;
	struct scratch *scratch;
	__u32 length;

	if (!address)
		return 0;
	gate_current(&gate);
	if (!gate.workload)
		return 0;
	scratch = begin(&gate, operation);
	if (!scratch)
		return gate.workload->mode != MODE_AUDIT;
	if (dentry) {
		fill_entry(scratch, mount_of(BPF_CORE_READ(end, path.mnt)), (__u64)dentry);
	} else {
		length = BPF_CORE_READ(address, len);
		/* The address stands behind its length. */
		fill_abstract(scratch,
			      (__u64)address + bpf_core_field_offset(struct unix_address, len) + sizeof(address->len) + UNIX_PATH_OFFSET,
			      length > UNIX_PATH_OFFSET ? length - UNIX_PATH_OFFSET : 0);
	}
	return judge(scratch);
}

SEC("lsm/unix_stream_connect")
long BPF_PROG(unix_stream_connect, struct sock *sock, struct sock *other, struct sock *accepted, int previous)
{
	if (previous)
		return REFUSED;
	ANSWER(judge_unix(other, OPERATION_CONNECT_UNIX));
}

SEC("lsm/unix_may_send")
long BPF_PROG(unix_may_send, struct socket *socket, struct socket *other, int previous)
{
	if (previous)
		return REFUSED;
	ANSWER(judge_unix(BPF_CORE_READ(other, sk), OPERATION_SEND_UNIX));
}
