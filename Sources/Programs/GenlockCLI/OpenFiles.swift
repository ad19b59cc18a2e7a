import Foundation

/// How many files the system lets this program have open at once.
enum OpenFiles {
    /// What a command takes beside its workers; it would be met in the midst of work otherwise, by whichever library
    /// comes first.
    private static let least = 32
    /// Beyond it some libraries cannot count.
    private static let most: rlim_t = 1024

    /// As many as may be; says so and ends the program where they are too few to work.
    static func provide() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        if limit.rlim_cur < most, limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = min(most, limit.rlim_max)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        guard limit.rlim_cur < rlim_t(least) else { return }
        Console.note(
            "genlock: only \(limit.rlim_cur) files may be open at once, and it takes \(least); allow more: ulimit -n 1024\n")
        exit(ExitStatus.unreadable.rawValue)
    }
}
