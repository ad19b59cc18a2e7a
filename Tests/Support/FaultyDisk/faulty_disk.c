/* Makes one call to the file system fail, below one folder, in a program that it is loaded into (LD_PRELOAD).
 *
 *   GENLOCK_FAULT=KIND:N:FOLDER
 *     KIND  enospc, eio, edquot: the call fails with that error; short: a write takes half of what it is given;
 *           kill: the program is killed (SIGKILL) before the call; readonly: it and all later ones fail with EROFS;
 *           appears: before the call somebody else makes the file GENLOCK_FAULT_FILE, unless it is there; none:
 *           nothing, calls are counted
 *     N     which call, counted from 1: files made or opened to be written, written, cut, synchronised, renamed,
 *           linked, removed, and folders made
 *     FOLDER calls on what lies in it count
 *   GENLOCK_FAULT_LOG=FILE  the number of calls is written there when the program ends, and "fired" when the fault came
 *
 * A program that goes on in two processes counts in both together.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { NONE, ENOSPC_ONCE, EIO_ONCE, EDQUOT_ONCE, SHORT, KILL, READ_ONLY, APPEARS };

static enum kind kind = NONE;
static long wanted = 0;
static char folder[4096] = "";
static int log_file = -1;
static atomic_long own_calls = 0, *calls = &own_calls;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static void say(const char *text) {
    if (log_file >= 0) syscall(SYS_write, log_file, text, strlen(text));
}

__attribute__((constructor)) static void begin(void) {
    const char *asked = getenv("GENLOCK_FAULT"), *log = getenv("GENLOCK_FAULT_LOG");
    if (!asked) return;
    // Opened now: a process that has given up its rights cannot later.
    if (log) log_file = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    void *shared = mmap(NULL, sizeof *calls, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared != MAP_FAILED) calls = shared;
    char name[16] = "";
    int end = 0;
    if (sscanf(asked, "%15[a-z]:%ld:%n", name, &wanted, &end) < 2 || end == 0) return;
    snprintf(folder, sizeof folder, "%s", asked + end);
    kind = !strcmp(name, "enospc") ? ENOSPC_ONCE : !strcmp(name, "eio") ? EIO_ONCE : !strcmp(name, "edquot") ? EDQUOT_ONCE
         : !strcmp(name, "short") ? SHORT : !strcmp(name, "kill") ? KILL
         : !strcmp(name, "readonly") ? READ_ONLY : !strcmp(name, "appears") ? APPEARS : NONE;
}

__attribute__((destructor)) static void finish(void) {
    if (!folder[0]) return;
    char text[32];
    snprintf(text, sizeof text, "%ld\n", atomic_load(calls));
    say(text);
}

static int below(const char *path) {
    size_t length = strlen(folder);
    return length > 0 && path && !strncmp(path, folder, length) && (path[length] == '/' || path[length] == 0);
}

static int below_file(int file) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return below(path);
}

/* Whether this call is the one: 0 no, 1 it fails (errno is set), 2 it takes half. */
static int fault(int counts, int can_fail) {
    if (!counts) return 0;
    long call = atomic_fetch_add(calls, 1) + 1;
    if (kind == NONE || (kind == READ_ONLY ? call < wanted : call != wanted)) return 0;
    if (call == wanted) say("fired\n");
    if (kind == KILL) kill(getpid(), SIGKILL);
    if (kind == SHORT) return 2;
    if (kind == APPEARS) {
        const char *path = getenv("GENLOCK_FAULT_FILE");
        int file = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
        if (file < 0) return 0;
        syscall(SYS_write, file, "theirs", 6);
        syscall(SYS_close, file);
        return 0;
    }
    if (!can_fail) return 0;
    errno = kind == ENOSPC_ONCE ? ENOSPC : kind == EDQUOT_ONCE ? EDQUOT : kind == READ_ONLY ? EROFS : EIO;
    return 1;
}

static int opens_to_write(const char *path, int flags) { return (flags & (O_CREAT | O_TRUNC)) && below(path); }

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        va_list more; va_start(more, flags); mode_t mode = va_arg(more, int); va_end(more); \
        if (fault(opens_to_write(path, flags), 1) == 1) return -1; \
        return REAL(name)(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
    int name(int at, const char *path, int flags, ...) { \
        va_list more; va_start(more, flags); mode_t mode = va_arg(more, int); va_end(more); \
        if (fault(opens_to_write(path, flags), 1) == 1) return -1; \
        return REAL(name)(at, path, flags, mode); \
    }
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int file, const void *bytes, size_t count) {
    int what = fault(below_file(file), 1);
    if (what == 1) return -1;
    return REAL(write)(file, bytes, what == 2 && count > 1 ? count / 2 : count);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
    int what = fault(below_file(file), 1);
    if (what == 1) return -1;
    return REAL(writev)(file, parts, what == 2 && count > 1 ? count / 2 : count);
}

#define PWRITE(name, offset) \
    ssize_t name(int file, const void *bytes, size_t count, offset at) { \
        int what = fault(below_file(file), 1); \
        if (what == 1) return -1; \
        return REAL(name)(file, bytes, what == 2 && count > 1 ? count / 2 : count, at); \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

int ftruncate(int file, off_t length) {
    return fault(below_file(file), 1) == 1 ? -1 : REAL(ftruncate)(file, length);
}
int ftruncate64(int file, off64_t length) {
    return fault(below_file(file), 1) == 1 ? -1 : REAL(ftruncate64)(file, length);
}
int fsync(int file) { return fault(below_file(file), 1) == 1 ? -1 : REAL(fsync)(file); }
int fdatasync(int file) { return fault(below_file(file), 1) == 1 ? -1 : REAL(fdatasync)(file); }
int rename(const char *from, const char *to) {
    return fault(below(from) || below(to), 1) == 1 ? -1 : REAL(rename)(from, to);
}
int link(const char *from, const char *to) {
    return fault(below(from) || below(to), 1) == 1 ? -1 : REAL(link)(from, to);
}
int mkdir(const char *path, mode_t mode) { return fault(below(path), 1) == 1 ? -1 : REAL(mkdir)(path, mode); }
/* Nothing fails to be removed; but the program may be killed there. */
int unlink(const char *path) {
    fault(below(path), 0);
    return REAL(unlink)(path);
}
