import Foundation
import SyncModel
import Testing

@testable import Transcripts

@Suite("A text that counts from the programme's timecode")
struct TimecodeTests {
    /// Cues as SubRip writes them, read back as a source.
    private func source(_ text: TranscriptText) throws -> TranscriptSource {
        func clock(_ seconds: Double) -> String {
            let whole = Int((seconds * 1000).rounded())
            return String(
                format: "%02d:%02d:%02d,%03d", whole / 3_600_000, whole / 60_000 % 60, whole / 1000 % 60, whole % 1000)
        }
        let srt = text.items.map { "\($0.index + 1)\n\(clock($0.start)) --> \(clock($0.end))\n\($0.text)\n\n" }.joined()
        let path = NSTemporaryDirectory() + UUID().uuidString + ".srt"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(srt.utf8).write(to: URL(fileURLWithPath: path))
        return try TranscriptSource(path: path, frameRate: nil, encoding: nil, tier: nil, mediaName: "talk.wav")
    }

    @Test(
        "is late by the hours and what is wrong beside them, and says so",
        arguments: [(1, 0.0), (10, 1.5), (23, -4.0)])
    func hours(_ hour: Int, _ late: Double) throws {
        let speech = MadeSpeech.words(seconds: 180, seed: 3)
        let sound = MadeSpeech.scores(speech, seconds: 180)
        let base = Double(hour) * 3600 + late
        let finding = try source(MadeSpeech.cues(speech) { $0 + base }).finding(MadeSpeech.analyser(), sound: sound)
        #expect(finding.verdict == .misaligned)
        let offset = try #require(finding.offset)
        #expect(abs(offset.seconds + base) < 0.03)
        #expect(finding.worst == offset && finding.interval?.contains(offset) == true)
        let name = (hour < 10 ? "0" : "") + "\(hour):00:00"
        #expect(finding.evidence("counts_from") == .text(name))
        let assumed = try #require(finding.evidence("assumed")?.list)
        #expect(assumed.contains { if case .text(let text) = $0 { text.contains(name) } else { false } })
        for item in finding.items ?? [] { #expect(item.startSeconds > base) }
    }

    @Test("keeps its drift and its pieces, which hold in its own time")
    func course() throws {
        let speech = MadeSpeech.words(seconds: 600, seed: 8)
        let sound = MadeSpeech.scores(speech, seconds: 600)
        let factor = 25 / (24_000.0 / 1001)
        let drifting = try source(MadeSpeech.cues(speech) { $0 / factor + 36_000 }).finding(
            MadeSpeech.analyser(), sound: sound)
        // t_sound = factor * (t_text - 36 000)
        #expect(drifting.rate == "25/23.976")
        #expect(abs(try #require(drifting.offset).seconds + factor * 36_000) < 1.5)
        let last = (speech.last?.last?.1 ?? 0) / factor + 36_000
        let ppm = try #require(drifting.drift?.ppm)
        let end = try #require(drifting.offset).seconds + last * (1 + ppm / 1e6)
        #expect(abs(end - (speech.last?.last?.1 ?? 0)) < 0.05)

        let cut = try #require(speech.firstIndex { $0[0].0 > 300 })
        let text = MadeSpeech.cues(speech).items.map { item in
            let move = 3600.0 + (item.index >= cut ? 30 : 0)
            return TranscriptText.Item(
                index: item.index, kind: .cue, text: item.text, start: item.start + move, end: item.end + move)
        }
        let pieces = try source(TranscriptText(items: text)).finding(MadeSpeech.analyser(), sound: sound)
        let segments = try #require(pieces.segments)
        #expect(segments.count == 2)
        #expect(abs(segments[0].offset.seconds + 3600) < 0.04 && abs(segments[1].offset.seconds + 3630) < 0.04)
        #expect(segments[0].span.start > 3599 && segments[1].span.end > 4100)
    }

    @Test("another text stays unpaired, with its best guess in its own time")
    func otherText() throws {
        let sound = MadeSpeech.scores(MadeSpeech.words(seconds: 150, seed: 3), seconds: 150)
        let other = MadeSpeech.words(seconds: 150, seed: 11)
        let finding = try source(MadeSpeech.cues(other) { $0 + 3600 }).finding(MadeSpeech.analyser(), sound: sound)
        #expect(finding.offset == nil)
        #expect(try #require(finding.candidate).seconds < -2900)
    }

    @Test("is told from one that counts from 0 by where the sound ends")
    func recognition() {
        func hour(_ start: Double, _ end: Double, sound: Double) -> Int? {
            let items = (0..<40).map { index in
                let time = start + (end - start) * Double(index) / 40
                return TranscriptText.Item(index: index, kind: .cue, text: "word", start: time, end: time + 2)
            }
            return ProgrammeTimecode(TranscriptText(items: items), soundSeconds: sound)?.hour
        }
        #expect(hour(3605, 3690, sound: 100) == 1)
        #expect(hour(3595, 3690, sound: 100) == 1)
        #expect(hour(36_010, 41_000, sound: 5400) == 10)
        // The second half of a film of two hours, with all of its sound; and half of a text for half of the sound.
        #expect(hour(3700, 7100, sound: 7200) == nil)
        #expect(hour(5, 7100, sound: 3600) == nil)
        // Twelve minutes late.
        #expect(hour(725, 800, sound: 80) == nil)
        #expect(hour(1005, 1090, sound: 0) == nil)
    }
}
