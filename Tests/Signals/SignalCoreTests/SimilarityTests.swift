import Foundation
import SignalCore
import Testing

@Suite struct SimilarityTests {
    /// A rotation matrix of any axis and angle: the product of three turns about the axes.
    private func rotation(_ generator: inout SplitMix64) -> [[Double]] {
        (0..<3).reduce([[1, 0, 0], [0, 1, 0], [0, 0, 1]]) { matrix, axis in
            let angle = Double.random(in: -Double.pi...Double.pi, using: &generator)
            let (a, b) = ((axis + 1) % 3, (axis + 2) % 3)
            var turn: [[Double]] = [[0, 0, 0], [0, 0, 0], [0, 0, 0]]
            turn[axis][axis] = 1
            (turn[a][a], turn[a][b], turn[b][a], turn[b][b]) = (cos(angle), -sin(angle), sin(angle), cos(angle))
            return product(matrix, turn)
        }
    }

    private func product(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
        a.map { row in b[0].indices.map { column in row.indices.reduce(0) { $0 + row[$1] * b[$1][column] } } }
    }

    private func determinant(_ m: [[Double]]) -> Double {
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
            + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    }

    /// A model of `count` points about zero.
    private func model(_ count: Int, _ generator: inout SplitMix64) -> [[Double]] {
        let points = (0..<count).map { _ in (0..<3).map { _ in Double.random(in: -1...1, using: &generator) } }
        let centre = (0..<3).map { axis in points.reduce(0) { $0 + $1[axis] } / Double(count) }
        return points.map { zip($0, centre).map { $0 - $1 } }
    }

    private func error(_ fit: SimilarityFit, _ points: [[Double]], _ model: [[Double]]) -> Double {
        zip(points, model).reduce(0) { sum, pair in
            let (x, y, z) = fit.apply(pair.0[0], pair.0[1], pair.0[2])
            let (a, b, c) = (x - pair.1[0], y - pair.1[1], z - pair.1[2])
            return sum + a * a + b * b + c * c
        }
    }

    /// Seeds 1 to 60: points made from the model by a turn, a scale and a shift are carried back onto it.
    @Test func turnsScalesAndShiftsAreRecovered() throws {
        for seed in UInt64(1)...60 {
            var generator = SplitMix64(seed: seed)
            let model = model(4 + generator.index(below: 26), &generator)
            let turn = rotation(&generator)
            let scale = exp(Double.random(in: -6...6, using: &generator))
            let shift = (0..<3).map { _ in Double.random(in: -500...500, using: &generator) }
            let points = product(model, turn).map { row in zip(row, shift).map { scale * $0 + $1 } }
            let fit = try #require(SimilarityFit(points: points, model: model))
            #expect(abs(fit.scale * scale - 1) < 1e-9, "seed \(seed)")
            #expect(zip(fit.centre, shift).allSatisfy { abs($0 - $1) < 1e-9 * max(1, scale) }, "seed \(seed)")
            let back = product(turn, fit.rotation)
            for i in 0..<3 { for j in 0..<3 { #expect(abs(back[i][j] - (i == j ? 1 : 0)) < 1e-6, "seed \(seed)") } }
            #expect(error(fit, points, model) < 1e-12, "seed \(seed)")
        }
    }

    @Test func theFitOfNoisyPointsIsBetterThanAnyNearIt() throws {
        for seed in UInt64(1)...10 {
            var generator = SplitMix64(seed: seed)
            let model = model(29, &generator)
            let points = product(model, rotation(&generator)).map { row in
                row.map { 80 * $0 + 200 + Double.random(in: -8...8, using: &generator) }
            }
            let fit = try #require(SimilarityFit(points: points, model: model))
            let least = error(fit, points, model)
            // Other turns by a hundredth, and other scales, all fit worse.
            for axis in 0..<3 {
                for angle in [-0.01, 0.01] {
                    let (a, b) = ((axis + 1) % 3, (axis + 2) % 3)
                    let moved = model.map { point in
                        var other = point
                        (other[a], other[b]) = (
                            cos(angle) * point[a] - sin(angle) * point[b], sin(angle) * point[a] + cos(angle) * point[b]
                        )
                        return other
                    }
                    #expect(error(fit, points, moved) > least, "seed \(seed)")
                }
            }
            for factor in [0.99, 1.01] {
                let scaled = zip(points, model).reduce(0.0) { sum, pair in
                    let (x, y, z) = fit.apply(pair.0[0], pair.0[1], pair.0[2])
                    let differences = [factor * x - pair.1[0], factor * y - pair.1[1], factor * z - pair.1[2]]
                    return sum + differences.reduce(0) { $0 + $1 * $1 }
                }
                #expect(scaled > least, "seed \(seed)")
            }
        }
    }

    @Test func aMirroredFaceIsNeverReflectedBack() throws {
        for seed in UInt64(1)...20 {
            var generator = SplitMix64(seed: seed)
            let model = model(12, &generator)
            let points = product(model.map { [-$0[0], $0[1], $0[2]] }, rotation(&generator))
            let fit = try #require(SimilarityFit(points: points, model: model))
            #expect(abs(determinant(fit.rotation) - 1) < 1e-9 && fit.scale >= 0, "seed \(seed)")
        }
    }

    @Test func aFlatFaceIsFittedTooAndAPointIsNot() throws {
        let model: [[Double]] = [[1, 1, 0], [-1, 1, 0], [-1, -1, 0], [1, -1, 0]]
        let fit = try #require(SimilarityFit(points: model.map { $0.map { 3 * $0 + 1 } }, model: model))
        #expect(
            error(fit, model.map { $0.map { 3 * $0 + 1 } }, model) < 1e-12 && abs(determinant(fit.rotation) - 1) < 1e-9)
        #expect(SimilarityFit(points: [[2, 2, 2], [2, 2, 2]], model: [[1, 0, 0], [-1, 0, 0]]) == nil)
    }

    @Test func theLargestEigenvalueAndItsVectorSolveTheEquation() {
        for seed in UInt64(1)...30 {
            var generator = SplitMix64(seed: seed)
            let size = 1 + generator.index(below: 6)
            var matrix = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
            for i in 0..<size {
                for j in i..<size {
                    matrix[i][j] = Double.random(in: -5...5, using: &generator)
                    matrix[j][i] = matrix[i][j]
                }
            }
            let (value, vector) = SymmetricEigen.largest(of: matrix)
            #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-9, "seed \(seed)")
            for i in 0..<size {
                #expect(
                    abs((0..<size).reduce(0) { $0 + matrix[i][$1] * vector[$1] } - value * vector[i]) < 1e-8,
                    "seed \(seed)")
            }
            // No direction stretches further (Rayleigh).
            for _ in 0..<20 {
                let x = (0..<size).map { _ in Double.random(in: -1...1, using: &generator) }
                let norm = x.reduce(0) { $0 + $1 * $1 }
                let stretched = (0..<size).reduce(0) { sum, i in
                    sum + x[i] * (0..<size).reduce(0) { $0 + matrix[i][$1] * x[$1] }
                }
                #expect(stretched / norm <= value + 1e-9, "seed \(seed)")
            }
        }
    }

    @Test func aDiagonalMatrixHasItsLargestEntryAndItsAxis() {
        let (value, vector) = SymmetricEigen.largest(of: [[-3, 0, 0], [0, 2, 0], [0, 0, 1]])
        #expect(value == 2 && vector.map { abs($0) } == [0, 1, 0])
    }
}
