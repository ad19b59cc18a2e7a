import Dispatch
import Foundation

/// What Ctrl-C and a termination request do.
enum Interruption {
    nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []
    nonisolated(unsafe) private static var alarm: Int32 = -1

    /// Ends the program with status 130; what was printed before stands.
    static func endsTheProgram(saying words: String = "\ngenlock: interrupted; the clips printed so far are done\n") {
        watch {
            Console.note(words)
            exit(ExitStatus.interrupted.rawValue)
        }
    }

    /// Makes a descriptor readable instead, for a program that has something to put away first. A second request ends
    /// it at once.
    static func rings() -> Int32 {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return -1 }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        alarm = ends[1]
        watch {
            if alarm < 0 { _exit(ExitStatus.interrupted.rawValue) }
            _ = "!".withCString { write(alarm, $0, 1) }
            close(alarm)
            alarm = -1
        }
        return ends[0]
    }

    private static func watch(_ handler: @escaping @Sendable () -> Void) {
        // A closed stdout is met where it is written to, not by a signal that would look like a crash.
        signal(SIGPIPE, SIG_IGN)
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler(handler: handler)
            source.activate()
            sources.append(source)
        }
    }
}
