import Foundation
import Testing

@Suite("What is handed over to annotators")
struct HandoverTests {
    /// Seconds of a tone, as WAV.
    private static func tone(_ seconds: Int) -> Data {
        let samples = (0..<seconds * 16_000).map { Int16(6000 * sin(Double($0) * 0.2)) }
        func little(_ value: Int, _ bytes: Int) -> [UInt8] { (0..<bytes).map { UInt8(value >> (8 * $0) & 0xFF) } }
        var data = Data("RIFF".utf8) + little(36 + samples.count * 2, 4) + Data("WAVEfmt ".utf8)
        data += little(16, 4) + little(1, 2) + little(1, 2) + little(16_000, 4) + little(32_000, 4) + little(2, 2)
        data += little(16, 2) + Data("data".utf8) + little(samples.count * 2, 4)
        samples.withUnsafeBytes { data.append(contentsOf: $0) }
        return data
    }

    @Test("each place by annotator and file, as table, JSON and page; a sample by language, annotator and length")
    func handover() async throws {
        try await aside {
            let scratch = Scratch()
            var manifest = "clip,transcript,annotator,language\n"
            for (number, name) in ["ann", "ben", "ann", "ben"].enumerated() {
                let media = scratch.write("a\(number).wav", Self.tone(20))
                // Ben's texts go on behind the end of the recording.
                let cues = (0..<8).map { cue in
                    let end = name == "ben" && cue == 7 ? "00:00:25,000" : String(format: "00:00:%02d,000", 2 * cue + 2)
                    return
                        "\(cue + 1)\n\(String(format: "00:00:%02d,500", 2 * cue)) --> \(end)\n<b>Line & \(cue)</b>\n\n"
                }.joined()
                let text = scratch.write("a\(number).srt", Data(cues.utf8))
                manifest += "\(media),\(text),\(name),en\n"
            }
            let list = scratch.write("list.csv", Data(manifest.utf8))
            let store = scratch.path("s.sqlite")
            let scan = try Program(["scan", list, "--store", store, "--checks", "transcript", "--quiet"])
            try #require(FileManager.default.fileExists(atPath: store), "\(scan.errors)")
            let folder = scratch.path("out")
            let run = try Program(["report", store, "--handover", folder, "--sample", "3"])
            #expect(run.status == 0 && run.output.isEmpty, "\(run.errors)")
            func text(_ name: String) throws -> String {
                try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
            }
            let rows = try text("handover.csv").split(separator: "\n").filter { $0.contains("past-end") }
            #expect(rows.count == 2 && rows.allSatisfy { $0.hasPrefix("ben,") && $0.contains(",14.5,25,") }, "\(rows)")
            let object = try #require(
                JSONSerialization.jsonObject(with: Data(try text("handover.json").utf8)) as? [String: Any])
            let annotators = try #require(object["annotators"] as? [[String: Any]])
            #expect(annotators.map { $0["annotator"] as? String } == ["ann", "ben"])
            #expect(annotators.map { $0["files"] as? Int } == [2, 2])
            let places = try #require(object["places"] as? [[String: Any]])
            #expect(places.contains { $0["problem"] as? String == "past-end" && $0["annotator"] as? String == "ben" })
            #expect(!places.contains { $0["problem"] as? String == "past-end" && $0["annotator"] as? String == "ann" })
            // Each place of a file has its line, of the cue's number or its times.
            let late = try #require(places.first { $0["problem"] as? String == "past-end" })
            let lines = try String(contentsOfFile: scratch.path("a1.srt"), encoding: .utf8).components(
                separatedBy: "\n")
            let line = try #require(late["line"] as? Int)
            #expect(lines[line - 1...line].contains { $0.hasSuffix("--> 00:00:25,000") }, "line \(line)")
            let sample = try #require(object["sample"] as? [String: Any])
            #expect(sample["texts"] as? Int == 4 && sample["looked_at"] as? Int == 0 && sample["error_rate"] is NSNull)
            #expect((sample["strata"] as? [[String: Any]])?.count == 2)
            #expect(try text("sample.csv").split(separator: "\n").count == 4)
            let page = try text("handover.html")
            #expect(page.contains("past the end of the recording") && page.contains("Line &amp; 7"))
            #expect(!page.contains("<b>") && !page.contains("<script"))
            #expect(try Program(["report", store, "--sample", "3"]).status == 64)

            // Cue by cue, what people decided of those that were drawn tells of all.
            let cueFolder = scratch.path("cues")
            let arguments = ["report", store, "--handover", cueFolder, "--cues", "--sample", "6"]
            let cues = try Program(arguments)
            #expect(cues.status == 0 && cues.errors.contains("6 of 32 cues are in the sample"), "\(cues.errors)")
            let drawn = try String(contentsOfFile: cueFolder + "/sample.csv", encoding: .utf8).split(separator: "\n")
            #expect(drawn[0] == "clip,file,line,start_s,text,stratum,looked_at" && drawn.count == 7)
            #expect(drawn.dropFirst().allSatisfy { $0.contains("Line & ") && $0.hasSuffix(",no") })
            #expect(drawn.count { $0.contains("\"en, ann, under 30 s\"") } == 3)
            #expect(try Program(["report", store, "--handover", cueFolder, "--cues"]).status == 64)
        }
    }
}
