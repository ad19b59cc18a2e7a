import Foundation
import Testing

@Suite("What a scan will take")
struct TuneTests {
    @Test(
        "a sample is measured with one worker and more; what is recommended was tried; the forecast follows the trials")
    func tunes() throws {
        let scratch = Scratch()
        for name in ["in-sync.mp4", "no-face.mp4", "silent.mp4"] {
            try FileManager.default.createSymbolicLink(
                atPath: scratch.path(name), withDestinationPath: Program.testMedia + "/" + name)
        }
        let run = try Program([
            "tune", scratch.folder, "--budget", "90", "--machines", "1,3", "--clips", "3000", "--price", "2", "--json",
            "-q",
        ])
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        let document = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        #expect(document["corpus_clips"] as? Int == 3 && document["sample_clips"] as? Int == 3)
        let trials = try #require(document["trials"] as? [[String: Any]])
        #expect(trials.first?["options"] as? String == "--jobs 1")
        // The talking face is answered, nothing else is.
        #expect(trials.filter { $0["keeps_answers"] as? Bool == true }.allSatisfy { $0["answered"] as? Int == 1 })
        #expect(trials.contains { $0["options"] as? String == document["recommended"] as? String })
        let rates = trials.compactMap { $0["clips_per_s"] as? Double }
        #expect(rates.count == trials.count && rates.allSatisfy { $0 > 0 })

        let forecasts = try #require(document["forecasts"] as? [[String: Any]])
        let seconds = forecasts.compactMap { $0["seconds"] as? Double }
        try #require(seconds.count == 2)
        let best = trials.filter { $0["keeps_answers"] as? Bool == true }.compactMap { $0["clips_per_s"] as? Double }
            .max()
        // 3000 clips at the measured rate, on one machine and on three.
        #expect(abs(seconds[0] * (best ?? 0) / 3000 - 1) < 0.25)
        #expect(abs(seconds[0] / seconds[1] / 3 - 1) < 0.15)
        let hours = forecasts.compactMap { $0["machine_hours"] as? Double }
        let costs = forecasts.compactMap { $0["cost"] as? Double }
        #expect(abs(costs[0] - 2 * hours[0]) < 0.01)
    }

    @Test("clips whose video two threads decode are answered as with one")
    func decoderThreads() throws {
        let scratch = Scratch()
        for name in ["in-sync.mp4", "sound-late-120ms.ts", "no-face.mp4"] {
            try FileManager.default.createSymbolicLink(
                atPath: scratch.path(name), withDestinationPath: Program.testMedia + "/" + name)
        }
        let arguments = ["scan", scratch.folder, "--format", "jsonl", "--quiet", "--decoder-threads"]
        let one = try Program(arguments + ["1"])
        let two = try Program(arguments + ["2"])
        #expect(one.output.split(separator: "\n").count == 3)
        #expect(one.output == two.output)
        #expect(one.status == two.status)
    }

    @Test(
        "clips that do not exist are named and not counted; one machine has no straggling"
    )
    func missing() throws {
        let scratch = Scratch()
        let rows = ["in-sync.mp4", "no-face.mp4"].map { Program.testMedia + "/" + $0 } + [scratch.path("gone.mp4")]
        let manifest = scratch.write("m.csv", Data(("media\n" + rows.joined(separator: "\n") + "\n").utf8))
        let run = try Program(["tune", manifest, "--budget", "30", "--machines", "1,2", "--json"])
        #expect(run.status == 2 && run.errors.contains("gone.mp4 does not exist"))
        let document = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        #expect(document["corpus_clips"] as? Int == 2 && document["missing"] as? Int == 1)
        #expect(document["left_out"] as? Int == 0 && document["failed_clips"] as? Int == 0)
        let one = try #require((document["forecasts"] as? [[String: Any]])?.first)
        #expect(one["straggling_s"] as? Double == 0)
        let seconds = try #require(one["seconds"] as? Double)
        #expect(abs(try #require(one["machine_hours"] as? Double) * 3600 - seconds) < 0.1)
        let text = try Program(["tune", manifest, "--budget", "30", "--machines", "2", "-q"])
        #expect(text.output.contains("--shard 1/2") && text.output.contains("1 does not exist"))
    }

    @Test("too few clips, and options that make no sense, are told")
    func refuses() throws {
        let one = try Program(["tune", Program.testMedia + "/in-sync.mp4"])
        #expect(one.status == 2 && one.errors.contains("at least two"))
        for wrong in [["--machines", "1,x"], ["--budget", "1"], ["--storage", "0"], ["--failing", "2"]] {
            #expect(try Program(["tune", Program.testMedia] + wrong).status == 64)
        }
    }
}
