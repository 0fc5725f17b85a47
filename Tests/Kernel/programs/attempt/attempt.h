// What the files of `attempt` have in common.
#ifndef ATTEMPT_H
#define ATTEMPT_H

#include <sys/socket.h>
#include <sys/types.h>

// -1 with errno, or anything else.
typedef long (*operation)(char **arguments);

struct attempt {
    const char *name;
    operation run;
    // What is made ready outside of the sandbox, before the process enters it; may be null.
    operation prepare;
};

// Each list ends with a null name.
extern const struct attempt socket_attempts[];
extern const struct attempt process_attempts[];
extern const struct attempt system_attempts[];

// A process outside that does nothing, for attempts on others: it is there from before the attempt until after it.
extern pid_t bystander;
// The ends of a terminal that was opened outside.
extern int terminal_master, terminal;

// Fills an address from "ADDRESS PORT", or from the path of a Unix socket; returns its length.
socklen_t address_of(char **arguments, struct sockaddr_storage *storage);

// Makes the files that attempts work on what they were at first.
int make_world(void);

// Writes a line to the end of a file that is made where it is missing.
void note(const char *path, const char *line);

// Whether a text occurs in a file.
int file_has(const char *path, const char *text);

// Runs an attempt in a cgroup under a name, prints what came of it and, for a sign, whether the sign was seen from outside.
int watched(const struct attempt *attempt, char **arguments, const char *cgroup, const char *name, const char *sign);

#endif
