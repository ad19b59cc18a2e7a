import Testing

@testable import Scores

@Suite("Scores of annotations")
struct AnnotationScoresTests {
    private func event(_ label: String, _ start: Double, _ end: Double) -> ScoredEvent {
        ScoredEvent(label: label, start: start, end: end)
    }

    @Test("event by event: hits, a substitution, a deletion and an insertion, counted by hand")
    func events() throws {
        let reference = [event("a", 0, 1), event("a", 2, 3), event("b", 5, 6), event("b", 8, 9)]
        let estimated = [
            event("a", 0.1, 1.1), event("b", 2.0, 3.0), event("b", 5, 8), event("b", 8.15, 9.3), event("a", 20, 21),
        ]
        let scores = EventScores().scores(reference: reference, estimated: estimated)
        // The second is of another label at the same time; the third ends too late; the last is nowhere.
        #expect(scores.overall.truePositives == 2 && scores.overall.substitutions == 1)
        #expect(scores.overall.deletions == 1 && scores.overall.insertions == 2)
        #expect(scores.overall.precision == 0.4 && scores.overall.recall == 0.5)
        #expect(abs(try #require(scores.overall.fMeasure) - 4.0 / 9) < 1e-12)
        #expect(scores.overall.errorRate == 1)
        #expect(scores.byLabel["a"]?.truePositives == 1 && scores.byLabel["a"]?.insertions == 1)
        var onsets = EventScores()
        onsets.comparesEnds = false
        #expect(onsets.scores(reference: reference, estimated: estimated).overall.truePositives == 3)
    }

    @Test("as many pairs as possible are made where the first that fits would waste one")
    func optimal() {
        let reference = [event("a", 1.0, 2), event("a", 1.3, 2)]
        let estimated = [event("a", 1.15, 2), event("a", 0.85, 2)]
        #expect(EventScores().scores(reference: reference, estimated: estimated).overall.truePositives == 2)
        var greedy = EventScores()
        greedy.isOptimal = false
        #expect(greedy.scores(reference: reference, estimated: estimated).overall.truePositives == 1)
    }

    @Test("segment by segment: what is missed and invented at once is a substitution")
    func segments() {
        let reference = [event("a", 0, 2), event("b", 3.2, 4)]
        let estimated = [event("a", 0, 1), event("b", 1, 2), event("b", 3.5, 5)]
        let scores = SegmentScores().scores(reference: reference, estimated: estimated)
        // Second 0: a and a; 1: a and b; 3: b and b; 4: b alone.
        #expect(scores.overall.truePositives == 2 && scores.overall.substitutions == 1)
        #expect(scores.overall.deletions == 0 && scores.overall.insertions == 1)
        #expect(abs((scores.overall.errorRate ?? 0) - 2.0 / 3) < 1e-12)
    }

    @Test("diarization: missed, invented and confused seconds, whatever the speakers are called")
    func speakers() {
        let reference = [event("A", 0, 10), event("B", 12, 20)]
        let estimated = [event("2", 1, 10), event("1", 12, 15), event("2", 15, 20), event("3", 21, 22)]
        let result = SpeakerScores().scores(reference: reference, estimated: estimated)
        #expect(
            result.total == 18 && result.missed == 1 && result.falseAlarm == 1 && result.confusion == 5
                && result.correct == 12)
        #expect(abs(result.errorRate - 7.0 / 18) < 1e-12)
        // A: 9 of (10 + 14 - 9); B: 3 of 8.
        #expect(abs(result.jaccardErrorRate - ((1 - 9.0 / 15) + (1 - 3.0 / 8)) / 2) < 1e-12)
        #expect(abs(result.detectionErrorRate - 2.0 / 18) < 1e-12)
        #expect(abs(result.purity - (3.0 + 9 + 0) / 18) < 1e-12)
        #expect(abs(result.coverage - (9.0 + 5) / 18) < 1e-12)
    }

    @Test("a collar leaves out what lies about the reference's boundaries, and overlap can be left out")
    func collar() {
        let reference = [event("A", 0, 10), event("B", 8, 20)]
        let estimated = [event("x", 0.1, 9.9), event("y", 8.1, 20.1)]
        var scores = SpeakerScores()
        scores.collar = 0.5
        let result = scores.scores(reference: reference, estimated: estimated)
        #expect(abs(result.errorRate) < 1e-12)
        #expect(abs(result.total - (9.75 - 0.25 - 0.5 + 19.75 - 8.25 - 0.5)) < 1e-9)
        scores.skipsOverlap = true
        #expect(
            abs(scores.scores(reference: reference, estimated: estimated).total - (7.75 - 0.25 + 19.75 - 10.25)) < 1e-9)
    }

    @Test("nothing against nothing, and nothing against something")
    func empty() {
        let some = [event("a", 0, 1)]
        #expect(EventScores().scores(reference: [], estimated: []).overall.fMeasure == nil)
        let invented = EventScores().scores(reference: [], estimated: some).overall
        #expect(
            invented.insertions == 1 && invented.errorRate == nil && invented.recall == nil && invented.precision == 0)
        #expect(SpeakerScores().scores(reference: [], estimated: []).errorRate == 0)
        #expect(SpeakerScores().scores(reference: [], estimated: some).errorRate == 1)
        #expect(SpeakerScores().scores(reference: some, estimated: []).errorRate == 1)
    }
}
