import Foundation
import Testing

/// Runs the program as a user who may not write: as it is where the tests have no special rights, as `nobody` where
/// they are root.
private enum Unprivileged {
    private static let nobody = "65534"

    static let isRoot = geteuid() == 0

    static func run(_ command: String) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let dropping = ["setpriv", "--reuid", nobody, "--regid", nobody, "--clear-groups"]
        process.arguments = (isRoot ? dropping : []) + ["/bin/sh", "-c", command]
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    /// Whether such a user can be had, and may start the program.
    static let isThere = (try? run("test -x \(Program.quoted)").status) == 0
}

@Suite(
    "A store that may not be written",
    .enabled(if: Unprivileged.isThere, "setpriv is missing, or the program lies where only its owner may start it"))
struct ReadOnlyStoreTests {
    @Test("it is reported as it was scanned, in a folder where nothing can be made", arguments: [0o444, 0o644])
    func reported(mode: Int) throws {
        let scratch = Scratch()
        for index in 0..<3 { _ = scratch.write("clip-\(index).mp4", Data("x".utf8)) }
        let folder = scratch.path("kept")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let store = folder + "/s.sqlite"
        let scan = try Program(
            ["scan", scratch.folder, "--store", store, "--format", "jsonl", "--quiet"],
            environment: ["GENLOCK_TEST_WORKER": "idle"])
        #expect(scan.documents.count == 3)
        chmod(store, mode_t(mode))
        chmod(folder, 0o555)
        chmod(scratch.folder, 0o755)
        defer { chmod(folder, 0o755) }
        // What the test stands on: nothing can be written there.
        #expect(try Unprivileged.run("touch '\(folder)/x'").status != 0)
        let report = try Unprivileged.run("\(Program.quoted) report '\(store)' --format jsonl")
        #expect(report.output == scan.output)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["s.sqlite"])
    }
}
