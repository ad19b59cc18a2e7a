import Foundation
import MadeFiles
import Testing

/// The built program, run as a user runs it.
struct Program {
    let status: Int32
    let output: String
    let errors: String

    /// The repository's root.
    static let root = Repository.root.path
    static let testMedia = root + "/TestMedia"

    /// `GENLOCK_BINARY`, such as the release build that `scripts/test` made; else the one beside the test bundle.
    private static let binary =
        ProcessInfo.processInfo.environment["GENLOCK_BINARY"]
        ?? Bundle.module.bundleURL.deletingLastPathComponent().appendingPathComponent("genlock").path

    /// An environment in which scans have the workers of tests (`Tests/Support/TestWorker`).
    ///
    /// - Parameter kind: `idle` or `faults`; empty: they measure like others.
    static func workers(_ kind: String = "") -> [String: String] {
        let worker = Bundle.module.bundleURL.deletingLastPathComponent().appendingPathComponent("genlock-test-worker")
        return ["GENLOCK_WORKER": worker.path, "GENLOCK_TEST_WORKER": kind]
    }

    /// The program's path.
    static var path: String { binary }

    /// The program's path for a shell.
    static var quoted: String { "'\(binary)'" }

    /// A run that somebody else waited for.
    init(status: Int32, output: String) {
        self.status = status
        self.output = output
        errors = ""
    }

    /// - Parameters:
    ///   - executable: what runs it, such as a shell; nil: nothing does.
    ///   - stdout: a file for what is printed; nil: one that goes away.
    @discardableResult
    init(
        _ arguments: [String], executable: String? = nil, environment: [String: String] = [:],
        folder: String = Program.root, stdout: String? = nil
    ) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable ?? Program.binary)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        // A narrow terminal would wrap the help differently.
        process.environment = ProcessInfo.processInfo.environment.merging(["COLUMNS": "80"]) { $1 }.merging(environment)
        { $1 }
        // Files, not pipes: nothing can fill up.
        let scratch = Scratch()
        let (out, err) = (stdout ?? scratch.path("out"), scratch.path("err"))
        for path in [out, err] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        process.standardOutput = FileHandle(forWritingAtPath: out)
        process.standardError = FileHandle(forWritingAtPath: err)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        status = process.terminationStatus
        output = String(decoding: FileManager.default.contents(atPath: out) ?? Data(), as: UTF8.self)
        errors = try String(contentsOfFile: err, encoding: .utf8)
    }

    /// Documents of a scan printed as lines of JSON.
    var documents: [[String: Any]] {
        output.split(separator: "\n").compactMap {
            (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any]
        }
    }
}

/// Runs what waits for programs on a thread of its own: other tests need those that tasks run on.
func aside<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
    }
}

/// A folder that goes away with the value.
final class Scratch: Sendable {
    let folder: String

    init() {
        folder = NSTemporaryDirectory() + "genlock-test-" + UUID().uuidString
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String) -> String { folder + "/" + name }

    func write(_ name: String, _ data: Data) -> String {
        _ = FileManager.default.createFile(atPath: path(name), contents: data)
        return path(name)
    }
}

/// Runs a command of the shell, which has to succeed.
func shell(_ command: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(command)")
}
