import CConfinement
import Foundation

/// The confinement of a worker before its first clip.
public struct Confinement: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let privileges = Confinement(rawValue: UInt8(GENLOCK_NO_NEW_PRIVILEGES))
    public static let writing = Confinement(rawValue: UInt8(GENLOCK_NO_WRITING))
    public static let network = Confinement(rawValue: UInt8(GENLOCK_NO_NETWORK))
    public static let processes = Confinement(rawValue: UInt8(GENLOCK_NO_PROCESSES))
}

/// A worker as seen by the scan: a separate process in a separate process group, connected by three pipes.
final class WorkerProcess {
    let pid: pid_t
    /// The worker's output; read without blocking.
    let output: Int32
    /// Its standard error, including that of libraries.
    let complaints: Int32
    private let input: Int32
    private var unsent = Data()
    private(set) var buffer = FrameBuffer()
    private var lastWords = Data()
    private var reaped: Int32?

    struct CannotStart: Error, CustomStringConvertible {
        let description: String
    }

    /// Starts a worker; it is killed with the thread that starts it.
    init(executable: String, arguments: [String], environment: [String: String]) throws(CannotStart) {
        var pipes: [[Int32]] = []
        for _ in 0..<3 {
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else {
                let reason = String(cString: strerror(errno))
                for descriptor in pipes.joined() { close(descriptor) }
                throw CannotStart(description: "cannot create a pipe to a worker: \(reason)")
            }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            pipes.append(ends)
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, pipes[0][0], STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, pipes[1][1], STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, pipes[2][1], STDERR_FILENO)
        // A worker that inherited a client's connection would keep it open, and could read it.
        _ = genlock_inherit_streams_only(&actions)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A separate group: Ctrl-C reaches only the scan, which then ends its workers. Default signal handling.
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for number in [SIGINT, SIGTERM, SIGPIPE] { sigaddset(&defaults, number) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF))
        let words = WorkerProcess.strings([executable] + arguments)
        let variables = WorkerProcess.strings(environment.map { "\($0.key)=\($0.value)" })
        defer { for text in words + variables { free(text) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, executable, &actions, &attributes, words, variables)
        for descriptor in [pipes[0][0], pipes[1][1], pipes[2][1]] { close(descriptor) }
        guard code == 0 else {
            for descriptor in [pipes[0][1], pipes[1][0], pipes[2][0]] { close(descriptor) }
            throw CannotStart(description: "a worker process cannot be started: \(String(cString: strerror(code)))")
        }
        self.pid = pid
        (input, output, complaints) = (pipes[0][1], pipes[1][0], pipes[2][0])
        for descriptor in [input, output, complaints] { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
    }

    deinit {
        kill()
        for descriptor in [input, output, complaints] { close(descriptor) }
    }

    private static func strings(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        texts.map { strdup($0) } + [nil]
    }

    /// Queues a frame; what does not fit into the pipe is written by `flush`.
    func send(_ frame: WorkerFrame) {
        unsent.append(frame.bytes)
        flush()
    }

    var hasUnsent: Bool { !unsent.isEmpty }
    var inputDescriptor: Int32 { input }

    /// Writes what fits. A worker that no longer reads is detected by the end of its output.
    func flush() {
        while !unsent.isEmpty {
            let count = unsent.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
            if count > 0 {
                unsent = Data(unsent.dropFirst(count))
            } else if count == 0 || errno != EINTR {
                if count < 0, errno != EAGAIN { unsent = Data() }
                return
            }
        }
    }

    /// Reads the available bytes. Returns false at the end: the worker is gone.
    func receive() -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { bytes in
            while true {
                let count = read(output, bytes.baseAddress, bytes.count)
                if count > 0 {
                    buffer.append(UnsafeRawBufferPointer(rebasing: bytes[0..<count]))
                    if count < bytes.count { return true }
                } else if count == 0 {
                    return false
                } else if errno != EINTR {
                    return errno == EAGAIN
                }
            }
        }
    }

    func nextFrame() throws(FrameBuffer.MalformedFrame) -> WorkerFrame? { try buffer.next() }

    /// Keeps the tail of the worker's standard error. Returns false when that pipe has ended.
    @discardableResult
    func listen() -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 16) { bytes in
            while true {
                let count = read(complaints, bytes.baseAddress, bytes.count)
                if count > 0 {
                    lastWords.append(contentsOf: bytes[0..<count])
                    if lastWords.count > 8192 { lastWords = Data(lastWords.suffix(4096)) }
                } else if count == 0 {
                    return false
                } else if errno != EINTR {
                    return errno == EAGAIN
                }
            }
        }
    }

    /// The last line that gives a reason, if any.
    var complaint: String? {
        let lines = String(decoding: lastWords, as: UTF8.self).split(separator: "\n").map(String.init)
        return lines.last { $0.contains("Fatal error") || $0.contains("terminate") || $0.contains("what()") }
            ?? lines.last
    }

    /// Whether the worker ended because an allocation failed: the limit on its memory makes one that asks for too much
    /// at once fail, and Swift and C++ end the process there.
    var ranOutOfMemory: Bool {
        complaint.map { $0.contains("failed to allocate") || $0.contains("bad_alloc") } ?? false
    }

    /// Bytes of memory that the worker has in use; nil: it is gone.
    var memory: Int? {
        let descriptor = open("/proc/\(pid)/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var text = [UInt8](repeating: 0, count: 128)
        let count = text.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { return nil }
        let fields = text[0..<count].split(separator: UInt8(ascii: " "))
        guard fields.count > 1, let pages = Int(String(decoding: fields[1], as: UTF8.self)) else { return nil }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Kills the worker and its process group, and waits for its end.
    func kill() {
        guard reaped == nil else { return }
        Foundation.kill(-pid, SIGKILL)
        Foundation.kill(pid, SIGKILL)
        _ = status()
    }

    /// The status of `waitpid`; waits for the end of the process.
    func status() -> Int32 {
        if let reaped { return reaped }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        reaped = status
        return status
    }
}
