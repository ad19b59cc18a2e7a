import SignalCore

/// Percentile intervals by drawing whole sessions with replacement (Efron 1979).
enum Bootstrap {
    static let draws = 400

    /// - Parameters:
    ///   - count: how many sessions there are.
    ///   - measure: the measure of drawn sessions, by their indices; draws for which it is NaN are omitted.
    static func interval(
        _ count: Int, level: Double = 0.95, _ generator: inout SampleDraws, draws: Int = Bootstrap.draws,
        _ measure: ([Int]) -> Double
    ) -> (lower: Double, upper: Double) {
        guard count > 1 else { return (.nan, .nan) }
        var values: [Double] = []
        values.reserveCapacity(draws)
        var draw = [Int](repeating: 0, count: count)
        for _ in 0..<draws {
            for index in draw.indices { draw[index] = generator.index(below: count) }
            let value = measure(draw)
            if value.isFinite { values.append(value) }
        }
        values.sort()
        let edge = (1 - level) / 2
        return (Quantile.of(sorted: values, edge), Quantile.of(sorted: values, 1 - edge))
    }
}
