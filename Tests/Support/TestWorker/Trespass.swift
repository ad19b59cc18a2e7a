import CSystemCalls
import Foundation

/// Tries what a worker must not be able to do: to change files, to reach the network, to start programs, to touch other
/// processes.
struct Trespass {
    /// A file that nothing may be done to.
    private let victim: String

    init(near clip: String) { victim = clip }

    /// What was let through, by name; a call that fails is refused, whatever its reason.
    var allowed: [String] {
        let parent = getppid()
        var tries: [(String, () -> Bool)] = [
            ("create", { isOpen(open(victim + ".written", O_WRONLY | O_CREAT, 0o600)) }),
            ("open to write", { isOpen(open(victim, O_WRONLY)) }),
            ("open to read and write", { isOpen(open(victim, O_RDWR)) }),
            ("open and truncate", { isOpen(open(victim, O_RDONLY | O_TRUNC)) }),
            ("append", { isOpen(open(victim, O_WRONLY | O_APPEND)) }),
            ("truncate", { truncate(victim, 0) == 0 }),
            (
                "truncate a descriptor",
                {
                    let file = open(victim, O_RDONLY)
                    defer { close(file) }
                    return ftruncate(file, 0) == 0
                }
            ),
            ("rename", { rename(victim, victim + ".renamed") == 0 }),
            ("link", { link(victim, victim + ".linked") == 0 }),
            ("symlink", { symlink(victim, victim + ".symlink") == 0 }),
            ("remove", { unlink(victim) == 0 }),
            ("make a folder", { mkdir(victim + ".folder", 0o700) == 0 }),
            ("make a pipe", { mkfifo(victim + ".fifo", 0o600) == 0 }),
            ("change the mode", { chmod(victim, 0o777) == 0 }),
            ("change times", { utimes(victim, nil) == 0 }),
            ("set an attribute", { set_attribute(victim) == 0 }),
            ("socket", { isOpen(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)) }),
            ("local socket", { isOpen(socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)) }),
            (
                "pair of sockets",
                {
                    var pair: [Int32] = [0, 0]
                    return socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0
                }
            ),
            ("signal the parent", { kill(parent, 0) == 0 }),
            ("signal everybody", { kill(-1, 0) == 0 }),
            ("start a program", { Trespass.spawns }),
            (
                "map for writing",
                {
                    let file = open(victim, O_RDONLY)
                    defer { close(file) }
                    return mmap(nil, 1, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) != MAP_FAILED
                }
            ),
            (
                "signals by a descriptor",
                {
                    var ends: [Int32] = [0, 0]
                    return pipe(&ends) == 0 && fcntl(ends[0], F_SETOWN, parent) == 0
                }
            ),
            (
                "raise a limit",
                {
                    var limit = rlimit(rlim_cur: 1 << 20, rlim_max: 1 << 20)
                    return setrlimit(__rlimit_resource_t(1), &limit) == 0
                }
            ),
        ]
        for (name, number, arguments) in calls(parent) {
            tries.append((name, { arguments.count >= 0 && call(number, arguments) >= 0 }))
        }
        return tries.filter { $0.1() }.map(\.0)
    }

    private func isOpen(_ descriptor: Int32) -> Bool {
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }

    /// System calls that the C library has no function for, or hides.
    private func calls(_ parent: pid_t) -> [(String, Int, [Int])] {
        #if arch(x86_64)
            [
                ("signal a thread of the parent", 234, [Int(parent), Int(parent), 0]),
                ("tkill", 200, [Int(parent), 0]), ("pidfd_open", 434, [Int(parent), 0]),
                ("fork", 57, []), ("io_uring_setup", 425, [1, 0]), ("userfaultfd", 323, [0]),
                ("ptrace", 101, [16, Int(parent), 0, 0]), ("memfd_create", 319, [0, 0]), ("unshare", 272, [0]),
                ("keyctl", 250, [0, -3, 1]), ("bpf", 321, [5, 0, 0]), ("setns", 308, [0, 0]),
                ("inotify_init1", 294, [0]), ("setpriority", 141, [0, Int(parent), 19]),
            ]
        #else
            []
        #endif
    }

    private func call(_ number: Int, _ arguments: [Int]) -> Int {
        // A child of a call that was let through ends at once.
        let me = getpid()
        let all = arguments + [0, 0, 0, 0]
        let result = system_call(number, all[0], all[1], all[2], all[3])
        if getpid() != me { _exit(0) }
        return result
    }

    private static var spawns: Bool {
        var child: pid_t = 0
        return "/bin/true".withCString { path in
            var arguments: [UnsafeMutablePointer<CChar>?] = [UnsafeMutablePointer(mutating: path), nil]
            return posix_spawn(&child, path, nil, nil, &arguments, nil) == 0
        }
    }
}
