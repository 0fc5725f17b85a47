/* SPDX-License-Identifier: Apache-2.0
 *
 * Paths, as they are from the root of the task's mount namespace.
 *
 * bpf_d_path may not be called from the path_* hooks of 6.1, and takes the task's own root for the root: chroot would give files other names.
 * So the walk from a name to the root is made here, for all hooks and kernels alike. A path that does not end at the root of the task's
 * namespace, that changed under the walk, or that is too long, stays unresolved.
 */
#ifndef SANDBOX_PATH_H
#define SANDBOX_PATH_H

#include "maps.h"

/* Half as many names fit into a path at most. */
#define WALK_STEPS (PATH_CAPACITY / 2 + 64)
#define WALK_ATTEMPTS 8
#define MOUNTS_MAXIMUM 256
/* Two for each mount at most. */
#define TREE_STEPS 65536

/* include/uapi/linux/magic.h */
#define BPF_MAGIC 0xcafe4a11

/* include/linux/fs.h (SB_KERNMOUNT) and fs/mount.h */
#define SB_KERNEL_MOUNT (1 << 22)
#define MNT_NS_INTERNAL (-22ULL)

/*
 * Where the kernel's sequence locks are, by the loader: their first member counts the changes, renames of the whole system, and mounts. An odd
 * number is a change at work. 0 where the kernel shows no symbols (kernel.kptr_restrict=2, no CONFIG_KALLSYMS_ALL); no path is resolved then.
 * Constants, and no `extern __ksym`: libbpf would go through all symbols also where programs are only measured.
 */
const volatile __u64 rename_lock_address;
const volatile __u64 mount_lock_address;

struct walk_context {
	struct scratch *scratch;
};

/* Whether a count could be read. At the address 0 there is none. */
static __always_inline int read_sequence(__u32 *sequence, __u64 lock)
{
	*sequence = 1;
	return bpf_probe_read_kernel(sequence, sizeof(*sequence), (const void *)lock) == 0;
}

struct sequences {
	__u32 renames, mounts;
};

/* Whether nothing is moving, as far as can be told. */
static __always_inline int sequences_begin(struct sequences *begun)
{
	return read_sequence(&begun->renames, rename_lock_address) && read_sequence(&begun->mounts, mount_lock_address)
		&& !((begun->renames | begun->mounts) & 1);
}

/* Whether nothing has moved since. */
static __always_inline int sequences_hold(const struct sequences *begun)
{
	struct sequences now;

	return sequences_begin(&now) && now.renames == begun->renames && now.mounts == begun->mounts;
}

static __always_inline __u64 root_of(__u64 mount)
{
	return (__u64)BPF_CORE_READ((struct mount *)mount, mnt.mnt_root);
}

/* One name, or one mount point, further up. 1 ends the loop. */
static long walk_step(__u32 index, struct walk_context *context)
{
	struct walk *walk = &context->scratch->walk;
	struct dentry *dentry = (struct dentry *)walk->dentry, *parent;
	struct mount *mount = (struct mount *)walk->mount, *above;
	const unsigned char *name;
	__u32 length, position;

	if (walk->dentry == walk->root) {
		above = BPF_CORE_READ(mount, mnt_parent);
		if (above == mount) {
			/* The root of a namespace, but perhaps not of ours: a descriptor from elsewhere, or a cloned tree. */
			if ((__u64)BPF_CORE_READ(mount, mnt_ns) == walk->space && walk->space)
				walk->state = TEXT_WHOLE;
			return 1;
		}
		walk->dentry = (__u64)BPF_CORE_READ(mount, mnt_mountpoint);
		walk->mount = (__u64)above;
		walk->root = root_of(walk->mount);
		return 0;
	}
	parent = BPF_CORE_READ(dentry, d_parent);
	if (parent == dentry)
		return 1;
	length = BPF_CORE_READ(dentry, d_name.len);
	name = BPF_CORE_READ(dentry, d_name.name);
	position = walk->position;
	if (length > 255)
		return 1;
	if (position <= length + 1 || position > WALK_END) {
		walk->state = TEXT_TRUNCATED;
		return 1;
	}
	position -= length;
	if (bpf_probe_read_kernel(&walk->bytes[position & (PATH_CAPACITY - 1)], length & 255, name) < 0)
		return 1;
	position--;
	walk->bytes[position & (PATH_CAPACITY - 1)] = '/';
	walk->position = position;
	walk->dentry = (__u64)parent;
	return 0;
}

/* 1 ends the loop: the path was read while nothing moved. */
static long walk_attempt(__u32 index, struct walk_context *context)
{
	struct walk *walk = &context->scratch->walk;
	struct sequences begun;

	walk->state = TEXT_UNRESOLVED;
	walk->position = WALK_END;
	if (!sequences_begin(&begun))
		return 0;
	walk->bytes[WALK_END] = '/';
	walk->mount = walk->first_mount;
	walk->dentry = walk->first_dentry;
	walk->root = root_of(walk->mount);
	bpf_loop(WALK_STEPS, walk_step, context, 0);
	if (sequences_hold(&begun))
		return 1;
	walk->state = TEXT_UNRESOLVED;
	return 0;
}

/* Puts the path of a dentry under a mount together in `walk`; the state says whether it could. */
static __noinline int walk_path(struct scratch *scratch, __u64 mount, __u64 dentry)
{
	struct walk_context context = { .scratch = scratch };
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	if (!scratch)
		return 0;
	scratch->walk.space = (__u64)BPF_CORE_READ(task, nsproxy, mnt_ns);
	scratch->walk.first_mount = mount;
	scratch->walk.first_dentry = dentry;
	bpf_loop(WALK_ATTEMPTS, walk_attempt, &context, 0);
	/* A walk that came out at the very root has written no name. */
	if (scratch->walk.state == TEXT_WHOLE && scratch->walk.position == WALK_END) {
		scratch->walk.position = WALK_END - 1;
		scratch->walk.bytes[WALK_END - 1] = '/';
	}
	return 0;
}

static __always_inline __u32 prefix_of(__u32 length)
{
	return 8 * (length + 1 < TEXT_PREFIX_CAPACITY ? length + 1 : TEXT_PREFIX_CAPACITY);
}

static __always_inline __u64 mount_of(const struct vfsmount *mount)
{
	return (__u64)mount - bpf_core_field_offset(struct mount, mnt);
}

/* The name is gone, or never was: nothing can be said by it. */
static __always_inline int is_unlinked(struct dentry *dentry)
{
	return !BPF_CORE_READ(dentry, d_hash.pprev) && BPF_CORE_READ(dentry, d_parent) != dentry;
}

/* Below a mount of the kernel's own, which is in no namespace and in no directory: pipes, sockets, memory, what descriptors stand for. */
static __always_inline int is_nameless(__u64 mount)
{
	return (__u64)BPF_CORE_READ((struct mount *)mount, mnt_ns) == MNT_NS_INTERNAL
		&& BPF_CORE_READ((struct mount *)mount, mnt.mnt_sb, s_flags) & SB_KERNEL_MOUNT;
}

/* Below a mount that a file system keeps for itself of another: a layer of overlayfs. Nothing else is in no namespace. */
static __always_inline int is_of_layer(__u64 mount)
{
	return (__u64)BPF_CORE_READ((struct mount *)mount, mnt_ns) == MNT_NS_INTERNAL
		&& !(BPF_CORE_READ((struct mount *)mount, mnt.mnt_sb, s_flags) & SB_KERNEL_MOUNT);
}

/*
 * Writes what such a file is called: the type of its file system and a colon. Not its dentry's name, which of memory the workload chooses.
 * `bytes` has room for the smallest bucket; the answer is the length, 0 where there is none.
 */
static __always_inline __u32 write_type(char *bytes, const char *type)
{
	long size;

	__builtin_memset(bytes, 0, BUCKET_SMALLEST);
	size = bpf_probe_read_kernel_str(bytes, BUCKET_SMALLEST / 2, type);
	if (size < 1 || size > BUCKET_SMALLEST / 2)
		return 0;
	bytes[size - 1] = ':';
	bytes[size] = '/';
	return size;
}

/* Gives an event's path to what has none. */
static __always_inline void name_by_type(struct path_text *path, const char *type)
{
	path->length = write_type(path->bytes, type);
	path->prefix = prefix_of(path->length);
	path->state = path->length ? TEXT_WHOLE : TEXT_UNRESOLVED;
}

static __noinline int resolve(struct scratch *scratch, __u64 mount, __u64 dentry)
{
	struct walk *walk;
	struct path_text *path;
	__u32 length, position;

	if (!scratch)
		return 0;
	walk = &scratch->walk;
	path = &scratch->event.path;
	walk_path(scratch, mount, dentry);
	path->state = walk->state;
	path->length = 0;
	if (walk->state != TEXT_WHOLE)
		return 0;
	position = walk->position & (PATH_CAPACITY - 1);
	length = WALK_END - position;
	bpf_probe_read_kernel(path->bytes, bucket_of(length), &walk->bytes[position]);
	path->length = length;
	path->prefix = prefix_of(length);
	return 0;
}

static __noinline int resolve_executable(struct scratch *scratch)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct executable_text *text;
	struct file *file;
	struct dentry *dentry;
	struct walk *walk;
	__u64 mount;
	__u32 length, position;

	if (!scratch)
		return 0;
	walk = &scratch->walk;
	text = &scratch->event.executable;
	text->state = TEXT_UNRESOLVED;
	text->length = 0;
	scratch->has_executable = 1;
	file = BPF_CORE_READ(task, mm, exe_file);
	if (!file)
		return 0;
	mount = mount_of(BPF_CORE_READ(file, f_path.mnt));
	dentry = BPF_CORE_READ(file, f_path.dentry);
	if (is_nameless(mount)) {
		text->length = write_type(text->bytes, BPF_CORE_READ(dentry, d_sb, s_type, name));
		text->prefix = prefix_of(text->length);
		text->state = text->length ? TEXT_WHOLE : TEXT_UNRESOLVED;
		return 0;
	}
	/* A program that was deleted is not the one that now has the name. */
	if (is_unlinked(dentry))
		return 0;
	walk_path(scratch, mount, (__u64)dentry);
	text->state = walk->state;
	if (walk->state != TEXT_WHOLE)
		return 0;
	position = walk->position & (PATH_CAPACITY - 1);
	length = WALK_END - position;
	if (length >= EXECUTABLE_CAPACITY) {
		text->state = TEXT_TRUNCATED;
		return 0;
	}
	bpf_probe_read_kernel(text->bytes, bucket_of(length & (EXECUTABLE_CAPACITY - 1)), &walk->bytes[position]);
	text->length = length;
	text->prefix = prefix_of(length);
	return 0;
}

static long search_step(__u32 index, struct walk_context *context)
{
	struct mount_search *search = &context->scratch->search;
	__u64 mount = search->at;

	if (mount == search->end || !mount)
		return 1;
	if (!bpf_core_field_exists(struct mount___single, mnt_next_for_sb))
		mount -= bpf_core_field_offset(struct mount, mnt_instance);
	if ((__u64)BPF_CORE_READ((struct mount *)mount, mnt_ns) == search->space) {
		search->found = mount;
		search->count++;
	}
	if (bpf_core_field_exists(struct mount___single, mnt_next_for_sb))
		search->at = (__u64)BPF_CORE_READ((struct mount___single *)mount, mnt_next_for_sb);
	else
		search->at = (__u64)BPF_CORE_READ((struct mount *)mount, mnt_instance.next);
	return 0;
}

/*
 * The path of a dentry that a hook gives without its mount: by the only mount of its file system in the task's namespace. Where there are
 * more, the path stays unresolved, for it could be either.
 */
static __noinline int resolve_alone(struct scratch *scratch, __u64 dentry)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct walk_context context = { .scratch = scratch };
	struct super_block *sb = BPF_CORE_READ((struct dentry *)dentry, d_sb);
	struct mount_search *search;

	if (!scratch)
		return 0;
	search = &scratch->search;
	search->count = 0;
	search->end = 0;
	search->space = (__u64)BPF_CORE_READ(task, nsproxy, mnt_ns);
	if (bpf_core_field_exists(struct mount___single, mnt_next_for_sb)) {
		search->at = (__u64)BPF_CORE_READ((struct super_block___single *)sb, s_mounts);
	} else {
		search->at = (__u64)BPF_CORE_READ(sb, s_mounts.next);
		search->end = (__u64)sb + bpf_core_field_offset(struct super_block, s_mounts);
	}
	bpf_loop(MOUNTS_MAXIMUM, search_step, &context, 0);
	if (search->count == 1 && (search->at == search->end || !search->at)) {
		resolve(scratch, search->found, dentry);
		return 0;
	}
	scratch->event.path.state = TEXT_UNRESOLVED;
	scratch->event.path.length = 0;
	return 0;
}

/* One step through the mounts below another: down to a child, on to the next, or back up. 1 ends the walk. */
static long tree_step(__u32 index, struct walk_context *context)
{
	struct mount_search *search = &context->scratch->search;
	struct mount *mount = (struct mount *)search->at;
	__u64 next, children;

	if (!search->count) {
		if (BPF_CORE_READ(mount, mnt.mnt_sb, s_magic) == BPF_MAGIC) {
			search->found = search->at;
			return 1;
		}
		next = (__u64)BPF_CORE_READ(mount, mnt_mounts.next);
		if (next != search->at + bpf_core_field_offset(struct mount, mnt_mounts)) {
			search->at = next - bpf_core_field_offset(struct mount, mnt_child);
			return 0;
		}
	}
	if (search->at == search->end) {
		search->found = 0;
		return 1;
	}
	next = (__u64)BPF_CORE_READ(mount, mnt_child.next);
	mount = BPF_CORE_READ(mount, mnt_parent);
	children = (__u64)mount + bpf_core_field_offset(struct mount, mnt_mounts);
	search->count = next == children;
	search->at = search->count ? (__u64)mount : next - bpf_core_field_offset(struct mount, mnt_child);
	return 0;
}

static long tree_attempt(__u32 index, struct walk_context *context)
{
	struct mount_search *search = &context->scratch->search;
	struct sequences begun;

	/* Until an attempt comes to its end undisturbed. */
	search->found = search->end;
	if (!sequences_begin(&begun))
		return 0;
	search->at = search->end;
	search->count = 0;
	bpf_loop(TREE_STEPS, tree_step, context, 0);
	if (sequences_hold(&begun))
		return 1;
	search->found = search->end;
	return 0;
}

/*
 * Whether a mount is of the BPF file system, or has one below it: what takes it away takes along the pins that hold every sandbox. So it does
 * when that cannot be found out, because of too many mounts or too much change.
 */
static __noinline int holds_pins(struct scratch *scratch, __u64 mount)
{
	struct walk_context context = { .scratch = scratch };

	if (!scratch)
		return 1;
	scratch->search.end = mount;
	bpf_loop(WALK_ATTEMPTS, tree_attempt, &context, 0);
	return scratch->search.found != 0;
}

#endif
