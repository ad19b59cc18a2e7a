import SignalCore
import SyncModel

/// The correlation of mouth and audio in blocks of half a second: their sum is the curve, their scatter its
/// uncertainty.
struct BlockCurves {
    /// Grid frames of a block.
    static let length = 25

    /// Range of lags searched, either way.
    let searchedLags: Int
    /// One curve a block, each with `Interpolation.margin` lags more than are searched.
    let blocks: [LagCurve]
    /// The first grid frame of each.
    let starts: [Int]
    /// Their sum.
    let total: LagCurve
    /// The contribution of each kind to that sum, in the order of the mouth's parts.
    let kinds: [LagCurve]

    /// Correlates block by block; blocks without a visible mouth are omitted.
    init(mouth: Embedding, sound: Embedding, searchedLags: Int) {
        self.searchedLags = searchedLags
        let lags = searchedLags + Interpolation.margin
        let columns = mouth.values.columns
        let soundFrames = sound.values.frames
        var blocks: [LagCurve] = []
        var starts: [Int] = []
        let parts = mouth.parts.map(\.columns)
        var sums = parts.map { _ in [Float](repeating: 0, count: 2 * lags + 1) }
        mouth.values.values.withUnsafeBufferPointer { u in
            sound.values.values.withUnsafeBufferPointer { v in
                for start in stride(from: 0, to: mouth.values.frames, by: BlockCurves.length) {
                    let frames = start..<min(start + BlockCurves.length, mouth.values.frames)
                    guard mouth.mask[frames].contains(true) else { continue }
                    var curve = [Float](repeating: 0, count: 2 * lags + 1)
                    for frame in frames where mouth.mask[frame] {
                        let low = max(-lags, -frame)
                        let high = min(lags, soundFrames - 1 - frame)
                        guard low <= high else { continue }
                        for (kind, part) in parts.enumerated() {
                            for lag in low...high {
                                let a = frame * columns + part.lowerBound
                                let b = (frame + lag) * columns + part.lowerBound
                                let product = BlockCurves.product(u, a, v, b, part.count)
                                curve[lags + lag] += product
                                sums[kind][lags + lag] += product
                            }
                        }
                    }
                    blocks.append(LagCurve(maximumLag: lags, values: curve))
                    starts.append(start)
                }
            }
        }
        self.blocks = blocks
        self.starts = starts
        let total = (0..<2 * lags + 1).map { index in sums.reduce(0) { $0 + $1[index] } }
        self.total = LagCurve(maximumLag: lags, values: total)
        kinds = sums.map { LagCurve(maximumLag: lags, values: $0) }
    }

    /// The dot product of two rows, eight at a time.
    @inline(__always)
    private static func product(
        _ u: UnsafeBufferPointer<Float>, _ a: Int, _ v: UnsafeBufferPointer<Float>, _ b: Int, _ count: Int
    ) -> Float {
        guard let one = u.baseAddress, let other = v.baseAddress else { return 0 }
        let (left, right) = (UnsafeRawPointer(one + a), UnsafeRawPointer(other + b))
        var sums = SIMD8<Float>(repeating: 0)
        var column = 0
        while column + 8 <= count {
            sums +=
                left.loadUnaligned(fromByteOffset: column * 4, as: SIMD8<Float>.self)
                * right.loadUnaligned(fromByteOffset: column * 4, as: SIMD8<Float>.self)
            column += 8
        }
        var sum = sums.sum()
        while column < count {
            sum += one[a + column] * other[b + column]
            column += 1
        }
        return sum
    }

    private init(_ other: BlockCurves, order: [Int]) {
        searchedLags = other.searchedLags
        blocks = order.map { other.blocks[$0] }
        starts = order.map { other.starts[$0] }
        total = other.total
        kinds = other.kinds
    }

    /// The same blocks in another order.
    func inOrder(_ order: [Int]) -> BlockCurves { BlockCurves(self, order: order) }

    /// Values at the searched lags only.
    func searched(_ curve: LagCurve) -> ArraySlice<Float> {
        curve.values[Interpolation.margin..<curve.values.count - Interpolation.margin]
    }

    /// The largest value within the searched lags.
    var height: Double { Double(searched(total).max() ?? 0) }

    /// The lag of the peak of some of the blocks, in grid frames.
    func peak(of part: ArraySlice<LagCurve>) -> Double {
        var sum = [Float](repeating: 0, count: total.values.count)
        for block in part { for index in sum.indices { sum[index] += block.values[index] } }
        return LagCurve(maximumLag: total.maximumLag, values: sum).peak().samples
    }

    /// Standard error of the peak's lag in grid frames: the scatter of the blocks' slopes over the curve's bend (the
    /// sandwich of Huber 1967). Infinite where it cannot be determined.
    func standardError(atLag lag: Double) -> Double {
        let step = 0.5
        func values(_ shift: Double) -> [Double] {
            let limit = Double(searchedLags)
            let place = min(limit, max(-limit, lag + shift)) + Double(total.maximumLag)
            let (first, weights) = Interpolation.weights(at: place)
            return blocks.map { block in
                weights.indices.reduce(0) { $0 + weights[$1] * Double(block.values[first + $1]) }
            }
        }
        let (before, here, after) = (values(-step), values(0), values(step))
        let slopes = zip(after, before).map { ($0 - $1) / (2 * step) }
        let bend = blocks.indices.reduce(0) { $0 + before[$1] - 2 * here[$1] + after[$1] } / (step * step)
        let count = Double(blocks.count)
        guard bend < 0, blocks.count >= 2 else { return .infinity }
        let mean = slopes.reduce(0, +) / count
        let scatter = slopes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (count / (count - 1) * scatter).squareRoot() / -bend
    }

    /// The share of 200 resamples of the blocks whose peak stays within 40 ms of `lag` (Efron's bootstrap).
    func stableShare(lag: Double) -> Double {
        let resamples = 200
        var generator = SplitMix64(seed: 0x4745_4E4C_4F43_4B31)
        var stable = 0
        var sum = [Float](repeating: 0, count: 2 * searchedLags + 1)
        for _ in 0..<resamples {
            for index in sum.indices { sum[index] = 0 }
            for _ in blocks.indices {
                let block = searched(blocks[generator.index(below: blocks.count)])
                for (index, value) in block.enumerated() { sum[index] += value }
            }
            var top = 0
            for index in sum.indices where sum[index] > sum[top] { top = index }
            if abs(Double(top - searchedLags) - lag) <= 2 { stable += 1 }
        }
        return Double(stable) / Double(resamples)
    }
}
