/* Tries what a process must not be able to do, at the moment when it opens a recording (LD_PRELOAD): nothing in the
 * program knows of it.
 *
 *   GENLOCK_TRESPASS=FIFO   what was let through is written there, one line for each process and the program's first
 *                           word: "check: " and names with commas between; "check: " alone where all was refused
 *   GENLOCK_TRESPASS_ON=FILE  the file on which it is tried
 *   GENLOCK_TRESPASS_DIES=TEXT  the process ends there instead, as by a fault of a decoder, where the recording's path
 *                           holds the text
 *   GENLOCK_TRESPASS_LANDLOCK=N  the version of Landlock that the kernel is taken for; 0: none
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <unistd.h>

static int told = -1;
static long landlock = -1;
static char victim[4096] = "";
static char verb[64] = "";
static atomic_int tried = 0;

__attribute__((constructor)) static void begin(void) {
    const char *fifo = getenv("GENLOCK_TRESPASS"), *on = getenv("GENLOCK_TRESPASS_ON");
    const char *most = getenv("GENLOCK_TRESPASS_LANDLOCK");
    if (most) landlock = atol(most);
    if (!fifo || !on) return;
    snprintf(victim, sizeof victim, "%s", on);
    /* The second word of the command line names the verb. */
    char words[512] = "";
    int file = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    ssize_t count = file >= 0 ? read(file, words, sizeof words - 1) : 0;
    if (file >= 0) close(file);
    size_t first = strlen(words) + 1;
    if (count > 0 && first < (size_t)count) snprintf(verb, sizeof verb, "%s", words + first);
    told = open(fifo, O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

/* The kernel as one that knows less of Landlock. */
long syscall(long number, ...) {
    static long (*real)(long, ...) = NULL;
    if (!real) real = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    va_list more;
    va_start(more, number);
    long a = va_arg(more, long), b = va_arg(more, long), c = va_arg(more, long), d = va_arg(more, long);
    long e = va_arg(more, long), f = va_arg(more, long);
    va_end(more);
    if (landlock == 0 && number >= 444 && number <= 446) {
        errno = ENOSYS;
        return -1;
    }
    long result = real(number, a, b, c, d, e, f);
    return number == 444 && !a && c == 1 && landlock > 0 && result > landlock ? landlock : result;
}

static int opened(int file) {
    if (file >= 0) close(file);
    return file >= 0;
}

static const char *with(const char *ending) {
    static char path[4200];
    snprintf(path, sizeof path, "%s%s", victim, ending);
    return path;
}

static int spawns(void) {
    pid_t child = 0;
    char *words[] = {"/bin/true", NULL};
    return posix_spawn(&child, words[0], NULL, NULL, words, NULL) == 0;
}

static int forks(void) {
    pid_t child = fork();
    if (child == 0) _exit(0);
    return child > 0;
}

static int maps(void) {
    int file = open(victim, O_RDONLY | O_CLOEXEC);
    void *place = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (file >= 0) close(file);
    return place != MAP_FAILED;
}

static int modes(void) {
    int file = open(victim, O_RDONLY | O_CLOEXEC);
    int done = fchmod(file, 0777) == 0;
    if (file >= 0) close(file);
    return done;
}

static int raises(void) {
    struct rlimit limit = {1 << 20, 1 << 20};
    return setrlimit(RLIMIT_FSIZE, &limit) == 0;
}

/* Asks whoever is at the other end of an open socket, as a cell asks its warden; whether it was done. */
static int asks(uint8_t kind, uint32_t flags, const char *path, const char *other) {
    for (int file = 3; file < 256; file++) {
        struct stat what;
        if (fstat(file, &what) || !S_ISSOCK(what.st_mode)) continue;
        uint8_t bytes[8900] = {kind};
        size_t length = 9;
        memcpy(bytes + 1, &flags, 4);
        bytes[5] = 0x80, bytes[6] = 1; /* 0600 */
        for (int index = 0; index < 2; index++) {
            const char *text = index ? other : path;
            if (!text) continue;
            size_t count = strlen(text);
            bytes[length++] = (uint8_t)count, bytes[length++] = (uint8_t)(count >> 8);
            memcpy(bytes + length, text, count);
            length += count;
        }
        struct iovec part = {bytes, length};
        struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
        uint8_t answer[4] = {1, 0, 0, 0};
        if (sendmsg(file, &message, MSG_NOSIGNAL) < 0) continue;
        struct iovec back = {answer, sizeof answer};
        struct msghdr reply = {.msg_iov = &back, .msg_iovlen = 1};
        /* Another program's socket may never answer. */
        ssize_t count = -1;
        for (int wait = 0; wait < 200 && count < 0; wait++) {
            count = recvmsg(file, &reply, MSG_DONTWAIT);
            if (count < 0) usleep(5000);
        }
        if (count == 4 && !answer[0] && !answer[1]) return 1;
    }
    return 0;
}

static void attempt(void) {
    char line[2048];
    int length = snprintf(line, sizeof line, "%s: ", verb), before = length;
    pid_t parent = getppid();
#define TRY(name, what) \
    if (what) length += snprintf(line + length, sizeof line - (size_t)length, "%s%s", length > before ? ", " : "", name)
    TRY("create", opened(open(with(".written"), O_WRONLY | O_CREAT, 0600)));
    TRY("open to write", opened(open(victim, O_WRONLY)));
    TRY("open to read and write", opened(open(victim, O_RDWR)));
    TRY("open and truncate", opened(open(victim, O_RDONLY | O_TRUNC)));
    TRY("append", opened(open(victim, O_WRONLY | O_APPEND)));
    TRY("truncate", !truncate(victim, 0));
    TRY("rename", !rename(victim, with(".renamed")));
    TRY("link", !link(victim, with(".linked")));
    TRY("symlink", !symlink(victim, with(".symlink")));
    TRY("remove", !unlink(victim));
    TRY("make a folder", !mkdir(with(".folder"), 0700));
    TRY("make a pipe", !mkfifo(with(".fifo"), 0600));
    TRY("change the mode", !chmod(victim, 0777) || modes());
    TRY("change the owner", !chown(victim, 0, 0));
    TRY("change times", !utimes(victim, NULL));
    TRY("set an attribute", !setxattr(victim, "user.a", "b", 1, 0));
    TRY("socket", opened(socket(AF_INET, SOCK_STREAM, 0)));
    TRY("local socket", opened(socket(AF_UNIX, SOCK_STREAM, 0)));
    int pair[2];
    TRY("pair of sockets", !socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    TRY("signal the parent", !kill(parent, 0));
    TRY("signal a thread of the parent", !syscall(SYS_tgkill, parent, parent, 0));
    TRY("signal everybody", !kill(-1, 0));
    TRY("start a program", spawns());
    TRY("fork", forks());
    TRY("map for writing", maps());
    TRY("raise a limit", raises());
    TRY("trace", !syscall(SYS_ptrace, 0x4206 /* seize: it is not stopped */, parent, 0, 0));
    TRY("io_uring", opened((int)syscall(425, 1, 0)));
    TRY("pidfd", opened((int)syscall(434, parent, 0)));
    TRY("ask for a file", asks(1, O_WRONLY | O_CREAT | O_EXCL, with(".asked"), NULL));
    TRY("ask for the victim", asks(1, O_WRONLY, victim, NULL));
    TRY("ask to remove", asks(4, 0, victim, NULL));
    TRY("ask to rename", asks(2, 0, victim, with(".moved")));
    TRY("ask to link", asks(3, 0, victim, with(".second")));
    TRY("ask for a folder", asks(5, 0, with(".folder"), NULL));
    line[length++] = '\n';
    if (told >= 0) (void)!write(told, line, (size_t)length);
}

int avformat_open_input(void **context, const char *name, const void *format, void **options) {
    const char *dies = getenv("GENLOCK_TRESPASS_DIES");
    /* A real fault: a signal that is only raised is over when its handler returns. */
    volatile int *nowhere = NULL;
    if (dies && name && strstr(name, dies)) *nowhere = 1;
    if (victim[0] && !atomic_exchange(&tried, 1)) attempt();
    return ((int (*)(void **, const char *, const void *, void **))dlsym(RTLD_NEXT, "avformat_open_input"))(
        context, name, format, options);
}
