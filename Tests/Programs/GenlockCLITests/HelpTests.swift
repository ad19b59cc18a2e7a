import Foundation
import Testing

@Suite("Help is what was agreed")
struct HelpTests {
    @Test(
        "each help page equals its golden file",
        arguments: [
            "", "check", "scan", "report", "merge", "doctor", "actions", "views", "compare", "transcript", "fix",
            "review", "perturb", "adapt", "tune",
        ])
    func goldenHelp(verb: String) throws {
        let shown = try Program([verb, "--help"].filter { !$0.isEmpty })
        #expect(shown.status == 0)
        let golden = Program.root + "/Tests/Programs/GenlockCLITests/Golden/help\(verb.isEmpty ? "" : "-" + verb).txt"
        guard let expected = try? String(contentsOfFile: golden, encoding: .utf8) else {
            try shown.output.write(toFile: golden, atomically: true, encoding: .utf8)
            Issue.record("there was no \(golden); it is recorded now: read it, then run again")
            return
        }
        #expect(shown.output == expected)
    }

    @Test(
        "wrong usage ends with 64 and says what is right",
        arguments: [
            ["check"], ["scan"], ["check", "a.mp4", "--tolerance", "wide"], ["scan", "a.mp4", "--jobs", "0"],
            ["scan", "a.mp4", "--decoder-threads", "0"], ["scan", "a.mp4", "--decoder-threads", "17"],
            ["frobnicate"],
            ["check", "a.mp4", "--expect", "soon"], ["check", "a.mp4", "--audio-stream=-1"],
            ["views", "a.wav"], ["views", "a.wav", "b.wav", "--by", "smell"],
            ["views", "a.wav", "b.wav", "--distance", "3"],
            ["views", "a.wav", "b.wav", "--export", "t.edl"],
            ["views", "a.csv", "b.npz"], ["views", "a.mp4", "b.csv", "--columns", "t"],
            ["views", "a.mp4", "b.csv", "--columns", "time=t:hours"],
        ])
    func wrongUsage(arguments: [String]) throws {
        let run = try Program(arguments)
        #expect(run.status == 64)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains("Usage:") || run.errors.contains("USAGE:"))
    }
}
