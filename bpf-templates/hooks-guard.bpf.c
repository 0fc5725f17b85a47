/* SPDX-License-Identifier: Apache-2.0
 *
 * What keeps a workload inside, whatever its policies permit.
 *
 *   inode_permission   no writing to the cgroup file system, which every way into another cgroup asks for, clone3 with CLONE_INTO_CGROUP
 *                      too; no access to the bpf file system, where the programs that hold the workload are pinned
 *
 * More guards are where their operations are: ptrace (hooks-process), bpf and umount (hooks-kernel).
 */
#include "file.h"

#define MAY_WRITE 2
#define MAY_APPEND 8

SEC("lsm/inode_permission")
long BPF_PROG(inode_permission, struct inode *inode, int mask, int previous)
{
	struct gate gate;
	struct scratch *scratch;
	__u64 magic;
	__u32 guard;

	if (previous)
		return REFUSED;
	/* Of every component of every path: nothing but this comparison may happen on ordinary file systems. */
	magic = inode->i_sb->s_magic;
	if (magic == BPF_MAGIC)
		guard = GUARD_PINS;
	else if ((magic == CGROUP2_MAGIC || magic == CGROUP_MAGIC) && mask & (MAY_WRITE | MAY_APPEND))
		guard = GUARD_CGROUP;
	else
		return ALLOWED;
	gate_current(&gate);
	if (!gate.workload)
		return ALLOWED;
	scratch = begin(&gate, guard == GUARD_PINS ? OPERATION_READ : OPERATION_WRITE);
	if (!scratch)
		return REFUSED;
	fill_inode(&scratch->event, inode);
	ANSWER(refuse(scratch, guard));
}
