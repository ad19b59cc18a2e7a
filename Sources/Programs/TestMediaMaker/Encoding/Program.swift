import Foundation

/// A program of the system, found once and run as often as needed.
struct Program: Sendable {
    let name: String
    private let location: URL

    /// Finds a program: by its path if `name` has a slash, else on PATH.
    ///
    /// - Parameter remedy: what to do if it is missing, a full sentence.
    init(_ name: String, remedy: String) throws {
        self.name = name
        let folders = ProcessInfo.processInfo.environment["PATH", default: ""].split(separator: ":")
        let candidates = name.contains("/") ? [name] : folders.map { "\($0)/\(name)" }
        guard let path = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            throw TestMediaError.programMissing(name: name, remedy: remedy)
        }
        location = URL(fileURLWithPath: path)
    }

    /// Runs the program to its end and returns what it printed on stdout.
    ///
    /// - Parameters:
    ///   - task: its purpose, as in "while encoding a.mp4".
    ///   - feed: writes to the program's stdin, which is empty without it. A program with input must print little: its
    ///     stdout is read only after everything is written.
    @discardableResult
    func run(
        _ arguments: [String], task: String, feed: (FileHandle) throws -> Void = { _ in }
    ) throws -> Data {
        // Messages go to a file, and only stdout is a pipe that must be drained: no pipe can fill up unread.
        let messages = try ScratchFile()
        defer { messages.remove() }
        let process = Process()
        process.executableURL = location
        process.arguments = arguments
        process.standardError = messages.handle
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        do {
            try process.run()
        } catch {
            throw failure(task: task, status: -1, message: error.localizedDescription)
        }

        var feedingError: (any Error)?
        do {
            try feed(input.fileHandleForWriting)
        } catch {
            feedingError = error
        }
        try? input.fileHandleForWriting.close()
        let printed = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw failure(task: task, status: process.terminationStatus, message: messages.text())
        }
        if let feedingError { throw feedingError }
        return printed
    }

    private func failure(task: String, status: Int32, message: String) -> TestMediaError {
        let line = message.split(whereSeparator: \.isNewline).suffix(3).joined(separator: "; ")
        return .programFailed(name: name, task: task, status: status, message: line)
    }
}

/// An unlinked file for a program's messages.
private struct ScratchFile {
    let handle: FileHandle
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("genlock-\(UUID().uuidString).log")
        guard FileManager.default.createFile(atPath: url.path, contents: nil) else {
            throw TestMediaError.unwritable(file: url.path, reason: "cannot create a temporary file")
        }
        handle = try FileHandle(forWritingTo: url)
    }

    func text() -> String {
        (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    }

    func remove() {
        try? handle.close()
        try? FileManager.default.removeItem(at: url)
    }
}
