import Foundation

/// System limits, checked before the program starts working: libraries that hit a limit midway report something else,
/// or hang.
enum SystemLimits {
    /// Files that a command has open besides its workers.
    private static let leastFiles = 32
    /// Some libraries cannot count beyond this.
    private static let mostFiles: rlim_t = 1024
    /// Address space that a command needs for threads and stores, in megabytes.
    private static let leastSpace = 64

    /// Ends the program if it could not work, and says which limit to raise.
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
        // Larger than any machine: unlimited.
        guard space < 1 << 50 else { return }
        let room = mmap(nil, leastSpace << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        if room == MAP_FAILED {
            end("the limit of \(space >> 20) MB of address space is too low; raise it: ulimit -v unlimited")
        }
        munmap(room, leastSpace << 20)
    }

    /// Unlimited if unknown.
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
