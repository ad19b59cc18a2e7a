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

    /// Runs a program in Python as whoever runs the tests.
    static func python(_ program: String) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", program]
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
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
            environment: Program.workers("idle"))
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

    @Test("results in a journal beside it are merged, or it is said how: never are older ones taken in silence")
    func journal() throws {
        let scratch = Scratch()
        let folder = scratch.path("kept")
        let store = folder + "/s.sqlite"
        let clip = scratch.write("a.mp4", Data("x".utf8))
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Program(["scan", clip, "--store", store, "--quiet"])
        // Rows that are in the journal alone, as a scan leaves them that was killed.
        let written = try Unprivileged.python(
            """
            import os, sqlite3
            db = sqlite3.connect("\(store)")
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("UPDATE clip SET verdict = 'measured'")
            db.commit()
            os._exit(0)
            """)
        #expect(written == 0)
        #expect(FileManager.default.fileExists(atPath: store + "-wal"))
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) { chmod(folder + "/" + name, 0o644) }
        chmod(folder, 0o555)
        chmod(scratch.folder, 0o777)
        defer { chmod(folder, 0o755) }
        for isShared in [true, false] {
            if !isShared {
                chmod(folder, 0o755)
                try FileManager.default.removeItem(atPath: store + "-shm")
                chmod(folder, 0o555)
            }
            let merged = scratch.path("merged-\(isShared)")
            let run = try Unprivileged.run("\(Program.quoted) merge '\(store)' --output '\(merged)' 2>&1")
            if run.status == 0 {
                let report = try Unprivileged.run("\(Program.quoted) report '\(merged)' --format csv")
                #expect(report.output.contains("measured"), "\(report.output)")
            } else {
                #expect(run.output.contains("s.sqlite-wal") && run.output.contains("copy both files"), "\(run.output)")
            }
        }
    }
}
