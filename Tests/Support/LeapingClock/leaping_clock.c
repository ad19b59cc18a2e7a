/* Makes the clock of the day leap in a program that it is loaded into (LD_PRELOAD): every GENLOCK_LEAP-th time that it is
 * asked for, it is an hour ahead, then where it was, then an hour back, and so on. The clock that nobody sets goes on.
 * GENLOCK_LEAP_LOG=FILE: "leapt" is added there when a leap was seen.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long every = 0;
static int log_file = -1;
static atomic_long asked = 0;

__attribute__((constructor)) static void begin(void) {
    const char *wish = getenv("GENLOCK_LEAP"), *log = getenv("GENLOCK_LEAP_LOG");
    if (wish) every = atol(wish);
    if (log) log_file = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* Seconds to add. */
static long leap(void) {
    if (every <= 0) return 0;
    static const long leaps[] = {0, 3600, 0, -3600};
    long count = atomic_fetch_add(&asked, 1);
    if (count == every && log_file >= 0) syscall(SYS_write, log_file, "leapt\n", 6);
    return leaps[count / every % 4];
}

int clock_gettime(clockid_t clock, struct timespec *when) {
    int (*real)(clockid_t, struct timespec *) = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int code = real(clock, when);
    if (code == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) when->tv_sec += leap();
    return code;
}

int gettimeofday(struct timeval *restrict when, void *restrict zone) {
    struct timespec now;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &now)) return -1;
    when->tv_sec = now.tv_sec;
    when->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *when) {
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now)) return -1;
    if (when) *when = now.tv_sec;
    return now.tv_sec;
}
