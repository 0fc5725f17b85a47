/* SPDX-License-Identifier: Apache-2.0
 *
 * Sockets, where the kernel has LSM programs. Of sockets that have no internet address (packet, vsock, Bluetooth, ...) the endpoint is not
 * known: what rules ask of it denies. Netlink sockets and the like, which speak to the kernel, are judged when they are made.
 *
 *   socket_create    createSocket
 *   socket_bind      bind, bindUnix of abstract names (names in directories are made by path_mknod)
 *   socket_connect   connect
 *   socket_sendmsg   send to an address; connect, for TCP Fast Open
 *   socket_listen, socket_accept   listen, accept: by the address that the socket is bound to
 *   sctp_bind_connect   connect, bind of SCTP through socket options, and its sending to an address
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
	if (!previous && kernel)
		return ALLOWED;
	ENTER(previous);
	BEGIN(OPERATION_CREATE_SOCKET);
	scratch->event.socket_family = family;
	scratch->event.socket_kind = type & SOCK_TYPE_MASK;
	scratch->event.protocol = protocol;
	ANSWER(judge(scratch));
}

/* Sockets that speak to the kernel, and Unix sockets, which have operations of their own: whoever may have one may use it. */
static __always_inline int has_no_endpoint(__u32 family)
{
	return family == AF_UNIX || family == AF_NETLINK || family == AF_KEY || family == AF_ALG;
}

static __noinline int judge_address(struct gate *gate, struct socket *socket, __u64 address, __u32 length, __u32 operation)
{
	__u32 family = BPF_CORE_READ(socket, sk, __sk_common.skc_family);
	__u16 told = AF_UNSPEC;

	FOR_WORKLOAD(gate);
	if (has_no_endpoint(family))
		return 0;
	if (length >= sizeof(told))
		bpf_probe_read_kernel(&told, sizeof(told), (void *)address);
	/* To connect to no address is to disconnect. Elsewhere it stands for the socket's own family, of raw IPv6 sockets too. */
	if (told == AF_UNSPEC && operation == OPERATION_CONNECT)
		return 0;
	/* An IPv6 socket may be told an IPv4 address, and sockets of other families may stand on the internet's (SMC, RDS). */
	if (told == AF_INET || told == AF_INET6)
		family = told;
	BEGIN_IN(gate, operation);
	scratch->event.protocol = BPF_CORE_READ(socket, sk, sk_protocol);
	/* A sockaddr_in may be cut short behind its address; what is shorter the kernel refuses by itself, and here it is of no address. */
	if ((family == AF_INET && length >= 8) || (family == AF_INET6 && length >= 24))
		fill_endpoint(scratch, address, family);
	else
		fill_no_endpoint(scratch);
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
	char first = 1;

	ENTER(previous);
	if (BPF_CORE_READ(socket, sk, __sk_common.skc_family) != AF_UNIX)
		ANSWER(judge_address(&gate, socket, (__u64)address, length, OPERATION_BIND));
	bpf_probe_read_kernel(&first, 1, (char *)address + UNIX_PATH_OFFSET);
	/* Without a name the kernel picks a number: nothing that anybody could wait for. */
	if (length <= UNIX_PATH_OFFSET || first != 0)
		return ALLOWED;
	BEGIN(OPERATION_BIND_UNIX);
	fill_abstract(scratch, (__u64)address + UNIX_PATH_OFFSET, length - UNIX_PATH_OFFSET);
	ANSWER(judge(scratch));
}

SEC("lsm/socket_connect")
long BPF_PROG(socket_connect, struct socket *socket, struct sockaddr *address, int length, int previous)
{
	ENTER(previous);
	ANSWER(judge_address(&gate, socket, (__u64)address, length, OPERATION_CONNECT));
}

SEC("lsm/socket_sendmsg")
long BPF_PROG(socket_sendmsg, struct socket *socket, struct msghdr *message, int size, int previous)
{
	__u64 name = (__u64)message->msg_name;
	__u32 operation = OPERATION_SEND, family;

	if (!previous && !name)
		return ALLOWED;
	ENTER(previous);
	if (BPF_CORE_READ(socket, type) == SOCK_STREAM) {
		/*
		 * A stream of the internet's is already connected and ignores the address, but for TCP Fast Open, which connects without
		 * a connect, and SCTP, which asks sctp_bind_connect. Of others nobody knows.
		 */
		family = BPF_CORE_READ(socket, sk, __sk_common.skc_family);
		if ((family == AF_INET || family == AF_INET6) && !(BPF_CORE_READ(message, msg_flags) & MSG_FASTOPEN))
			return ALLOWED;
		operation = OPERATION_CONNECT;
	}
	ANSWER(judge_address(&gate, socket, name, BPF_CORE_READ(message, msg_namelen), operation));
}

/* include/uapi/linux/sctp.h */
#define SCTP_SET_PEER_PRIMARY_ADDR 5
#define SCTP_PRIMARY_ADDR 6
#define SCTP_SOCKOPT_BINDX_ADD 100
/* include/linux/sctp.h: in packets of the peer's */
#define SCTP_PARAM_ADD_IP 0xc001
#define SCTP_PARAM_SET_PRIMARY 0xc004
#define SCTP_ADDRESSES_MAXIMUM 64

static long sctp_step(__u32 index, struct walk_context *context)
{
	struct scratch *scratch = context->scratch;
	struct pending *pending = &scratch->pending;
	__u16 family = AF_UNSPEC;
	__u32 size;

	if (pending->left == 0)
		return 1;
	bpf_probe_read_kernel(&family, sizeof(family), (void *)pending->address);
	/* sizeof(struct sockaddr_in) and sizeof(struct sockaddr_in6) */
	size = family == AF_INET ? 16 : 28;
	if ((family != AF_INET && family != AF_INET6) || pending->left < size)
		return 1;
	fill_endpoint(scratch, pending->address, family);
	pending->outcome = judge_quietly(scratch);
	if (pending->outcome)
		return 1;
	pending->address += size;
	pending->left -= size;
	return 0;
}

/*
 * Addresses that are told through socket options, one behind the other. Which of the known ones is preferred changes nothing, and what a
 * peer's packets bring along is nobody's operation.
 */
SEC("lsm/sctp_bind_connect")
long BPF_PROG(sctp_bind_connect, struct sock *sk, int option, struct sockaddr *address, int length, int previous)
{
	struct walk_context context;

	if (!previous && (option == SCTP_SET_PEER_PRIMARY_ADDR || option == SCTP_PRIMARY_ADDR || option == SCTP_PARAM_ADD_IP
			  || option == SCTP_PARAM_SET_PRIMARY))
		return ALLOWED;
	ENTER(previous);
	BEGIN(option == SCTP_SOCKOPT_BINDX_ADD ? OPERATION_BIND : OPERATION_CONNECT);
	scratch->event.protocol = IPPROTO_SCTP;
	scratch->pending.address = (__u64)address;
	scratch->pending.left = length;
	scratch->pending.outcome = OUTCOME_PASS;
	context.scratch = scratch;
	bpf_loop(SCTP_ADDRESSES_MAXIMUM, sctp_step, &context, 0);
	if (settle(scratch->pending.outcome))
		return REFUSED;
	/* What is left could not be read. */
	ANSWER(scratch->pending.left && unprepared(&gate));
}

static __noinline int judge_local(struct socket *socket, __u32 operation)
{
	__u32 family = BPF_CORE_READ(socket, sk, __sk_common.skc_family);

	ENTER_IN();
	if (has_no_endpoint(family))
		return 0;
	BEGIN_IN(&gate, operation);
	if (family == AF_INET || family == AF_INET6)
		fill_local(scratch, (__u64)BPF_CORE_READ(socket, sk));
	else
		fill_no_endpoint(scratch);
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
	__u32 length;

	if (!address)
		return 0;
	ENTER_IN();
	BEGIN_IN(&gate, operation);
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
