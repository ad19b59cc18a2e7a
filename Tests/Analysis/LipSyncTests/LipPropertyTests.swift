import Foundation
import SignalCore
import SyncModel
import Testing

@testable import LipSync

/// What must hold whatever the weights are.
@Suite struct LipPropertyTests {
    let fixture: Fixture
    let model: LipModel
    /// The fixture as it is.
    static let unmoved: Result<LipEvidence, any Error> = Result {
        let (fixture, model) = (try Fixture.shared.get(), try Fixture.model.get())
        return try #require(
            LipEvidence(
                pieces: fixture.pieces(.landmarks, model), sound: soundFeatures([fixture.samples()]), model: model))
    }

    init() throws {
        fixture = try Fixture.shared.get()
        model = try Fixture.model.get()
    }

    private func evidence(_ sound: SoundFeatures) throws -> LipEvidence {
        try #require(LipEvidence(pieces: fixture.pieces(.landmarks, model), sound: sound, model: model))
    }

    /// Positive: the sound moved later. Most are no whole number of grid frames.
    @Test(arguments: [-93.5, 13.0, 61.25, 247.7])
    func soundMovedLaterMovesTheAnswerByAsMuchTheOtherWay(milliseconds: Double) throws {
        let samples = try fixture.samples()
        let before = try LipPropertyTests.unmoved.get().offset
        let after = try evidence(soundFeatures([samples], start: Int((milliseconds * 16).rounded()))).offset
        #expect(abs(after.milliseconds - before.milliseconds + milliseconds) < 10)
    }

    @Test func oppositePhaseStereoGivesTheSameAsMono() throws {
        let samples = try fixture.samples()
        let mono = try LipPropertyTests.unmoved.get()
        let stereo = try evidence(soundFeatures([samples, samples.map { -$0 }]))
        #expect(mono.offset == stereo.offset && mono.cohort == stereo.cohort && mono.voiced == stereo.voiced)
    }

    @Test(arguments: [Float(-1), 0.02])
    func gainAndPolarityDoNotMatter(gain: Float) throws {
        let samples = try fixture.samples()
        let before = try LipPropertyTests.unmoved.get()
        let after = try evidence(soundFeatures([samples.map { $0 * gain }]))
        #expect(abs(after.offset.milliseconds - before.offset.milliseconds) < 1)
        #expect(abs(after.cohort - before.cohort) < 0.1)
        #expect(after.voiced == before.voiced)
    }

    @Test func blocksSumToTheCorrelationOfTheWhole() throws {
        let sound = soundFeatures([try fixture.samples()])
        let segments = try fixture.mouth(model).segments()
        let frames = max(sound.range.upperBound, segments.map { $0.first + $0.features.frames }.max() ?? 0)
        let u = Embedding(
            .landmarks, towers: model.experts.map { ($0.mouth, $0.weight) },
            pieces: segments.map { ($0.first, $0.features) }, frames: frames)
        let v = Embedding(
            .landmarks, towers: model.experts.map { ($0.sound, $0.weight) },
            pieces: [(sound.range.lowerBound, sound.features)], frames: frames)
        let blocks = BlockCurves(mouth: u, sound: v, searchedLags: 75)
        let whole = CrossCorrelation.sum(u.values, v.values, maximumLag: blocks.total.maximumLag)
        #expect(largestDifference(blocks.total.values, whole.values) < 1e-2)
        #expect(abs(blocks.total.peak().samples - whole.peak().samples) < 1e-3)
        // Every expert has its weight as energy per frame, on both sides.
        let weight = model.experts.reduce(0) { $0 + $1.weight }
        for side in [u, v] {
            let energy = side.values.values.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(side.maskedFrames)
            #expect(abs(energy - weight) < 0.01 * weight)
        }
    }

    @Test func anExpertsWeightIsItsEnergyPerFrame() throws {
        let tower = model.experts[0].mouth
        var generator = SplitMix64(seed: 5)
        let pieces = [3, 60].map { first in
            (
                first,
                FrameMatrix(columns: 14, values: (0..<40 * 14).map { _ in Float.random(in: -2...2, using: &generator) })
            )
        }
        let embedding = Embedding(.landmarks, towers: [(tower, 1), (tower, 2.5)], pieces: pieces, frames: 110)
        #expect(embedding.maskedFrames == 80 && embedding.mask[3] && !embedding.mask[2] && !embedding.mask[43])
        for (columns, weight) in [(0..<8, 1.0), (8..<16, 2.5)] {
            let energy = columns.reduce(0.0) { sum, column in
                sum + embedding.values.column(column).reduce(0.0) { $0 + Double($1) * Double($1) }
            }
            #expect(abs(energy / 80 - weight) < 1e-3)
        }
        // What is not masked is zero, and every column has no mean.
        for column in 0..<16 {
            let values = embedding.values.column(column)
            #expect(
                abs(values.reduce(0, +)) < 1e-3 && values[..<3].allSatisfy { $0 == 0 }
                    && values[43..<60].allSatisfy { $0 == 0 })
        }
    }

    @Test func digitalSilenceInTheMiddleLeavesAFiniteAnswer() throws {
        var samples = try fixture.samples()
        for index in 40_000..<56_000 { samples[index] = 0 }
        let found = try evidence(soundFeatures([samples]))
        #expect(found.offset.seconds.isFinite && found.cohort.isFinite && found.height.isFinite)
        #expect(found.curve.allSatisfy { $0.height.isFinite })
    }

    @Test func anAnswerStandsOnTheSameGroundAsItsEvidence() throws {
        let (mouth, sound) = (try fixture.mouth(model), soundFeatures([try fixture.samples()]))
        let found = try LipPropertyTests.unmoved.get()
        let finding = LipAnalyser(model: model, expectation: .unknown).finding(mouth: mouth, sound: sound)
        #expect(finding.verdict == .measured)
        #expect(finding.offset == found.offset)
        #expect(finding.interval?.contains(found.offset) == true)
        #expect(finding.confidence == found.confidence(model.numbers(.landmarks)))
        #expect(finding.because.isEmpty && finding.subject == .audio && finding.reference == .video)
        #expect(finding.curve.count == 151)
        #expect(zip(finding.curve, finding.curve.dropFirst()).allSatisfy { $0.offset < $1.offset })
    }

    /// The mouth of the fixture with a voice that follows another mouth: made with seeds 1 and 2.
    @Test(arguments: [UInt64(1), 2])
    func aVoiceThatFollowsAnotherMouthGetsNoOffset(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let swells = (0..<60).map { _ in Float.random(in: 0...1, using: &generator) }
        let samples = (0..<96_000).map { index -> Float in
            let place = Float(index) / 1600
            let (low, share) = (Int(place), place - place.rounded(.down))
            let swell = swells[low] * (1 - share) + swells[min(59, low + 1)] * share
            let pitch = 120 * Float(index) / 16_000
            return swell * swell * 0.1 * (1...6).reduce(Float(0)) { $0 + Float.sine(Float($1) * pitch) / Float($1) }
        }
        let finding = LipAnalyser(model: model).finding(
            mouth: try fixture.mouth(model), sound: soundFeatures([samples]))
        #expect(finding.offset == nil && !finding.because.isEmpty, "seed \(seed): \(finding.verdict)")
        #expect(finding.verdict == .inconclusive || finding.verdict == .unpaired)
    }

    @Test("what pixels alone say is enough where it is certain, and never where they say that the offset runs")
    func enough() throws {
        let analyser = LipAnalyser(model: model)
        func finding(
            _ verdict: Verdict, share: Double = 1, error: Double = 0.004, drift: Drift? = nil
        ) -> Finding {
            var finding = Finding(
                check: .lips, subject: .audio, reference: .video,
                judgement: Judgement(
                    verdict, offset: verdict.carriesOffset ? Offset(seconds: 0.03) : nil,
                    confidence: share * model.numbers(.pixels).ceiling, tolerance: .standard),
                evidence: [Evidence("method", .text(MouthMode.pixels.method))], method: model.method)
            finding.support = Finding.Support(seconds: 9, voicedSeconds: 5, agreement: 1, standardErrorSeconds: error)
            finding.drift = drift
            return finding
        }
        #expect(analyser.isEnough(finding(.inSync)) && analyser.isEnough(finding(.misaligned)))
        #expect(analyser.isEnough(finding(.notApplicable)))
        #expect(!analyser.isEnough(finding(.inSync, share: 0.8)))
        #expect(!analyser.isEnough(finding(.inSync, error: 0.02)))
        #expect(!analyser.isEnough(finding(.inconclusive)) && !analyser.isEnough(finding(.unpaired)))
        #expect(!analyser.isEnough(finding(.inSync, drift: Drift(ppm: 500, interval: 250...750))))
    }
}
