/* SPDX-License-Identifier: Apache-2.0
 *
 * The one object of a set of policies: the generated header, which has `decide`, and all hooks. The loader takes the programs that the
 * kernel can run and that the policies need.
 */
#include "kernel.h"
#include "event.h"
#include "match.h"
/* Generated. */
#include "decide.h"

#include "hooks-file.bpf.c"
#include "hooks-process.bpf.c"
#include "hooks-network.bpf.c"
#include "hooks-kernel.bpf.c"
#include "hooks-guard.bpf.c"
#include "hooks-cgroup.bpf.c"
#include "hooks-system-call.bpf.c"

char _license[] SEC("license") = "Dual MIT/GPL";
