import Foundation
import SyncModel
import Testing

@Suite("Words of commands that are pasted into a shell")
struct ShellWordTests {
    static let names = [
        "talk.mp4", "my talk.mp4", "it's.mp4", "a\"b$c`d.mp4", "-dash.mp4", "part: 1.mp4", "two\nlines.mp4", "é 日本.mp4",
        "100%d \\n.mp4", "tab\there.mp4", "",
    ]

    @Test("mean what was meant, to sh and to bash", arguments: names, ["sh", "bash"])
    func quoted(name: String, shell: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [shell, "-c", "printf '%s|' \(ShellWord.quoted(name))"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(said == name + "|")
        #expect(!ShellWord.quoted(name).contains("\n"))
    }

    @Test("a path is no option, and its colon no protocol")
    func paths() {
        #expect(ShellWord.path("-a.mp4") == "./-a.mp4")
        #expect(ShellWord.media("part: 1.mp4") == "'file:part: 1.mp4'" && ShellWord.media("a.mp4") == "a.mp4")
        #expect(ShellWord.media("-a.mp4") == "file:-a.mp4" || ShellWord.media("-a.mp4") == "'file:-a.mp4'")
    }
}

@Suite("What is expected of a pair")
struct ExpectationTests {
    @Test("the worst of several offsets is the one furthest from what is expected")
    func worst() {
        let ends = [Offset(milliseconds: -200), Offset(milliseconds: 0), Offset(milliseconds: -150)]
        #expect(SyncModel.Expectation.together.worst(of: ends) == ends[0])
        #expect(SyncModel.Expectation.unknown.worst(of: ends) == ends[0])
        #expect(SyncModel.Expectation.offset(Offset(milliseconds: -200)).worst(of: ends) == ends[1])
        #expect(SyncModel.Expectation.together.worst(of: []) == nil)
    }

    @Test("a finding's name is the same after a way through JSON, and tells files and streams apart")
    func names() throws {
        var finding = Finding(
            check: .transcript, subject: .text, reference: .audio,
            judgement: Judgement(.inconclusive, tolerance: .standard), method: "made-1")
        finding.subjectFile = "a.srt"
        finding.referenceStream = StreamName(index: 2, language: "deu", channel: 1)
        let name = finding.name
        #expect(try JSONDecoder().decode(FindingName.self, from: JSONEncoder().encode(name)) == name)
        finding.subjectFile = "b.srt"
        #expect(finding.name != name)
    }
}
