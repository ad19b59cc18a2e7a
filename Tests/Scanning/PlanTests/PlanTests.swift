import Foundation
import MediaIO
import SyncModel
import Testing

@testable import Plan

/// A folder of files that goes away with the value.
final class Tree {
    let root = NSTemporaryDirectory() + "genlock-plan-" + UUID().uuidString

    /// - Parameter files: path and text.
    init(_ files: [String: String]) throws {
        for (path, text) in files {
            let url = URL(fileURLWithPath: root + "/" + path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func plan(_ names: String..., input: String = "", nul: Bool = false) -> ScanPlan {
        var builder = PlanBuilder(nulSeparated: nul, duckdb: { nil }, standardInput: { Data(input.utf8) })
        return builder.build(names.map { $0 == "-" ? $0 : root + ($0.isEmpty ? "" : "/" + $0) })
    }

    /// The clips by their path below the root.
    func clips(_ plan: ScanPlan) -> [String] { plan.clips.map { below($0.request.clip) } }
    func below(_ path: String) -> String { path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path }
}

@Suite("What is scanned is what was meant")
struct PlanTests {
    @Test("a CSV manifest gives its columns their meaning, keeps all others, and names rows that cannot be used")
    func csv() throws {
        let tree = try Tree([
            "m/list.csv": "\u{FEFF}media,audio,Camera,transcript,group,language,note\r\n"
                + "a.mp4,,Nikon,t/a.srt,g1,de,\"says \"\"hi\"\",\nthen goes\"\r\n"
                + ",,x,,,,\r\n"
                + "b.mp4,b.wav\r\n"
                + "/abs/c.mp4,c.wav,,,,,\r\n"
                + "s3://bucket/d.mp4,,,,,,\r\n"
        ])
        let plan = tree.plan("m/list.csv")
        #expect(tree.clips(plan) == ["m/a.mp4", "/abs/c.mp4"])
        let first = try #require(plan.clips.first?.request)
        #expect(first.files?.transcripts.map(tree.below) == ["m/t/a.srt"])
        #expect((first.group, first.language) == ("g1", "de"))
        #expect(first.attributes.map(\.name) == ["Camera", "note"])
        #expect(first.attributes.last?.value == "says \"hi\",\nthen goes")
        #expect(plan.clips[1].request.files?.audio.map(tree.below) == "m/c.wav")
        let messages = plan.problems.compactMap(\.failure?.message)
        #expect(messages.count == 3)
        // Lines as an editor counts them: the first row takes two.
        #expect(messages.contains { $0.contains("list.csv row 4 names no media") })
        #expect(messages.contains { $0.contains("row 5 has 2 fields") })
        #expect(messages.contains { $0.contains("row 7") && $0.contains("neither a file here") })
    }

    @Test(
        "a CSV table's rows and the lines on which they begin",
        arguments: [
            ("a,b\n1,2", ["2: a=1 b=2"]), ("a,b\r\n1,2\r\n", ["2: a=1 b=2"]),
            // Blank lines are left out and counted; so is one of an empty quoted field.
            ("a,b\n\n1,2\n\"\"\n\r\n3,4\n\n", ["3: a=1 b=2", "6: a=3 b=4"]),
            // A lone CR ends no line, but is none of the last field's text.
            ("a,b\n1\r,2\r\n", ["2: a=1\r b=2"]), ("a\rb\n1\r2\n", ["2: a\rb=1\r2"]), ("a,b\n1,2\r", ["2: a=1 b=2"]),
            ("a\n\"x\r\"\n\"y\r\"\r\n", ["2: a=x", "3: a=y\r"]),
            // What follows a quote is text; a quote within a field too.
            ("a,b\n\"x\"y\"\",p\"q\"\n", ["2: a=xy\"\" b=p\"q\""]),
            ("a,b\n\"1\n2\",\"3\r\n\"\n4,5\n", ["2: a=1\n2 b=3\r\n", "5: a=4 b=5"]),
            ("a,b\n1\n1,2,\n", ["2: has 1 fields, but the header has 2", "3: has 3 fields, but the header has 2"]),
            ("a,b\n1,2\n3,\"4\n5,6\n", ["2: a=1 b=2", "3: opens a quote that is never closed"]),
            // Comments, blanks, tabs and NUL are text.
            ("a, b\n#1, 2\t\n\0,\n", ["2: a=#1 b= 2\t", "3: a=\0 b="]),
            ("\u{FEFF}a,b\n", []), ("\u{FEFF}", []), ("", []),
        ])
    func csvRows(text: String, rows: [String]) {
        var shown: [String] = []
        CSVTable(data: Data(text.utf8), separator: UInt8(ascii: ",")).rows { line, row in
            switch row {
            case .success(let fields):
                shown.append("\(line): " + fields.map { "\($0.name)=\($0.value)" }.joined(separator: " "))
            case .failure(let error): shown.append("\(line): \(error.message)")
            }
        }
        #expect(shown == rows)
    }

    @Test("JSON lines: numbers, lists and nothing; a broken line is named and the rest goes on")
    func jsonLines() throws {
        let tree = try Tree([
            "x.jsonl":
                """
            {\"media\":\"a.mp4\",\"n\":3,\"ok\":true,\"l\":[1,2],\"none\":null}\n\n{oops\n{\"clip\":\"b.mp4\",\
            \"audio_stream\":1}\n
            """
        ])
        let plan = tree.plan("x.jsonl")
        #expect(tree.clips(plan) == ["a.mp4", "b.mp4"])
        #expect(plan.clips[0].request.attributes == [.init("l", "[1,2]"), .init("n", "3"), .init("ok", "true")])
        #expect(plan.clips[1].request.files?.audioStream == 1)
        #expect(plan.problems.count == 1)
        #expect(plan.problems.first?.failure?.message.contains("row 3") == true)
    }

    @Test("lists on standard input: lines, NUL, and rows of JSON")
    func lists() throws {
        let tree = try Tree(["in/readme.md": ""])
        #expect(tree.plan("-", input: "a.mp4\r\nb c.mp4\n").clips.map(\.request.clip) == ["a.mp4", "b c.mp4"])
        #expect(
            tree.plan("-", input: "a\nb.mp4\0c.mp4\0", nul: true).clips.map(\.request.clip) == ["a\nb.mp4", "c.mp4"])
        #expect(tree.plan("-", input: "{\"media\":\"/x/a.mp4\",\"group\":\"g\"}\n").clips.first?.request.group == "g")
    }

    @Test("clips named one by one, in lists and in manifests get the timed text that lies beside them")
    func beside() throws {
        let tree = try Tree([
            "d/a.mp4": "", "d/a.srt": "", "d/a.en.vtt": "", "d/ab.srt": "", "d/b.mp4": "",
            "l.csv": "media\nd/a.mp4\nd/b.mp4\n",
        ])
        for plan in [tree.plan("d/a.mp4"), tree.plan("-", input: tree.root + "/d/a.mp4\n"), tree.plan("l.csv")] {
            #expect(plan.clips[0].request.files?.transcripts.map(tree.below) == ["d/a.en.vtt", "d/a.srt"])
        }
        #expect(tree.plan("l.csv").clips[1].request.files?.transcripts.isEmpty == true)
    }

    @Test(
        """
        a group of several recordings is asked for its common clock once, after the clips, and falls whole to one shard
        """
    )
    func groups() throws {
        let tree = try Tree(["l.csv": "media,group\na.mp4,x\nb.mp4,x\nc.mp4,y\nd.wav,x\n"])
        var plan = tree.plan("l.csv")
        plan.addGroups()
        let last = try #require(plan.clips.last)
        #expect(plan.clips.count == 5)
        #expect(last.key == "views of x")
        #expect(last.request.views?.map { tree.below($0.path) } == ["a.mp4", "b.mp4", "d.wav"])
        let shards = try (1...2).map { plan.shard(try #require(Shard("\($0)/2"))).groupsOfViews }
        #expect(shards.sorted() == [0, 1])
    }

    @Test(
        """
        transcripts and labels go with clips by name, by language tag, by a folder beside; what could be two clips' is \
        nobody's
        """
    )
    func pairs() throws {
        let tree = try Tree([
            "video/s1/a.mp4": "", "subtitles/s1/a.srt": "", "video/s1/b.mp4": "", "video/s1/b.en.vtt": "",
            "video/s1/b.de-AT.srt": "", "video/s1/b.vtt": "", "video/s1/b.txt": "",
            "video/s2/c.mp4": "", "video/s2/c.rttm": "", "text/lonely.srt": "", "readme.txt": "",
            "one/x.mp4": "", "two/x.mp4": "", "three/x.srt": "",
        ])
        let plan = tree.plan("")
        func request(_ path: String) -> ClipRequest? {
            plan.clips.first { tree.below($0.request.clip) == path }?.request
        }
        #expect(request("video/s1/a.mp4")?.files?.transcripts.map(tree.below) == ["subtitles/s1/a.srt"])
        #expect(
            request("video/s1/b.mp4")?.files?.transcripts.map(tree.below) == [
                "video/s1/b.vtt", "video/s1/b.de-AT.srt", "video/s1/b.en.vtt",
            ])
        #expect(request("video/s2/c.mp4")?.files?.labels.map(tree.below) == "video/s2/c.rttm")
        #expect(request("one/x.mp4")?.files?.transcripts == [])
        #expect(plan.unpaired.map(tree.below) == ["text/lonely.srt", "three/x.srt"])
    }

    @Test("the layouts that people have: Hugging Face, VoxCeleb, LeRobot")
    func layouts() throws {
        let hugging = try Tree([
            "train/metadata.jsonl":
                "{\"file_name\":\"0.mp4\",\"text\":\"hello\",\"speaker\":\"A\"}\n{\"file_name\":\"gone.mp4\"}\n",
            "train/0.mp4": "", "train/1.mp4": "",
        ])
        let plan = hugging.plan("")
        #expect(hugging.clips(plan) == ["train/0.mp4", "train/1.mp4", "train/gone.mp4"])
        #expect(plan.clips.first?.request.attributes == [.init("speaker", "A"), .init("text", "hello")])

        let voices = try Tree(["dev/mp4/id1/xx/1.mp4": "", "dev/aac/id1/xx/1.m4a": "", "dev/mp4/id1/xx/2.mp4": ""])
        let pairs = voices.plan("")
        #expect(voices.clips(pairs) == ["dev/mp4/id1/xx/1.mp4", "dev/mp4/id1/xx/2.mp4"])
        #expect(pairs.clips[0].request.files?.audio.map(voices.below) == "dev/aac/id1/xx/1.m4a")
        #expect(pairs.clips[1].request.files?.audio == nil)

        let robots = try Tree([
            "meta/info.json": "{}", "videos/chunk-000/observation.images.top/episode_000003.mp4": "",
        ])
        let episode = try #require(robots.plan("").clips.first?.request)
        #expect(episode.group == robots.root + "/episode_000003")
        #expect(episode.attributes == [.init("camera", "observation.images.top")])
    }

    @Test("patterns cross folders with **, and one that matches nothing is told")
    func patterns() throws {
        let tree = try Tree(["a/x.mp4": "", "a/b/y.mp4": "", "a/b/.z.mp4": "", "a/b/y.txt": ""])
        #expect(tree.clips(tree.plan("a/**/*.mp4")) == ["a/b/y.mp4", "a/x.mp4"])
        #expect(tree.clips(tree.plan("a/*.mp4")) == ["a/x.mp4"])
        #expect(tree.plan("a/*.mov").problems.first?.failure?.code == "no-match")
    }

    @Test(
        "shards of a plan are disjoint and together are the plan; a clip named twice is measured once, or has two keys")
    func shards() throws {
        let rows =
            (0..<10).map { "{\"media\":\"/c/\($0).mp4\"}" } + [
                "{\"media\":\"/c/3.mp4\"}", "{\"media\":\"/c/3.mp4\",\"audio\":\"/c/3.wav\"}",
            ]
        let plan = try Tree([:]).plan("-", input: rows.joined(separator: "\n"))
        #expect(plan.clips.count == 11)
        #expect(plan.repeated == 1)
        #expect(plan.clips.last?.key == "/c/3.mp4#2")
        let parts = (1...3).compactMap { Shard("\($0)/3") }.map { plan.shard($0).clips.map(\.key) }
        #expect(parts.joined().sorted() == plan.clips.map(\.key).sorted())
        for text in ["0/3", "4/3", "1", "a/b", "1/3/5", "-1/3"] { #expect(Shard(text) == nil) }
    }

    @Test(
        """
        members of a tar shard are read in place; samples, attributes and long names; a cut-off shard keeps what is \
        before the cut
        """
    )
    func tar() throws {
        let name = String(repeating: "long/", count: 30) + "s2"
        let tree = try Tree([
            "in/s1.mp4": String(repeating: "v", count: 700), "in/s1.json": "{\"camera\": \"Nikon\"}",
            "in/s1.txt": "hello\n", "in/s1.wav": "w",
            "in/\(name).mp4": "zz", "in/readme.md": "",
        ])
        let tar = Process()
        tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        tar.arguments = [
            "tar", "--format=gnu", "--sort=name", "-cf", tree.root + "/a.tar", "-C", tree.root + "/in", ".",
        ]
        try tar.run()
        tar.waitUntilExit()
        let plan = tree.plan("a.tar")
        let clips = plan.clips.map(\.request)
        #expect(clips.count == 2)
        let sample = try #require(clips.first { $0.clip.hasSuffix("s1.mp4") })
        #expect(sample.attributes == [.init("camera", "Nikon"), .init("txt", "hello")])
        #expect(sample.files?.audio?.hasSuffix("s1.wav") == true)
        #expect(clips.contains { $0.clip.hasSuffix(name + ".mp4") })
        let region = try #require(sample.files?.region)
        let whole = try Data(contentsOf: URL(fileURLWithPath: region.file))
        #expect(whole[region.start..<(region.start + region.length)] == Data(String(repeating: "v", count: 700).utf8))

        try whole.prefix(whole.count / 2 / 512 * 512 - 100).write(to: URL(fileURLWithPath: tree.root + "/cut.tar"))
        #expect(tree.plan("cut.tar").problems.first?.failure?.code == "bad-tar")
        try Data("no tar at all".utf8).write(to: URL(fileURLWithPath: tree.root + "/no.tar"))
        #expect(tree.plan("no.tar").problems.count == 1)
    }

    @Test("a member's size and name in an extended header go before those in its own, whatever is in the name")
    func extendedHeaders() throws {
        func header(_ name: String, size: Int, kind: Character) -> [UInt8] {
            var bytes = [UInt8](repeating: 0, count: 512)
            func put(_ text: String, at place: Int) {
                for (i, byte) in text.utf8.enumerated() { bytes[place + i] = byte }
            }
            put(name, at: 0)
            put("0000644", at: 100)
            put(String(repeating: "0", count: 11 - String(size, radix: 8).count) + String(size, radix: 8), at: 124)
            bytes[156] = kind.asciiValue ?? 0
            put("ustar", at: 257)
            for place in 148..<156 { bytes[place] = 32 }
            let sum = String(bytes.reduce(0) { $0 + Int($1) }, radix: 8)
            put(String(repeating: "0", count: 6 - sum.count) + sum, at: 148)
            return bytes
        }
        func padded(_ text: String) -> [UInt8] {
            Array(text.utf8) + [UInt8](repeating: 0, count: (512 - text.utf8.count % 512) % 512)
        }
        func record(_ text: String) -> String {
            var length = text.utf8.count + 2
            while "\(length) \(text)\n".utf8.count != length { length += 1 }
            return "\(length) \(text)\n"
        }
        let records = record("path=two\nlines size=3.mp4") + record("size=700") + record("mtime=1.5")
        var bytes = header("x", size: records.utf8.count, kind: "x") + padded(records)
        bytes += header("cut", size: 1, kind: "0") + padded(String(repeating: "v", count: 700))
        bytes += header("b.mp4", size: 2, kind: "0") + padded("zz") + [UInt8](repeating: 0, count: 1024)
        let tree = try Tree(["in/readme.md": ""])
        try Data(bytes).write(to: URL(fileURLWithPath: tree.root + "/p.tar"))
        let regions = tree.plan("p.tar").clips.compactMap(\.request.files?.region)
        #expect(regions.map(\.length) == [700, 2])
        #expect(tree.plan("p.tar").clips.first?.request.clip.hasSuffix("/two\nlines size=3.mp4") == true)
    }

    @Test("an identity changes with content, time, size and companions, and with nothing else")
    func identity() throws {
        let tree = try Tree(["a.mp4": String(repeating: "x", count: 100_000), "a.srt": "1"])
        var request = ClipRequest(clip: tree.root + "/a.mp4")
        let before = ContentIdentity.of(request)
        #expect(ContentIdentity.of(request) == before)
        request.files?.transcripts = [tree.root + "/a.srt"]
        #expect(ContentIdentity.of(request) != before)
        request.files?.transcripts = []
        let url = URL(fileURLWithPath: request.clip)
        let date = try #require(
            try FileManager.default.attributesOfItem(atPath: request.clip)[.modificationDate] as? Date)
        var data = try Data(contentsOf: url)
        data[99_999] = 0x79
        try data.write(to: url)
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: request.clip)
        #expect(ContentIdentity.of(request) != before)
        #expect(ContentIdentity.of(ClipRequest(clip: tree.root + "/none.mp4")) == "missing")
    }

    @Test("the hashes that stores keep, and the turns in samples, are those of their definitions for ever")
    func pinned() throws {
        // By the formulas in another language: Python.
        for (text, hash) in [
            (String(repeating: "x", count: 100_000), "48c384b4872de7f"), ("123456789", "b38fa200b1cc3c40"),
            ("", "d85d1d823d12cde7"),
        ] {
            let tree = try Tree(["a.mp4": text])
            let identity = ContentIdentity.of(ClipRequest(clip: tree.root + "/a.mp4"))
            #expect(identity.split(separator: " ").last.map(String.init) == hash)
        }
        #expect(SampleTurn.of("clips/a.mp4", seed: 0) == 3_812_613_543_946_434_174)
        #expect(SampleTurn.of("clips/a.mp4", seed: 1) == 17_925_409_731_673_628_287)
        #expect(SampleTurn.of("", seed: 7) == 7_327_937_117_123_367_831)
        #expect(SampleTurn.of("ü", seed: .max) == 8_587_625_607_863_007_258)
    }
}
