import Foundation
import Synchronization
import Testing

@testable import Review

@Suite("Pieces that are made for the browser", .serialized)
struct TranscoderTests {
    /// A folder with a program that stands for a transcoder: what it does is a line of shell; `$last` is its output.
    private final class Bench {
        let folder = NSTemporaryDirectory() + "genlock-transcoder-" + UUID().uuidString
        var program: String { folder + "/program" }
        var command: Transcoder.Program {
            let program = program
            return { arguments, _ in [program] + arguments }
        }

        init(_ line: String) throws {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let script = "#!/bin/sh\nfor last; do :; done\n" + line + "\n"
            let isMade = FileManager.default.createFile(
                atPath: program, contents: Data(script.utf8), attributes: [.posixPermissions: 0o755])
            try #require(isMade)
        }

        /// Lines that the program appended to a file.
        func lines(_ name: String) -> [Substring] {
            ((try? String(contentsOfFile: folder + "/" + name, encoding: .utf8)) ?? "").split(separator: "\n")
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }
    }

    @Test("a program that hangs is ended when its time is up, and that is said")
    func patience() async throws {
        let bench = try Bench("exec sleep 7200")
        let transcoder = Transcoder(folder: bench.folder, program: bench.command, patience: 0.5)
        let started = Date()
        await #expect(throws: Transcoder.Failure.self) {
            _ = try await transcoder.sound("a.wav", from: 0, length: 1) { true }
        }
        // Long before the program itself would end, however busy the threads of other tests are.
        #expect(Date().timeIntervalSince(started) < 3600)
    }

    @Test("it ends when nobody waits any more, and not before")
    func leaving() async throws {
        let bench = try Bench("echo started >> \"$(dirname \"$0\")/log\"; exec sleep 7200")
        let transcoder = Transcoder(folder: bench.folder, program: bench.command, patience: 50)
        let (one, other) = (Flag(), Flag())
        let first = Task { try await transcoder.sound("a.wav", from: 0, length: 1) { one.isUp } }
        let second = Task { try await transcoder.sound("a.wav", from: 0, length: 1) { other.isUp } }
        while bench.lines("log").isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        one.lower()
        try await Task.sleep(for: .milliseconds(300))
        #expect(bench.lines("log").count == 1, "both wait for one run")
        let started = Date()
        other.lower()
        await #expect(throws: Transcoder.Failure.self) { _ = try await first.value }
        await #expect(throws: Transcoder.Failure.self) { _ = try await second.value }
        // Long before the program itself would end, however busy the threads of other tests are.
        #expect(Date().timeIntervalSince(started) < 3600)
    }

    @Test("few run at once, and what was made is kept")
    func few() async throws {
        let bench = try Bench(
            """
            d="$(dirname "$0")"; echo in >> "$d/log"; sleep 0.2; echo out >> "$d/log"; echo made > "$last"
            """)
        let transcoder = Transcoder(folder: bench.folder, program: bench.command)
        try await withThrowingTaskGroup(of: String.self) { group in
            for index in 0..<9 {
                group.addTask { try await transcoder.sound("a.wav", from: Double(index), length: 1) { true } }
            }
            for try await path in group { #expect(FileManager.default.fileExists(atPath: path)) }
        }
        var (now, most) = (0, 0)
        for line in bench.lines("log") {
            now += line == "in" ? 1 : -1
            most = max(most, now)
        }
        #expect((1...3).contains(most))
        _ = try await transcoder.sound("a.wav", from: 4, length: 1) { true }
        #expect(bench.lines("log").count == 18, "a piece that is kept is not made again")
    }

    private final class Flag: Sendable {
        private let up = Mutex(true)
        var isUp: Bool { up.withLock { $0 } }
        func lower() { up.withLock { $0 = false } }
    }
}
