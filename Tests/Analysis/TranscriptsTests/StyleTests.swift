import Foundation
import SignalCore
import SyncModel
import Testing

@testable import Transcripts

@Suite("Captions as they are made")
struct StyleTests {
    private static let speech = MadeSpeech.words(seconds: 180, seed: 3)
    private static let sound = MadeSpeech.scores(speech, seconds: 180)

    private static func cues(_ style: String) -> [TranscriptText.Item] {
        var cues = MadeSpeech.cues(speech).items
        for index in cues.indices {
            switch style {
            case "contiguous":
                cues[index].end = index + 1 < cues.count ? cues[index + 1].start : cues[index].end + 1
            case "reading time":
                cues[index].start -= 0.15
                cues[index].end += 0.6
            case "whole seconds":
                cues[index].start.round(.down)
                cues[index].end = max(cues[index].start + 1, cues[index].end.rounded(.down))
            default: break
            }
        }
        return cues
    }

    private static func moved(_ items: [TranscriptText.Item], by seconds: Double) -> TranscriptText {
        TranscriptText(
            items: items.map { item in
                var item = item
                item.start += seconds
                item.end += seconds
                return item
            })
    }

    @Test(
        "are answered by their speech, whatever their ends do, and follow when they are moved",
        arguments: [("tight", 0.04), ("contiguous", 0.06), ("reading time", 0.06), ("whole seconds", 0.3)])
    func styles(_ style: String, _ bound: Double) throws {
        let analyser = try MadeSpeech.analyser()
        let items = StyleTests.cues(style)
        let plain = analyser.finding(StyleTests.moved(items, by: 0), sound: StyleTests.sound)
        let offset = try #require(plain.offset, "\(plain.because) \(plain.evidence)")
        #expect(abs(offset.seconds) < bound)
        #expect(plain.verdict != .misaligned && plain.segments == nil && plain.drift == nil)
        #expect(plain.interval?.contains(Offset(seconds: 0)) == true)
        for move in [1.7, -30, 540] {
            let finding = analyser.finding(StyleTests.moved(items, by: move), sound: StyleTests.sound)
            let there = try #require(finding.offset, "\(finding.because) \(finding.evidence)")
            #expect(abs(there.seconds - offset.seconds + move) < 0.02)
            #expect(finding.verdict == .misaligned)
        }
    }

    @Test("the style is told, a lead too")
    func told() throws {
        #expect(CueStyle(Self.stretches("contiguous")).isContiguous)
        #expect(!CueStyle(Self.stretches("tight")).isContiguous)
        #expect(CueStyle(Self.stretches("whole seconds")).grid == 1)
        #expect(CueStyle(Self.stretches("tight")).grid == nil)
        let late = TranscriptText(items: Self.cues("reading time"))
        let finding = try MadeSpeech.analyser().finding(late, sound: Self.sound)
        let habit = try #require(
            TranscriptMeasurement(late, scores: Self.sound, reach: 60, seed: 1)?.habit, "\(finding.evidence)")
        #expect(abs(habit.lead - 0.15) < 0.06 && abs(habit.linger - 0.6) < 0.06)
    }

    private static func stretches(_ style: String) -> [Stretch] {
        Stretch.stretches(
            cues(style).enumerated().compactMap { SpokenUnit(item: $0, $1) }, areWords: false)
    }

    @Test("words of elsewhere in the same times are no offset, whatever the style", arguments: ["contiguous", "tight"])
    func otherWords(_ style: String) throws {
        let other = MadeSpeech.cues(MadeSpeech.words(seconds: 180, seed: 12)).items
        var items = Self.cues(style)
        for index in items.indices { items[index].text = other[index % other.count].text }
        let finding = try MadeSpeech.analyser().finding(TranscriptText(items: items), sound: Self.sound)
        #expect(finding.offset == nil, "\(finding.evidence)")
    }

    @Test("other words are unpaired in clear sound, and cannot be told in sound that is not clear")
    func unfit() throws {
        var generator = SplitMix64(seed: 21)
        let syllables = ["ba", "ten", "mo", "si", "ral", "fu", "lin", "ko", "ves", "ta", "ner", "po", "shi", "lam"]
        // Hardly a word twice, so that other words of the text are others.
        let other = TranscriptText(
            items: MadeSpeech.cues(MadeSpeech.words(seconds: 150, seed: 11)).items.map { item in
                var item = item
                item.text = item.text.split(separator: " ").map { _ in
                    (0..<3).map { _ in syllables[generator.index(below: syllables.count)] }.joined()
                }.joined(separator: " ")
                return item
            })
        let clear = MadeSpeech.scores(MadeSpeech.words(seconds: 150, seed: 3), seconds: 150)
        let told = try MadeSpeech.analyser().finding(other, sound: clear)
        #expect(told.verdict == .unpaired, "\(told.because) \(told.evidence)")
        for (depth, clarity) in [(8.0, 1.2), (40, 0.5)] {
            let unclear = SpeechScores(scores: clear.scores, speech: clear.speech, depth: depth, clarity: clarity)
            let finding = try MadeSpeech.analyser().finding(other, sound: unclear)
            #expect(finding.verdict == .inconclusive)
            #expect(finding.because.contains { $0.description.contains("not clear enough") })
            #expect(finding.candidate != nil)
        }
    }

    @Test("a text whose own times stray is judged as exactly as they are, one of exact times by the tolerance alone")
    func strays() throws {
        var generator = SplitMix64(seed: 4)
        func late(straying most: Double) -> TranscriptText {
            TranscriptText(
                items: Self.cues("tight").map { item in
                    var item = item
                    let stray = most * (2 * generator.uniform() - 1)
                    item.start += 0.17 + stray
                    item.end += 0.17 + stray
                    return item
                })
        }
        let analyser = try MadeSpeech.analyser()
        let exact = analyser.finding(late(straying: 0), sound: Self.sound)
        #expect(exact.verdict == .misaligned, "\(exact.evidence)")
        let straying = analyser.finding(late(straying: 0.25), sound: Self.sound)
        #expect(straying.verdict == .marginal, "\(straying.because) \(straying.evidence)")
        for finding in [exact, straying] {
            #expect(abs(try #require(finding.offset).seconds + 0.17) < 0.06)
            #expect(finding.interval?.contains(Offset(seconds: -0.17)) == true)
        }
    }

    @Test("a text that lies beyond ten minutes is looked for to an hour")
    func far() throws {
        let finding = try MadeSpeech.analyser().finding(
            Self.moved(Self.cues("contiguous"), by: 1500), sound: Self.sound)
        #expect(abs(try #require(finding.offset, "\(finding.because)").seconds + 1500) < 0.06)
    }

    @Test("no drift is read from less than a minute, and none that neither clocks nor frame rates make")
    func drifts() throws {
        let short = MadeSpeech.words(seconds: 45, seed: 8)
        let brief = try MadeSpeech.analyser().finding(
            MadeSpeech.cues(short) { $0 / 1.0417 }, sound: MadeSpeech.scores(short, seconds: 45))
        #expect(brief.drift == nil)
        let wandering = try MadeSpeech.analyser().finding(
            MadeSpeech.cues(Self.speech) { $0 * 1.0025 }, sound: Self.sound)
        #expect(wandering.drift == nil)
    }

    @Test("an invented last cue over quiet, or one that says again what was said, is no piece")
    func inventions() throws {
        var items = Self.cues("tight")
        let said = items[4].text
        let last = items[items.count - 1].end
        for number in 0..<2 {
            let start = last + 4 + 3 * Double(number)
            items.append(
                TranscriptText.Item(index: items.count, kind: .cue, text: said, start: start, end: start + 2))
        }
        let sound = MadeSpeech.scores(Self.speech, seconds: 200)
        let finding = try MadeSpeech.analyser().finding(TranscriptText(items: items), sound: sound)
        #expect(finding.verdict == .inSync, "\(finding.because) \(finding.evidence)")
        #expect(finding.segments == nil)
        #expect(
            finding.items?.filter { $0.flags.contains(.noSpeech) }.map(\.index) == [items.count - 2, items.count - 1])
    }

    @Test("automatic captions that roll say each line once")
    func rolling() throws {
        let cues = Self.cues("contiguous")
        var text = "WEBVTT\n\n"
        func clock(_ seconds: Double) -> String {
            let thousandths = Int((seconds * 1000).rounded())
            return String(format: "%02d:%02d.%03d", thousandths / 60_000, thousandths / 1000 % 60, thousandths % 1000)
        }
        for (index, cue) in cues.enumerated() {
            let before = index > 0 ? cues[index - 1].text : " "
            text += "\(clock(cue.start)) --> \(clock(cue.end - 0.01))\n\(before)\n\(cue.text) \n\n"
            text += "\(clock(cue.end - 0.01)) --> \(clock(cue.end))\n\(cue.text)\n \n\n"
        }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("rolling-\(UUID().uuidString).vtt")
        try text.write(to: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: path) }
        let source = try TranscriptSource(
            path: path.path, frameRate: nil, encoding: nil, tier: nil, mediaName: "talk.wav")
        #expect(source.text.measured.map(\.text) == cues.map(\.text))
        let finding = try source.finding(MadeSpeech.analyser(), sound: Self.sound)
        #expect(abs(try #require(finding.offset, "\(finding.because)").seconds) < 0.06)
    }

    @Test("who speaks and what is heard is not spoken")
    func labels() {
        func words(_ text: String) -> Int { LetterClasses.words(of: text).count }
        #expect(words("BOB: come here") == 2)
        #expect(words("- Mary: come here\n- MRS. SMITH: no") == 3)
        #expect(words(">> come here") == 2)
        #expect(words("[door slams] come (laughs) here ♪ la la ♪") == 4)
        #expect(words("<i>come</i> here") == 2)
        #expect(words("at 10:30 we come") == 7)
        #expect(words("He said: come here") == 4)
        #expect(LetterClasses.words(of: "Ærø") == LetterClasses.words(of: "Ero"))
    }
}
