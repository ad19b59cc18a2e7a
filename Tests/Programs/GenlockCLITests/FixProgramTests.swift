import Foundation
import Testing

@Suite("Clips mended, from the measurement to the file")
struct FixProgramTests {
    private func media(_ name: String) -> String { Program.testMedia + "/" + name }

    private func files(_ scratch: Scratch) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: scratch.folder).sorted()
    }

    private func document(_ run: Program) throws -> [String: Any] {
        try #require((try JSONSerialization.jsonObject(with: Data(run.output.utf8))) as? [String: Any])
    }

    @Test(
        "a late sound is moved into a new file, measured again, and the original stays as it was",
        arguments: ["sound-late-120ms.mp4", "sound-late-120ms.mkv", "sound-late-120ms.ts"])
    func fixed(name: String) throws {
        let scratch = Scratch()
        let original = try Data(contentsOf: URL(fileURLWithPath: media(name)))
        let output = scratch.path("fixed é." + (name as NSString).pathExtension)
        let run = try Program(["fix", media(name), "-o", output, "--json"])
        #expect(run.status == 0, "\(run.errors)")
        let written = try #require((try document(run)["written"] as? [[String: Any]])?.first)
        let (was, now) = (try #require(written["was_ms"] as? Double), try #require(written["is_ms"] as? Double))
        #expect(abs(was + 120) < 40)
        // What is off afterwards is what the unmoved clip's own answer is off.
        let unmoved = try Program(["check", media("in-sync.mp4"), "--checks", "lips", "--format", "jsonl"])
        let own = try #require(
            (unmoved.documents.first?["findings"] as? [[String: Any]])?.first?["offset_ms"] as? Double)
        #expect(abs(now) < 15 && abs(was + 120 - own) < 15)
        #expect(try files(scratch) == ["fixed é." + (name as NSString).pathExtension])
        #expect(try Data(contentsOf: URL(fileURLWithPath: media(name))) == original)
    }

    @Test("said in words: was so late, is so late; what exists is not written over, and nothing half written is left")
    func refusedPlaces() throws {
        let scratch = Scratch()
        let output = scratch.path("fixed.mp4")
        let first = try Program(["fix", media("ball-early-150ms.mp4"), "--offset-ms", "150", "-o", output])
        #expect(first.status == 0)
        #expect(first.output.contains(": fixed\n") && first.output.contains("every packet unchanged"))
        #expect(first.errors.contains("add --rewrite-audio"))
        let again = try Program(["fix", media("ball-early-150ms.mp4"), "--offset-ms", "150", "-o", output])
        #expect(again.status == 1)
        #expect(again.errors.contains("already exists") && again.errors.contains("--force"))
        let forced = try Program(["fix", media("ball-early-150ms.mp4"), "--offset-ms", "150", "-o", output, "--force"])
        #expect(forced.status == 0)
        let copy = scratch.write("copy.mp4", try Data(contentsOf: URL(fileURLWithPath: media("ball-early-150ms.mp4"))))
        let inPlace = try Program(["fix", copy, "--offset-ms", "150", "-o", copy, "--force"])
        #expect(inPlace.status == 1 && inPlace.errors.contains("never overwritten"))
        #expect(try files(scratch) == ["copy.mp4", "fixed.mp4"])
    }

    @Test(
        "in doubt nothing is written, and it is said what would make it sure",
        arguments: [
            ("another-sentence.mp4", "do not belong together", 1), ("no-face.mp4", "cannot be determined", 1),
            ("no-audio.mp4", "cannot be determined", 1), ("empty.mp4", "is empty", 2),
            ("not-there.mp4", "does not exist", 2),
        ])
    func refusals(name: String, words: String, status: Int32) throws {
        let scratch = Scratch()
        let run = try Program(["fix", media(name), "-o", scratch.path("fixed.mp4"), "--checks", "lips"])
        #expect(run.status == status)
        #expect(run.errors.contains(words) && run.errors.contains(name))
        #expect(run.errors.split(separator: "\n").count >= 3, "what is wrong, and a remedy")
        #expect(try files(scratch).isEmpty)
    }

    @Test(
        "an option that has no effect is refused, and it is said where it has one",
        arguments: [
            (["a.mp4", "b.mp4", "--labels", "a.srt", "-o", "x"], "--labels has no effect on several clips"),
            (["a.mp4", "b.mp4", "--offset-ms", "40", "-o", "x"], "--offset-ms has no effect on several clips"),
            (["a.mp4", "--plan", "p.csv", "-o", "x.mp4"], "--plan has no effect on one clip"),
            (["a.mp4", "a.srt", "--rewrite-audio", "-o", "x.srt"], "--rewrite-audio has no effect on a text alone"),
            (["--views", "a.mp4", "b.mp4", "--master", "m.mp4", "-o", "x"], "--master requires one clip"),
            (["--views", "a.mp4", "b.mp4", "--rewrite-audio", "-o", "x"], "--rewrite-audio has no effect on views"),
            (["clips.sqlite", "--audio", "a.wav", "-o", "x"], "--audio has no effect on a store"),
            (["set", "--force", "-o", "x"], "--force has no effect on a robot set"),
            (["--plan", "plan.csv", "--apply", "-o", "x"], "--output has no effect on an existing plan"),
            (["--plan", "cuts.csv", "--apply", "--rewrite-audio"], "--rewrite-audio has no effect on views"),
        ])
    func withoutEffect(arguments: [String], words: String) throws {
        let scratch = Scratch()
        _ = scratch.write("clips.sqlite", Data("SQLite format 3\0".utf8))
        for (name, action) in [("plan.csv", "skip"), ("cuts.csv", "cut")] {
            let text = "action,clip,output,start_s,end_s,views\n\(action),a.mp4,x/a.mp4,1,2,a.mp4 b.mp4\n"
            _ = scratch.write(name, Data(text.utf8))
        }
        for folder in ["set/meta", "set/data"] {
            try FileManager.default.createDirectory(
                atPath: scratch.path(folder), withIntermediateDirectories: true)
        }
        _ = scratch.write("set/meta/info.json", Data(#"{"codebase_version": "v2.1", "fps": 30, "features": {}}"#.utf8))
        let run = try Program(["fix"] + arguments, folder: scratch.folder)
        #expect(run.status == 64)
        #expect(run.errors.contains(words), "\(run.errors)")
    }

    @Test("each audio track is moved by its own offset; with --audio-stream only that one, and the other is named")
    func tracks() throws {
        let scratch = Scratch()
        let clip = scratch.path("two.mkv")
        try shell(
            """
            ffmpeg -nostdin -v error -i '\(media("sound-late-120ms.mp4"))' -itsoffset -0.12 -i \
            '\(media("sound-late-120ms.mp4"))' -map 0:v -map 0:a -map 1:a -c copy -metadata:s:a:1 language=deu '\(clip)'
            """
        )
        let all = scratch.path("all.mkv")
        let run = try Program(["fix", clip, "-o", all, "--checks", "lips"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("audio stream 0 was") && run.output.contains("audio stream 1 (deu) is in sync"))
        for stream in ["0", "1"] {
            let after = try Program(["check", all, "--audio-stream", stream, "--checks", "lips", "--format", "jsonl"])
            let finding = try #require((after.documents.first?["findings"] as? [[String: Any]])?.first)
            #expect(abs(try #require(finding["offset_ms"] as? Double)) < 25, "audio stream \(stream)")
            let streamName = try #require(finding["subject_stream"] as? [String: Any])
            #expect(streamName["index"] as? Int == (stream == "0" ? 1 : 2))
        }
        let one = try Program([
            "fix", clip, "--audio-stream", "1", "--offset-ms", "50", "-o", scratch.path("one.mkv"), "--checks", "lips",
        ])
        #expect(one.status == 0 && one.output.contains("audio stream 0 is unchanged"), "\(one.output)\(one.errors)")
    }

    @Test("what is meant to lie apart is moved to where it is meant to lie, and measured as such")
    func expectation() throws {
        let scratch = Scratch()
        let fixed = scratch.path("fixed.mp4")
        let run = try Program([
            "fix", media("sound-late-120ms.mp4"), "-o", fixed, "--expect", "-250", "--checks", "lips", "--json",
        ])
        #expect(run.status == 0, "\(run.errors)")
        let written = try #require((try document(run)["written"] as? [[String: Any]])?.first)
        #expect(abs(try #require(written["is_ms"] as? Double) + 250) < 15)
        #expect(try Program(["check", fixed, "--expect", "-250", "--checks", "lips"]).status == 0)
    }

    @Test("two texts never share a file, and each keeps its name beside the mended clip")
    func names() throws {
        let scratch = Scratch()
        let clip = scratch.write("take.mp4", try Data(contentsOf: URL(fileURLWithPath: media("sound-late-120ms.mp4"))))
        let words = "1\n00:00:00,300 --> 00:00:06,000\nx\n"
        let texts = ["english.srt", "german.srt"].map { scratch.write($0, Data(words.utf8)) }
        let run = try Program(["fix", clip] + texts + ["-o", scratch.path("fixed.srt")])
        #expect(run.status == 1 && run.errors.contains("2 texts"))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("fixed.srt")))
    }

    @Test("what is in sync is left alone")
    func nothingToFix() throws {
        let scratch = Scratch()
        let run = try Program(["fix", media("in-sync.mp4"), "-o", scratch.path("fixed.mp4"), "--checks", "lips"])
        #expect(run.status == 0 && run.output.contains("nothing to fix"))
        #expect(try files(scratch).isEmpty)
    }

    @Test("several clips: first a plan that can be changed, then what it says, and no more")
    func planned() throws {
        let scratch = Scratch()
        let plan = scratch.path("plan.csv")
        let folder = scratch.path("mended")
        let clips = ["ball-early-150ms.mp4", "sound-late-120ms.mov", "sound-early-180ms.mp4", "another-sentence.mp4"]
            .map(media)
        let store = scratch.path("clips.sqlite")
        _ = try Program(["scan"] + clips + ["--store", store, "--quiet", "--checks", "lips,impacts"])
        let made = try Program(["fix", store, "-o", folder, "--plan", plan, "--leave-out"])
        #expect(made.status == 0)
        #expect(made.errors.contains("nothing is written yet"))
        // What a plan does not hold is in the command that follows.
        #expect(made.errors.hasSuffix("genlock fix --plan \(plan) --apply --leave-out\n"), "\(made.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder))
        var text = try String(contentsOfFile: plan, encoding: .utf8)
        #expect(made.output.contains("skip  \(media("another-sentence.mp4"))"))
        #expect(
            text.contains("\nmove,\(media("sound-late-120ms.mov"))")
                && text.contains("\nmove,\(media("sound-early-180ms.mp4"))"))
        text = text.replacing(
            "\nmove,\(media("sound-early-180ms.mp4"))", with: "\nskip,\(media("sound-early-180ms.mp4"))")
        try text.write(toFile: plan, atomically: true, encoding: .utf8)
        let applied = try Program(["fix", "--plan", plan, "--apply", "--format", "jsonl"])
        #expect(applied.status == 0, "\(applied.errors)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(
            names.contains("sound-late-120ms.mov") && !names.contains("sound-early-180ms.mp4")
                && !names.contains("another-sentence.mp4"))
        #expect(!names.contains { $0.hasPrefix(".partial") })
        #expect(applied.documents.allSatisfy { $0["outcome"] as? String == "mended" })
    }

    @Test("text and labels move along; frame numbers stay; what holds no times is refused")
    func beside() throws {
        let scratch = Scratch()
        let clip = media("ball-early-150ms.mp4")
        // The sound comes 300 ms earlier, and begins before the picture did: all that is timed to the picture comes
        // later.
        let boris = scratch.write(
            "take.boris",
            Data(
                #"{"behaviors_conf":{},"observations":{"a":{"events":[[0.5,"s","cut","",""],[1.25,"s","cut","",""]]}}}"#
                    .utf8))
        let frames = scratch.write("take.csv", Data("start_frame,end_frame,label\n10,40,cut\n".utf8))
        let studio = scratch.write(
            "take.json",
            Data(
                #"""
                [{"data":{"video":"a"},"annotations":[{"result":[{"value":{"start":0.5,"end":1.25,\#
                "labels":["cut"]}}]}]}]
                """#
                .utf8))
        let run = try Program([
            "fix", clip, "--offset-ms=-300", "-o", scratch.path("fixed.mp4"), "--labels", boris, "--labels", frames,
            "--labels", studio,
        ])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("they count video frames"))
        #expect(
            try String(contentsOfFile: scratch.path("fixed.csv"), encoding: .utf8)
                == "start_frame,end_frame,label\n10,40,cut\n")
        #expect(
            try String(contentsOfFile: scratch.path("fixed.boris"), encoding: .utf8).contains(
                #""events":[[0.8,"s","cut","",""],[1.55,"#))
        #expect(
            try String(contentsOfFile: scratch.path("fixed.json"), encoding: .utf8).contains(
                #""start":0.8,"end":1.55"#))
        let none = scratch.write("none.json", Data(#"{"segments":[{"text":"x"}]}"#.utf8))
        let refused = try Program(["fix", clip, "--offset-ms=-300", "-o", scratch.path("other.mp4"), "--labels", none])
        #expect(refused.status != 0 && refused.errors.contains("none.json"))
        #expect(try files(scratch).filter { $0.hasPrefix("other") || $0.hasPrefix(".partial") }.isEmpty)
    }

    @Test("subtitles inside that lie apart from the sound are moved by their own offset and along with it")
    func subtitlesInside() throws {
        let scratch = Scratch()
        let text = scratch.write("late.srt", SpokenSentence.captions(from: 1.6))
        let (clip, fixed) = (scratch.path("take.mkv"), scratch.path("fixed.mkv"))
        try shell(
            """
            ffmpeg -nostdin -v error -i '\(media("in-sync.mp4"))' -itsoffset 0.15 -i '\(media("in-sync.mp4"))' -i \
            '\(text)' -map 0:v -map 1:a -map 2 -c copy -c:s srt '\(clip)'
            """)
        let run = try Program(["fix", clip, "-o", fixed, "--checks", "lips"])
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        let lips = try Program(["check", fixed, "--checks", "lips", "--format", "jsonl"])
        let after = try Program(["transcript", fixed, "--format", "jsonl"])
        for (run, bound) in [(lips, 25.0), (after, 40)] {
            let finding = try #require((run.documents.first?["findings"] as? [[String: Any]])?.first)
            #expect(abs(try #require(finding["offset_ms"] as? Double)) < bound, "\(run.output)")
        }
    }

    @Test("views are planned, then cut to their common part, and measured as together")
    func views() throws {
        let scratch = Scratch()
        // One sound, 0.7 s apart, in two containers.
        for (name, start, coder) in [("a.mp4", "0", "aac"), ("b.mkv", "0.7", "flac")] {
            try shell(
                """
                ffmpeg -nostdin -v error -y -ss \(start) -i '\(media("in-sync.mp4"))' -t 4.5 -c:v libx264 -g 40 \
                -preset ultrafast -c:a \(coder) '\(scratch.path(name))'
                """
            )
        }
        let arguments = ["fix", "--views", scratch.path("a.mp4"), scratch.path("b.mkv"), "-o", scratch.path("common")]
        let plan = try Program(arguments + ["--json"])
        #expect(plan.status == 0, "\(plan.errors)")
        // The common part begins where the later recording does: 0.7 s into the first, at the start of the second.
        let cuts = try #require(try document(plan)["plan"] as? [[String: Any]])
        try #require(cuts.map { $0["clip"] as? String } == [scratch.path("a.mp4"), scratch.path("b.mkv")])
        let starts = cuts.compactMap { $0["start_s"] as? Double }
        let ends = cuts.compactMap { $0["end_s"] as? Double }
        try #require(starts.count == 2 && ends.count == 2)
        #expect(abs(starts[0] - 0.7) < 0.002 && abs(starts[1]) < 0.002, "\(starts)")
        #expect(abs(ends[0] - starts[0] - (ends[1] - starts[1])) < 0.002, "\(starts), \(ends)")
        let told = try #require((cuts[1]["why"] as? String)?.firstMatch(of: /^starts (\d+) ms after the reference$/))
        #expect(abs(try #require(Int(told.1)) - 700) <= 2)
        #expect(cuts[0]["why"] as? String == "the reference")
        #expect(!FileManager.default.fileExists(atPath: scratch.path("common")))
        let run = try Program(arguments + ["--apply"])
        #expect(run.status == 0, "\(run.errors)")
        let again = try Program([
            "views", scratch.path("common/a.mp4"), scratch.path("common/b.mp4"), "--by", "sound", "--json",
        ])
        let finding = try #require((try document(again)["findings"] as? [[String: Any]])?.first)
        #expect(abs(try #require(finding["offset_ms"] as? Double)) < 2)
        let wrong = try Program(["fix", "--views", scratch.path("a.mp4"), "-o", scratch.path("c")])
        #expect(wrong.status == 64)
    }

    @Test("labels of views are cut along in their own formats; what cannot be is refused, and then nothing is written")
    func viewLabels() throws {
        let scratch = Scratch()
        // One sound, 0.8 s apart: the part that both share begins 0.8 s into the first.
        for (name, start) in [("cam1.mp4", "0"), ("cam2.mp4", "0.8")] {
            try shell(
                """
                ffmpeg -nostdin -v error -y -ss \(start) -i '\(media("in-sync.mp4"))' -t 4.5 -r 25 -c:v libx264 -g 40 \
                -preset ultrafast -c:a aac '\(scratch.path(name))'
                """
            )
        }
        let text = { (name: String) in
            String(decoding: try Data(contentsOf: URL(fileURLWithPath: scratch.path(name))), as: UTF8.self)
        }
        _ = scratch.write(
            "cam1.csv", Data("start_s,end_s,label\n0.200,1.000,reach\n1.500,3.250,\"pour, slowly\"\n".utf8))
        _ = scratch.write(
            "cam1.en.srt",
            Data("1\n00:00:00,100 --> 00:00:00,600\nbefore\n\n2\n00:00:01,300 --> 00:00:03,250\nin it\n".utf8))
        _ = scratch.write(
            "cam1.xml",
            Data(
                """
                <annotations><meta/><track id="0" label="cup"><box frame="30" outside="0" xtl="1" ytl="2" xbr="3" \
                ybr="4"/><box frame="75" outside="1" xtl="1" ytl="2" xbr="3" ybr="4"/></track></annotations>
                """.utf8))
        _ = scratch.write("cam2.frames.csv", Data("start_frame,end_frame,label\n10,40,cut\n".utf8))
        _ = scratch.write("cam2.info.json", Data(#"{"title":"a kitchen"}"#.utf8))
        let named = scratch.write("turns.csv", Data("view,start,end,label\ncam1,2.0,2.5,look\n".utf8))
        let arguments = [
            "fix", "--views", scratch.path("cam1.mp4"), scratch.path("cam2.mp4"), "-o", scratch.path("common"),
            "--labels", named,
        ]
        let plan = try Program(arguments)
        #expect(plan.status == 0, "\(plan.errors)")
        #expect(plan.output.contains("cam2.info.json") && plan.output.contains("turns.csv"), "\(plan.output)")
        let run = try Program(arguments + ["--apply"])
        #expect(run.status == 0, "\(run.errors)")
        // The measured beginning is exact to a few ms.
        func numbers(_ name: String, _ expected: [Double], _ pattern: Regex<(Substring, Substring)>) throws {
            let found = try text("common/" + name).matches(of: pattern).compactMap { Double($0.1) }
            #expect(found.count == expected.count, "\(name): \(found)")
            for (one, right) in zip(found, expected) { #expect(abs(one - right) < 0.004, "\(name): \(found)") }
        }
        try numbers("cam1.csv", [-0.6, 0.2, 0.7, 2.45], /(?:^|,)([-0-9.]+)(?=,)/.anchorsMatchLineEndings())
        #expect(try text("common/cam1.csv").contains("\"pour, slowly\"\n"))
        try numbers("cam1.turns.csv", [1.2, 1.7], /(?:^|,)([-0-9.]+)(?=,)/.anchorsMatchLineEndings())
        let cues = try text("common/cam1.en.srt").replacing("00:00:0", with: "").replacing(",", with: ".")
        #expect(cues.contains("0.000 --> 0.000\nbefore"), "\(cues)")
        let times = cues.matches(of: /(\d\.\d{3})/).compactMap { Double($0.1) }
        #expect(times.count == 4 && zip(times, [0, 0, 0.5, 2.45]).allSatisfy { abs($0 - $1) < 0.004 }, "\(cues)")
        #expect(try text("common/cam1.xml").contains(#"frame="10" outside"#))
        #expect(try text("common/cam1.xml").contains(#"frame="55" outside"#))
        #expect(try text("common/cam2.frames.csv") == "start_frame,end_frame,label\n10,40,cut\n")
        #expect(!FileManager.default.fileExists(atPath: scratch.path("common/cam2.info.json")))

        _ = scratch.write("cam2.txt", Data(String(repeating: "cut\n", count: 60).utf8))
        var refused = arguments
        refused[5] = scratch.path("other")
        let nothing = try Program(refused + ["--apply"])
        #expect(nothing.status == 1 && nothing.errors.contains("cam2.txt"), "\(nothing.errors)")
        #expect((try? FileManager.default.contentsOfDirectory(atPath: scratch.path("other"))) ?? [] == [])
        let several = scratch.write(
            "both.csv", Data("view,start,end,label\ncam1,2.0,2.5,look\ncam2,1.0,1.5,look\n".utf8))
        let asked = try Program(Array(arguments.dropLast()) + [several])
        #expect(asked.status == 1 && asked.errors.contains("cam1, cam2"), "\(asked.errors)")
    }
}
