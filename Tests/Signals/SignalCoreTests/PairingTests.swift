import Foundation
import SyncModel
import Testing

@testable import SignalCore

@Suite("What pairs of recordings are compared with")
struct PairingTests {
    @Test("halving the rate keeps a slow sine where it was, whatever pieces it comes in", arguments: [1, 7, 160, 4096])
    func decimation(piece: Int) {
        let input = (0..<4096).map { Float(sin(0.3 * Double($0) + 0.7)) }
        var decimator = HalfbandDecimator()
        var output: [Float] = []
        for start in stride(from: 0, to: input.count, by: piece) {
            output += decimator.append(input[start..<min(input.count, start + piece)])
        }
        output += decimator.finish()
        #expect(abs(output.count - input.count / 2) <= 1)
        // Away from the ends, where silence comes in.
        for index in 24..<output.count - 24 {
            #expect(abs(Double(output[index]) - sin(0.6 * Double(index) + 0.7)) < 2e-3)
        }
    }

    @Test("what would fold back is gone")
    func aliasing() {
        var decimator = HalfbandDecimator()
        let output = decimator.append((0..<4096).map { Float(sin(2.6 * Double($0))) })
        #expect(output.dropFirst(24).allSatisfy { abs($0) < 1e-3 })
    }

    @Test(
        "the phase transform of windows finds a delay, whatever gain, polarity aside, and filter",
        arguments: [0, 1, 37, 200])
    func phaseTransform(delay: Int) {
        let sound = Made.noise(3000, seed: 5)
        // Another response: each sample and a part of the one before.
        let heard = sound.indices.dropFirst().map { 3 * sound[$0] + 1.5 * sound[$0 - 1] }
        let reference = Array(sound[500..<2500])
        let subject = Array(heard[500 + delay - 1..<500 + delay + 1499])
        let transform = PhaseTransform(length: 2048, sampleRate: 2, band: 0.02...0.98)
        let curve = transform.curve(reference: reference, subject: subject, lags: 400)
        let top = curve.indices.max { curve[$0] < curve[$1] } ?? -1
        #expect(top == delay)
        #expect(curve[top] > 8)
    }

    @Test("unrelated windows give a curve of unit deviation and no peak")
    func unrelated() {
        let transform = PhaseTransform(length: 2048, sampleRate: 2, band: 0.02...0.98)
        let curve = transform.curve(reference: Made.noise(2000, seed: 1), subject: Made.noise(1500, seed: 2), lags: 400)
        let moments = Standardisation.moments(curve)
        #expect(abs(moments.deviation - 1) < 0.25)
        #expect((curve.max() ?? 9) < 5)
    }

    @Test(
        "the robust line goes through the points that agree, though half of them do not", arguments: [UInt64(1), 2, 3])
    func robustLine(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let points = (0..<80).map { index -> RobustLine.Point in
            let x = Double(index)
            let y =
                index % 2 == 0
                ? 5 + 0.01 * x + Double.random(in: -0.001...0.001, using: &generator)
                : Double.random(in: 0...20, using: &generator)
            return RobustLine.Point(x: x, y: y)
        }
        let line = try #require(RobustLine(points, tolerance: 0.01, slopes: -1...1))
        #expect(abs(line.slope - 0.01) < 4 * max(line.slopeError, 1e-6))
        #expect(abs(line.value(at: 40) - 5.4) < 0.002)
        #expect(line.inliers.count >= 40 && line.inliers.count < 44)
    }

    @Test("a line whose slope is held is level, and no points give no line")
    func heldSlope() throws {
        let points = (0..<10).map { RobustLine.Point(x: Double($0), y: 3) }
        let line = try #require(RobustLine(points, tolerance: 0.1, slopes: 0...0))
        #expect(line.slope == 0 && line.value(at: 100) == 3)
        #expect(RobustLine([], tolerance: 1, slopes: 0...0) == nil)
    }

    @Test("a matrix times its inverse is one; a singular one has none")
    func inverse() throws {
        var generator = SplitMix64(seed: 9)
        let matrix = (0..<6).map { _ in (0..<6).map { _ in Double.random(in: -1...1, using: &generator) } }
        let inverse = try #require(LinearSystem.inverse(matrix))
        for row in 0..<6 {
            for column in 0..<6 {
                let product = (0..<6).reduce(0) { $0 + matrix[row][$1] * inverse[$1][column] }
                #expect(abs(product - (row == column ? 1 : 0)) < 1e-9)
            }
        }
        #expect(LinearSystem.inverse([[1, 2], [2, 4]]) == nil)
    }
}
