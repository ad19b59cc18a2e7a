import Foundation
import SignalCore
import SyncModel
import Testing

@Suite struct CorrelationTests {
    private func naiveSum(_ u: FrameMatrix, _ v: FrameMatrix, _ lags: Int) -> [Float] {
        (-lags...lags).map { lag in
            var sum = 0.0
            for frame in 0..<u.frames where (0..<v.frames).contains(frame + lag) {
                for column in 0..<u.columns { sum += Double(u[frame, column]) * Double(v[frame + lag, column]) }
            }
            return Float(sum)
        }
    }

    /// Pearson's correlation of the samples that meet.
    private func naiveNormalised(_ u: [Float], _ v: [Float], _ lags: Int, _ minimum: Int) -> [Float] {
        (-lags...lags).map { lag in
            let pairs = u.indices.filter { v.indices.contains($0 + lag) }.map { (Double(u[$0]), Double(v[$0 + lag])) }
            guard pairs.count >= minimum else { return 0 }
            let n = Double(pairs.count)
            let (a, b) = (pairs.reduce(0) { $0 + $1.0 } / n, pairs.reduce(0) { $0 + $1.1 } / n)
            let product = pairs.reduce(0) { $0 + ($1.0 - a) * ($1.1 - b) }
            let (p, q) = (
                pairs.reduce(0) { $0 + ($1.0 - a) * ($1.0 - a) }, pairs.reduce(0) { $0 + ($1.1 - b) * ($1.1 - b) }
            )
            return Float(product / (p * q).squareRoot())
        }
    }

    @Test func theSumIsThatOfTheDefinition() {
        for (index, (m, n, columns, lags)) in [
            (1, 1, 1, 2), (50, 50, 3, 60), (40, 70, 2, 20), (70, 40, 1, 90), (33, 0, 1, 4),
        ].enumerated() {
            let u = Made.noise(frames: m, columns: columns, seed: UInt64(index) + 1)
            let v = Made.noise(frames: n, columns: columns, seed: UInt64(index) + 11)
            let curve = CrossCorrelation.sum(u, v, maximumLag: lags)
            #expect(curve.maximumLag == lags)
            #expect(largestDifference(curve.values, naiveSum(u, v, lags)) < 1e-4)
        }
    }

    @Test func aSideThatWasTransformedOnceGivesTheSameSum() {
        let u = Made.noise(frames: 60, columns: 4, seed: 1)
        let left = CorrelationSide(u, partnerFrames: 60, maximumLag: 25)
        for seed in 2..<6 {
            let v = Made.noise(frames: 60, columns: 4, seed: UInt64(seed))
            let right = CorrelationSide(v, partnerFrames: 60, maximumLag: 25)
            let curve = left.correlation(with: right, maximumLag: 25)
            #expect(curve == CrossCorrelation.sum(u, v, maximumLag: 25))
        }
    }

    @Test func theNormalisedCorrelationIsPearsonsOnTheOverlapOnly() {
        for (index, (m, n, lags)) in [(60, 60, 50), (40, 90, 85), (90, 40, 85)].enumerated() {
            // A mean far from zero and a slope: what the overlap's own mean must take out.
            let u = Made.noise(m, seed: UInt64(index) + 21).enumerated().map { $1 + 3 + Float($0) * 0.02 }
            let v = Made.noise(n, seed: UInt64(index) + 31).enumerated().map { $1 - 5 - Float($0) * 0.03 }
            let curve = CrossCorrelation.normalised(u, v, maximumLag: lags, minimumOverlap: 5)
            #expect(largestDifference(curve.values, naiveNormalised(u, v, lags, 5)) < 2e-3)
        }
    }

    @Test func noNormalisedValueExceedsOneAndLonelyOrConstantPiecesAreZero() {
        let u = Made.noise(50, seed: 41) + [Float](repeating: 0.5, count: 50)
        let v = Made.noise(80, seed: 42)
        let curve = CrossCorrelation.normalised(u, v, maximumLag: 120, minimumOverlap: 10)
        #expect(curve.values.allSatisfy { abs($0) <= 1.001 })
        for lag in [-120, -95, 75, 120] { #expect(curve[lag] == 0) }
        let constant = CrossCorrelation.normalised(
            [Float](repeating: 7, count: 50), v, maximumLag: 20, minimumOverlap: 10)
        #expect(constant.values.allSatisfy { $0 == 0 })
    }

    /// Seeds 1 to 12, delays drawn from them.
    @Test func aDelayedCopyReportsItsDelayAndSwappedItNegates() {
        for seed in UInt64(1)...12 {
            var generator = SplitMix64(seed: seed)
            let delay = generator.index(below: 61) - 30
            let u = Made.noise(300, seed: seed + 50)
            let noise = Made.noise(300, seed: seed + 90)
            // Another gain, a constant, and noise of the same loudness.
            let v = zip(Made.moved(u, by: delay), noise).map { 0.3 * $0 + 0.3 * $1 + 0.1 }
            for curve in all(u, v) { #expect(abs(curve.peak().samples - Double(delay)) < 0.6, "seed \(seed)") }
            for curve in all(v, u) { #expect(abs(curve.peak().samples + Double(delay)) < 0.6, "seed \(seed)") }
        }
    }

    private func all(_ u: [Float], _ v: [Float]) -> [LagCurve] {
        [
            CrossCorrelation.sum(u, v, maximumLag: 50),
            CrossCorrelation.normalised(u, v, maximumLag: 50, minimumOverlap: 100),
            CrossCorrelation.phaseTransform(u, v, maximumLag: 50, sampleRate: 1000, band: 10...490),
        ]
    }

    @Test func gainDoesNotMoveThePeakAndPolarityTurnsTheCurveOver() {
        let u = Made.bandLimited(200, delay: 0, highest: 0.2, seed: 1)
        let v = Made.bandLimited(200, delay: 3.3, highest: 0.2, seed: 1)
        let plain = all(u, v)
        let louder = all(u, v.map { $0 * 250 })
        let turned = all(u, v.map { -$0 })
        for index in plain.indices {
            #expect(abs(plain[index].peak().samples - louder[index].peak().samples) < 1e-3)
            #expect(largestDifference(turned[index].values, plain[index].values.map { -$0 }) < 1e-2)
        }
        #expect(largestDifference(plain[1].values, louder[1].values) < 1e-4)
        #expect(largestDifference(plain[2].values, louder[2].values) < 1e-4)
        // Envelopes do not know polarity.
        let sizes = [u, v, v.map { -$0 }].map { $0.map { abs($0) } }
        #expect(
            CrossCorrelation.sum(sizes[0], sizes[1], maximumLag: 20)
                == CrossCorrelation.sum(sizes[0], sizes[2], maximumLag: 20))
    }

    @Test(arguments: [0.0, 0.1, 0.25, 0.5, 0.73, -0.37, 4.45, -12.8])
    func thePeakOfABandLimitedSignalIsFoundToAFiftiethOfASample(delay: Double) {
        for seed in UInt64(1)...3 {
            let u = Made.bandLimited(1024, delay: 0, highest: 0.3, seed: seed)
            let v = Made.bandLimited(1024, delay: delay, highest: 0.3, seed: seed)
            // A taper on one side only, so that the ends of the other do not cut into the overlap.
            let tapered = u.indices.map { u[$0] * Float(0.5 - 0.5 * cos(2 * .pi * (Double($0) + 0.5) / 1024)) }
            let curve = CrossCorrelation.sum(tapered, v, maximumLag: 40)
            #expect(abs(curve.peak().samples - delay) < 0.02, "seed \(seed)")
        }
    }

    @Test func thePhaseTransformIsThatOfTheDefinition() {
        let (u, v) = (Made.noise(20, seed: 5), Made.noise(25, seed: 6))
        let (lags, rate) = (9, 800.0)
        let length = 64
        let band = 100.0...300.0
        var expected = [Double](repeating: 0, count: 2 * lags + 1)
        for bin in 0...length / 2 where band.contains(Double(bin) * rate / Double(length)) {
            func transform(_ x: [Float]) -> (Double, Double) {
                x.indices.reduce((0, 0)) { sum, time in
                    let turn = 2 * Double.pi * Double(bin * time) / Double(length)
                    return (sum.0 + Double(x[time]) * cos(turn), sum.1 - Double(x[time]) * sin(turn))
                }
            }
            let (a, b) = (transform(u), transform(v))
            let angle = atan2(b.1, b.0) - atan2(a.1, a.0)
            for lag in -lags...lags {
                expected[lag + lags] += 2 * cos(angle + 2 * .pi * Double(bin * lag) / Double(length)) / Double(length)
            }
        }
        let curve = CrossCorrelation.phaseTransform(u, v, maximumLag: lags, sampleRate: rate, band: band)
        #expect(largestDifference(curve.values, expected.map { Float($0) }) < 1e-5)
    }

    @Test func silenceGivesACurveOfZerosAndNoNaN() {
        let silence = [Float](repeating: 0, count: 100)
        for curve in all(silence, Made.noise(100, seed: 7)) + all(silence, silence) {
            #expect(curve.values.allSatisfy { $0 == 0 })
            #expect(curve.peak().samples.isFinite)
        }
    }

    @Test func theFirstOfEqualPeaksIsTaken() {
        var values = [Float](repeating: 0, count: 61)
        values[20] = 1
        values[40] = 1
        #expect(abs(LagCurve(maximumLag: 30, values: values).peak().samples + 10) < 1e-9)
    }

    @Test func aPeakAtTheEndOfTheSearchIsFoundAndTheMarginIsNot() {
        for place in [8, 52] {
            var values = [Float](repeating: 0, count: 61)
            values[place] = 1
            values[place == 8 ? 3 : 57] = 5
            #expect(abs(LagCurve(maximumLag: 30, values: values).peak().samples - Double(place - 30)) < 1.001)
        }
    }

    @Test func interpolationMeetsItsSamplesAndAParabolaItsVertex() {
        let curve = Made.noise(40, seed: 8)
        for index in 7..<32 {
            #expect(abs(Interpolation.value(of: curve, at: Double(index)) - Double(curve[index])) < 1e-9)
        }
        let parabola = { (x: Double) in 3 - (x - 0.3) * (x - 0.3) }
        #expect(abs(Interpolation.vertex(parabola(-1), parabola(0), parabola(1)) - 0.3) < 1e-12)
        #expect(Interpolation.vertex(1, 0, 1) == 0 && Interpolation.vertex(1, 1, 1) == 0)
    }
}
