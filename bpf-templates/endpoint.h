/* SPDX-License-Identifier: Apache-2.0
 *
 * How an event says which address.
 */
#ifndef SANDBOX_ENDPOINT_H
#define SANDBOX_ENDPOINT_H

#include "judge.h"

#include <bpf/bpf_endian.h>

#define AF_UNSPEC 0
#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 10
#define AF_KEY 15
#define AF_NETLINK 16
#define AF_ALG 38
#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOCK_TYPE_MASK 0xf
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_SCTP 132
#define IPPROTO_UDPLITE 136

/* The shape that sockaddr_in and sockaddr_in6 have in common up to the port; 28 bytes are the longer of the two. */
struct socket_address {
	__u16 family;
	__u16 port;
	union {
		__u8 ipv4[4];
		struct {
			__u32 flow;
			__u8 bytes[16];
		} ipv6;
	};
};

/* 0: no endpoint. `family` is that of the address; where it is not told (AF_UNSPEC may mean IPv4), that of the socket. */
static __noinline int fill_endpoint(struct scratch *scratch, __u64 address, __u32 family)
{
	struct socket_address copy = {};
	__u8 bytes[16] = {};

	if (!scratch)
		return 0;
	if (family == AF_INET) {
		bpf_probe_read_kernel(&copy, 8, (void *)address);
		__builtin_memcpy(bytes, copy.ipv4, 4);
		address_set(&scratch->event, bytes, 1);
	} else {
		bpf_probe_read_kernel(&copy, sizeof(copy), (void *)address);
		__builtin_memcpy(bytes, copy.ipv6.bytes, 16);
		address_set(&scratch->event, bytes, 0);
	}
	scratch->event.port = bpf_ntohs(copy.port);
	return 1;
}

/* An end that no address says where it is. */
static __always_inline void fill_no_endpoint(struct scratch *scratch)
{
	scratch->event.family = 0;
	scratch->event.address_prefix = 0;
	scratch->event.port = 0;
}

/* The address that a socket is bound to. */
static __noinline int fill_local(struct scratch *scratch, __u64 at)
{
	struct sock *sk = (struct sock *)at;
	__u8 bytes[16] = {};
	__u32 ipv4;

	if (!scratch)
		return 0;
	if (BPF_CORE_READ(sk, __sk_common.skc_family) == AF_INET) {
		ipv4 = BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr);
		__builtin_memcpy(bytes, &ipv4, sizeof(ipv4));
		address_set(&scratch->event, bytes, 1);
	} else {
		bpf_probe_read_kernel(bytes, sizeof(bytes), __builtin_preserve_access_index(&sk->__sk_common.skc_v6_rcv_saddr));
		address_set(&scratch->event, bytes, 0);
	}
	scratch->event.port = BPF_CORE_READ(sk, __sk_common.skc_num);
	scratch->event.protocol = BPF_CORE_READ(sk, sk_protocol);
	return 0;
}

#endif
