import Foundation

/// Makes pieces of media that a browser can play, with `ffmpeg`; pieces are cached for a while in a private folder.
public actor Transcoder {
    /// The command that runs `ffmpeg` with some arguments, restricted to write to one folder.
    public typealias Program = @Sendable (_ arguments: [String], _ folder: String) -> [String]

    private let folder: String
    private var kept: [(name: String, path: String, made: Date)] = []
    private var running: [String: Job] = [:]
    /// Maximum number of processes at once.
    private var busy = 0
    private static let mostKept = 24
    /// How long a piece is kept after it was made, in seconds: it may be about to be read.
    private static let grace = 120.0
    private static let mostBusy = 3
    /// Time limit for one piece, in seconds.
    private let patience: Double
    private let program: Program

    struct Failure: Error { let message: String }

    /// - Parameters:
    ///   - folder: where the pieces are kept.
    ///   - program: nil: `ffmpeg` on the PATH, unrestricted.
    init(folder: String, program: Program? = nil, patience: Double = 60) {
        self.folder = folder
        self.program = program ?? { arguments, _ in ["ffmpeg"] + arguments }
        self.patience = patience
    }

    /// `length` seconds of video from `from` on, as MP4; the first frame is held until the second.
    ///
    /// - Parameter isWaiting: whether the piece is still wanted; if not, the work is cancelled.
    func pictures(_ file: String, from: Double, length: Double, while isWaiting: @escaping @Sendable () -> Bool)
        async throws -> String
    {
        try await piece("\(file)\u{1}\(from)\u{1}\(length)\u{1}v", ending: "mp4", isWaiting) { output in
            [
                "-ss", Self.text(from), "-t", Self.text(length), "-i", "file:" + file, "-map", "0:v:0", "-an", "-sn",
                "-dn",
                "-vf", "fps=30:start_time=0,scale=w='min(854,iw)':h=-2", "-c:v", "libx264", "-preset", "ultrafast",
                "-crf", "25", "-g", "15",
                "-pix_fmt", "yuv420p", "-movflags", "+faststart", output,
            ]
        }
    }

    /// Audio from `from` on as WAV, one channel, 16 kHz; silence before the file's first audio.
    func sound(_ file: String, from: Double, length: Double, while isWaiting: @escaping @Sendable () -> Bool)
        async throws -> String
    {
        try await piece("\(file)\u{1}\(from)\u{1}\(length)\u{1}a", ending: "wav", isWaiting) { output in
            [
                "-ss", Self.text(from), "-t", Self.text(length), "-i", "file:" + file, "-map", "0:a:0", "-vn", "-ac",
                "1", "-ar", "16000",
                "-af", "aresample=async=1:first_pts=0", output,
            ]
        }
    }

    private static func text(_ seconds: Double) -> String { String(format: "%.3f", seconds) }

    /// A piece in progress, and who waits for it.
    private final class Job: @unchecked Sendable {
        private let lock = NSLock()
        private var waiting: [@Sendable () -> Bool] = []
        let task: Task<String, any Error>

        init(_ make: @escaping @Sendable (_ isWanted: @escaping @Sendable () -> Bool) async throws -> String) {
            let hold = Hold()
            task = Task { try await make { hold.job?.isWanted ?? true } }
            hold.job = self
        }

        private final class Hold: @unchecked Sendable { weak var job: Job? }

        func add(_ isWaiting: @escaping @Sendable () -> Bool) { lock.withLock { waiting.append(isWaiting) } }

        var isWanted: Bool {
            let all = lock.withLock { waiting }
            return all.isEmpty || all.contains { $0() }
        }
    }

    private func piece(
        _ name: String, ending: String, _ isWaiting: @escaping @Sendable () -> Bool, _ arguments: (String) -> [String]
    ) async throws -> String {
        if let found = kept.first(where: { $0.name == name }) { return found.path }
        if let job = running[name] {
            job.add(isWaiting)
            return try await job.task.value
        }
        let path = folder + "/" + UUID().uuidString + "." + ending
        let words = ["-nostdin", "-v", "error", "-y", "-protocol_whitelist", "file,pipe"] + arguments(path)
        let job = Job { isWanted in try await self.made(words, output: path, isWanted) }
        job.add(isWaiting)
        running[name] = job
        defer { running[name] = nil }
        let made = try await job.task.value
        kept.append((name, made, Date()))
        while kept.count > Self.mostKept, let first = kept.first, -first.made.timeIntervalSinceNow > Self.grace {
            unlink(kept.removeFirst().path)
        }
        return made
    }

    /// Waits for a free slot, and runs the program.
    private func made(_ arguments: [String], output: String, _ isWanted: @escaping @Sendable () -> Bool) async throws
        -> String
    {
        while busy >= Self.mostBusy {
            guard isWanted() else { throw Failure(message: "it is no longer needed") }
            try await Task.sleep(for: .milliseconds(50))
        }
        busy += 1
        defer { busy -= 1 }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = program(arguments, folder)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let deadline = ProcessInfo.processInfo.systemUptime + patience
        var reason: String?
        while process.isRunning {
            if !isWanted() { reason = "it is no longer needed" }
            if ProcessInfo.processInfo.systemUptime > deadline {
                reason = "ffmpeg took more than \(Int(patience)) s for it and was stopped"
            }
            if reason != nil {
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                break
            }
            try? await Task.sleep(for: .milliseconds(20))
        }
        if reason == nil, process.terminationStatus == 0, FileManager.default.fileExists(atPath: output) {
            return output
        }
        unlink(output)
        throw Failure(message: reason ?? "ffmpeg could not read it, or is not installed: apt-get install ffmpeg")
    }
}

/// Removes folders when the program ends.
enum ReviewFolder {
    private static let lock = NSLock()
    nonisolated(unsafe) private static var folders: [String] = []
    private static let isWatched: Bool = {
        atexit { ReviewFolder.clear() }
        return true
    }()

    static func removeAtExit(_ folder: String) {
        _ = isWatched
        lock.withLock { folders.append(folder) }
    }

    private static func clear() {
        lock.withLock { for folder in folders { try? FileManager.default.removeItem(atPath: folder) } }
    }
}
