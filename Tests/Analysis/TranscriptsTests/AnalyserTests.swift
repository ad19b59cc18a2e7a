import SignalCore
import SyncModel
import Testing

@testable import Transcripts

@Suite("A transcript against made speech")
struct AnalyserTests {
    @Test(
        "moved by a known time it reads that time back, words and cues", arguments: [-37.25, -2.0, -0.1, 0, 0.35, 61.5])
    func offset(_ move: Double) throws {
        let speech = MadeSpeech.words(seconds: 180, seed: 3)
        let sound = MadeSpeech.scores(speech, seconds: 180)
        for text in [MadeSpeech.words(speech, { $0 - move }), MadeSpeech.cues(speech, { $0 - move })] {
            let finding = try MadeSpeech.analyser().finding(text, sound: sound)
            let offset = try #require(finding.offset, "\(finding.because) \(finding.evidence)")
            #expect(abs(offset.seconds - move) < 0.03)
            #expect(finding.interval?.contains(Offset(seconds: move)) == true)
            #expect(finding.segments == nil)
            #expect(finding.verdict == (abs(move) > 0.15 ? .misaligned : abs(move) > 0.05 ? finding.verdict : .inSync))
        }
    }

    @Test("another text is unpaired or inconclusive, never an offset", arguments: [11, 12, 13, 14] as [UInt64])
    func otherText(_ seed: UInt64) throws {
        let sound = MadeSpeech.scores(MadeSpeech.words(seconds: 150, seed: 3), seconds: 150)
        let other = MadeSpeech.words(seconds: 150, seed: seed)
        let finding = try MadeSpeech.analyser().finding(MadeSpeech.cues(other), sound: sound)
        #expect(finding.offset == nil, "\(finding.evidence)")
    }

    @Test(
        "captions of another frame rate are named",
        arguments: ["25/23.976", "23.976/25", "24/23.976", "25/24", "30/25"])
    func rates(_ name: String) throws {
        let ratio = try #require(FrameRates.ratios.first { $0.name == name })
        let speech = MadeSpeech.words(seconds: 600, seed: 8)
        let sound = MadeSpeech.scores(speech, seconds: 600)
        let finding = try MadeSpeech.analyser().finding(MadeSpeech.cues(speech) { $0 / ratio.factor }, sound: sound)
        let drift = try #require(finding.drift, "\(finding.evidence)")
        #expect(abs(drift.ppm - ratio.ppm) < 40)
        #expect(finding.rate == name)
        #expect(abs(try #require(finding.offset).seconds) < 0.04)
        #expect(finding.verdict == .misaligned)
    }

    @Test("a slow clock is measured and not named")
    func drift() throws {
        let speech = MadeSpeech.words(seconds: 900, seed: 9)
        let sound = MadeSpeech.scores(speech, seconds: 900)
        let finding = try MadeSpeech.analyser().finding(MadeSpeech.words(speech) { $0 / (1 + 150e-6) }, sound: sound)
        #expect(abs(try #require(finding.drift).ppm - 150) < 15)
        #expect(finding.rate == nil)
    }

    @Test("a text made for a recording that was cut comes in pieces, and an uncut one does not")
    func pieces() throws {
        let speech = MadeSpeech.words(seconds: 400, seed: 21)
        let sound = MadeSpeech.scores(speech, seconds: 400)
        // An advertisement of 30 s lies in what the text was made for, after 200 s.
        let cut = try #require(speech.firstIndex { $0[0].0 > 200 })
        let text = TranscriptText(
            items: MadeSpeech.cues(Array(speech[..<cut])).items
                + MadeSpeech.cues(Array(speech[cut...])) { $0 + 30 }.items.map {
                    TranscriptText.Item(index: $0.index + cut, kind: .cue, text: $0.text, start: $0.start, end: $0.end)
                })
        let finding = try MadeSpeech.analyser().finding(text, sound: sound)
        let segments = try #require(finding.segments, "\(finding.evidence)")
        #expect(segments.count == 2)
        #expect(abs(segments[0].offset.seconds) < 0.04)
        #expect(abs(segments[1].offset.seconds + 30) < 0.04)
        let (before, after) = (text.items[cut - 1].end, text.items[cut].start)
        #expect(segments[1].span.start >= before - 1 && segments[1].span.start <= after + 1)
        #expect(try MadeSpeech.analyser().finding(MadeSpeech.cues(speech), sound: sound).segments == nil)
    }

    @Test("the last cues alone at another time are named, and the text is not called on time", arguments: [3, 4, 7.0])
    func lastCuesElsewhere(seconds: Double) throws {
        let speech = MadeSpeech.words(seconds: 90, seed: 23)
        let sound = MadeSpeech.scores(speech, seconds: 110)
        let right = MadeSpeech.cues(speech)
        #expect(try MadeSpeech.analyser().finding(right, sound: sound).verdict == .inSync)
        let moved = Set(right.items.suffix(3).map(\.index))
        let text = TranscriptText(
            items: right.items.map { item in
                let move = moved.contains(item.index) ? seconds : 0
                return TranscriptText.Item(
                    index: item.index, kind: .cue, text: item.text, start: item.start + move, end: item.end + move)
            })
        let finding = try MadeSpeech.analyser().finding(text, sound: sound)
        #expect(finding.verdict == .inconclusive)
        #expect(finding.because.contains { $0.description.hasPrefix("3 items") }, "\(finding.because)")
        #expect(Set((finding.items ?? []).filter { $0.flags.contains(.doubtful) }.map(\.index)) == moved)
    }

    @Test("captions that open a little early and stay are on time; their habit is told")
    func habit() throws {
        let speech = MadeSpeech.words(seconds: 240, seed: 31)
        let sound = MadeSpeech.scores(speech, seconds: 240)
        let finding = try MadeSpeech.analyser().finding(MadeSpeech.cues(speech, lead: 0.1, linger: 0.3), sound: sound)
        #expect(
            finding.verdict == .inSync,
            "\(finding.because) \(String(describing: finding.offset)) \(finding.evidence)")
        #expect(abs(try #require(finding.offset).seconds) < 0.06)
        let early = try MadeSpeech.analyser().finding(
            MadeSpeech.cues(speech, { $0 - 1 }, lead: 0.1, linger: 0.3), sound: sound)
        #expect(abs(try #require(early.offset).seconds - 1) < 0.08)
    }

    @Test("silence and empty texts are not applicable")
    func nothing() throws {
        let analyser = try MadeSpeech.analyser()
        let speech = MadeSpeech.words(seconds: 60, seed: 1)
        #expect(analyser.finding(MadeSpeech.cues(speech), sound: .none).verdict == .notApplicable)
        #expect(
            analyser.finding(TranscriptText(items: []), sound: MadeSpeech.scores(speech, seconds: 60)).verdict
                == .notApplicable)
        let remark = TranscriptText(items: [
            TranscriptText.Item(index: 0, kind: .cue, text: "[music]", start: 1, end: 4)
        ])
        #expect(analyser.finding(remark, sound: MadeSpeech.scores(speech, seconds: 60)).verdict == .notApplicable)
    }

    @Test("the same input gives the same finding")
    func deterministic() throws {
        let speech = MadeSpeech.words(seconds: 90, seed: 2)
        let sound = MadeSpeech.scores(speech, seconds: 90)
        let one = try MadeSpeech.analyser().finding(MadeSpeech.cues(speech), sound: sound)
        let two = try MadeSpeech.analyser().finding(MadeSpeech.cues(speech), sound: sound)
        #expect(one.offset == two.offset && one.evidence == two.evidence)
    }
}
