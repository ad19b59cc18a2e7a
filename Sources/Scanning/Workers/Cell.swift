import CConfinement
import Files
import Foundation
import SyncModel

/// A separate process for a command that opens media: it gives up its rights before the first byte is read. The files
/// that the command line names are written by its warden, the initial process, which reads no media.
public enum Cell {
    /// How a cell ended, other than by exiting.
    public enum End: Sendable, Equatable {
        case signal(Int32)
        case tooSlow(seconds: Int)
        case interrupted
    }

    public struct CannotStart: Error, CustomStringConvertible {
        public let description: String
    }

    nonisolated(unsafe) private static var channel: Int32 = -1

    // Of the steps (`Cell.step`): accessed only by the working thread.
    nonisolated(unsafe) static var journal: CellJournal?
    /// Results of earlier cells.
    nonisolated(unsafe) static var earlier: [Int: Data] = [:]
    /// Steps at which a cell died.
    nonisolated(unsafe) static var died: [Int: End] = [:]
    nonisolated(unsafe) static var nextStep = 0

    /// Largest number of cells for one command.
    private static let mostCells = 10_000

    /// Runs the rest of the command in a separate process. The calling process becomes its warden and exits with it.
    ///
    /// If a cell dies in one of its steps, another one is started, which skips that step.
    ///
    /// Must be called before other threads exist.
    ///
    /// - Parameters:
    ///   - memory: limit of private memory, in bytes: allocations beyond it fail.
    ///   - ended: called in the warden if the cell did not exit normally; returns the exit status.
    ///   - work: runs in the cell; the cell ends with it.
    public static func run(
        _ grants: CellGrants, memory: Int, ended: (End) -> Int32, work: @escaping @Sendable () -> Never
    ) throws(CannotStart) -> Never {
        // Repairs partial files of a killed program while that is still allowed.
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
            // Buffered output would be written twice.
            fflush(nil)
            let pid = genlock_fork()
            guard pid >= 0 else { throw CannotStart(description: String(cString: strerror(errno))) }
            if pid == 0 { break }
            close(ends[1])
            var warden = CellWarden(pid, ends[0], CellJudge(grants), since: start)
            let (status, end) = warden.run(journal)
            // Steps come in order: a cell that reports otherwise was compromised, and is not restarted endlessly.
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
        // The warden handles both signals, and ends this process. A closed stdout is detected on writing.
        for number in [SIGINT, SIGPIPE] { signal(number, SIG_IGN) }
        for number in [SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
        _ = genlock_limit_memory(UInt64(memory))
        earlier = journal?.kept() ?? [:]
        channel = ends[1]
        FileDoor.hand(to: CellKeeper(channel: channel))
        // On a separate thread: the Swift runtime caches thread ids, and that of the forked thread is of another
        // process (its locks of lazy values would deadlock).
        let thread = Thread { work() }
        thread.stackSize = 16 << 20
        thread.start()
        while true { poll(nil, 0, -1) }
    }

    /// Gives up permanently all rights that measuring does not need; from here on programs cannot be started, and files
    /// are written only by the warden. Does nothing outside a cell. May be called again.
    public static func confine() {
        guard channel >= 0, !isConfined else { return }
        isConfined = true
        _ = genlock_confine(.max, channel)
    }

    nonisolated(unsafe) private static var isConfined = false

    /// Reports a recording's length to the warden, in seconds: a longer one may take longer.
    public static func opened(seconds: Double?) {
        guard channel >= 0, let seconds, seconds.isFinite, seconds > 0 else { return }
        let message = CellMessage.opened(milliseconds: UInt32(min(seconds * 1000, Double(UInt32.max)))).bytes
        _ = message.withUnsafeBytes { genlock_send(channel, $0.baseAddress, $0.count, -1, 0) }
    }

    /// The confinement that this machine supports, tested in a separate process. Must be called before other threads
    /// exist.
    public static func probe() -> (confinement: Confinement, landlock: Int) {
        let pid = genlock_fork()
        if pid == 0 { _exit(genlock_confine(.max, -1)) }
        var status: Int32 = 0
        guard pid > 0, waitpid(pid, &status, 0) == pid, status & 0x7F == 0 else { return ([], 0) }
        return (Confinement(rawValue: UInt8(truncatingIfNeeded: status >> 8)), genlock_landlock_version())
    }
}

/// Sends a request to the warden.
private final class CellKeeper: FileKeeper, @unchecked Sendable {
    // Unchecked: one request at a time, guarded by the lock.
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
