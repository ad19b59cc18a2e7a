import SignalCore

/// A straight line through moves by time, by iterated weights (Huber 1964), with the errors of its level and slope.
struct RobustLine {
    /// At `centre`.
    let value: Double
    let slope: Double
    let centre: Double
    let slopeError: Double

    private static let leastPoints = 8

    init?(_ points: [(time: Double, move: Double)]) {
        guard points.count >= RobustLine.leastPoints else { return nil }
        let start = Double(Standardisation.percentile(points.map { Float($0.move) }, 0.5) ?? 0)
        var (value, slope, centre) = (start, 0.0, points.reduce(0) { $0 + $1.time } / Double(points.count))
        var slopeError = Double.infinity
        for _ in 0..<20 {
            let residuals = points.map { $0.move - value - slope * ($0.time - centre) }
            let spread = max(
                0.02, 1.4826 * Double(Standardisation.percentile(residuals.map { Float(abs($0)) }, 0.5) ?? 0))
            let weights = residuals.map { abs($0) > 4 * spread ? 0 : min(1, 1.345 * spread / max(abs($0), 1e-9)) }
            let whole = weights.reduce(0, +)
            guard whole > 4 else { return nil }
            let (old, middle) = (
                value + slope * -centre, zip(points, weights).reduce(0) { $0 + $1.0.time * $1.1 } / whole
            )
            let mean = zip(points, weights).reduce(0) { $0 + $1.0.move * $1.1 } / whole
            let square = zip(points, weights).reduce(0) { $0 + ($1.0.time - middle) * ($1.0.time - middle) * $1.1 }
            guard square > 0 else { return nil }
            slope =
                zip(points, weights).reduce(0) { $0 + ($1.0.time - middle) * ($1.0.move - mean) * $1.1 } / square
            (value, centre) = (mean, middle)
            slopeError = 1.1 * spread / square.squareRoot()
            if abs(value - slope * centre - old) < 1e-5 { break }
        }
        (self.value, self.slope, self.centre, self.slopeError) = (value, slope, centre, slopeError)
    }
}
