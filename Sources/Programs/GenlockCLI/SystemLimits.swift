import Foundation

/// What the system lets this program have, looked at before it begins: libraries that meet a limit in the midst of work
/// say something else, or wait for ever.
enum SystemLimits {
    /// Files that a command has open beside its workers.
    private static let leastFiles = 32
    /// Beyond so many, some libraries cannot count.
    private static let mostFiles: rlim_t = 1024
    /// Megabytes of address space that a command takes for threads and stores.
    private static let leastSpace = 64

    /// Ends the program where it could not work, and says what to allow.
    static func check() {
        var limit = limit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue))
        if limit.rlim_cur < mostFiles, limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = min(mostFiles, limit.rlim_max)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        if limit.rlim_cur < rlim_t(leastFiles) {
            end(
                """
                the limit of \(limit.rlim_cur) open files is too low (\(leastFiles) are needed); raise it: \
                ulimit -n 1024
                """)
        }
        let space = self.limit(__rlimit_resource_t(RLIMIT_AS.rawValue)).rlim_cur
        // Larger than any machine: not limited.
        guard space < 1 << 50 else { return }
        let room = mmap(nil, leastSpace << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        if room == MAP_FAILED {
            end("the limit of \(space >> 20) MB of address space is too low; raise it: ulimit -v unlimited")
        }
        munmap(room, leastSpace << 20)
    }

    /// Unlimited where it cannot be told.
    private static func limit(_ resource: __rlimit_resource_t) -> rlimit {
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return rlimit(rlim_cur: .max, rlim_max: .max) }
        return limit
    }

    private static func end(_ words: String) -> Never {
        Console.note("genlock: \(words)\n")
        exit(ExitStatus.unreadable.rawValue)
    }
}
