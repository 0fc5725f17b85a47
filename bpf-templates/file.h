/* SPDX-License-Identifier: Apache-2.0
 *
 * How an event says which file.
 */
#ifndef SANDBOX_FILE_H
#define SANDBOX_FILE_H

#include "judge.h"

#define S_IFMT 0170000
#define S_IFREG 0100000
#define S_IFDIR 0040000
#define S_IFSOCK 0140000
#define S_ISUID 04000
#define S_ISGID 02000
#define S_ISVTX 01000
#define KIND_SHIFT 12

/* include/uapi/linux/magic.h and include/linux/fs.h */
#define CGROUP_MAGIC 0x27e0eb
#define CGROUP2_MAGIC 0x63677270
/*
 * Whether the kernel acts for itself in the name of somebody else, such as overlayfs below a file that was judged, with the credentials of
 * who mounted it. What an io_uring does with credentials that it was lent is no such thing: its workers are known, and otherwise
 * uring_override_creds refuses.
 */
#define PF_IO_WORKER 0x10

static __always_inline int acts_for_itself(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	return BPF_CORE_READ(task, cred) != BPF_CORE_READ(task, real_cred) && !(BPF_CORE_READ(task, flags) & PF_IO_WORKER);
}

static __always_inline void fill_inode(struct event *event, struct inode *inode)
{
	__u16 mode = BPF_CORE_READ(inode, i_mode);
	const char *filesystem = BPF_CORE_READ(inode, i_sb, s_type, name);

	event->owner = BPF_CORE_READ(inode, i_uid.val);
	event->group = BPF_CORE_READ(inode, i_gid.val);
	event->links = BPF_CORE_READ(inode, i_nlink);
	event->mode = mode & 07777;
	event->kind = mode >> KIND_SHIFT;
	__builtin_memset(event->filesystem, 0, sizeof(event->filesystem));
	bpf_probe_read_kernel_str(event->filesystem, sizeof(event->filesystem), filesystem);
	event->present |= HAS_INODE;
}

/* A file that is not there yet, and what it is going to be. */
static __always_inline void fill_new(struct event *event, struct dentry *dentry, __u32 type)
{
	const char *filesystem = BPF_CORE_READ(dentry, d_sb, s_type, name);

	event->kind = type >> KIND_SHIFT;
	__builtin_memset(event->filesystem, 0, sizeof(event->filesystem));
	bpf_probe_read_kernel_str(event->filesystem, sizeof(event->filesystem), filesystem);
	event->present &= ~HAS_INODE;
}

static __always_inline __u32 mode_flags(__u32 mode)
{
	return (mode & S_ISUID ? FLAG_SETUID : 0) | (mode & S_ISGID ? FLAG_SETGID : 0) | (mode & S_ISVTX ? FLAG_STICKY : 0);
}

/* An existing name below a mount, or what has none. A name that is gone resolves to nothing. */
static __noinline int fill_entry(struct scratch *scratch, __u64 mount, __u64 entry)
{
	struct dentry *dentry = (struct dentry *)entry;
	struct inode *inode = BPF_CORE_READ(dentry, d_inode);

	if (!scratch)
		return 0;
	if (inode)
		fill_inode(&scratch->event, inode);
	else
		fill_new(&scratch->event, dentry, 0);
	if (is_nameless(mount)) {
		name_by_type(&scratch->event.path, BPF_CORE_READ(dentry, d_sb, s_type, name));
		return 0;
	}
	if (inode && is_unlinked(dentry)) {
		scratch->event.path.state = TEXT_UNRESOLVED;
		scratch->event.path.length = 0;
		return 0;
	}
	resolve(scratch, mount, entry);
	return 0;
}

static __noinline int fill_alone(struct scratch *scratch, __u64 entry)
{
	struct dentry *dentry = (struct dentry *)entry;
	struct inode *inode = BPF_CORE_READ(dentry, d_inode);

	if (!scratch)
		return 0;
	if (inode)
		fill_inode(&scratch->event, inode);
	if (is_unlinked(dentry)) {
		scratch->event.path.state = TEXT_UNRESOLVED;
		scratch->event.path.length = 0;
		return 0;
	}
	resolve_alone(scratch, entry);
	return 0;
}

static __always_inline void fill_path(struct scratch *scratch, const struct path *path)
{
	fill_entry(scratch, mount_of(BPF_CORE_READ(path, mnt)), (__u64)BPF_CORE_READ(path, dentry));
}

static __always_inline void fill_child(struct scratch *scratch, const struct path *folder, struct dentry *dentry)
{
	fill_entry(scratch, mount_of(BPF_CORE_READ(folder, mnt)), (__u64)dentry);
}

#endif
