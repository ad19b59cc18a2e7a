import Foundation
import SignalCore
import Testing

@Suite struct ShapingTests {
    @Test func scalingSetsMeanAndDeviationAndClips() {
        let x = Made.noise(500, seed: 1).map { 7 + 3 * $0 }
        let scaled = Standardisation.scaled(x, deviationFloor: 0.01, limit: 4)
        let (mean, deviation) = Standardisation.moments(scaled)
        #expect(abs(mean) < 1e-6 && abs(deviation - 1) < 1e-5)
        let outlier = Standardisation.scaled([Float](repeating: 0, count: 99) + [100], deviationFloor: 0.01, limit: 4)
        #expect(outlier.max() == 4)
        // Below the floor the floor divides: 0.001 over 0.01.
        #expect(
            largestDifference(Standardisation.scaled([1.001, 0.999], deviationFloor: 0.01, limit: 4), [0.1, -0.1])
                < 1e-4)
    }

    @Test func momentsAreThoseOfTheDefinition() {
        let (mean, deviation) = Standardisation.moments([1, 2, 3, 6])
        #expect(mean == 3 && abs(deviation - (3.5).squareRoot()) < 1e-12)
        #expect(Standardisation.moments([]) == (0, 0))
    }

    @Test func theMovingAverageIsWeightedOverWhatExists() {
        for count in [1, 5, 60] {
            let x = Made.noise(count, seed: UInt64(count))
            let expected = (0..<count).map { centre -> Float in
                var (sum, total) = (0.0, 0.0)
                for k in -25...25 where x.indices.contains(centre + k) {
                    let weight = 0.5 + 0.5 * cos(.pi * Double(k) / 26)
                    sum += weight * Double(x[centre + k])
                    total += weight
                }
                return Float(Double(x[centre]) - sum / total)
            }
            #expect(largestDifference(Standardisation.movingAverageRemoved(x, reach: 25), expected) < 1e-6)
        }
        #expect(Standardisation.movingAverageRemoved([], reach: 25).isEmpty)
    }

    @Test func theBoxAverageIsTheMeanOfWhatExists() {
        let x: [Float] = [1, 2, 3, 4, 10]
        #expect(largestDifference(Standardisation.boxAverage(x, reach: 1), [1.5, 2, 3, 17.0 / 3, 7]) < 1e-6)
        #expect(Standardisation.boxAverage(x, reach: 10) == [Float](repeating: 4, count: 5))
    }

    @Test func percentilesAreInterpolatedBetweenNeighbours() {
        #expect(Standardisation.percentile([3, 1, 2], 0.5) == 2)
        #expect(Standardisation.percentile([0, 10], 0.25) == 2.5)
        #expect(Standardisation.percentile([4], 0.95) == 4)
        #expect(Standardisation.percentile([1, 2], 1) == 2)
        #expect(Standardisation.percentile([], 0.5) == nil)
    }

    @Test func linearInterpolationMeetsItsKnotsAndHoldsTheEnds() {
        let (values, knots): ([Float], [Double]) = ([1, 3, -1], [0.5, 1, 3])
        let at = [-1, 0.5, 0.75, 1, 2, 3, 99]
        #expect(largestDifference(Resampling.linear(values, knots: knots, at: at), [1, 1, 2, 3, 1, -1, -1]) < 1e-6)
        #expect(Resampling.linear([5], knots: [2], at: [0, 2, 4]) == [5, 5, 5])
    }

    @Test func aStraightLineIsReproducedFromUnevenKnots() {
        var generator = SplitMix64(seed: 3)
        var knots = [0.0]
        for _ in 0..<50 { knots.append(knots[knots.count - 1] + Double.random(in: 0.01...0.07, using: &generator)) }
        let times = (0...Int(knots[50] / 0.02)).map { Double($0) * 0.02 }
        let made = Resampling.linear(knots.map { Float(2 * $0 - 1) }, knots: knots, at: times)
        #expect(largestDifference(made, times.map { Float(2 * $0 - 1) }) < 1e-5)
    }

    private func layer(_ width: Int, _ inputs: Int, _ outputs: Int, _ dilation: Int, seed: UInt64) -> (
        Convolution, [Float], [Float]
    ) {
        let kernel = Made.noise(width * inputs * outputs, seed: seed)
        let bias = Made.noise(outputs, seed: seed + 1)
        let made = Convolution(
            width: width, inputs: inputs, outputs: outputs, dilation: dilation, kernel: kernel, bias: bias)
        return (made, kernel, bias)
    }

    private func naive(_ x: [[Double]], _ made: (Convolution, [Float], [Float])) -> [[Double]] {
        let (layer, kernel, bias) = made
        return (0..<max(0, x.count - (layer.width - 1) * layer.dilation)).map { time in
            (0..<layer.outputs).map { output in
                var sum = Double(bias[output])
                for tap in 0..<layer.width {
                    for input in 0..<layer.inputs {
                        sum +=
                            Double(kernel[(tap * layer.inputs + input) * layer.outputs + output])
                            * x[time + tap * layer.dilation][input]
                    }
                }
                return sum
            }
        }
    }

    private func rows(_ x: FrameMatrix) -> [[Double]] {
        (0..<x.frames).map { frame in (0..<x.columns).map { Double(x[frame, $0]) } }
    }

    @Test func aLayerIsTheSumOfTheDefinition() {
        for (index, (width, dilation, frames)) in [(1, 1, 5), (3, 1, 10), (5, 2, 20), (5, 4, 17), (5, 4, 10)]
            .enumerated()
        {
            let made = layer(width, 4, 3, dilation, seed: UInt64(index) + 1)
            let x = Made.noise(frames: frames, columns: 4, seed: UInt64(index) + 40)
            let y = made.0(x)
            #expect(y.frames == max(0, frames - (width - 1) * dilation) && y.columns == 3)
            #expect(largestDifference(y.values, naive(rows(x), made).flatMap { $0 }.map { Float($0) }) < 1e-5)
        }
    }

    @Test func aTowerRepeatsItsEndsAndIsAsLongAsItsInput() {
        let layers = [layer(5, 2, 6, 1, seed: 1), layer(3, 6, 6, 4, seed: 3), layer(1, 6, 3, 1, seed: 5)]
        let tower = ConvolutionTower(layers: layers.map(\.0))
        for frames in [1, 2, 30] {
            let x = Made.noise(frames: frames, columns: 2, seed: UInt64(frames) + 60)
            let reach = (4 + 8) / 2
            var values = (-reach..<frames + reach).map { rows(x)[min(frames - 1, max(0, $0))] }
            for (index, layer) in layers.enumerated() {
                values = naive(values, layer)
                if index < 2 { values = values.map { $0.map { $0 / (1 + exp(-$0)) } } }
            }
            let y = tower(x)
            #expect(y.frames == frames && y.columns == 3)
            #expect(largestDifference(y.values, values.flatMap { $0 }.map { Float($0) }) < 1e-4)
        }
        #expect(tower(FrameMatrix(frames: 0, columns: 2)).frames == 0)
    }

    @Test func aMatrixGivesItsColumnsAndTakesRows() {
        var matrix = FrameMatrix(columns: 2, values: [1, 2, 3, 4])
        matrix.append(row: [5, 6])
        #expect(matrix.frames == 3 && matrix.column(1) == [2, 4, 6] && matrix[2, 0] == 5)
    }
}
