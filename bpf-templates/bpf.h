/* SPDX-License-Identifier: Apache-2.0
 *
 * The few types and helpers of BPF that generated code needs, for programs that include no other header of the kernel's.
 */
#ifndef SANDBOX_BPF_H
#define SANDBOX_BPF_H

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;

#define SEC(name) __attribute__((section(name), used))
#define __always_inline inline __attribute__((always_inline))
#define __noinline __attribute__((noinline))
#define __uint(name, value) int (*name)[value]
#define __type(name, value) value *name

/* By their numbers (include/uapi/linux/bpf.h, ___BPF_FUNC_MAPPER). bpf_loop: Linux 5.17. */
static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*const bpf_loop)(__u32 count, void *step, void *context, __u64 flags) = (void *)181;

#endif
