// An attempt, and the one who watches it from outside.
//
// The watcher stays in the cgroup that it was started in and forks the process that makes the attempt. That enters the cgroup, takes the
// name, makes the attempt, tells the result and waits: so that what it has come to hold can be looked at in /proc while it is there.

#define _GNU_SOURCE
#include "attempt.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

pid_t bystander;
int terminal_master = -1, terminal = -1;

// How long the watcher waits for a result, in milliseconds.
enum { RESULT_TIMEOUT = 30000 };
// And for a sign that comes by itself: patiently for one that is to be expected, and for one that is not as long as it would take at most.
enum { PATIENCE = 3000, DOUBT = 300 };
static int sign_timeout;

// A cgroup is opened before, for what is prepared may take its path away.
static int open_cgroup(const char *cgroup) {
    char path[256];
    snprintf(path, sizeof path, "/sys/fs/cgroup/%s/cgroup.procs", cgroup);
    return open(path, O_WRONLY | O_CLOEXEC);
}
static int enter(int processes) { return write(processes, "0", 1) == 1 ? close(processes) : -1; }

int file_has(const char *path, const char *text) {
    static char content[1 << 18];
    int fd = open(path, O_RDONLY);
    if (fd < 0) return 0;
    size_t length = 0;
    for (ssize_t part; length < sizeof content - 1 && (part = read(fd, content + length, sizeof content - 1 - length)) > 0;) length += part;
    close(fd);
    content[length] = 0;
    return strstr(content, text) != NULL;
}

static int holds(pid_t process, const char *text) {
    char folder[64];
    snprintf(folder, sizeof folder, "/proc/%d/fd", process);
    DIR *descriptors = opendir(folder);
    int found = 0;
    for (struct dirent *entry; descriptors != NULL && !found && (entry = readdir(descriptors)) != NULL;) {
        char link[4096];
        ssize_t length = readlinkat(dirfd(descriptors), entry->d_name, link, sizeof link - 1);
        if (length < 0) continue;
        link[length] = 0;
        found = strstr(link, text) != NULL;
    }
    if (descriptors != NULL) closedir(descriptors);
    return found;
}

static int maps_executable(pid_t process, const char *text) {
    char path[64], line[512];
    snprintf(path, sizeof path, "/proc/%d/maps", process);
    FILE *maps = fopen(path, "r");
    int found = 0;
    while (maps != NULL && !found && fgets(line, sizeof line, maps) != NULL) {
        const char *permissions = strchr(line, ' ');
        found = permissions != NULL && permissions[3] == 'x' && strstr(line, text) != NULL;
    }
    if (maps != NULL) fclose(maps);
    return found;
}

static int traces(pid_t tracer) {
    char line[64];
    snprintf(line, sizeof line, "TracerPid:\t%d\n", tracer);
    DIR *processes = opendir("/proc");
    int found = 0;
    for (struct dirent *entry; processes != NULL && !found && (entry = readdir(processes)) != NULL;) {
        char path[300];
        if (entry->d_name[0] < '0' || entry->d_name[0] > '9') continue;
        snprintf(path, sizeof path, "/proc/%s/status", entry->d_name);
        found = file_has(path, line);
    }
    if (processes != NULL) closedir(processes);
    return found;
}

static int other_namespace(pid_t process, const char *kind) {
    char path[64];
    struct stat own, its;
    snprintf(path, sizeof path, "/proc/self/ns/%s", kind);
    if (stat(path, &own) != 0) return 0;
    snprintf(path, sizeof path, "/proc/%d/ns/%s", process, kind);
    return stat(path, &its) == 0 && own.st_ino != its.st_ino;
}

static int answers(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int connected = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return connected;
}

// The line of /proc/net/udp that a bound port has.
static int bound_datagrams(int port) {
    char text[16];
    snprintf(text, sizeof text, ":%04X ", port);
    return file_has("/proc/net/udp", text);
}

static int bystander_is_gone(void) {
    for (int waited = 0; waited < sign_timeout; waited += 10) {
        siginfo_t end = {0};
        if (waitid(P_PID, bystander, &end, WEXITED | WNOHANG | WNOWAIT) == 0 && end.si_pid == bystander) return 1;
        usleep(10000);
    }
    return 0;
}

// Whether a file comes to have a text.
static int noted(const char *arguments) {
    char path[256];
    const char *text = strchr(arguments, ':');
    if (text == NULL) return 0;
    snprintf(path, sizeof path, "%.*s", (int)(text - arguments), arguments);
    for (int waited = 0; waited < sign_timeout; waited += 10) {
        if (file_has(path, text + 1)) return 1;
        usleep(10000);
    }
    return 0;
}

static int is_seen(const char *sign, pid_t process) {
    char path[64], line[64];
    const char *text = strchr(sign, ':');
    text = text == NULL ? "" : text + 1;
    if (strncmp(sign, "fd:", 3) == 0) return holds(process, text);
    if (strncmp(sign, "code:", 5) == 0) return maps_executable(process, text);
    if (strncmp(sign, "namespace:", 10) == 0) return other_namespace(process, text);
    if (strncmp(sign, "listens:", 8) == 0) return answers(atoi(text));
    if (strncmp(sign, "udp:", 4) == 0) return bound_datagrams(atoi(text));
    if (strncmp(sign, "noted:", 6) == 0) return noted(text);
    if (strcmp(sign, "traces") == 0) return traces(process);
    if (strcmp(sign, "bystander-gone") == 0) return bystander_is_gone();
    if (strcmp(sign, "typed") == 0) {
        struct pollfd input = {.fd = terminal, .events = POLLIN};
        return poll(&input, 1, 0) == 1;
    }
    // uid:N and gid:N, as the effective id.
    if (strncmp(sign, "uid:", 4) == 0 || strncmp(sign, "gid:", 4) == 0) {
        snprintf(path, sizeof path, "/proc/%d/status", process);
        snprintf(line, sizeof line, "%s\t%s\t%s\t", sign[0] == 'u' ? "Uid:" : "Gid:", text, text);
        return file_has(path, line);
    }
    fprintf(stderr, "attempt: nobody can see `%s`\n", sign);
    exit(2);
}

static void open_terminal(void) {
    struct termios settings;
    if (openpty(&terminal_master, &terminal, NULL, NULL, NULL) != 0) return;
    tcgetattr(terminal, &settings);
    cfmakeraw(&settings);
    tcsetattr(terminal, TCSANOW, &settings);
}

int watched(const struct attempt *attempt, char **arguments, const char *cgroup, const char *name, const char *sign) {
    int report[2];
    char result[64] = "nothing";
    if (pipe2(report, O_CLOEXEC) != 0) return 2;
    open_terminal();
    bystander = fork();
    if (bystander == 0) {
        close(report[1]);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;) pause();
    }
    pid_t process = fork();
    if (process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        // With those who help from outside, whom the death of a process in a sandbox may have no leave to signal.
        setpgid(0, 0);
        const char *problem = NULL;
        int processes = open_cgroup(cgroup);
        if (attempt->prepare != NULL && attempt->prepare(arguments) == -1) problem = "cannot prepare";
        else if (enter(processes) != 0) problem = "cannot enter";
        else if (name != NULL) prctl(PR_SET_NAME, name);
        if (problem != NULL) {
            snprintf(result, sizeof result, "%s: %s", problem, strerrorname_np(errno));
        } else {
            errno = 0;
            const char *outcome = attempt->run(arguments) != -1 ? "ok" : strerrorname_np(errno);
            snprintf(result, sizeof result, "%s", outcome == NULL ? "an unknown error" : outcome);
        }
        if (write(report[1], result, strlen(result) + 1) < 0) _exit(2);
        for (;;) pause();
    }
    close(report[1]);
    struct pollfd told = {.fd = report[0], .events = POLLIN};
    int status = 0;
    if (poll(&told, 1, RESULT_TIMEOUT) == 0) {
        strcpy(result, "timeout");
    } else if (read(report[0], result, sizeof result) <= 0) {
        waitpid(process, &status, 0);
        if (WIFSIGNALED(status)) snprintf(result, sizeof result, "killed %d", WTERMSIG(status));
        else snprintf(result, sizeof result, "ended %d", WEXITSTATUS(status));
    }
    sign_timeout = strcmp(result, "ok") == 0 ? PATIENCE : DOUBT;
    printf("%s", result);
    if (sign != NULL) printf(" %s", is_seen(sign, process) ? "yes" : "no");
    puts("");
    kill(-process, SIGKILL);
    kill(process, SIGKILL);
    kill(bystander, SIGKILL);
    waitpid(process, NULL, 0);
    waitpid(bystander, NULL, 0);
    return strcmp(result, "ok") == 0 ? 0 : 1;
}
