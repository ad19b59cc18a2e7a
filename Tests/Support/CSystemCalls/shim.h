// System calls by their numbers, for tests that try what is refused.
#ifndef SYSTEM_CALLS_H
#define SYSTEM_CALLS_H

#include <sys/xattr.h>
#include <unistd.h>

static inline long system_call(long number, long a, long b, long c, long d) { return syscall(number, a, b, c, d); }

static inline int set_attribute(const char *path) { return setxattr(path, "user.a", "b", 1, 0); }

#endif
