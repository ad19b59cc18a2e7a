import Foundation
import SignalCore

/// The offset and drift that fit all blocks best.
struct LineFit {
    /// Seconds, at `centre`.
    var offset = 0.0
    /// Seconds per second of subject time after the factor.
    var slope = 0.0
    /// Seconds of subject time after the factor at which offset and slope are least dependent.
    var centre = 0.0
    /// Standard errors; infinite where unknown.
    var offsetError = Double.infinity
    var slopeError = Double.infinity
    /// Score of each block at the line.
    var blockScores: [Double] = []
    var total: Double { blockScores.reduce(0, +) }

    /// Search range around the initial line, in seconds.
    static let reach = 1.5

    init(offset: Double, slope: Double, centre: Double, offsetError: Double, slopeError: Double) {
        (self.offset, self.slope, self.centre) = (offset, slope, centre)
        (self.offsetError, self.slopeError) = (offsetError, slopeError)
    }

    func offset(at time: Double) -> Double { offset + slope * (time - centre) }

    /// - Parameters:
    ///   - chosen: indices of the blocks to fit.
    ///   - withSlope: whether a drift is fitted; needs some length.
    init?(_ curves: LocalCurves, chosen: [Int], near start: Double, withSlope: Bool, reach: Double = LineFit.reach) {
        guard !chosen.isEmpty else { return nil }
        let blocks = chosen.map { curves.blocks[$0] }
        let middle = Int(curves.lag(start).rounded())
        let radius = Int(reach * SpeechScores.rate)
        let rows = blocks.map { curves.scores(of: $0, from: middle - radius, to: middle + radius).map(Double.init) }
        let weights = blocks.map { Double($0.rows.count) }
        let whole = weights.reduce(0, +)
        centre = zip(blocks, weights).reduce(0) { $0 + $1.0.time * $1.1 } / whole
        let times = blocks.map { $0.time - centre }
        let span = (times.max() ?? 0) - (times.min() ?? 0)

        // Slopes in steps that move the ends by one frame; the sum over blocks of their score at the line, for each
        // offset.
        var slopes = [0.0]
        if withSlope, span >= 20 {
            let step = 2 / span
            let most = Int((Double(radius) * 0.7 / (step * span / 2)).rounded(.down))
            slopes = (-most...most).map { Double($0) * step }
        }
        var best = (value: -Double.infinity, lag: 0.0, slope: 0.0)
        for slope in slopes {
            var sum = [Double](repeating: 0, count: 2 * radius + 1)
            for (row, time) in zip(rows, times) {
                let shift = Int((slope * time).rounded())
                let low = max(0, -shift)
                let high = min(row.count, row.count - shift)
                if low < high { for lag in low..<high { sum[lag] += row[lag + shift] } }
            }
            guard let top = sum.indices.max(by: { sum[$0] < sum[$1] }) else { continue }
            var fraction = 0.0
            if top > 0, top + 1 < sum.count { fraction = Interpolation.vertex(sum[top - 1], sum[top], sum[top + 1]) }
            if sum[top] > best.value { best = (sum[top], Double(top - radius) + fraction, slope) }
        }
        var (lag, slope) = (best.lag, best.slope)
        // Newton iterations on the smooth sum; the Hessian gives the errors (Huber's sandwich).
        var errors = (Double.infinity, Double.infinity)
        let fitsSlope = slopes.count > 1
        for _ in 0..<6 {
            guard let step = LineFit.newton(rows, times, radius, lag, slope, fitsSlope) else { break }
            errors = step.errors
            lag += max(-1, min(1, step.lag))
            if fitsSlope { slope += max(-1 / max(span, 1), min(1 / max(span, 1), step.slope)) }
            if abs(step.lag) < 0.001 { break }
        }
        offset = (Double(middle) + lag) / SpeechScores.rate
        self.slope = slope / SpeechScores.rate
        offsetError = errors.0 / SpeechScores.rate
        slopeError = errors.1 / SpeechScores.rate
        blockScores = zip(rows, times).map { row, time in LineFit.value(row, Double(radius) + lag + slope * time).value
        }
    }

    /// The curve at a fractional index, its first and its second derivative, over two frames either way: through a
    /// parabola.
    private static func value(_ row: [Double], _ position: Double) -> (value: Double, first: Double, second: Double) {
        let near = Int(position.rounded())
        guard near >= 2, near + 2 < row.count else { return (0, 0, 0) }
        let x = position - Double(near)
        // Least squares through five points (Savitzky & Golay 1964).
        let (a, b, c, d, e) = (row[near - 2], row[near - 1], row[near], row[near + 1], row[near + 2])
        let slope = (-2 * a - b + d + 2 * e) / 10
        let bend = (2 * a - b - 2 * c - d + 2 * e) / 7
        let constant = (-3 * a + 12 * b + 17 * c + 12 * d - 3 * e) / 35
        return (constant + slope * x + bend / 2 * x * x, slope + bend * x, bend)
    }

    private static func newton(
        _ rows: [[Double]], _ times: [Double], _ radius: Int, _ lag: Double, _ slope: Double, _ fitsSlope: Bool
    ) -> (lag: Double, slope: Double, errors: (Double, Double))? {
        var (g0, g1, h00, h01, h11) = (0.0, 0.0, 0.0, 0.0, 0.0)
        var (v00, v01, v11) = (0.0, 0.0, 0.0)
        for (row, time) in zip(rows, times) {
            let here = value(row, Double(radius) + lag + slope * time)
            g0 += here.first
            g1 += here.first * time
            h00 -= here.second
            h01 -= here.second * time
            h11 -= here.second * time * time
            v00 += here.first * here.first
            v01 += here.first * here.first * time
            v11 += here.first * here.first * time * time
        }
        guard h00 > 0 else { return nil }
        // With few blocks the spread of their slopes is too small by n / (n - 1).
        let few = Double(rows.count) / Double(max(1, rows.count - 1))
        guard fitsSlope else {
            return (g0 / h00, 0, (rows.count > 1 ? (v00 * few).squareRoot() / h00 : .infinity, .infinity))
        }
        let determinant = h00 * h11 - h01 * h01
        guard determinant > 1e-9 * h00 * h11 else { return nil }
        let (i00, i01, i11) = (h11 / determinant, -h01 / determinant, h00 / determinant)
        func quadratic(_ a: Double, _ b: Double) -> Double { a * a * v00 + 2 * a * b * v01 + b * b * v11 }
        return (
            i00 * g0 + i01 * g1, i01 * g0 + i11 * g1,
            ((quadratic(i00, i01) * few).squareRoot(), (quadratic(i01, i11) * few).squareRoot())
        )
    }
}
