import CConfinement
import Files
import Foundation

/// The process that keeps its rights: serves a cell's granted requests, enforces time limits, and exits with it. It has
/// one thread and reads no media.
struct CellWarden {
    private let pid: pid_t
    private let channel: Int32
    private var judge: CellJudge
    /// When the command began.
    private let start: Double
    /// The cell's current step.
    private var step: Int?
    private var patience: ProcessPatience
    /// Time limit of the step in seconds.
    private var allowed = CellWarden.leastSeconds
    /// Base time limit in seconds, before recordings are opened and in addition to their lengths.
    private static let leastSeconds = 600.0
    /// Time limit of a recording as a multiple of its length.
    private static let timesLength = 20.0
    /// Largest time limit in seconds: two days.
    private static let mostSeconds = 172_800.0

    /// - Parameter start: when the command began.
    init(_ pid: pid_t, _ channel: Int32, _ judge: CellJudge, since start: Double) {
        (self.pid, self.channel, self.judge, self.start) = (pid, channel, judge, start)
        patience = ProcessPatience(pid)
    }

    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Serves the cell until it ends.
    ///
    /// - Returns: the cell's exit status; or how it ended otherwise.
    mutating func run(_ journal: CellJournal?) -> (status: Int32, end: Cell.End?) {
        signal(SIGPIPE, SIG_IGN)
        for number in [SIGINT, SIGTERM, SIGHUP] { signal(number) { asked = $0 } }
        var end: Cell.End?
        while end == nil {
            if asked != 0 { end = .interrupted }
            follow(journal)
            if patience.isOver(allowed) || CellWarden.now - start > CellWarden.mostSeconds {
                end = .tooSlow(seconds: Int(patience.elapsed))
            }
            guard end == nil else { break }
            var watched = pollfd(fd: channel, events: Int16(POLLIN), revents: 0)
            guard poll(&watched, 1, 200) > 0 else { continue }
            follow(journal)
            if !serve() { break }
        }
        if end != nil { kill(pid, SIGKILL) }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 {
            if errno != EINTR { break }
            if asked != 0 {
                kill(pid, SIGKILL)
                end = .interrupted
            }
        }
        close(channel)
        if end == nil, status & 0x7F != 0 { end = .signal(status & 0x7F) }
        judge.clear { StagedSet.recover(in: $0) }
        return (status >> 8 & 0xFF, end)
    }

    /// Every step has a separate time limit.
    private mutating func follow(_ journal: CellJournal?) {
        guard let next = journal?.current, next != step else { return }
        step = next
        patience.begin()
        allowed = CellWarden.leastSeconds
    }

    /// Answers one request. False: the cell ended, or violated the protocol and is ended.
    private mutating func serve() -> Bool {
        var bytes = [UInt8](repeating: 0, count: CellMessage.longest + 1)
        let count = bytes.withUnsafeMutableBytes { genlock_receive(channel, $0.baseAddress, $0.count, nil) }
        if count < 0, errno == EINTR { return true }
        guard count > 0 else { return false }
        guard let message = CellMessage(bytes[..<count]) else {
            kill(pid, SIGKILL)
            return false
        }
        var (code, descriptor): (Int32, Int32) = (0, -1)
        switch message {
        case .open(let path, let flags, let mode):
            (descriptor, code) = judge.open(path, flags: flags, mode: mode)
        case .rename(let path, let target): code = judge.rename(path, to: target)
        case .link(let path, let target): code = judge.link(path, as: target)
        case .remove(let path): code = judge.remove(path)
        case .makeFolder(let path): code = judge.makeFolder(path)
        case .opened(let milliseconds):
            allowed = min(
                allowed + Double(milliseconds) / 1000 * CellWarden.timesLength, CellWarden.mostSeconds)
            return true
        }
        let answer = (0..<4).map { UInt8(truncatingIfNeeded: code >> (8 * Int32($0))) }
        let sent = answer.withUnsafeBytes { genlock_send(channel, $0.baseAddress, $0.count, descriptor, 0) }
        if descriptor >= 0 { close(descriptor) }
        return sent >= 0
    }
}

/// The signal that asked the warden to end; 0: none.
nonisolated(unsafe) private var asked: Int32 = 0
