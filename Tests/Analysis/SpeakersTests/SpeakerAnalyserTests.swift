import SignalCore
import SyncModel
import Testing

@testable import Speakers

@Suite("Speakers' turns against the voices")
struct SpeakerAnalyserTests {
    private let analyser = SpeakerAnalyser()

    private func flags(_ finding: Finding, _ flag: FindingItem.Flag) -> [Int] {
        (finding.items ?? []).filter { $0.flags.contains(flag) }.map(\.index)
    }

    @Test("right labels are in sync, and nothing is flagged", arguments: [1, 2, 3] as [UInt64])
    func right(seed: UInt64) throws {
        let made = MadeVoices.alternating(seed: seed)
        let finding = analyser.finding(made.turns, sound: made.sound)
        #expect(
            finding.verdict == .inSync && finding.check == .speakers && finding.subject == .labels
                && finding.reference == .audio)
        #expect(abs(try #require(finding.offset).milliseconds) < 15)
        #expect(
            (finding.items ?? []).count == made.turns.count
                && (finding.items ?? []).allSatisfy { $0.flags.isEmpty && $0.kind == .turn })
        #expect(finding.gaps?.isEmpty == true)
        #expect(finding.evidence("speakers_heard")?.number == 2)
    }

    @Test("labels that come late by so much read minus that", arguments: [-4.2, -0.35, 0.12, 0.6, 7.0])
    func moved(late: Double) throws {
        let made = MadeVoices.alternating()
        let turns = made.turns.map {
            SpeakerTurn(index: $0.index, speaker: $0.speaker, start: $0.start + late, end: $0.end + late)
        }
        let finding = analyser.finding(turns, sound: made.sound)
        #expect(abs(try #require(finding.offset).seconds + late) < 0.015)
        #expect(finding.verdict == .misaligned)
        #expect(flags(finding, .moved).isEmpty)
        #expect(try #require(finding.interval).contains(Offset(seconds: -late)))
    }

    @Test(
        "a boundary moved by 300 ms is named with its side and size",
        arguments: [(3, true, 0.3), (6, false, -0.3), (9, true, -0.3), (10, false, 0.3)])
    func boundary(index: Int, isStart: Bool, by: Double) throws {
        let made = MadeVoices.alternating()
        var turns = made.turns
        if isStart { turns[index].start += by } else { turns[index].end += by }
        let finding = analyser.finding(turns, sound: made.sound)
        #expect(flags(finding, .moved) == [index])
        #expect(abs(try #require(finding.items?[index].offset).seconds + by) < 0.05)
        let told = try #require(finding.evidence("moved")?.list?.first?.object)
        #expect(told.contains { $0.value == .text(isStart ? "start" : "end") })
        #expect(try #require(finding.items?[index].trust) < 0.2)
    }

    @Test("labels exchanged for a stretch are found by the voices, and only they")
    func exchanged() {
        let made = MadeVoices.alternating(turns: 20)
        var turns = made.turns
        for index in 6..<10 { turns[index].speaker = turns[index].speaker == "anna" ? "ben" : "anna" }
        let finding = analyser.finding(turns, sound: made.sound)
        #expect(flags(finding, .wrongText) == [6, 7, 8, 9])
        #expect(finding.evidence("other_voice")?.list?.count == 1)
    }

    @Test("voices that are alike are said to be, and no label is called exchanged for them")
    func alike() {
        var made = MadeVoices.alternating(turns: 20)
        made.likeness = 3
        var turns = made.turns
        for index in 6..<10 { turns[index].speaker = turns[index].speaker == "anna" ? "ben" : "anna" }
        let finding = analyser.finding(turns, sound: made.sound)
        #expect(flags(finding, .wrongText).isEmpty)
        #expect(finding.evidence("voices_alike")?.list?.count == 1)
    }

    @Test("a turn where nobody speaks, and speech without a turn")
    func coverage() throws {
        let made = MadeVoices.alternating()
        var turns = made.turns
        let left = turns.remove(at: 5)
        turns.append(SpeakerTurn(index: 99, speaker: "anna", start: made.seconds - 1.3, end: made.seconds - 0.3))
        let finding = analyser.finding(turns, sound: made.sound)
        #expect(flags(finding, .noSpeech) == [99])
        let gap = try #require(finding.gaps?.first)
        #expect(finding.gaps?.count == 1 && abs(gap.start - left.start) < 0.3 && abs(gap.end - left.end) < 0.3)
    }

    @Test("turns of another conversation get no offset", arguments: [11, 12, 13, 14] as [UInt64])
    func others(seed: UInt64) {
        let made = MadeVoices.alternating(turns: 20, seed: seed)
        let other = MadeVoices.alternating(turns: 20, seed: seed + 100)
        let finding = analyser.finding(other.turns, sound: made.sound)
        #expect(finding.offset == nil)
        #expect([.unpaired, .inconclusive].contains(finding.verdict) && !finding.because.isEmpty)
    }

    @Test("two people that the windows take for one voice still get an offset")
    func merged() throws {
        var made = MadeVoices.alternating(["anna", "ben", "carl"])
        made.merged = ["anna", "ben"]
        let finding = analyser.finding(made.turns, sound: made.sound)
        #expect(abs(try #require(finding.offset).milliseconds) < 20)
        #expect(flags(finding, .moved).isEmpty)
    }

    @Test("with nothing but speech as such, edges next to silence are told and voices are not")
    func speechAlone() throws {
        let made = MadeVoices.alternating()
        var windows = made.windows
        windows = windows.map { window in
            var activity = FrameMatrix(frames: window.frames, columns: 1)
            for frame in 0..<window.frames {
                let time = window.start + (Double(frame) + 0.5) * window.step
                activity[frame, 0] = made.truth.contains { $0.start <= time && time < $0.end } ? 0.97 : 0.02
            }
            return VoiceWindow(start: window.start, step: window.step, activity: activity)
        }
        let late = made.turns.map {
            SpeakerTurn(index: $0.index, speaker: $0.speaker, start: $0.start + 0.2, end: $0.end + 0.2)
        }
        let finding = analyser.finding(
            late,
            sound: SpeakerSound(windows: windows, seconds: made.seconds, method: "speech-activity", missing: ["x"]))
        #expect(abs(try #require(finding.offset).seconds + 0.2) < 0.02)
        #expect(finding.evidence("speakers_heard") == .unknown && finding.evidence("install") != nil)
    }

    @Test("nothing, broken times and silence are not applicable, never an error")
    func nothing() {
        let made = MadeVoices.alternating()
        #expect(analyser.finding([], sound: made.sound).verdict == .notApplicable)
        let broken = [
            SpeakerTurn(index: 0, speaker: "a", start: 3, end: 1),
            SpeakerTurn(index: 1, speaker: "a", start: .nan, end: 1),
        ]
        #expect(analyser.finding(broken, sound: made.sound).verdict == .notApplicable)
        let silent = MadeVoices(truth: [], seconds: 30)
        #expect(analyser.finding(made.turns, sound: silent.sound).verdict == .notApplicable)
        #expect(
            analyser.finding(made.turns, sound: SpeakerSound(windows: [], seconds: 0, method: "made")).verdict
                == .notApplicable)
    }
}
