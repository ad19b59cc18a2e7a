import CConfinement
import Files
import Foundation
import Plan

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

    /// Does what is left to do in a process of its own. The process that calls becomes its warden and ends with it.
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
        var ends: [Int32] = [-1, -1]
        let parent = getpid()
        guard genlock_channel(&ends) == 0 else {
            throw CannotStart(description: "no channel: \(String(cString: strerror(errno)))")
        }
        // What stands in buffers would be written twice.
        fflush(nil)
        let pid = genlock_fork()
        guard pid >= 0 else { throw CannotStart(description: String(cString: strerror(errno))) }
        if pid > 0 {
            close(ends[1])
            var warden = CellWarden(pid, ends[0], CellJudge(grants))
            exit(warden.run(ended))
        }
        close(ends[0])
        genlock_die_with_parent()
        if getppid() != parent { _exit(1) }
        // The warden answers both, and ends this process. A closed stdout is met where it is written to.
        for number in [SIGINT, SIGPIPE] { signal(number, SIG_IGN) }
        _ = genlock_limit_memory(UInt64(memory))
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
