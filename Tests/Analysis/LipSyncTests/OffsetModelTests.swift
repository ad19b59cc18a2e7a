import SignalCore
import Testing

@testable import LipSync

/// Courses that are made are found, and none is found where there is none.
@Suite struct OffsetModelTests {
    private let columns = 8

    /// A mouth of noise and a sound that follows it at a given lag for each frame, with as much noise of its own.
    private func course(
        seconds: Int, seed: UInt64, noise: Float = 1.5, isShuffled: Bool = false, lag: (Double) -> Double
    ) -> OffsetModel {
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
        let times = curves.starts.map { Double($0 + 12) / 50 }
        guard isShuffled else { return OffsetModel(blocks: curves, times: times) }
        let order = curves.blocks.indices.sorted { ($0 * 37) % curves.blocks.count < ($1 * 37) % curves.blocks.count }
        return OffsetModel(blocks: curves.inOrder(order), times: order.map { times[$0] })
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

    @Test func aShortRecordingHasNoCourse() {
        guard case .constant = course(seconds: 12, seed: 9, lag: { $0 < 6 ? 0 : 30 }) else {
            Issue.record("a course was found in twelve seconds")
            return
        }
    }
}
