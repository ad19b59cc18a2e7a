import CConfinement
import Files
public import Foundation
public import Plan
public import SyncModel

/// The worker process: reads clips from standard input and answers on standard output until the input ends.
///
/// ```swift
/// let status = Worker.run { orders in
///     let measurer = RequestMeasurer(orders.checks, orders.settings)
///     return ({ measurer.measure($0, opened: $1) }, { measurer.takeMaster() })
/// }
/// exit(status)
/// ```
public enum Worker {
    /// Measures one request; the closure receives the declared length in seconds, if any, before decoding.
    public typealias Measuring = (ClipRequest, _ opened: (Double?) -> Void) -> ClipReport

    /// Returns the data to store of the master that was decoded for the last request, if wanted.
    public typealias Keeping = () -> Data?

    /// Runs until there is nothing more to do.
    ///
    /// - Parameters:
    ///   - landlock: the highest version of Landlock to use, to emulate older kernels.
    ///   - prepare: creates the measurer, before the process gives up its rights: programs can be started in it, but
    ///     not later.
    /// - Returns: the exit status: 0 at the end of the input, 70 if it is malformed.
    public static func run(landlock: Int = .max, _ prepare: (WorkerOrders) -> (measure: Measuring, keep: Keeping))
        -> Int32
    {
        let pipe = begin()
        guard case .orders(let data)? = pipe.read(), let orders = try? WireJSON.decode(WorkerOrders.self, data) else {
            return 70
        }
        // Half as much again: the scan monitors the memory in use, and this limit catches what it is too slow to
        // detect.
        _ = genlock_limit_memory(UInt64(orders.memoryLimit) / 2 * 3)
        let (measure, keep) = prepare(orders)
        let confinement = UInt8(truncatingIfNeeded: genlock_confine(landlock, -1))
        guard pipe.write(.ready(confinement)) else { return 0 }
        while let frame = pipe.read() {
            guard case .measure(let data) = frame, let request = try? WireJSON.decode(ClipRequest.self, data) else {
                return 70
            }
            FetchedFiles.use(request.copies)
            let opened = { (seconds: Double?) in _ = pipe.write(.opened(seconds ?? .nan)) }
            let report = measure(request, opened)
            if let master = keep(), master.count < WorkerFrame.longest, !pipe.write(.master(master)) { return 0 }
            guard let answer = try? WireJSON.encode(report), pipe.write(.report(answer)) else { return 0 }
        }
        return 0
    }

    /// Answers requests until there are no more, under the same rules.
    ///
    /// - Parameters:
    ///   - memory: memory limit of a request in bytes; allocations fail soon after.
    ///   - answer: created before the process gives up its rights; nil if a request is malformed.
    public static func answer(memory: Int, landlock: Int = .max, _ answer: (Data) -> Data?) -> Int32 {
        let pipe = begin()
        _ = genlock_limit_memory(UInt64(memory) / 2 * 3)
        let confinement = UInt8(truncatingIfNeeded: genlock_confine(landlock, -1))
        guard pipe.write(.ready(confinement)) else { return 0 }
        while let frame = pipe.read() {
            guard case .errand(let question) = frame, let words = answer(question) else { return 70 }
            guard pipe.write(.answer(words)) else { return 0 }
        }
        return 0
    }

    /// Separate descriptors: accidental prints are discarded.
    private static func begin() -> WorkerPipe {
        let input = dup(STDIN_FILENO)
        let output = dup(STDOUT_FILENO)
        let nothing = open("/dev/null", O_RDWR)
        dup2(nothing, STDIN_FILENO)
        dup2(nothing, STDOUT_FILENO)
        genlock_die_with_parent()
        endWithParent(output)
        return WorkerPipe(input: input, output: output)
    }

    /// Ends the process as soon as the other end is closed, even in the middle of a clip.
    private static func endWithParent(_ output: Int32) {
        let thread = Thread {
            var watched = pollfd(fd: output, events: 0, revents: 0)
            while true {
                let count = poll(&watched, 1, -1)
                if count > 0, watched.revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0 { _exit(0) }
            }
        }
        thread.stackSize = 256 << 10
        thread.start()
    }
}

/// A worker's end of the two pipes; reads and writes block.
private final class WorkerPipe {
    private let input: Int32
    private let output: Int32
    private var buffer = FrameBuffer()

    init(input: Int32, output: Int32) {
        self.input = input
        self.output = output
    }

    /// The next frame; nil at the end.
    func read() -> WorkerFrame? {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            do {
                if let frame = try buffer.next() { return frame }
            } catch { return nil }
            let count = bytes.withUnsafeMutableBytes { Foundation.read(input, $0.baseAddress, $0.count) }
            if count > 0 {
                bytes.withUnsafeBytes { buffer.append(UnsafeRawBufferPointer(rebasing: $0[0..<count])) }
            } else if count == 0 || errno != EINTR {
                return nil
            }
        }
    }

    func write(_ frame: WorkerFrame) -> Bool {
        let data = frame.bytes
        var done = 0
        while done < data.count {
            let count = data.withUnsafeBytes {
                Foundation.write(output, $0.baseAddress?.advanced(by: done), data.count - done)
            }
            if count > 0 {
                done += count
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}
