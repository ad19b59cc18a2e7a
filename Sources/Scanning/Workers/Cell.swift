import CConfinement
import Files
import Foundation
import SyncModel

/// A process of its own for a command that opens media: it gives up its rights before the first byte is read, and has
/// the files that the command line names written by its warden, the process that was started first and reads no media.
public enum Cell {
    /// How a cell came to its end, other than by leaving.
    public enum End: Sendable, Equatable {
        case signal(Int32)
        case tooSlow(seconds: Int)
        case interrupted
    }

    public struct CannotStart: Error, CustomStringConvertible {
        public let description: String
    }

    nonisolated(unsafe) private static var channel: Int32 = -1

    // Of the steps (`Cell.step`): touched by the thread that does the work alone.
    nonisolated(unsafe) static var journal: CellJournal?
    /// What earlier cells came to.
    nonisolated(unsafe) static var earlier: [Int: Data] = [:]
    /// Steps at which a cell came to its end.
    nonisolated(unsafe) static var died: [Int: End] = [:]
    nonisolated(unsafe) static var nextStep = 0

    /// No more cells are started for one command.
    private static let mostCells = 10_000

    /// Does what is left to do in a process of its own. The process that calls becomes its warden and ends with it.
    ///
    /// A cell that dies in one of its steps is followed by another one, which begins anew without that step.
    ///
    /// To be called before there are other threads.
    ///
    /// - Parameters:
    ///   - memory: private memory that it may have, in bytes: allocations beyond it fail.
    ///   - ended: called in the warden where the cell did not leave by itself; the status to end with.
    ///   - work: done in the cell; its end is the cell's.
    public static func run(
        _ grants: CellGrants, memory: Int, ended: (End) -> Int32, work: @escaping @Sendable () -> Never
    ) throws(CannotStart) -> Never {
        // What a program left half there when it was killed is put right while that may be done.
        for place in grants.places {
            let folder = place.isFolder ? place.path : place.path.folderOfPath
            StagedSet.recover(in: folder.isEmpty ? "." : folder)
        }
        journal = CellJournal()
        let parent = getpid()
        let start = CellWarden.now
        var ends: [Int32] = [-1, -1]
        var last = -1
        while true {
            guard genlock_channel(&ends) == 0 else {
                throw CannotStart(description: "cannot create a channel: \(String(cString: strerror(errno)))")
            }
            // What stands in buffers would be written twice.
            fflush(nil)
            let pid = genlock_fork()
            guard pid >= 0 else { throw CannotStart(description: String(cString: strerror(errno))) }
            if pid == 0 { break }
            close(ends[1])
            var warden = CellWarden(pid, ends[0], CellJudge(grants), since: start)
            let (status, end) = warden.run(journal)
            // Steps come in order: a cell that says otherwise was taken over, and is not followed by others for ever.
            guard let end, end != .interrupted, let step = journal?.current, step > last, died.count < mostCells else {
                exit(end.map(ended) ?? status)
            }
            died[step] = end
            last = step
            journal?.current = nil
        }
        close(ends[0])
        genlock_die_with_parent()
        if getppid() != parent { _exit(1) }
        // The warden answers both, and ends this process. A closed stdout is met where it is written to.
        for number in [SIGINT, SIGPIPE] { signal(number, SIG_IGN) }
        for number in [SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
        _ = genlock_limit_memory(UInt64(memory))
        earlier = journal?.kept() ?? [:]
        channel = ends[1]
        FileDoor.hand(to: CellKeeper(channel: channel))
        // On a thread of its own: the Swift runtime keeps the number of the thread that it runs on, and that of the
        // thread that went on from the fork is another process' (its locks of lazy values would not open again).
        let thread = Thread { work() }
        thread.stackSize = 16 << 20
        thread.start()
        while true { poll(nil, 0, -1) }
    }

    /// Gives up, for good, all rights that measuring does not need; from here on programs cannot be started and files
    /// cannot be written but by the warden. Outside a cell it does nothing. It may be called again.
    public static func confine() {
        guard channel >= 0, !isConfined else { return }
        isConfined = true
        _ = genlock_confine(.max, channel)
    }

    nonisolated(unsafe) private static var isConfined = false

    /// Tells the warden of a recording's length, in seconds: a longer one may take longer.
    public static func opened(seconds: Double?) {
        guard channel >= 0, let seconds, seconds.isFinite, seconds > 0 else { return }
        let message = CellMessage.opened(milliseconds: UInt32(min(seconds * 1000, Double(UInt32.max)))).bytes
        _ = message.withUnsafeBytes { genlock_send(channel, $0.baseAddress, $0.count, -1, 0) }
    }

    /// What a process can give up on this machine, tried in one that does nothing else. To be called before there are
    /// other threads.
    public static func probe() -> (confinement: Confinement, landlock: Int) {
        let pid = genlock_fork()
        if pid == 0 { _exit(genlock_confine(.max, -1)) }
        var status: Int32 = 0
        guard pid > 0, waitpid(pid, &status, 0) == pid, status & 0x7F == 0 else { return ([], 0) }
        return (Confinement(rawValue: UInt8(truncatingIfNeeded: status >> 8)), genlock_landlock_version())
    }
}

/// Asks the warden.
private final class CellKeeper: FileKeeper, @unchecked Sendable {
    // Unchecked: one question at a time, behind the lock.
    private let channel: Int32
    private let lock = NSLock()

    init(channel: Int32) { self.channel = channel }

    private func ask(_ message: CellMessage) -> (descriptor: Int32, code: Int32) {
        lock.withLock {
            let bytes = message.bytes
            guard bytes.count <= CellMessage.longest else { return (-1, ENAMETOOLONG) }
            var (answer, descriptor): ([UInt8], Int32) = ([0, 0, 0, 0], -1)
            while bytes.withUnsafeBytes({ genlock_send(channel, $0.baseAddress, $0.count, -1, 1) }) < 0 {
                guard errno == EINTR else { return (-1, EIO) }
            }
            while true {
                let count = answer.withUnsafeMutableBytes {
                    genlock_receive(channel, $0.baseAddress, $0.count, &descriptor)
                }
                if count == 4 { break }
                guard count < 0, errno == EINTR else { return (-1, EIO) }
            }
            let code = answer.enumerated().reduce(Int32(0)) { $0 | Int32($1.element) << (8 * Int32($1.offset)) }
            return (descriptor, code)
        }
    }

    func open(_ path: String, flags: Int32, mode: UInt32) -> (descriptor: Int32, code: Int32) {
        let (descriptor, code) = ask(.open(path: path, flags: flags, mode: mode))
        return descriptor >= 0 ? (descriptor, 0) : (-1, code == 0 ? EIO : code)
    }

    func rename(_ path: String, to target: String) -> Int32 { ask(.rename(path, to: target)).code }
    func link(_ path: String, as target: String) -> Int32 { ask(.link(path, as: target)).code }
    func remove(_ path: String) -> Int32 { ask(.remove(path)).code }
    func makeFolder(_ path: String) -> Int32 { ask(.makeFolder(path)).code }
}
