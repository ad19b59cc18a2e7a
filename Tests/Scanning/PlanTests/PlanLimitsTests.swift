import Foundation
import SyncModel
import Testing

@testable import Plan

@Suite("What names the clips may come from strangers too, and is taken in measure")
struct PlanLimitsTests {
    /// A member of a tar archive: header and content.
    private static func member(_ name: String, _ content: [UInt8], kind: Character = "0") -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, _ place: Int) {
            for (index, byte) in text.utf8.enumerated() { header[place + index] = byte }
        }
        put(String(name.prefix(100)), 0)
        put("0000644", 100)
        let size = String(content.count, radix: 8)
        put(String(repeating: "0", count: 11 - size.count) + size, 124)
        put("        ", 148)
        put(String(kind), 156)
        put("ustar", 257)
        let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        put(String(repeating: "0", count: 6 - sum.count) + sum + "\0 ", 148)
        return header + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    @Test("a pipe in a folder is not waited for, whatever its name", .timeLimit(.minutes(1)))
    func pipes() throws {
        let tree = try Tree(["a.mp4": "x", "set/meta/x": ""])
        for name in ["shard.tar", "metadata.csv", "metadata.jsonl", "b.mp4", "a.srt", "set/meta/info.json"] {
            #expect(mkfifo(tree.root + "/" + name, 0o600) == 0)
        }
        let plan = tree.plan("")
        #expect(tree.clips(plan).sorted() == ["a.mp4", "b.mp4"])
        #expect(plan.problems.contains { $0.clip.hasSuffix("shard.tar") })
        for clip in plan.clips { _ = ContentIdentity.of(clip.request) }
    }

    @Test("a row beyond all measure is refused by its number, and the rest goes on")
    func longRows() throws {
        let long = String(repeating: "x", count: PlanLimits.longestRow + 1)
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        let tree = try Tree([
            "l.jsonl": "{\"media\": \"a.mp4\"}\n{\"media\": \"\(long)\"}\n{\"media\": \"b.mp4\", \"x\": \(deep)}\n"
                + "{\"media\": \"c.mp4\", \"audio_stream\": 1e300}\n\n{\"media\": \"d.mp4\", \"n\": 1e300}\n",
            "l.csv": "media,note\na.mp4,1\nb.mp4,\"\(long)\"\nc.mp4,99999999999999999999999\n",
        ])
        let lines = tree.plan("l.jsonl")
        #expect(tree.clips(lines) == ["a.mp4", "d.mp4"])
        #expect(lines.problems.compactMap(\.failure?.message).map { $0.contains("row") } == [true, true, true])
        #expect(lines.problems.first?.failure?.message.contains("row 2 is longer than 16 MB") == true)
        let table = tree.plan("l.csv")
        #expect(tree.clips(table) == ["a.mp4", "c.mp4"])
        #expect(table.problems.first?.failure?.message.contains("row 3 is longer than 16 MB") == true)
    }

    @Test("a row of separators alone takes no more than its length", .timeLimit(.minutes(1)))
    func separators() throws {
        let tree = try Tree(["l.csv": "media,b\n" + String(repeating: ",", count: 30_000_000) + "\na.mp4,1\n"])
        let before = Memory.most
        let plan = tree.plan("l.csv")
        #expect(tree.clips(plan) == ["a.mp4"] && plan.problems.count == 1)
        #expect(Memory.most - before < 400 << 20, "\((Memory.most - before) >> 20) MB for a row of 30 MB")
    }

    /// What this process took at most, in bytes.
    private enum Memory {
        static var most: Int {
            var usage = rusage()
            getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
            return usage.ru_maxrss << 10
        }
    }

    @Test("a shard of many members of one name is planned at once, each as a clip of its own", .timeLimit(.minutes(1)))
    func sample() throws {
        var bytes: [UInt8] = []
        for index in 0..<20_000 {
            bytes += Self.member("s.\(index).\(["mp4", "wav", "json", "txt"][index % 4])", [UInt8(ascii: "1")])
        }
        let tree = try Tree([:])
        try FileManager.default.createDirectory(atPath: tree.root, withIntermediateDirectories: true)
        try Data(bytes + [UInt8](repeating: 0, count: 1024)).write(to: URL(fileURLWithPath: tree.root + "/a.tar"))
        let plan = tree.plan("a.tar")
        #expect(plan.clips.count == 10_000)
        #expect(plan.unpaired.contains { $0.contains("20000 members of the same name") })
    }

    @Test("a name of 60,000 letters in a shard is cut to what a file system takes")
    func longName() throws {
        let name = [UInt8](repeating: UInt8(ascii: "n"), count: 60_000) + Array(".mp4".utf8)
        let tree = try Tree([:])
        try FileManager.default.createDirectory(atPath: tree.root, withIntermediateDirectories: true)
        let bytes =
            Self.member("long", name, kind: "L") + Self.member("short.mp4", [1]) + Self.member("b.mp4", [2])
            + [UInt8](repeating: 0, count: 1024)
        try Data(bytes).write(to: URL(fileURLWithPath: tree.root + "/a.tar"))
        let plan = tree.plan("a.tar")
        #expect(tree.clips(plan) == ["a.tar/b.mp4"])
        #expect(plan.problems.isEmpty)
    }
}
