/// What most boundaries are off by, with how sure that is.
struct CommonOffset {
    let median: Double
    /// Deviation of a single boundary, from the median of the distances (times 1.4826, as of a normal distribution).
    let deviation: Double
    /// Of the median: 1.2533 deviations over the root of the number.
    let error: Double
    let count: Int

    /// Boundaries further from the place that all fit best than this are no measure of it, in seconds.
    private static let reach = 0.25
    /// A boundary's deviation is no smaller than this, in seconds.
    private static let least = 0.015

    init?(_ residuals: [Double], near place: Double) {
        let near = residuals.filter { abs($0 - place) < CommonOffset.reach }.sorted()
        guard !near.isEmpty else { return nil }
        func middle(_ values: [Double]) -> Double {
            values.count % 2 == 1 ? values[values.count / 2] : (values[values.count / 2 - 1] + values[values.count / 2]) / 2
        }
        let centre = middle(near)
        median = centre
        deviation = max(CommonOffset.least, 1.4826 * middle(near.map { abs($0 - centre) }.sorted()))
        error = 1.2533 * deviation / Double(near.count).squareRoot()
        count = near.count
    }
}
