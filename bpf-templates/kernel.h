/* SPDX-License-Identifier: Apache-2.0
 *
 * The kernel's own structs, cut down to the members that are read. The loader moves each access to where the running kernel has the
 * member (CO-RE), so that neither order nor omissions matter. A name behind three underscores stands for another kernel's shape of the
 * struct before them.
 */
#ifndef SANDBOX_KERNEL_H
#define SANDBOX_KERNEL_H

#include <linux/types.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct { __u32 val; } kuid_t;
typedef struct { __u32 val; } kgid_t;

struct list_head { struct list_head *next, *prev; };
struct hlist_node { struct hlist_node *next, **pprev; };
struct hlist_head { struct hlist_node *first; };
struct hlist_bl_node { struct hlist_bl_node *next, **pprev; };
struct qstr { __u32 len; const unsigned char *name; };

struct file_system_type { const char *name; };
struct mount;
struct dentry;
struct super_block {
	unsigned long s_magic;
	unsigned long s_flags;
	struct dentry *s_root;
	struct file_system_type *s_type;
	struct list_head s_mounts;
};
/* Since 6.17: a list without a head. */
struct super_block___single { struct mount *s_mounts; };

struct inode {
	__u16 i_mode;
	kuid_t i_uid;
	kgid_t i_gid;
	unsigned int i_nlink;
	struct super_block *i_sb;
};
struct dentry {
	unsigned int d_flags;
	struct hlist_bl_node d_hash;
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
	struct super_block *d_sb;
};
struct vfsmount { struct dentry *mnt_root; struct super_block *mnt_sb; };
struct mnt_namespace;
struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
	struct list_head mnt_mounts;
	struct list_head mnt_child;
	struct list_head mnt_instance;
	struct mnt_namespace *mnt_ns;
};
struct mount___single { struct mount *mnt_next_for_sb; };
struct path { struct vfsmount *mnt; struct dentry *dentry; };
struct file {
	unsigned int f_flags;
	unsigned int f_mode;
	struct path f_path;
	struct inode *f_inode;
};
/* Since 6.7: a file of a layer, and the path by which the file above it was opened. */
struct backing_file { struct file file; struct path user_path; };
struct iattr { unsigned int ia_valid; };

struct cred { kuid_t uid, suid, euid, fsuid; kgid_t gid, sgid, egid, fsgid; struct group_info *group_info; };
struct group_info { int ngroups; };
struct nsproxy { struct mnt_namespace *mnt_ns; };

/* The numbers of processes, in a tree of nodes for each namespace (lib/idr.c, lib/xarray.c). */
struct xarray { void *xa_head; };
struct xa_node { unsigned char shift; void *slots[64]; };
struct idr { struct xarray idr_rt; };
struct pid_namespace { struct idr idr; };
struct upid { int nr; struct pid_namespace *ns; };
struct pid { unsigned int level; struct hlist_head tasks[4]; struct upid numbers[]; };

struct mm_struct { struct file *exe_file; };
struct kernfs_node { __u64 id; };
struct cgroup { int level; struct kernfs_node *kn; struct cgroup *ancestors[]; };
/* Before 6.1: an array of numbers. */
struct css_set { struct cgroup *dfl_cgrp; };
struct task_struct {
	int tgid;
	unsigned int flags;
	unsigned int in_execve: 1;
	char comm[16];
	const struct cred *cred;
	const struct cred *real_cred;
	struct task_struct *real_parent;
	struct pid *thread_pid;
	struct hlist_node pid_links[4];
	struct nsproxy *nsproxy;
	struct mm_struct *mm;
	struct task_struct *group_leader;
	struct css_set *cgroups;
	struct { __u32 status; } thread_info;
};

struct vm_area_struct { unsigned long vm_flags; struct file *vm_file; void *anon_vma; };

struct in6_addr { __u8 bytes[16]; };
struct sock_common {
	__u32 skc_daddr;
	__u32 skc_rcv_saddr;
	__u16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
};
struct sock {
	struct sock_common __sk_common;
	__u16 sk_protocol;
	__u16 sk_type;
};
struct socket { short type; struct sock *sk; };
struct sockaddr { unsigned short sa_family; };
struct unix_address { int len; };
struct unix_sock { struct sock sk; struct unix_address *addr; struct path path; };
struct msghdr { void *msg_name; int msg_namelen; unsigned int msg_flags; };

enum kernel_read_file_id { READING_MODULE = 2, READING_KEXEC_IMAGE = 3, READING_KEXEC_INITRAMFS = 4 };
enum kernel_load_data_id { LOADING_MODULE = 2, LOADING_KEXEC_IMAGE = 3, LOADING_KEXEC_INITRAMFS = 4 };

/* The first three arguments of a system call on x86. */
struct pt_regs { unsigned long di, si, dx; };

#pragma clang attribute pop

#endif
