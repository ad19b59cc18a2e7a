import Foundation
import MadeFiles
import RobotSets
import SyncModel
import Testing
import TimedText

@testable import Plan

@Suite("What lies beside a clip is taken or named, in the same way by every road")
struct SideFileTests {
    /// What a scan of the folder, a scan of the file and `check` take of one clip.
    private func roads(_ tree: Tree, _ clip: String) -> [[String]] {
        let folder = tree.plan("").clips.first { tree.below($0.request.clip) == clip }?.request.files
        let file = tree.plan(clip).clips.first?.request.files
        let checked = TranscriptsBeside.files(of: tree.root + "/" + clip)
        return [
            (folder?.transcripts ?? []).sorted() + [folder?.labels ?? ""],
            (file?.transcripts ?? []).sorted() + [file?.labels ?? ""],
            checked.transcripts.sorted() + [checked.labels ?? ""],
        ].map { $0.map(tree.below) }
    }

    @Test("a text of a clip with a longer name is that clip's alone, and labels are taken as by a scan of the folder")
    func roadsAgree() throws {
        let tree = try Tree([
            "take3.mp4": "", "take3.srt": "", "take3.rttm": "", "take3.part2.mp4": "", "take3.part2.srt": "",
            "take3.part2.csv": "", "take3.part9.srt": "",
        ])
        #expect(Set(roads(tree, "take3.mp4")) == [["take3.srt", "take3.rttm"]])
        #expect(Set(roads(tree, "take3.part2.mp4")) == [["take3.part2.srt", "take3.part2.csv"]])
        // Of a part that is not there: nobody's, and named.
        #expect(tree.plan("").unpaired.map(tree.below) == ["take3.part9.srt"])
        #expect(TranscriptsBeside.files(of: tree.root + "/take3.mp4").left.map(tree.below) == ["take3.part9.srt"])
    }

    @Test("a text of every extension is the clip's by every road; JSON has to be named")
    func everyExtension() throws {
        for ending in TimedTextFormat.extensions.subtracting(["rttm"]).union(["txt"]) {
            let tree = try Tree(["a.mp4": "", "a.\(ending)": "", "b.mp4": "", "b.json": "{}"])
            #expect(Set(roads(tree, "a.mp4")) == [["a.\(ending)", ""]], "\(ending)")
            #expect(Set(roads(tree, "b.mp4")) == [[""]])
        }
        #expect(Set(roads(try Tree(["a.mp4": "", "a.rttm": ""]), "a.mp4")) == [["a.rttm"]])
    }

    @Test("texts for the deaf stand for their language where there is no other; the rest is named, none is lost")
    func uses() throws {
        let tree = try Tree([
            "m.mp4": "", "m.en.srt": "", "m.en.sdh.srt": "", "m.en.forced.srt": "", "m.de.hi.vtt": "", "m.hi.srt": "",
            "m.fr.vtt": "", "m.fr.srt": "", "n.mp4": "", "n.forced.mp4": "", "n.forced.srt": "",
        ])
        let taken = [["m.de.hi.vtt", "m.en.srt", "m.fr.srt", "m.hi.srt", ""]]
        #expect(Set(roads(tree, "m.mp4")) == Set(taken))
        #expect(Set(roads(tree, "n.forced.mp4")) == [["n.forced.srt", ""]])
        #expect(Set(roads(tree, "n.mp4")) == [[""]])
        let left = ["m.en.forced.srt", "m.en.sdh.srt", "m.fr.vtt"]
        #expect(tree.plan("").unpaired.map(tree.below) == left)
        #expect(tree.plan("m.mp4").unpaired.map(tree.below).sorted() == left)
    }

    @Test("one language in two spellings is one; regions stay apart")
    func spellings() throws {
        let tree = try Tree([
            "m.mp4": "", "m.en.srt": "", "m.eng.srt": "", "m.pt-BR.srt": "", "m.pt-PT.srt": "", "m.ger.srt": "",
        ])
        #expect(Set(roads(tree, "m.mp4")) == [["m.en.srt", "m.ger.srt", "m.pt-BR.srt", "m.pt-PT.srt", ""]])
        #expect(tree.plan("").unpaired.map(tree.below) == ["m.eng.srt"])
    }

    @Test("a clip that is named by itself has the files of its name, whatever media of that name lie beside it")
    func namedClip() throws {
        let tree = try Tree(["a.wav": "", "a.mp4": "", "a.srt": "", "b.raw": "", "b.srt": ""])
        #expect(tree.plan("a.wav").clips.first?.request.files?.transcripts.map(tree.below) == ["a.srt"])
        #expect(tree.plan("b.raw").clips.first?.request.files?.transcripts.map(tree.below) == ["b.srt"])
    }

    @Test("several media of one sample in a shard are clips of their own; texts that are not read are named")
    func shard() throws {
        let tree = try Tree([
            "in/c.0001.mp4": "1", "in/c.0001.srt": "s", "in/c.0001.json": "{\"take\": 1}", "in/c.0001.wav": "w",
            "in/c.0002.mp4": "2", "in/c.json": "{\"site\": \"x\"}", "in/d.a.wav": "a", "in/d.b.wav": "b",
            "in/e.mp4": "e", "in/e.wav": "w",
        ])
        let tar = Process()
        tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        tar.arguments = ["tar", "--sort=name", "-cf", tree.root + "/s.tar", "-C", tree.root + "/in", "."]
        try tar.run()
        tar.waitUntilExit()
        let plan = tree.plan("s.tar")
        func name(_ path: String) -> String { (path as NSString).lastPathComponent }
        let clips = plan.clips.map(\.request)
        #expect(
            clips.map { name($0.clip) } == ["c.0001.mp4", "c.0002.mp4", "d.a.wav", "d.b.wav", "e.mp4"])
        #expect(clips.map { $0.files?.audio.map(name) } == ["c.0001.wav", nil, nil, nil, "e.wav"])
        #expect(clips[0].attributes == [.init("take", "1"), .init("site", "x")])
        #expect(clips[1].attributes == [.init("site", "x")])
        #expect(plan.unpaired.map(name) == ["c.0001.srt"])
    }
}

@Suite("What the plan says of a clip")
struct DescriptionTests {
    @Test("a clip that is named twice never takes the name of another clip")
    func keys() throws {
        func plan(_ clips: [String]) -> ScanPlan {
            var plan = ScanPlan()
            for (number, clip) in clips.enumerated() {
                plan.add(ClipRequest(clip: clip, files: ClipFiles(audioStream: number)))
            }
            return plan
        }
        #expect(plan(["/x/a", "/x/a", "/x/a"]).clips.map(\.key) == ["/x/a", "/x/a#2", "/x/a#3"])
        #expect(plan(["/x/a#2", "/x/a", "/x/a"]).clips.map(\.key) == ["/x/a#2", "/x/a", "/x/a##2"])
        #expect(plan(["/x/a", "/x/a", "/x/a#2"]).clips.map(\.key) == ["/x/a", "/x/a##2", "/x/a#2"])
        // A file of that name is there, though nobody names it in this scan.
        let tree = try Tree(["a": "", "a#2": ""])
        #expect(plan([tree.root + "/a", tree.root + "/a"]).clips.map { tree.below($0.key) } == ["a", "a##2"])
    }

    @Test("columns of a manifest replace those of before, and what the file says of itself stays behind them")
    func described() {
        var record = ClipRecord(key: "k", clip: "k", verdict: .inSync)
        record.attributes = [.init("camera", "Nikon"), .init("file.container", "mov"), .init("file.camera", "X")]
        var request = ClipRequest(clip: "k")
        request.attributes = [.init("site", "north"), .init("file.note", "n")]
        (request.group, request.language) = ("g", "de")
        let first = record.described(by: request)
        #expect(
            first.attributes == [
                .init("site", "north"), .init("file.note", "n"), .init("file.container", "mov"),
                .init("file.camera", "X"),
            ])
        #expect(first.group == "g" && first.language == "de")
        #expect(first.described(by: request) == first)
        #expect(first.hasFiles(of: request))
        request.files?.labels = "k.csv"
        #expect(!first.hasFiles(of: request))
    }

    @Test("what cannot be used is told of the name under which it was found, and falls to one shard")
    func sources() throws {
        let tree = try Tree(["a.csv": "media\nx.mp4\ns3://x/y.mp4\n", "b.csv": "media\nz.mp4\n"])
        let plan = tree.plan("a.csv", "b.csv", "none*")
        #expect(plan.sources.map { tree.below($0.name) } == ["a.csv", "b.csv", "none*"])
        #expect(plan.sources.map { plan.problems[$0.problems].count } == [1, 0, 1])
        let second = try #require(Shard("2/2"))
        #expect(plan.shard(second).sources.isEmpty)
    }

    @Test("episodes of different robot sets under one folder, or named side by side, are different events")
    func sets() throws {
        let videos = (0..<2).flatMap { set in
            ["top", "side"].map { ("s\(set)/videos/chunk-000/\($0)/episode_000000.mp4", "") }
        }
        let tree = try Tree(
            Dictionary(videos + [("s0/meta/info.json", "{}"), ("s1/meta/info.json", "{}")]) { first, _ in first })
        for names in [[""], ["s0", "s1"]] {
            var plan = ScanPlan()
            for name in names { FolderSource(tree.root + (name.isEmpty ? "" : "/" + name)).add(to: &plan) }
            plan.addGroups()
            plan.keepGroupsOnly()
            #expect(plan.clips.map { $0.request.views?.count } == [2, 2])
        }
    }
}
