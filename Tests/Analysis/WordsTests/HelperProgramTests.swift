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
}
