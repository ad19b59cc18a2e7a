// What a worker gives up, asked of the Linux kernel: system calls without a function of their own in glibc.
#ifndef GENLOCK_CONFINEMENT_H
#define GENLOCK_CONFINEMENT_H

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    GENLOCK_NO_NEW_PRIVILEGES = 1,
    GENLOCK_NO_WRITING = 2,
    GENLOCK_NO_NETWORK = 4,
    GENLOCK_NO_PROCESSES = 8,
};

// Landlock: every right to change the file system, handled and granted nowhere; and from version 4 on TCP likewise.
// The numbers are the kernel's, written out because older headers lack them.
static inline int genlock_landlock(void) {
    struct { uint64_t fs, net, scoped; } rules = {0, 0, 0};
    long version = syscall(444 /* landlock_create_ruleset */, NULL, 0, 1UL /* LANDLOCK_CREATE_RULESET_VERSION */);
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
    long ruleset = syscall(444, &rules, size, 0UL);
    if (ruleset < 0) return 0;
    long status = syscall(446 /* landlock_restrict_self */, (int)ruleset, 0UL);
    close((int)ruleset);
    return status == 0;
}

#if defined(__x86_64__)
#define GENLOCK_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define GENLOCK_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

// A filter of system calls: no sockets, no other programs, no new processes (threads are allowed), nobody else's memory,
// no signals to others, no change of owners, modes and mounts. What is refused fails with EPERM and harms nobody.
static inline int genlock_seccomp(void) {
#ifdef GENLOCK_ARCHITECTURE
#define GENLOCK_REFUSE(name) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, GENLOCK_ARCHITECTURE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
#ifdef __x86_64__
        // The x32 calls are numbered from here on.
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        GENLOCK_REFUSE(fork), GENLOCK_REFUSE(vfork), GENLOCK_REFUSE(chmod), GENLOCK_REFUSE(chown), GENLOCK_REFUSE(lchown),
#endif
        GENLOCK_REFUSE(socket), GENLOCK_REFUSE(socketpair), GENLOCK_REFUSE(connect), GENLOCK_REFUSE(bind),
        GENLOCK_REFUSE(listen), GENLOCK_REFUSE(sendto), GENLOCK_REFUSE(sendmsg),
        GENLOCK_REFUSE(execve), GENLOCK_REFUSE(execveat), GENLOCK_REFUSE(ptrace), GENLOCK_REFUSE(process_vm_readv),
        GENLOCK_REFUSE(process_vm_writev), GENLOCK_REFUSE(kill), GENLOCK_REFUSE(fchmod), GENLOCK_REFUSE(fchmodat),
        GENLOCK_REFUSE(fchown), GENLOCK_REFUSE(fchownat), GENLOCK_REFUSE(setxattr), GENLOCK_REFUSE(fsetxattr),
        GENLOCK_REFUSE(utimensat), GENLOCK_REFUSE(mount), GENLOCK_REFUSE(umount2), GENLOCK_REFUSE(setns),
        GENLOCK_REFUSE(unshare), GENLOCK_REFUSE(bpf), GENLOCK_REFUSE(keyctl), GENLOCK_REFUSE(add_key),
        GENLOCK_REFUSE(io_uring_setup),
        // clone3 hides its flags behind a pointer: glibc falls back to clone.
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x00010000 /* CLONE_THREAD */, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
#undef GENLOCK_REFUSE
    struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
#else
    return 0;
#endif
}

// Gives up for good what measuring does not need; returns what could be given up.
static inline int genlock_confine(void) {
    int done = 0;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) == 0) done |= GENLOCK_NO_NEW_PRIVILEGES;
    prctl(PR_SET_DUMPABLE, 0UL, 0UL, 0UL, 0UL);
    struct rlimit nothing = {0, 0};
    setrlimit(RLIMIT_CORE, &nothing);
    // Pipes are not files: answers still get out.
    int limited = setrlimit(RLIMIT_FSIZE, &nothing) == 0;
    if (genlock_landlock() && limited) done |= GENLOCK_NO_WRITING;
    if (genlock_seccomp()) done |= GENLOCK_NO_NETWORK | GENLOCK_NO_PROCESSES;
    return done;
}

// Asks to be killed when the thread that started this process ends.
static inline void genlock_die_with_parent(void) { prctl(PR_SET_PDEATHSIG, 9UL, 0UL, 0UL, 0UL); }

// Private writable memory at most, in bytes: allocations beyond it fail.
static inline int genlock_limit_memory(uint64_t bytes) {
    struct rlimit limit = {bytes, bytes};
    return setrlimit(RLIMIT_DATA, &limit);
}

#endif
