// The files that attempts work on, as they are before each.
//
//     /tmp/w       where every operation is tried
//     /tmp/open    where the suites' policies permit files; `deep` in it is left alone
//     /tmp/look    where they permit to read
//     /tmp/closed  where they permit nothing

#define _GNU_SOURCE
#include "attempt.h"

#include <errno.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk) {
    (void)status, (void)type, (void)walk;
    return remove(path);
}

static int empty(const char *folder) {
    if (mkdir(folder, 0777) == 0) return chmod(folder, 0777);
    DIR *entries = opendir(folder);
    if (entries == NULL) return -1;
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        char path[512];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 || strcmp(entry->d_name, "deep") == 0) continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        while (umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) == 0) continue;
        if (remove(path) != 0 && nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) != 0) { closedir(entries); return -1; }
    }
    closedir(entries);
    return 0;
}

static int file(const char *path, const char *text, mode_t mode) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
    if (fd < 0 || write(fd, text, strlen(text)) < 0 || close(fd) != 0) return -1;
    return chmod(path, mode);
}

int make_world(void) {
    // Test kernels have this file, and no other machine is to lose its own.
    if (access("/tmp/.program", F_OK) != 0) return -1;
    static const char *const folders[] = {"/tmp/w", "/tmp/open", "/tmp/look", "/tmp/closed"};
    for (size_t index = 0; index < sizeof folders / sizeof *folders; index++)
        if (empty(folders[index]) != 0) return -1;
    umask(0);
    if (file("/tmp/w/file", "text\n", 0600) || file("/tmp/w/other", "other\n", 0600) || mkdir("/tmp/w/folder", 0777)
        || mkdir("/tmp/w/point", 0755) || link("/tmp/.program", "/tmp/w/program"))
        return -1;
    if (file("/tmp/open/data", "data\n", 0600) || mkdir("/tmp/open/.ssh", 0755) || file("/tmp/open/.ssh/id", "key\n", 0600)
        || mkdir("/tmp/open/point", 0755) || symlink("/tmp/closed/file", "/tmp/open/soft") || link("/tmp/.program", "/tmp/open/program"))
        return -1;
    if (file("/tmp/look/file", "seen\n", 0600) || mkdir("/tmp/look/point", 0755)) return -1;
    if (file("/tmp/closed/file", "secret\n", 0600) || link("/tmp/.program", "/tmp/closed/program")) return -1;
    // A closed file that can be looked at by a second name.
    if (file("/tmp/closed/linked", "secret\n", 0600) || link("/tmp/closed/linked", "/tmp/look/hard")) return -1;
    // What other attempts may have left in the kernel.
    if (access("/sys/kernel/kexec_loaded", F_OK) == 0) syscall(SYS_kexec_load, 0, 0, NULL, 0);
    syscall(SYS_delete_module, "dummy", O_NONBLOCK);
    sethostname("kernel", 6);
    errno = 0;
    return 0;
}

void note(const char *path, const char *line) {
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (fd >= 0 && write(fd, line, strlen(line)) >= 0) close(fd);
}
