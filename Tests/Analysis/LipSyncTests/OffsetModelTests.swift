import SignalCore
import SyncModel
import Testing

@testable import LipSync

/// Courses that are made are found, and none is found where there is none.
@Suite struct OffsetModelTests {
    private let columns = 8

    /// A mouth of noise and a sound that follows it at a given lag for each frame, with as much noise of its own.
    private func course(
        seconds: Int, seed: UInt64, noise: Float = 1.5, isShuffled: Bool = false, lag: (Double) -> Double
    ) -> OffsetModel {
        let (curves, times) = curves(seconds: seconds, seed: seed, noise: noise, lag: lag)
        guard isShuffled else { return OffsetModel(blocks: curves, times: times) }
        let order = curves.blocks.indices.sorted { ($0 * 37) % curves.blocks.count < ($1 * 37) % curves.blocks.count }
        return OffsetModel(blocks: curves.inOrder(order), times: order.map { times[$0] })
    }

    /// Its block curves and their times.
    private func curves(
        seconds: Int, seed: UInt64, noise: Float = 1.5, lag: (Double) -> Double
    ) -> (curves: BlockCurves, times: [Double]) {
        var generator = SplitMix64(seed: seed)
        let frames = seconds * 50
        func noisy() -> Float {
            (0..<4).reduce(Float(0)) { sum, _ in sum + Float(generator.index(below: 2001)) / 1000 - 1 }
        }
        var mouth = FrameMatrix(frames: frames, columns: columns)
        for column in 0..<columns {
            // Neighbouring frames are alike, as in mouths.
            var value: Float = 0
            for frame in 0..<frames {
                value = 0.7 * value + noisy()
                mouth[frame, column] = value
            }
        }
        var sound = FrameMatrix(frames: frames, columns: columns)
        for frame in 0..<frames {
            let from = frame - Int(lag(Double(frame) / 50).rounded())
            for column in 0..<columns {
                sound[frame, column] = noise * noisy() + (from >= 0 && from < frames ? mouth[from, column] : 0)
            }
        }
        let mask = [Bool](repeating: true, count: frames)
        let parts = [Embedding.Part(kind: .landmarks, columns: 0..<columns, mask: mask)]
        let curves = BlockCurves(
            mouth: Embedding(values: mouth, mask: mask, parts: parts),
            sound: Embedding(values: sound, mask: mask, parts: parts), searchedLags: 75)
        return (curves, curves.starts.map { Double($0 + 12) / 50 })
    }

    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6])
    func aConstantLagIsConstant(seed: UInt64) {
        guard case .constant = course(seconds: 60, seed: seed, lag: { _ in 7 }) else {
            Issue.record("a course was found where there is none")
            return
        }
    }

    /// Frames a second: 1000 ppm are 0.05.
    @Test(arguments: [(0.1, UInt64(1)), (-0.1, 2), (0.3, 3), (-0.05, 4)])
    func aDriftIsFoundWithinItsInterval(slope: Double, seed: UInt64) throws {
        guard case .drift(let line) = course(seconds: 120, seed: seed, lag: { -6 + slope * $0 }) else {
            Issue.record("no drift was found")
            return
        }
        #expect(abs(line.slope - slope) < max(0.004, 4 * line.slopeVariance.squareRoot()))
        #expect(abs(line.lag(at: 60) - (-6 + slope * 60)) < 1)
        #expect(line.error(at: 0) > line.error(at: 60))
    }

    /// Sentences of 5 s whose lips and voice lie apart by up to 20 ms either way, no two alike: over a minute that may
    /// look like a line.
    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8])
    func whatSentencesDifferByIsNoDrift(seed: UInt64) {
        var generator = SplitMix64(seed: 100 + seed)
        let sentences = (0..<12).map { _ in Double(generator.index(below: 3)) - 1 }
        let found = course(seconds: 60, seed: seed, noise: 0.5) { 3 + sentences[min(11, Int($0 / 5))] }
        if case .drift(let line) = found { Issue.record("a drift of \(line.slope) frames a second was found") }
    }

    @Test(arguments: [(12.0, UInt64(1)), (-20, 2), (45, 3)])
    func aStepIsFoundWhereItIs(step: Double, seed: UInt64) throws {
        guard case .steps(let steps) = course(seconds: 80, seed: seed, lag: { $0 < 41 ? 3 : 3 + step }) else {
            Issue.record("no step was found")
            return
        }
        #expect(steps.count == 2)
        #expect(abs(steps[0].end - 41) < 3 && abs(steps[1].start - 41) < 3)
        #expect(abs(Double(steps[0].lag) - 3) <= 1 && abs(Double(steps[1].lag) - 3 - step) <= 1)
    }

    @Test func theOrderOfLookingDoesNotMatter() throws {
        guard case .steps(let steps) = course(seconds: 80, seed: 4, isShuffled: true, lag: { $0 < 41 ? 3 : 15 }) else {
            Issue.record("no step was found")
            return
        }
        #expect(steps.count == 2 && abs(steps[0].end - 41) < 3)
    }

    @Test(arguments: [(12, 0.0, UInt64(9)), (16, 6, 10), (20, -25, 11)])
    func aStepInAShortRecordingIsFound(seconds: Int, before: Double, seed: UInt64) throws {
        let cut = Double(seconds) / 2
        guard case .steps(let steps) = course(seconds: seconds, seed: seed, lag: { $0 < cut ? before : before + 30 })
        else {
            Issue.record("no step was found")
            return
        }
        #expect(steps.count == 2)
        #expect(abs(steps[0].end - cut) < 2.6)
        #expect(abs(Double(steps[0].lag) - before) <= 1 && abs(Double(steps[1].lag) - before - 30) <= 1)
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func aShortRecordingHasNoDrift(seed: UInt64) {
        if case .drift = course(seconds: 20, seed: seed, lag: { 0.3 * $0 }) {
            Issue.record("a drift was found in twenty seconds")
        }
    }

    @Test(
        "an end with a lag of its own is a rival of the answer, weaker in an unrelated end, and none in a constant lag"
    )
    func rivals() throws {
        var (cuts, unrelated): ([Double], [Double]) = ([], [])
        for seed in UInt64(1)...6 {
            let same = curves(seconds: 16, seed: seed) { _ in 7 }
            let none = try #require(OffsetModel.rival(blocks: same.curves, times: same.times, lag: 7))
            #expect(none.strength < 0)
            let cut = curves(seconds: 16, seed: seed) { $0 < 11 ? 7 : -20 }
            let found = try #require(OffsetModel.rival(blocks: cut.curves, times: cut.times, lag: 7))
            #expect(abs(found.lag + 20) <= 1)
            #expect(abs(found.span.start - 11) < 2 && found.span.end > 14)
            cuts.append(found.strength)
            // Sound that has nothing to do with the mouth.
            let other = curves(seconds: 16, seed: seed) { $0 < 11 ? 7 : 5000 }
            unrelated.append(try #require(OffsetModel.rival(blocks: other.curves, times: other.times, lag: 7)).strength)
        }
        #expect(cuts.allSatisfy { $0 > 4 } && unrelated.allSatisfy { $0 < 4 }, "\(cuts) \(unrelated)")
        let short = curves(seconds: 8, seed: 1) { _ in 7 }
        #expect(OffsetModel.rival(blocks: short.curves, times: short.times, lag: 7) == nil)
    }
}
