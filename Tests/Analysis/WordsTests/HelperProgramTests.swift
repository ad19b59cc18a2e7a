import Foundation
import Testing

@testable import Words

@Suite("Programs that are asked")
struct HelperProgramTests {
    private func program(_ line: String) throws -> String {
        let path = NSTemporaryDirectory() + "genlock-helper-" + UUID().uuidString
        let isMade = FileManager.default.createFile(
            atPath: path, contents: Data("#!/bin/sh\n\(line)\n".utf8), attributes: [.posixPermissions: 0o755])
        try #require(isMade)
        return path
    }

    @Test("one that answers is asked again, one that hangs is ended in time, one that dies or talks nonsense is left")
    func answers() throws {
        let lines = [
            ("while read line; do echo 7; done", 7), ("read line; exec sleep 60", nil), ("read line; exit 3", nil),
            ("read line; printf 'x%.0s' 1 2 3; exec sleep 60", nil), ("while read line; do echo '[oops'; done", nil),
        ]
        for (line, expected) in lines {
            let path = try program(line)
            defer { unlink(path) }
            let helper = HelperProgram(path: path, arguments: [], patience: 1)
            let started = Date()
            #expect(helper.ask("how many", Int.self) == expected, "\(line)")
            #expect(Date().timeIntervalSince(started) < 20, "\(line)")
            #expect(helper.isBroken == (expected == nil), "\(line)")
            if expected != nil { #expect(helper.ask("and now", Int.self) == expected) }
        }
    }

    @Test("an answer does not depend on what else the machine does")
    func crowded() throws {
        let crowd = try (0..<6).map { _ in
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["taskset", "-c", "0", "sh", "-c", "ulimit -t 60; while :; do :; done"]
            try process.run()
            return process
        }
        defer { for process in crowd { kill(process.processIdentifier, SIGKILL) } }
        // As much work as takes the shell about a second.
        let path = try program("read line; i=0; while [ $i -lt 700000 ]; do i=$((i+1)); done; echo 7")
        defer { unlink(path) }
        let started = ProcessInfo.processInfo.systemUptime
        let helper = HelperProgram(path: "/usr/bin/env", arguments: ["taskset", "-c", "0", path], patience: 3)
        #expect(helper.ask("how many", Int.self) == 7)
        // Else the machine was not crowded, and nothing was tried.
        #expect(ProcessInfo.processInfo.systemUptime - started > 3)
    }
}
