/// What most of some places are off by, with how sure that is.
public struct MedianOffset: Sendable, Hashable {
    public let median: Double
    /// Deviation of a single one, from the median of the distances (times 1.4826, as of a normal distribution).
    public let deviation: Double
    /// Of the median: 1.2533 deviations over the root of the number.
    public let error: Double
    public let count: Int

    /// All in one unit, such as seconds; nil where none is near enough.
    ///
    /// - Parameters:
    ///   - place: those further from it than `reach` are no measure of it.
    ///   - least: a single one's deviation is no smaller.
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
