/// The median offset of values near a position, with its uncertainty.
public struct MedianOffset: Sendable, Hashable {
    public let median: Double
    /// Deviation of a single value: the median absolute deviation times 1.4826, as for a normal distribution.
    public let deviation: Double
    /// Standard error of the median: 1.2533 deviations over the root of the count.
    public let error: Double
    public let count: Int

    /// All in one unit, such as seconds; nil if no value is near enough.
    ///
    /// - Parameters:
    ///   - place: values further from it than `reach` are ignored.
    ///   - least: minimum deviation of a single value.
    public init?(_ residuals: [Double], near place: Double, within reach: Double, leastDeviation least: Double) {
        let near = residuals.filter { abs($0 - place) < reach }
        guard !near.isEmpty else { return nil }
        let centre = Quantile.median(near)
        median = centre
        deviation = max(least, 1.4826 * Quantile.median(near.map { abs($0 - centre) }))
        error = 1.2533 * deviation / Double(near.count).squareRoot()
        count = near.count
    }
}
