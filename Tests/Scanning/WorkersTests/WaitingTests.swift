import Files
import Foundation
import Testing

@testable import Workers

@Suite("A worker's time")
struct WaitingTests {
    @Test("what a busy machine keeps a worker waiting is known, and a worker that sleeps waits for nobody")
    func waited() throws {
        func started(_ words: [String]) throws -> WorkerProcess {
            try WorkerProcess(executable: "/usr/bin/env", arguments: words, environment: ["PATH": "/usr/bin:/bin"])
        }
        let spin = ["taskset", "-c", "0", "sh", "-c", "ulimit -t 60; while :; do :; done"]
        let crowd = try (0..<4).map { _ in try started(spin) }
        let idle = try started(["sleep", "60"])
        defer { for process in crowd + [idle] { process.kill() } }
        // Asleep by then.
        sleep(1)
        let before = ProcessPatience.waited(idle.pid)
        let deadline = ProcessInfo.processInfo.systemUptime + 30
        while crowd.contains(where: { (ProcessPatience.waited($0.pid) ?? 0) < 0.5 }),
            ProcessInfo.processInfo.systemUptime < deadline
        {
            usleep(100_000)
        }
        // Four on one processor: each waits most of the time.
        for process in crowd { #expect((ProcessPatience.waited(process.pid) ?? 0) >= 0.5) }
        #expect((ProcessPatience.waited(idle.pid) ?? 9) - (before ?? 0) < 0.1)
        crowd[0].kill()
        #expect(ProcessPatience.waited(crowd[0].pid) == nil)
    }
}
