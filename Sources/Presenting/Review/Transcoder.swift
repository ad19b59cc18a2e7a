import Foundation

/// Makes pieces of media that a browser can play, by running `ffmpeg`; pieces are kept for a while in a folder of their
/// own.
actor Transcoder {
    private let folder: String
    private var kept: [(name: String, path: String)] = []
    private var running: [String: Task<String, any Error>] = [:]
    private static let most = 24

    struct Failure: Error { let message: String }

    init() {
        folder = NSTemporaryDirectory() + "genlock-review-\(getpid())"
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        ReviewFolder.removeAtExit(folder)
    }

    /// Pictures from `from` on, `length` seconds of them, as MP4; the first one stands until the second comes.
    func pictures(_ file: String, from: Double, length: Double) async throws -> String {
        try await piece("\(file)\u{1}\(from)\u{1}\(length)\u{1}v", ending: "mp4") { output in
            [
                "-ss", Self.text(from), "-t", Self.text(length), "-i", "file:" + file, "-map", "0:v:0", "-an", "-sn",
                "-dn",
                "-vf", "fps=30:start_time=0,scale=w='min(854,iw)':h=-2", "-c:v", "libx264", "-preset", "ultrafast",
                "-crf", "25", "-g", "15",
                "-pix_fmt", "yuv420p", "-movflags", "+faststart", output,
            ]
        }
    }

    /// Sound from `from` on as WAV, one channel, 16 kHz; silence where the file has none yet.
    func sound(_ file: String, from: Double, length: Double) async throws -> String {
        try await piece("\(file)\u{1}\(from)\u{1}\(length)\u{1}a", ending: "wav") { output in
            [
                "-ss", Self.text(from), "-t", Self.text(length), "-i", "file:" + file, "-map", "0:a:0", "-vn", "-ac",
                "1", "-ar", "16000",
                "-af", "aresample=async=1:first_pts=0", output,
            ]
        }
    }

    private static func text(_ seconds: Double) -> String { String(format: "%.3f", seconds) }

    private func piece(_ name: String, ending: String, _ arguments: (String) -> [String]) async throws -> String {
        if let found = kept.first(where: { $0.name == name }) { return found.path }
        if let task = running[name] { return try await task.value }
        let path = folder + "/" + UUID().uuidString + "." + ending
        let words = ["-nostdin", "-v", "error", "-y", "-protocol_whitelist", "file,pipe"] + arguments(path)
        let task = Task { try await Self.run(words, output: path) }
        running[name] = task
        defer { running[name] = nil }
        let made = try await task.value
        kept.append((name, made))
        while kept.count > Self.most { unlink(kept.removeFirst().path) }
        return made
    }

    private static func run(_ arguments: [String], output: String) async throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["ffmpeg"] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { ended in
                if ended.terminationStatus == 0, FileManager.default.fileExists(atPath: output) {
                    continuation.resume(returning: output)
                } else {
                    unlink(output)
                    continuation.resume(
                        throwing: Failure(
                            message: "ffmpeg could not read it, or is not installed: apt-get install ffmpeg"))
                }
            }
            do { try process.run() } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
    }
}

/// Takes folders away when the program ends.
private enum ReviewFolder {
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
