import Reporting
import SyncModel
import Testing

@Suite("A kept document completes what columns say of a finding")
struct KeptFindingTests {
    /// What a store's columns hold of a finding.
    private func bare(_ whole: Finding) -> Finding {
        var finding = Finding(
            check: whole.check, subject: whole.subject, reference: whole.reference, judgement: whole.judgement,
            because: whole.because, method: whole.method)
        finding.worst = whole.worst
        finding.drift = whole.drift.map { Drift(ppm: $0.ppm) }
        finding.rate = whole.rate
        return finding
    }

    @Test func allThatOnlySomeFindingsCarryComesBack() throws {
        let whole = Made.drifting
        var kept = bare(whole)
        kept.complete(from: whole.json.compact)
        #expect(kept.drift == whole.drift && kept.segments == whole.segments && kept.tolerance == whole.tolerance)
        #expect(kept.subjectFile == "take3.srt" && kept.clip == "b.mov" && kept.against == "a.mov")
        #expect(kept.items == whole.items && kept.gaps == whole.gaps)
    }

    @Test func theBestGuessTheClockAndTheLanguageAreFieldsAgain() throws {
        let places = [
            Finding.ClockPlace(clip: "a.mov", group: 0, offset: Offset(milliseconds: 0)),
            Finding.ClockPlace(clip: "b.mov", group: 1, offset: nil),
        ]
        let whole = Finding(
            check: .views, subject: .named("b.mov"), reference: .named("a.mov"),
            judgement: Judgement(.inconclusive, candidate: Offset(milliseconds: -62.5), tolerance: .standard),
            evidence: [
                .candidate(Offset(milliseconds: -62.5)), Evidence("language", .text("fi")),
                Evidence("clock", .list(places.map(\.evidence))),
            ], method: "views-1")
        var kept = Finding(
            check: .views, subject: whole.subject, reference: whole.reference,
            judgement: Judgement(.inconclusive, tolerance: .standard), method: "views-1")
        kept.complete(from: whole.json.compact)
        #expect(kept.candidate == Offset(milliseconds: -62.5))
        #expect(kept.clock == places && kept.language == "fi")
    }

    @Test("what is no document changes nothing", arguments: ["", "{", "[]", "null", "{\"evidence\":7}"])
    func noDocument(_ text: String) {
        var kept = bare(Made.drifting)
        let before = kept
        kept.complete(from: text)
        #expect(kept == before)
    }

    @Test("every name of a track is its own", arguments: ["audio", "video", "text", "labels", "sensor", "", "cam 1"])
    func tracks(_ name: String) {
        #expect(Track(rawValue: name).rawValue == name)
    }
}
