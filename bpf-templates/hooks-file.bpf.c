/* SPDX-License-Identifier: Apache-2.0
 *
 * Files: opening, executing, mapping, and what changes a directory or a file's attributes.
 *
 *   file_open          read, write, create (O_TMPFILE), execute (a program, each interpreter, and the dynamic loader)
 *   mmap_file, file_mprotect   mapExecutable, of files and of memory without one
 *   path_mknod         create (also of open with O_CREAT), makeNode, bindUnix
 *   path_unlink, path_rmdir    delete, removeDirectory
 *   path_mkdir, path_symlink   makeDirectory, symlink
 *   path_rename        rename of the old name, create of the new one, delete of what it replaces
 *   path_link          link of the old name, create of the new one
 *   path_chmod, path_chown, path_truncate, file_truncate
 *   inode_setattr, inode_setxattr, inode_removexattr, inode_set_acl, inode_remove_acl   setAttributes
 *   file_receive       receive
 */
#include "file.h"

#define FMODE_READ 0x1
#define FMODE_WRITE 0x2
/* Cannot be set from user space. */
#define FMODE_EXEC_FLAG 0x20
#define O_ACCMODE 03
#define O_CREAT 0100
#define O_EXCL 0200
#define O_TRUNC 01000
#define O_APPEND 02000
#define O_DIRECT 040000
#define O_NOFOLLOW 0400000
#define O_TMPFILE_FLAG 020000000

static __always_inline __u32 open_flags(__u32 flags)
{
	return (flags & O_APPEND ? FLAG_APPEND : 0) | (flags & O_TRUNC ? FLAG_TRUNCATE : 0) | (flags & O_CREAT ? FLAG_CREATE : 0)
		| (flags & O_EXCL ? FLAG_EXCLUSIVE : 0) | (flags & O_DIRECT ? FLAG_DIRECT : 0)
		| (flags & O_NOFOLLOW ? FLAG_NO_FOLLOW : 0) | (flags & O_TMPFILE_FLAG ? FLAG_TEMPORARY : 0);
}

/*
 * What an open file is, and by which name. A file of a layer of overlayfs has the name of the file above it, by which it was opened; before
 * 6.7 it has so by itself.
 */
static __noinline int fill_file(struct scratch *scratch, __u64 opened)
{
	struct file *file = (struct file *)opened;
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
	__u64 mount = mount_of(BPF_CORE_READ(file, f_path.mnt));

	if (!scratch)
		return 0;
	fill_inode(&scratch->event, BPF_CORE_READ(file, f_inode));
	if (is_nameless(mount)) {
		name_by_type(&scratch->event.path, BPF_CORE_READ(dentry, d_sb, s_type, name));
		return 0;
	}
	if (is_of_layer(mount) && bpf_core_field_exists(struct backing_file, user_path)) {
		struct backing_file *backing = (struct backing_file *)opened;

		dentry = BPF_CORE_READ(backing, user_path.dentry);
		mount = mount_of(BPF_CORE_READ(backing, user_path.mnt));
	}
	if (is_unlinked(dentry) && !(BPF_CORE_READ(file, f_flags) & O_TMPFILE_FLAG)) {
		scratch->event.path.state = TEXT_UNRESOLVED;
		scratch->event.path.length = 0;
		return 0;
	}
	resolve(scratch, mount, (__u64)dentry);
	return 0;
}

/* Of a program, and of a mapping: whether it lies in memory and in no directory. */
static __always_inline __u32 memory_flag(struct file *file)
{
	return is_nameless(mount_of(BPF_CORE_READ(file, f_path.mnt))) ? FLAG_MEMORY_FILE : 0;
}

/*
 * A pointer of which the verifier knows nothing. It takes arguments for never null, and a question for null out of the program; for the file
 * that mmap_file is called with that is wrong, and not every kernel knows better (6.12.117 and 6.18.15 do not).
 */
static __always_inline void *unknown_pointer(struct scratch *scratch, const void *pointer)
{
	*(volatile __u64 *)&scratch->number = (__u64)pointer;
	return (void *)*(volatile __u64 *)&scratch->number;
}

/* What is mapped. What memory without a file may hold, only the workload knows. */
static __always_inline void fill_mapped(struct scratch *scratch, struct file *file)
{
	struct event *event = &scratch->event;

	if (file) {
		event->flags |= memory_flag(file);
		fill_file(scratch, (__u64)file);
		return;
	}
	event->flags |= FLAG_MEMORY_FILE;
	event->present &= ~HAS_INODE;
	event->kind = 0;
	__builtin_memset(event->filesystem, 0, sizeof(event->filesystem));
	name_by_type(&event->path, "memory");
}

/* Whether the kernel opens a file for itself, in a layer below one that was judged. Before 6.7 it gives such a file the other's name. */
static __always_inline int is_inner(struct file *file)
{
	if (is_of_layer(mount_of(BPF_CORE_READ(file, f_path.mnt))))
		return 1;
	return BPF_CORE_READ(file, f_inode) != BPF_CORE_READ(file, f_path.dentry, d_inode);
}

SEC("lsm/file_open")
long BPF_PROG(file_open, struct file *file, int previous)
{
	__u32 flags, mode;

	ENTER(previous);
	if (is_inner(file))
		return ALLOWED;
	BEGIN(OPERATION_READ);
	flags = BPF_CORE_READ(file, f_flags);
	mode = BPF_CORE_READ(file, f_mode);
	fill_file(scratch, (__u64)file);
	scratch->event.flags = open_flags(flags);
	operations_begin(scratch);
	if (flags & FMODE_EXEC_FLAG) {
		scratch->event.flags |= memory_flag(file);
		operations_add(scratch, OPERATION_EXECUTE);
	} else {
		/* The access mode 3 gives a descriptor for ioctl alone; what that does may be either. */
		if (mode & FMODE_READ || !(mode & FMODE_WRITE))
			operations_add(scratch, OPERATION_READ);
		if (mode & FMODE_WRITE || (flags & O_ACCMODE) == 3)
			operations_add(scratch, OPERATION_WRITE);
		if (flags & O_TMPFILE_FLAG)
			operations_add(scratch, OPERATION_CREATE);
	}
	ANSWER(judge_all(scratch));
}

#define PROT_WRITE 0x2
#define PROT_EXEC 0x4
#define MAP_TYPE 0xf
#define MAP_SHARED 0x1
#define MAP_SHARED_VALIDATE 0x3

SEC("lsm/mmap_file")
long BPF_PROG(mmap_file, struct file *file, unsigned long reqprot, unsigned long prot, unsigned long flags, int previous)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	/* The kernel maps what it executes: that was judged as `execute`. */
	if (!previous && (!(prot & PROT_EXEC) || BPF_CORE_READ_BITFIELD_PROBED(task, in_execve)))
		return ALLOWED;
	ENTER(previous);
	BEGIN(OPERATION_MAP_EXECUTABLE);
	scratch->event.flags = (prot & PROT_WRITE ? FLAG_WRITABLE : 0)
		| ((flags & MAP_TYPE) == MAP_SHARED || (flags & MAP_TYPE) == MAP_SHARED_VALIDATE ? FLAG_SHARED : 0);
	fill_mapped(scratch, unknown_pointer(scratch, file));
	ANSWER(judge(scratch));
}

#define VM_WRITE 0x2
#define VM_EXEC 0x4
#define VM_SHARED 0x8

SEC("lsm/file_mprotect")
long BPF_PROG(file_mprotect, struct vm_area_struct *area, unsigned long reqprot, unsigned long prot, int previous)
{
	struct file *file;
	unsigned long flags;

	if (!previous && !(prot & PROT_EXEC))
		return ALLOWED;
	ENTER(previous);
	file = BPF_CORE_READ(area, vm_file);
	flags = BPF_CORE_READ(area, vm_flags);
	/* What it may do already was judged before. */
	if (flags & VM_EXEC && (flags & VM_WRITE || !(prot & PROT_WRITE)))
		return ALLOWED;
	BEGIN(OPERATION_MAP_EXECUTABLE);
	scratch->event.flags = (prot & PROT_WRITE ? FLAG_WRITABLE : 0) | (flags & VM_SHARED ? FLAG_SHARED : 0);
	/* A private mapping that was written to has pages of its own, and they are not the file's. */
	fill_mapped(scratch, BPF_CORE_READ(area, anon_vma) ? NULL : file);
	ANSWER(judge(scratch));
}

SEC("lsm/path_mknod")
long BPF_PROG(path_mknod, const struct path *dir, struct dentry *dentry, unsigned short mode, unsigned int device, int previous)
{
	__u32 type = mode & S_IFMT, operation;

	ENTER(previous);
	operation = OPERATION_MAKE_NODE;
	if (type == S_IFREG || type == 0)
		operation = OPERATION_CREATE;
	if (type == S_IFSOCK)
		operation = OPERATION_BIND_UNIX;
	BEGIN(operation);
	scratch->event.flags = mode_flags(mode);
	fill_child(scratch, dir, dentry);
	fill_new(&scratch->event, dentry, type ? type : S_IFREG);
	ANSWER(judge(scratch));
}

/* One name in a directory, there or about to be. */
static __noinline int judge_child(struct gate *gate, __u64 mount, struct dentry *dentry, __u32 operation, __u32 made)
{
	FOR_WORKLOAD(gate);
	BEGIN_IN(gate, operation);
	fill_entry(scratch, mount, (__u64)dentry);
	if (made)
		fill_new(&scratch->event, dentry, made);
	return judge(scratch);
}

SEC("lsm/path_unlink")
long BPF_PROG(path_unlink, const struct path *dir, struct dentry *dentry, int previous)
{
	ENTER(previous);
	ANSWER(judge_child(&gate, mount_of(BPF_CORE_READ(dir, mnt)), dentry, OPERATION_DELETE, 0));
}

SEC("lsm/path_rmdir")
long BPF_PROG(path_rmdir, const struct path *dir, struct dentry *dentry, int previous)
{
	ENTER(previous);
	ANSWER(judge_child(&gate, mount_of(BPF_CORE_READ(dir, mnt)), dentry, OPERATION_REMOVE_DIRECTORY, 0));
}

SEC("lsm/path_mkdir")
long BPF_PROG(path_mkdir, const struct path *dir, struct dentry *dentry, unsigned short mode, int previous)
{
	ENTER(previous);
	ANSWER(judge_child(&gate, mount_of(BPF_CORE_READ(dir, mnt)), dentry, OPERATION_MAKE_DIRECTORY, S_IFDIR));
}

#define S_IFLNK 0120000

SEC("lsm/path_symlink")
long BPF_PROG(path_symlink, const struct path *dir, struct dentry *dentry, const char *target, int previous)
{
	ENTER(previous);
	ANSWER(judge_child(&gate, mount_of(BPF_CORE_READ(dir, mnt)), dentry, OPERATION_SYMLINK, S_IFLNK));
}

#define RENAME_NOREPLACE 1
#define RENAME_EXCHANGE 2

#define RENAME_STEPS 3

/*
 * A part of a rename: a name goes; something comes to stand at another; what it replaces is gone. With RENAME_EXCHANGE the same once more with the
 * two changed about: so the kernel asks, but 6.1 does not.
 */
static long rename_step(__u32 index, struct walk_context *context)
{
	struct scratch *scratch = context->scratch;
	struct pending *pending = &scratch->pending;
	__u32 is_back = index >= RENAME_STEPS, exchanges = pending->rename_flags & RENAME_EXCHANGE;
	struct dentry *from = (struct dentry *)(is_back ? pending->to : pending->from);
	struct dentry *to = (struct dentry *)(is_back ? pending->from : pending->to);

	if (is_back && !exchanges)
		return 1;
	switch (is_back ? index - RENAME_STEPS : index) {
	case 0:
		scratch->event.operation = OPERATION_RENAME;
		fill_entry(scratch, pending->mount, (__u64)from);
		break;
	case 1:
		scratch->event.operation = OPERATION_CREATE;
		fill_entry(scratch, pending->mount, (__u64)to);
		fill_new(&scratch->event, to, BPF_CORE_READ(from, d_inode, i_mode) & S_IFMT);
		break;
	default:
		if (!BPF_CORE_READ(to, d_inode) || exchanges)
			return 0;
		/* The path is still that of the new name. */
		scratch->event.operation = OPERATION_DELETE;
		fill_inode(&scratch->event, BPF_CORE_READ(to, d_inode));
	}
	pending->outcome = judge_quietly(scratch);
	if (pending->outcome)
		return 1;
	return 0;
}

SEC("lsm/path_rename")
long BPF_PROG(path_rename, const struct path *old_dir, struct dentry *old_dentry, const struct path *new_dir, struct dentry *new_dentry,
	     unsigned int flags, int previous)
{
	struct walk_context context;

	ENTER(previous);
	BEGIN(OPERATION_RENAME);
	scratch->event.flags = (flags & RENAME_EXCHANGE ? FLAG_EXCHANGE : 0) | (flags & RENAME_NOREPLACE ? FLAG_NO_REPLACE : 0);
	scratch->pending.rename_flags = flags;
	/* Both are below one mount, or rename answers EXDEV. */
	scratch->pending.mount = mount_of(BPF_CORE_READ(old_dir, mnt));
	scratch->pending.from = (__u64)old_dentry;
	scratch->pending.to = (__u64)new_dentry;
	scratch->pending.outcome = OUTCOME_PASS;
	context.scratch = scratch;
	bpf_loop(2 * RENAME_STEPS, rename_step, &context, 0);
	ANSWER(settle(scratch->pending.outcome));
}

SEC("lsm/path_link")
long BPF_PROG(path_link, struct dentry *old_dentry, const struct path *new_dir, struct dentry *new_dentry, int previous)
{
	__u64 mount;

	ENTER(previous);
	/* As with rename: one mount. */
	mount = mount_of(BPF_CORE_READ(new_dir, mnt));
	if (judge_child(&gate, mount, old_dentry, OPERATION_LINK, 0))
		return REFUSED;
	ANSWER(judge_child(&gate, mount, new_dentry, OPERATION_CREATE, BPF_CORE_READ(old_dentry, d_inode, i_mode) & S_IFMT));
}

SEC("lsm/path_chmod")
long BPF_PROG(path_chmod, const struct path *path, unsigned short mode, int previous)
{
	ENTER(previous);
	BEGIN(OPERATION_CHMOD);
	scratch->event.flags = mode_flags(mode);
	scratch->event.argument = mode & 07777;
	fill_path(scratch, path);
	ANSWER(judge(scratch));
}

static __noinline int judge_path(struct gate *gate, const struct path *path, __u32 operation)
{
	FOR_WORKLOAD(gate);
	BEGIN_IN(gate, operation);
	fill_path(scratch, path);
	return judge(scratch);
}

SEC("lsm/path_chown")
long BPF_PROG(path_chown, const struct path *path, __u32 uid, __u32 gid, int previous)
{
	ENTER(previous);
	ANSWER(judge_path(&gate, path, OPERATION_CHOWN));
}

SEC("lsm/path_truncate")
long BPF_PROG(path_truncate, const struct path *path, int previous)
{
	ENTER(previous);
	ANSWER(judge_path(&gate, path, OPERATION_TRUNCATE));
}

static __noinline int judge_file(struct gate *gate, struct file *file, __u32 operation)
{
	FOR_WORKLOAD(gate);
	BEGIN_IN(gate, operation);
	fill_file(scratch, (__u64)file);
	return judge(scratch);
}

/* Since 6.2; before, ftruncate and O_TRUNC asked path_truncate. */
SEC("lsm/file_truncate")
long BPF_PROG(file_truncate, struct file *file, int previous)
{
	ENTER(previous);
	ANSWER(judge_file(&gate, file, OPERATION_TRUNCATE));
}

SEC("lsm/file_receive")
long BPF_PROG(file_receive, struct file *file, int previous)
{
	ENTER(previous);
	ANSWER(judge_file(&gate, file, OPERATION_RECEIVE));
}

static __noinline int judge_attributes(struct dentry *dentry)
{
	ENTER_IN();
	if (acts_for_itself())
		return 0;
	BEGIN_IN(&gate, OPERATION_SET_ATTRIBUTES);
	fill_alone(scratch, (__u64)dentry);
	return judge(scratch);
}

/* include/linux/fs.h: what other hooks judge is left to them. */
#define ATTR_ATIME (1 << 4)
#define ATTR_MTIME (1 << 5)
#define ATTR_ATIME_SET (1 << 7)
#define ATTR_MTIME_SET (1 << 8)
#define ATTR_TOUCH (1 << 17)
#define ATTR_MODE_OWNER_SIZE ((1 << 0) | (1 << 1) | (1 << 2) | (1 << 3))

static __always_inline int changes_times(struct iattr *attributes)
{
	__u32 valid = BPF_CORE_READ(attributes, ia_valid);

	return valid & (ATTR_ATIME | ATTR_MTIME) && !(valid & ATTR_MODE_OWNER_SIZE);
}

/* Since 6.3 hooks on attributes are told the mount's map of ids first; the loader takes the one that fits. */
SEC("lsm/inode_setattr")
long BPF_PROG(inode_setattr, void *map, struct dentry *dentry, struct iattr *attributes, int previous)
{
	if (previous)
		return REFUSED;
	if (!changes_times(attributes))
		return ALLOWED;
	ANSWER(judge_attributes(dentry));
}

SEC("lsm/inode_setattr")
long BPF_PROG(inode_setattr_before_6_3, struct dentry *dentry, struct iattr *attributes, int previous)
{
	if (previous)
		return REFUSED;
	if (!changes_times(attributes))
		return ALLOWED;
	ANSWER(judge_attributes(dentry));
}

SEC("lsm/inode_setxattr")
long BPF_PROG(inode_setxattr, void *map, struct dentry *dentry, const char *name, const void *value, unsigned long size, int flags, int previous)
{
	if (previous)
		return REFUSED;
	ANSWER(judge_attributes(dentry));
}

SEC("lsm/inode_removexattr")
long BPF_PROG(inode_removexattr, void *map, struct dentry *dentry, const char *name, int previous)
{
	if (previous)
		return REFUSED;
	ANSWER(judge_attributes(dentry));
}

/* Since 6.2 access control lists have hooks of their own. */
SEC("lsm/inode_set_acl")
long BPF_PROG(inode_set_acl, void *map, struct dentry *dentry, const char *name, void *list, int previous)
{
	if (previous)
		return REFUSED;
	ANSWER(judge_attributes(dentry));
}

SEC("lsm/inode_remove_acl")
long BPF_PROG(inode_remove_acl, void *map, struct dentry *dentry, const char *name, int previous)
{
	if (previous)
		return REFUSED;
	ANSWER(judge_attributes(dentry));
}
