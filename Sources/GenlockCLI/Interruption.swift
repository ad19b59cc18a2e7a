import Dispatch
import Foundation

/// What Ctrl-C and a termination request do.
enum Interruption {
    nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []

    /// Ends the program with status 130; what was printed before stands.
    static func endsTheProgram() {
        // A closed stdout is met where it is written to, not by a signal that would look like a crash.
        signal(SIGPIPE, SIG_IGN)
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                Console.note("\ngenlock: interrupted; the clips printed so far are done\n")
                exit(ExitStatus.interrupted.rawValue)
            }
            source.activate()
            sources.append(source)
        }
    }
}
