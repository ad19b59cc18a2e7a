import SignalCore
import SyncModel
import Testing

@testable import LipSync

/// Input with hardly anything in it: a finding without an offset that says why, and never a crash.
@Suite struct LipEdgeTests {
    let fixture: Fixture
    let analyser: LipAnalyser

    init() throws {
        fixture = try Fixture.shared.get()
        analyser = LipAnalyser(model: try Fixture.model.get())
    }

    private func expect(_ finding: Finding, _ verdict: Verdict, _ words: String) {
        #expect(finding.verdict == verdict)
        #expect(finding.offset == nil && finding.interval == nil)
        #expect(finding.because.contains { $0.description.contains(words) }, "\(finding.because)")
        for case .number(let value, _) in finding.evidence.map(\.value) { #expect(!value.isNaN) }
    }

    /// A track of the fixture's first face again and again, from `first` on.
    private func still(_ count: Int, first: Double = 0) throws -> MouthTrack {
        let mesh = try #require(try fixture.pictures().first?.landmarks)
        var track = MouthTrack()
        for index in 0..<count {
            track.append(MouthShape(landmarks: mesh, model: analyser.model), seconds: first + Double(index) * 0.04)
        }
        return track
    }

    @Test func withoutAPictureThereIsNothingToMeasure() throws {
        expect(
            analyser.finding(mouth: MouthTrack(), sound: soundFeatures([try fixture.samples()])), .notApplicable,
            "no video")
    }

    @Test func withoutAFaceThereIsNothingToMeasure() throws {
        var track = MouthTrack()
        for index in 0..<50 { track.append(nil, seconds: Double(index) * 0.04) }
        expect(
            analyser.finding(mouth: track, sound: soundFeatures([try fixture.samples()])), .notApplicable,
            "no face is visible in 50")
    }

    @Test func silenceIsToldAsSilence() throws {
        for sound in [SoundFeatureBuilder().finish(), soundFeatures([[Float](repeating: 0, count: 90_000)])] {
            expect(analyser.finding(mouth: try fixture.mouth(analyser.model), sound: sound), .notApplicable, "silent")
        }
    }

    @Test func hissIsToldAsSoundWithoutAVoice() throws {
        var generator = SplitMix64(seed: 1)
        let hiss = (0..<48_000).map { _ in Float.random(in: -0.1...0.1, using: &generator) }
        let finding = analyser.finding(mouth: try fixture.mouth(analyser.model), sound: soundFeatures([hiss]))
        #expect(finding.offset == nil && !finding.because.isEmpty)
    }

    @Test func oneFrameOfFaceOrOfSoundGivesNoOffset() throws {
        let samples = try fixture.samples()
        expect(
            analyser.finding(mouth: try still(1), sound: soundFeatures([samples])), .inconclusive,
            "never continuously for 0.5 s")
        let short = analyser.finding(
            mouth: try fixture.mouth(analyser.model), sound: soundFeatures([Array(samples[30_000..<30_640])]))
        #expect(short.offset == nil && !short.because.isEmpty)
    }

    @Test func aMouthThatDoesNotMoveGetsNoOffset() throws {
        expect(
            analyser.finding(mouth: try still(150), sound: soundFeatures([try fixture.samples()])), .inconclusive,
            "hardly moves")
    }

    @Test func mouthAndSoundThatNeverMeetGetNoOffset() throws {
        let finding = analyser.finding(mouth: try still(40, first: 60), sound: soundFeatures([try fixture.samples()]))
        expect(finding, .inconclusive, "only 0.0 s")
    }

    @Test func aMeshThatHasShrunkToAPointOrHoldsNoNumbersIsNoMouth() {
        #expect(MouthShape(landmarks: [Float](repeating: 3, count: 468 * 3), model: analyser.model) == nil)
        #expect(MouthShape(landmarks: [Float](repeating: .nan, count: 468 * 3), model: analyser.model) == nil)
        #expect(MouthShape(landmarks: [Float](repeating: .infinity, count: 468 * 3), model: analyser.model) == nil)
    }

    @Test func aGapOfMoreThanFifteenHundredthsSplitsATrack() throws {
        let mesh = try #require(try fixture.pictures().first?.landmarks)
        for (gap, segments) in [(0.14, 1), (0.16, 2)] {
            var track = MouthTrack()
            for part in 0..<2 {
                for index in 0..<30 {
                    let seconds = Double(index) * 0.04 + Double(part) * (29 * 0.04 + gap)
                    track.append(MouthShape(landmarks: mesh, model: analyser.model), seconds: seconds)
                }
            }
            #expect(track.segments().count == segments)
        }
    }

    @Test func segmentsOfLessThanTwentySixFramesAreDropped() throws {
        // 0.5 s is 26 grid frames, both ends counted.
        #expect(try still(14).segments().map(\.features.frames) == [27])
        #expect(try still(13).segments().isEmpty)
    }
}
