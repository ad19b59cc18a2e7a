// What a worker gives up, through Linux system calls without a glibc function.
#ifndef GENLOCK_CONFINEMENT_H
#define GENLOCK_CONFINEMENT_H

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    GENLOCK_NO_NEW_PRIVILEGES = 1,
    GENLOCK_NO_WRITING = 2,
    GENLOCK_NO_NETWORK = 4,
    GENLOCK_NO_PROCESSES = 8,
};

// The C library hides it from programs that do not ask for all of its extensions.
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);

// A program that is started gets its three standard streams and no other descriptor.
static inline int genlock_inherit_streams_only(posix_spawn_file_actions_t *actions) {
    return posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
}

// Landlock: all rights to change the file system are handled and none is granted; from version 4 on, TCP too. The
// numbers are the kernel's, because older headers lack them. It applies to the calling thread and those that it starts;
// the system call filter below does not rely on it.
static inline int genlock_landlock(long most, const int *places, int count) {
    struct { uint64_t fs, net, scoped; } rules = {0, 0, 0};
    long version = syscall(444 /* landlock_create_ruleset */, NULL, 0, 1UL /* LANDLOCK_CREATE_RULESET_VERSION */);
    if (version > most) version = most;
    if (version < 1) return 0;
    rules.fs = (1ULL << 1)                    // write to a file
        | (0x1FFULL << 4);                    // remove and make files, folders, links, devices, sockets, pipes
    if (version >= 2) rules.fs |= 1ULL << 13; // move between folders
    if (version >= 3) rules.fs |= 1ULL << 14; // truncate
    size_t size = 8;
    if (version >= 4) {
        rules.net = 3; // bind and connect
        size = 16;
    }
    if (version >= 6) {
        rules.scoped = 3; // abstract sockets, and signals to others
        size = 24;
    }
    long ruleset = syscall(444, &rules, size, 0UL);
    if (ruleset < 0) return 0;
    // A file's possible rights are a subset of a folder's.
    const uint64_t of_files = rules.fs & (1ULL << 1 | 1ULL << 14);
    for (int index = 0; index < count; index++) {
        struct __attribute__((packed)) { uint64_t allowed; int32_t parent; } rule = {rules.fs, places[index]};
        if (syscall(445 /* landlock_add_rule */, (int)ruleset, 1 /* path beneath */, &rule, 0UL) == 0) continue;
        rule.allowed = of_files;
        syscall(445, (int)ruleset, 1, &rule, 0UL);
    }
    long status = syscall(446 /* landlock_restrict_self */, (int)ruleset, 0UL);
    close((int)ruleset);
    return status == 0;
}

#if defined(__x86_64__)
#define GENLOCK_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define GENLOCK_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

// A seccomp filter that allows what decoding and measuring need, and answers other calls with ENOSYS, so that libraries
// fall back as on an older kernel. Files can be opened for reading only; threads can be started, processes cannot;
// signals reach this process only. It applies to all threads, including running ones.
//
// `channel`: a socket for messages and for received descriptors, which may be written, truncated and synced; -1: none.
// `writes`: for a program, yet to be started, that also opens files for writing where Landlock permits it.
static inline int genlock_seccomp(int channel, int writes) {
#ifdef GENLOCK_ARCHITECTURE
    // What opens a file for more than reading: O_WRONLY, O_RDWR, O_CREAT, O_TRUNC.
    enum { WRITES = 01 | 02 | 0100 | 01000 };
#define GENLOCK_RETURN(value) BPF_STMT(BPF_RET | BPF_K, (value))
#define GENLOCK_ERROR(number) GENLOCK_RETURN(SECCOMP_RET_ERRNO | (number))
#define GENLOCK_ALLOW(name) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), GENLOCK_RETURN(SECCOMP_RET_ALLOW)
#define GENLOCK_REFUSE(name) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), GENLOCK_ERROR(EPERM)
// The lower and the upper half of an argument; both kinds of machine are little-endian.
#define GENLOCK_LOAD(place) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[place]))
#define GENLOCK_LOAD_HIGH(place) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[place]) + 4)
// Where the call is this one: the next `count` instructions decide, and nothing comes after them.
#define GENLOCK_CASE(name, count) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, (count))
// One that may write is kept from cutting a file that it opens to read, which early versions of Landlock let through.
#define GENLOCK_READ_ONLY(name, place) \
    GENLOCK_CASE(name, 6), GENLOCK_LOAD(place), \
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, writes ? 01000 /* O_TRUNC */ : WRITES, 1, 0), \
        GENLOCK_RETURN(SECCOMP_RET_ALLOW), \
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, writes ? 01 | 02 : 0, 1, 0), GENLOCK_ERROR(EACCES), \
        GENLOCK_RETURN(SECCOMP_RET_ALLOW)
#define GENLOCK_OWN(value) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, 1), GENLOCK_RETURN(SECCOMP_RET_ALLOW)
// Only needed by a process that receives descriptors.
#define GENLOCK_GIVEN(name) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), \
        GENLOCK_RETURN(channel >= 0 || writes ? SECCOMP_RET_ALLOW : SECCOMP_RET_ERRNO | EPERM)
#define GENLOCK_WRITER(name) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), \
        GENLOCK_RETURN(writes ? SECCOMP_RET_ALLOW : SECCOMP_RET_ERRNO | EPERM)
    uint32_t own = (uint32_t)getpid();
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, GENLOCK_ARCHITECTURE, 1, 0), GENLOCK_ERROR(EPERM),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
#ifdef __x86_64__
        // The x32 calls are numbered from here on.
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), GENLOCK_ERROR(EPERM),
#endif
        // Open descriptors.
        GENLOCK_ALLOW(read), GENLOCK_ALLOW(futex), GENLOCK_ALLOW(lseek), GENLOCK_ALLOW(write), GENLOCK_ALLOW(mmap),
        GENLOCK_ALLOW(munmap), GENLOCK_ALLOW(madvise), GENLOCK_ALLOW(mprotect), GENLOCK_ALLOW(brk),
        GENLOCK_ALLOW(mremap), GENLOCK_ALLOW(pread64), GENLOCK_ALLOW(readv), GENLOCK_ALLOW(preadv),
        GENLOCK_ALLOW(preadv2), GENLOCK_ALLOW(writev), GENLOCK_ALLOW(close), GENLOCK_ALLOW(fstat),
        GENLOCK_ALLOW(newfstatat), GENLOCK_ALLOW(statx), GENLOCK_ALLOW(readlinkat), GENLOCK_ALLOW(faccessat),
        GENLOCK_ALLOW(getdents64), GENLOCK_ALLOW(getcwd), GENLOCK_ALLOW(statfs), GENLOCK_ALLOW(fstatfs),
        GENLOCK_ALLOW(fadvise64), GENLOCK_ALLOW(readahead), GENLOCK_ALLOW(dup), GENLOCK_ALLOW(dup3),
        GENLOCK_ALLOW(pipe2), GENLOCK_ALLOW(eventfd2), GENLOCK_ALLOW(epoll_create1), GENLOCK_ALLOW(epoll_ctl),
        GENLOCK_ALLOW(epoll_pwait), GENLOCK_ALLOW(timerfd_create), GENLOCK_ALLOW(timerfd_settime),
        GENLOCK_ALLOW(ppoll), GENLOCK_ALLOW(pselect6), GENLOCK_ALLOW(msync),
        GENLOCK_ALLOW(mincore), GENLOCK_ALLOW(mlock), GENLOCK_ALLOW(munlock), GENLOCK_ALLOW(get_mempolicy),
        // Time, signals, threads, and information about the process itself.
        GENLOCK_ALLOW(clock_gettime), GENLOCK_ALLOW(clock_getres), GENLOCK_ALLOW(clock_nanosleep),
        GENLOCK_ALLOW(nanosleep), GENLOCK_ALLOW(gettimeofday), GENLOCK_ALLOW(times), GENLOCK_ALLOW(getrusage),
        GENLOCK_ALLOW(rt_sigaction), GENLOCK_ALLOW(rt_sigprocmask), GENLOCK_ALLOW(rt_sigreturn),
        GENLOCK_ALLOW(rt_sigtimedwait), GENLOCK_ALLOW(rt_sigsuspend), GENLOCK_ALLOW(sigaltstack),
        GENLOCK_ALLOW(restart_syscall), GENLOCK_ALLOW(exit), GENLOCK_ALLOW(exit_group), GENLOCK_ALLOW(wait4),
        GENLOCK_ALLOW(waitid), GENLOCK_ALLOW(set_robust_list), GENLOCK_ALLOW(set_tid_address),
        GENLOCK_ALLOW(membarrier), GENLOCK_ALLOW(sched_yield), GENLOCK_ALLOW(sched_getaffinity),
        GENLOCK_ALLOW(sched_getscheduler), GENLOCK_ALLOW(sched_getparam), GENLOCK_ALLOW(sched_get_priority_max),
        GENLOCK_ALLOW(sched_get_priority_min), GENLOCK_ALLOW(getpriority), GENLOCK_ALLOW(getcpu),
        GENLOCK_ALLOW(getrandom), GENLOCK_ALLOW(gettid), GENLOCK_ALLOW(getpid), GENLOCK_ALLOW(getppid),
        GENLOCK_ALLOW(getpgid), GENLOCK_ALLOW(getsid), GENLOCK_ALLOW(getuid), GENLOCK_ALLOW(geteuid),
        GENLOCK_ALLOW(getgid), GENLOCK_ALLOW(getegid), GENLOCK_ALLOW(getgroups), GENLOCK_ALLOW(getresuid),
        GENLOCK_ALLOW(getresgid), GENLOCK_ALLOW(uname), GENLOCK_ALLOW(sysinfo), GENLOCK_ALLOW(umask),
        GENLOCK_ALLOW(capget),
#ifdef SYS_rseq
        GENLOCK_ALLOW(rseq),
#endif
#ifdef SYS_faccessat2
        GENLOCK_ALLOW(faccessat2),
#endif
#ifdef SYS_close_range
        GENLOCK_ALLOW(close_range),
#endif
#ifdef SYS_getrlimit
        GENLOCK_ALLOW(getrlimit),
#endif
#ifdef __x86_64__
        GENLOCK_ALLOW(stat), GENLOCK_ALLOW(lstat), GENLOCK_ALLOW(access), GENLOCK_ALLOW(readlink), GENLOCK_ALLOW(poll),
        GENLOCK_ALLOW(select), GENLOCK_ALLOW(epoll_wait), GENLOCK_ALLOW(pipe), GENLOCK_ALLOW(dup2),
        GENLOCK_ALLOW(getpgrp), GENLOCK_ALLOW(time), GENLOCK_ALLOW(arch_prctl), GENLOCK_READ_ONLY(open, 1),
#endif
        GENLOCK_READ_ONLY(openat, 2),
        // Threads; clone3 hides its flags behind a pointer and is blocked: glibc falls back to clone.
        GENLOCK_CASE(clone, 4), GENLOCK_LOAD(0), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x00010000 /* CLONE_THREAD */, 0, 1),
        GENLOCK_RETURN(SECCOMP_RET_ALLOW), GENLOCK_ERROR(EPERM),
        GENLOCK_CASE(tgkill, 4), GENLOCK_LOAD(0), GENLOCK_OWN(own), GENLOCK_ERROR(EPERM),
        // No signals to others through a descriptor, no leases.
        GENLOCK_CASE(fcntl, 20), GENLOCK_LOAD(1), GENLOCK_OWN(0 /* F_DUPFD */), GENLOCK_OWN(1030 /* F_DUPFD_CLOEXEC */),
        GENLOCK_OWN(1 /* F_GETFD */), GENLOCK_OWN(2 /* F_SETFD */), GENLOCK_OWN(3 /* F_GETFL */),
        GENLOCK_OWN(4 /* F_SETFL */),
        // File locks only.
        GENLOCK_OWN(writes ? 5 : 4 /* F_GETLK */), GENLOCK_OWN(writes ? 6 : 4 /* F_SETLK */),
        GENLOCK_OWN(writes ? 7 : 4 /* F_SETLKW */), GENLOCK_ERROR(EPERM),
        GENLOCK_CASE(ioctl, 10), GENLOCK_LOAD(1), GENLOCK_OWN(0x5401 /* TCGETS */), GENLOCK_OWN(0x5413 /* TIOCGWINSZ */),
        GENLOCK_OWN(0x541B /* FIONREAD */), GENLOCK_OWN(0x5421 /* FIONBIO */), GENLOCK_ERROR(ENOTTY),
        GENLOCK_CASE(prctl, 10), GENLOCK_LOAD(0), GENLOCK_OWN(15 /* PR_SET_NAME */), GENLOCK_OWN(16 /* PR_GET_NAME */),
        GENLOCK_OWN(3 /* PR_GET_DUMPABLE */), GENLOCK_OWN(0x53564d41 /* PR_SET_VMA */), GENLOCK_ERROR(EINVAL),
        // Limits of this process may be read, not changed.
        GENLOCK_CASE(prlimit64, 11), GENLOCK_LOAD(0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, own, 1, 0), GENLOCK_ERROR(EPERM),
        GENLOCK_LOAD(2), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0), GENLOCK_ERROR(EPERM),
        GENLOCK_LOAD_HIGH(2), GENLOCK_OWN(0), GENLOCK_ERROR(EPERM),
        GENLOCK_CASE(sendmsg, 4), GENLOCK_LOAD(0), GENLOCK_OWN((uint32_t)channel), GENLOCK_ERROR(EPERM),
        GENLOCK_CASE(recvmsg, 4), GENLOCK_LOAD(0), GENLOCK_OWN((uint32_t)channel), GENLOCK_ERROR(EPERM),
        // A read-only descriptor refuses these itself.
        GENLOCK_GIVEN(fsync), GENLOCK_GIVEN(fdatasync), GENLOCK_GIVEN(ftruncate), GENLOCK_GIVEN(pwrite64),
        // Libraries that lock what they read do without on systems that have no locks.
        GENLOCK_CASE(flock, 1), GENLOCK_RETURN(channel >= 0 || writes ? SECCOMP_RET_ALLOW : SECCOMP_RET_ERRNO | ENOSYS),
        GENLOCK_WRITER(execve), GENLOCK_WRITER(mkdirat), GENLOCK_WRITER(unlinkat), GENLOCK_WRITER(renameat2),
        GENLOCK_WRITER(fallocate), GENLOCK_WRITER(sync_file_range),
#ifdef __x86_64__
        GENLOCK_WRITER(mkdir), GENLOCK_WRITER(rmdir), GENLOCK_WRITER(unlink), GENLOCK_WRITER(rename),
#endif
        GENLOCK_REFUSE(socket), GENLOCK_REFUSE(kill),
        GENLOCK_ERROR(ENOSYS),
    };
#undef GENLOCK_WRITER
#undef GENLOCK_GIVEN
#undef GENLOCK_OWN
#undef GENLOCK_READ_ONLY
#undef GENLOCK_CASE
#undef GENLOCK_LOAD_HIGH
#undef GENLOCK_LOAD
#undef GENLOCK_REFUSE
#undef GENLOCK_ALLOW
#undef GENLOCK_ERROR
#undef GENLOCK_RETURN
    struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0;
#else
    return 0;
#endif
}

// Permanently gives up what measuring does not need; returns what could be given up.
//
// `landlock`: the highest Landlock version to use, as on older kernels. `channel`: a socket for descriptors from a
// process that kept its rights; -1: none, and nothing is written to any file.
static inline int genlock_confine(long landlock, int channel) {
    int done = 0;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) == 0) done |= GENLOCK_NO_NEW_PRIVILEGES;
    prctl(PR_SET_DUMPABLE, 0UL, 0UL, 0UL, 0UL);
    struct rlimit nothing = {0, 0};
    setrlimit(RLIMIT_CORE, &nothing);
    // The runtime's own handler would start a program, which is refused, and print that it failed.
    const int crashes[] = {SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP};
    for (unsigned index = 0; index < sizeof crashes / sizeof *crashes; index++) signal(crashes[index], SIG_DFL);
    // Pipes are not files: answers still get out. Writes to a file, such as a log, fail without ending the process.
    signal(SIGXFSZ, SIG_IGN);
    int limited = channel >= 0 || setrlimit(RLIMIT_FSIZE, &nothing) == 0;
    int locked = genlock_landlock(landlock, NULL, 0), filtered = genlock_seccomp(channel, 0);
    // Either one protects files; Landlock does so from version 3 on, and for threads started after it.
    if (limited && (filtered || (locked && landlock >= 3))) done |= GENLOCK_NO_WRITING;
    if (filtered) done |= GENLOCK_NO_NETWORK | GENLOCK_NO_PROCESSES;
    return done;
}

// Requests to be killed when the thread that started this process ends.
static inline void genlock_die_with_parent(void) { prctl(PR_SET_PDEATHSIG, 9UL, 0UL, 0UL, 0UL); }

// The same for a process that will execute another program, which writes to some files and folders (given by
// descriptors): Landlock protects the others, and the filter covers what early Landlock versions miss.
static inline int genlock_confine_program(long landlock, const int *places, int count) {
    int done = 0;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) == 0) done |= GENLOCK_NO_NEW_PRIVILEGES;
    struct rlimit nothing = {0, 0};
    setrlimit(RLIMIT_CORE, &nothing);
    // One hour of CPU time: a longer run is assumed not to end.
    struct rlimit hour = {3600, 3600};
    setrlimit(RLIMIT_CPU, &hour);
    if (genlock_landlock(landlock, places, count)) done |= GENLOCK_NO_WRITING;
    if (genlock_seccomp(-1, 1)) done |= GENLOCK_NO_NETWORK;
    return done;
}

// The Landlock version of this kernel; 0: none.
static inline long genlock_landlock_version(void) {
    long version = syscall(444 /* landlock_create_ruleset */, NULL, 0, 1UL);
    return version < 0 ? 0 : version;
}

// Forks a process that has no other threads yet.
static inline pid_t genlock_fork(void) { return fork(); }

// Creates the two ends of a message channel, which executed programs do not inherit.
static inline int genlock_channel(int ends[2]) { return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends); }

// Sends a message, with a descriptor if there is one (-1: none); does not wait if `wait` is 0.
static inline ssize_t genlock_send(int channel, const void *bytes, size_t count, int descriptor, int wait) {
    struct iovec part = {(void *)bytes, count};
    union {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    memset(&control, 0, sizeof control);
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (descriptor >= 0) {
        message.msg_control = &control;
        message.msg_controllen = sizeof control;
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(head), &descriptor, sizeof descriptor);
    }
    return sendmsg(channel, &message, MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT));
}

// Receives a message and its descriptor (-1: none); if `descriptor` is NULL none is accepted.
static inline ssize_t genlock_receive(int channel, void *bytes, size_t count, int *descriptor) {
    struct iovec part = {bytes, count};
    union {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (descriptor) {
        *descriptor = -1;
        message.msg_control = &control;
        message.msg_controllen = sizeof control;
    }
    ssize_t length = recvmsg(channel, &message, MSG_CMSG_CLOEXEC);
    if (length < 0 || !descriptor) return length;
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (head && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS)
        memcpy(descriptor, CMSG_DATA(head), sizeof *descriptor);
    return length;
}

// Limits private writable memory, in bytes: allocations beyond it fail.
static inline int genlock_limit_memory(uint64_t bytes) {
    struct rlimit limit = {bytes, bytes};
    return setrlimit(RLIMIT_DATA, &limit);
}

#endif
