// Attempts on other processes, and on memory.

#define _GNU_SOURCE
#include "attempt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static long kill_bystander(char **a) { return kill(bystander, a[0] != NULL ? atoi(a[0]) : SIGKILL); }
static long trace_bystander(char **a) { (void)a; return ptrace(PTRACE_SEIZE, bystander, 0, 0); }
static long read_bystander(char **a) {
    (void)a;
    char byte;
    struct iovec here = {&byte, 1}, there = {&byte, 1};
    return process_vm_readv(bystander, &here, 1, &there, 1, 0);
}
static long take_from_bystander(char **a) {
    (void)a;
    int process = syscall(SYS_pidfd_open, bystander, 0);
    return process < 0 ? -1 : syscall(SYS_pidfd_getfd, process, 1, 0);
}
// Its child, which it goes on tracing.
static long trace_own(char **a) {
    (void)a;
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;) pause();
    }
    return ptrace(PTRACE_SEIZE, child, 0, 0);
}

// Has the kernel send the signal, when something can be read.
static long signal_by_owner(char **a) {
    (void)a;
    int ends[2];
    if (pipe(ends) != 0) return -1;
    if (fcntl(ends[0], F_SETOWN, bystander) != 0 || fcntl(ends[0], F_SETSIG, SIGKILL) != 0
        || fcntl(ends[0], F_SETFL, O_ASYNC | O_NONBLOCK) != 0)
        return -1;
    return write(ends[1], "x", 1);
}
static long signal_by_owner_ex(char **a) {
    (void)a;
    int ends[2];
    struct f_owner_ex owner = {.type = F_OWNER_PID, .pid = bystander};
    if (pipe(ends) != 0) return -1;
    if (fcntl(ends[0], F_SETOWN_EX, &owner) != 0 || fcntl(ends[0], F_SETSIG, SIGKILL) != 0
        || fcntl(ends[0], F_SETFL, O_ASYNC | O_NONBLOCK) != 0)
        return -1;
    return write(ends[1], "x", 1);
}
// FIOSETOWN, which sockets have beside fcntl.
static long signal_by_ioctl(char **a) {
    (void)a;
    int ends[2], owner = bystander, on = 1;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return -1;
    if (ioctl(ends[0], 0x8901 /* FIOSETOWN */, &owner) != 0 || ioctl(ends[0], FIOASYNC, &on) != 0) return -1;
    return write(ends[1], "x", 1);
}

// Types into a terminal that it shares with the outside.
static long type(char **a) { (void)a; return ioctl(terminal, TIOCSTI, "x"); }

static long protect(int protection, void *page) { return page == MAP_FAILED ? -1 : mprotect(page, 4096, protection); }
static void *map_of(const char *path, int protection) {
    int fd = open(path, O_RDONLY);
    return fd < 0 ? MAP_FAILED : mmap(NULL, 4096, protection, MAP_PRIVATE, fd, 0);
}
// Code that is there becomes writable.
static long protect_writable(char **a) { return protect(PROT_READ | PROT_WRITE | PROT_EXEC, map_of(a[0], PROT_READ | PROT_EXEC)); }
static long protect_writable_keyed(char **a) {
    void *page = map_of(a[0], PROT_READ | PROT_EXEC);
    return page == MAP_FAILED ? -1 : syscall(SYS_pkey_mprotect, page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, -1);
}
static long protect_file(char **a) { return protect(PROT_READ | PROT_EXEC, map_of(a[0], PROT_READ)); }
// The copy of a file's page that was written to becomes code.
static long protect_written(char **a) {
    char *page = map_of(a[0], PROT_READ | PROT_WRITE);
    if (page == MAP_FAILED) return -1;
    page[0] = '\xc3';
    return protect(PROT_READ | PROT_EXEC, page);
}

static long map_memory_file(char **a) {
    (void)a;
    int fd = memfd_create("code", 0);
    if (fd < 0 || ftruncate(fd, 4096) != 0) return -1;
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) == MAP_FAILED ? -1 : 0;
}

const struct attempt process_attempts[] = {
    {"kill-bystander", kill_bystander, NULL},
    {"trace-bystander", trace_bystander, NULL},
    {"read-bystander", read_bystander, NULL},
    {"take-from-bystander", take_from_bystander, NULL},
    {"trace-own", trace_own, NULL},
    {"signal-by-owner", signal_by_owner, NULL},
    {"signal-by-owner-ex", signal_by_owner_ex, NULL},
    {"signal-by-ioctl", signal_by_ioctl, NULL},
    {"type", type, NULL},
    {"protect-file", protect_file, NULL},
    {"protect-writable", protect_writable, NULL},
    {"protect-writable-keyed", protect_writable_keyed, NULL},
    {"map-memory-file", map_memory_file, NULL},
    {"protect-written", protect_written, NULL},
    {0},
};
