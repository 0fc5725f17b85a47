// What the loader uses of libbpf, and the layout of what the kernel's side writes.
#ifndef LYNX_LIBBPF_H
#define LYNX_LIBBPF_H

#include <stddef.h>
#include <sys/mount.h>
#include <sys/statfs.h>
#include <sys/vfs.h>
#include <linux/bpf.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "../../bpf-templates/event.h"
#include "../../bpf-templates/report.h"

// Swift would see the paths as tuples of thousands of bytes; places are all it needs.
enum {
    REPORT_EVENT = sizeof(struct report),
    EVENT_OPERATION = offsetof(struct event, operation),
    EVENT_PRESENT = offsetof(struct event, present),
    EVENT_UID = offsetof(struct event, uid),
    EVENT_GID = offsetof(struct event, gid),
    EVENT_PID = offsetof(struct event, pid),
    EVENT_COMM = offsetof(struct event, comm),
    EVENT_ARGUMENT = offsetof(struct event, argument),
    EVENT_FAMILY = offsetof(struct event, family),
    EVENT_ADDRESS = offsetof(struct event, address),
    EVENT_PORT = offsetof(struct event, port),
    EVENT_PROTOCOL = offsetof(struct event, protocol),
    EVENT_SOCKET_FAMILY = offsetof(struct event, socket_family),
    EVENT_SOCKET_KIND = offsetof(struct event, socket_kind),
    EVENT_CAPABILITY = offsetof(struct event, capability),
    EVENT_SYSTEM_CALL = offsetof(struct event, system_call),
    EVENT_TARGET_PID = offsetof(struct event, target_pid),
    EVENT_TARGET_IS_OWN = offsetof(struct event, target_is_own),
    EVENT_TARGET_COMM = offsetof(struct event, target_comm),
    EVENT_EXECUTABLE_LENGTH = offsetof(struct event, executable.length),
    EVENT_EXECUTABLE_STATE = offsetof(struct event, executable.state),
    EVENT_EXECUTABLE_BYTES = offsetof(struct event, executable.bytes),
    EVENT_PATH_LENGTH = offsetof(struct event, path.length),
    EVENT_PATH_STATE = offsetof(struct event, path.state),
    EVENT_PATH_BYTES = offsetof(struct event, path.bytes),
};

#endif
