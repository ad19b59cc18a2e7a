import Foundation

/// The program's only access to stdout and stderr.
enum Console {
    /// Writes results. If stdout is closed, the program exits quietly.
    static func out(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// Writes everything that is not a result.
    static func note(_ text: String) { write(text, to: STDERR_FILENO) }

    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written >= 0 {
                bytes = bytes.dropFirst(written)
            } else if errno != EINTR {
                // stdout is closed or full: nothing more can be reported.
                if descriptor == STDOUT_FILENO {
                    let code = errno
                    if code != EPIPE { note("genlock: cannot write the results: \(String(cString: strerror(code)))\n") }
                    exit(code == EPIPE ? 0 : ExitStatus.unreadable.rawValue)
                }
                return
            }
        }
    }
}

/// Exit statuses of the program.
enum ExitStatus: Int32 {
    case good = 0
    case faulty = 1
    case unreadable = 2
    case interrupted = 130
}
