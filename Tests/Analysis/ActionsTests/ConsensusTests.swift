import SignalCore
import SyncModel
import Testing

@testable import Actions

@Suite("Consensus, clocks and recordings")
struct ConsensusTests {
    @Test("merged labels lie at the median, with each edge's spread and votes")
    func merged() throws {
        var kitchen = Kitchen(sessions: 1, views: 3, actions: 4)
        kitchen.change(0, 0) { $0[1].end += 0.4 }
        kitchen.change(0, 2) { $0.removeLast() }
        let truth = Kitchen(sessions: 1, views: 1, actions: 4).sessions[0].tracks[0].rows
        let consensus = ConsensusLabels(of: kitchen.corpus, tolerance: ActionsOptions().tolerance).segments
        #expect(consensus.map(\.label) == truth.map(\.label))
        for (segment, row) in zip(consensus, truth) {
            #expect(abs(segment.start - row.start) < 1e-9 && abs(segment.end - row.end) < 1e-9)
        }
        #expect(consensus.map(\.votes) == [3, 3, 3, 2])
        #expect(abs(consensus[1].endSpreadMilliseconds - 400) < 1e-6)
        #expect(consensus.map(\.needsALook) == [false, true, false, true])
    }

    @Test("who labelled another session in four views has one vote, as each of two others has")
    func annotatorsVoteOnce() throws {
        let right = Kitchen(sessions: 1, views: 1, actions: 6, seed: 3).sessions[0].tracks[0].rows
        let wrong = Kitchen(sessions: 1, views: 1, actions: 6, seed: 4).sessions[0].tracks[0].rows
        #expect(right.map(\.label) != wrong.map(\.label))
        var kitchen = Kitchen(sessions: 1, views: 1)
        kitchen.sessions[0].tracks = [
            ("cam1", "anna", wrong), ("cam1", "ben", right), ("cam1", "carl", right), ("cam2", "anna", wrong),
            ("cam3", "anna", wrong), ("cam4", "anna", wrong),
        ]
        let consensus = ConsensusLabels(of: kitchen.corpus, tolerance: ActionsOptions().tolerance).segments
        #expect(consensus.map(\.label) == right.map(\.label))
        #expect(Set(kitchen.report().findings.map(\.subject)) == Set((1...4).map { "cam\($0) by anna" }))
        // Of one against one, the findings name whose labels they are compared with.
        kitchen.sessions[0].tracks.remove(at: 2)
        #expect(Set(kitchen.report().findings.map(\.reference)) == ["anna in 4 views"])
    }

    @Test("drift and offset of a camera are no drift of its labels once its clock is known")
    func clocks() {
        let kitchen = Kitchen(sessions: 1, views: 2, actions: 20)
        var corpus = kitchen.corpus
        // t_session = t_view + 1.5 s + 1000 ppm: labels on the view's own clock.
        let clock = ViewClock(offset: Offset(milliseconds: 1500), drift: Drift(ppm: 1000))
        for index in corpus.sessions[0].tracks[1].segments.indices {
            corpus.sessions[0].tracks[1].segments[index].start =
                (corpus.sessions[0].tracks[1].segments[index].start - 1.5) / 1.001
            corpus.sessions[0].tracks[1].segments[index].end =
                (corpus.sessions[0].tracks[1].segments[index].end - 1.5) / 1.001
        }
        #expect(ActionsAnalyser(options: ActionsOptions()).analyse(corpus).isFaulty)
        corpus.sessions[0].tracks[1] = corpus.sessions[0].tracks[1].onClock(clock)
        #expect(ActionsAnalyser(options: ActionsOptions()).analyse(corpus).findings.isEmpty)
    }

    @Test(
        """
        boundaries late by 180 ms against what changes are said to be so, with an interval that holds it; noise is no \
        evidence
        """
    )
    func recording() throws {
        var generator = SplitMix64(seed: 5)
        func noise() -> Float { Float(generator.index(below: 1000)) / 1000 }
        var values = (0..<30_000).map { _ in noise() }
        let moments = (0..<60).map { 3 + Double($0) * 4.7 }
        // Half of the moments show nothing; false changes lie between.
        for moment in moments.enumerated() where moment.offset % 2 == 0 {
            for place in 0..<4 { values[Int(moment.element * 100) + place - 1] += 2 }
        }
        for _ in 0..<60 { values[generator.index(below: 29_000)] += 3 }
        let labels = moments.map { $0 + 0.18 }
        func bias(_ values: [Float]) throws -> RecordingBias {
            let curve = ChangeCurve(kind: .motion, start: 0, values: values)
            return try #require(
                RecordingMeter(seed: 1).measure([
                    RecordedTrack(session: "s", name: "a", boundaries: labels, curves: [curve])
                ]).first)
        }
        let found = try bias(values)
        let offset = try #require(found.offset)
        let interval = try #require(found.interval)
        #expect(abs(offset.milliseconds + 180) <= 20)
        #expect(interval.contains(Offset(milliseconds: -180)))
        let nothing = try bias((0..<30_000).map { _ in noise() })
        #expect(nothing.offset == nil && !nothing.because.isEmpty)
    }

    @Test("Allen's relations, and each turned around")
    func relations() {
        let a = TimeSpan(start: 0, end: 10)
        for (start, end, name, turned) in [
            (12.0, 15.0, AllenRelation.before, AllenRelation.after), (10, 15, .meets, .metBy),
            (5, 15, .overlaps, .overlappedBy), (0, 15, .starts, .startedBy),
            (-5, 15, .during, .contains), (-5, 10, .finishes, .finishedBy), (0, 10, .equals, .equals),
        ] {
            let b = TimeSpan(start: start, end: end)
            #expect(AllenRelation(a, b, room: 0.1) == name)
            #expect(AllenRelation(b, a, room: 0.1) == turned)
        }
    }
}
