// Attempts that `attempt` does not make: what has no path, what descriptors send, and what an io_uring was lent.
//
//     mends OPERATION
//
// Prints "ok" or the error's name, and exits with 0 when the operation took place.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int owned(void) {
    int ends[2];
    return pipe(ends) == 0 ? ends[0] : -1;
}

static long own_self(void) { return fcntl(owned(), F_SETOWN, getpid()); }
static long own_nobody(void) { return fcntl(owned(), F_SETOWN, 0); }
// A group of its own: that of the first process of the machine has number 0, which would be nobody.
static long own_group(void) { return setpgid(0, 0) != 0 ? -1 : fcntl(owned(), F_SETOWN, -getpgrp()); }
static long own_first_process(void) { return fcntl(owned(), F_SETOWN, 1); }
static long set_signal(void) { return fcntl(owned(), F_SETSIG, SIGUSR1); }
static long own_child(void) {
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    long result = fcntl(owned(), F_SETOWN, child);
    int error = errno;
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    errno = error;
    return result;
}

static long truncate_memory(void) { return ftruncate(memfd_create("memory", 0), 4096); }
static long open_pipe(void) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", owned());
    return open(path, O_RDONLY | O_NONBLOCK);
}
static long run_memory(void) {
    int source = open("/proc/self/exe", O_RDONLY), copy = memfd_create("/usr/bin/true.so", 0);
    char block[4096];
    for (ssize_t length; (length = read(source, block, sizeof block)) > 0;)
        if (write(copy, block, length) != length) return -1;
    pid_t child = fork();
    if (child == 0) {
        char *arguments[] = {"mends", "nothing", NULL}, *none[] = {NULL};
        // What it would print is not the result.
        close(STDOUT_FILENO);
        fexecve(copy, arguments, none);
        _exit(errno);
    }
    int status;
    waitpid(child, &status, 0);
    errno = WEXITSTATUS(status);
    return errno ? -1 : 0;
}
static long write_code(void) {
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0;
}

// What becomes of an operation that is submitted with the credentials of a personality; `lent` 0 is the caller's own.
static long submit(int lends) {
    struct io_uring_params parameters = {0};
    int ring = syscall(SYS_io_uring_setup, 2, &parameters);
    if (ring < 0) return -1;
    size_t size = parameters.sq_off.array + parameters.sq_entries * sizeof(unsigned);
    size_t results = parameters.cq_off.cqes + parameters.cq_entries * sizeof(struct io_uring_cqe);
    char *submissions = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
    char *completions = mmap(NULL, results, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
    struct io_uring_sqe *entries =
        mmap(NULL, parameters.sq_entries * sizeof *entries, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
    if (submissions == MAP_FAILED || completions == MAP_FAILED || entries == MAP_FAILED) return -1;
    long personality = lends ? syscall(SYS_io_uring_register, ring, IORING_REGISTER_PERSONALITY, NULL, 0) : 0;
    if (personality < 0) return -1;
    memset(&entries[0], 0, sizeof entries[0]);
    entries[0].opcode = IORING_OP_NOP;
    entries[0].personality = personality;
    ((unsigned *)(submissions + parameters.sq_off.array))[0] = 0;
    __atomic_store_n((unsigned *)(submissions + parameters.sq_off.tail), 1, __ATOMIC_RELEASE);
    if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0) return -1;
    int result = ((struct io_uring_cqe *)(completions + parameters.cq_off.cqes))[0].res;
    if (result >= 0) return 0;
    errno = -result;
    return -1;
}
static long submit_own(void) { return submit(0); }
static long submit_lent(void) { return submit(1); }
static long nothing(void) { return 0; }

static const struct {
    const char *name;
    long (*run)(void);
} operations[] = {
    {"own-self", own_self}, {"own-nobody", own_nobody}, {"own-group", own_group}, {"own-first-process", own_first_process},
    {"own-child", own_child}, {"set-signal", set_signal}, {"truncate-memory", truncate_memory}, {"open-pipe", open_pipe},
    {"run-memory", run_memory}, {"write-code", write_code}, {"submit-own", submit_own}, {"submit-lent", submit_lent}, {"nothing", nothing},
};

int main(int count, char **arguments) {
    for (size_t index = 0; count > 1 && index < sizeof operations / sizeof operations[0]; index++) {
        if (strcmp(operations[index].name, arguments[1]) != 0) continue;
        if (operations[index].run() < 0) {
            puts(strerrorname_np(errno));
            return 1;
        }
        puts("ok");
        return 0;
    }
    fprintf(stderr, "mends: there is no such operation\n");
    return 2;
}
