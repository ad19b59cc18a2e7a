import Foundation

/// Handling of Ctrl-C and termination requests.
///
/// With plain signal handlers: a library that creates threads for this hangs where the system has none left.
enum Interruption {
    /// Ends the program with status 130; what was printed before is kept.
    static func endsTheProgram(saying words: String = "\ngenlock: interrupted; the clips printed so far are done\n") {
        let bell = rings()
        guard bell >= 0 else { return }
        // On a separate thread: clean-up cannot run in a signal handler.
        Thread.detachNewThread {
            var watched = pollfd(fd: bell, events: Int16(POLLIN), revents: 0)
            while poll(&watched, 1, -1) < 1 {}
            Console.note(words)
            exit(ExitStatus.interrupted.rawValue)
        }
    }

    /// Makes a descriptor readable instead, for a program that must clean up first. A second request ends it at once.
    static func rings() -> Int32 {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return -1 }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        alarm = ends[1]
        // A closed stdout is detected when writing, not by a signal that would look like a crash.
        signal(SIGPIPE, SIG_IGN)
        // The parent process may have blocked them: threads inherit the mask.
        var heard = sigset_t()
        sigemptyset(&heard)
        for number in [SIGINT, SIGTERM] {
            sigaddset(&heard, number)
            signal(number, ring)
        }
        pthread_sigmask(SIG_UNBLOCK, &heard, nil)
        return ends[0]
    }
}

/// The descriptor that the handler writes to; -1: it has.
nonisolated(unsafe) private var alarm: Int32 = -1

/// The handler: system calls only.
private func ring(_ number: Int32) {
    let place = alarm
    if place < 0 { _exit(130) }
    alarm = -1
    let before = errno
    var mark: UInt8 = 0x21
    write(place, &mark, 1)
    close(place)
    errno = before
}
