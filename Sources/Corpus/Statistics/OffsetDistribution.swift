import SignalCore

extension OffsetDistribution {
    /// Convenient widths of a bin, in ms.
    private static let widths: [Double] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 60_000]
    private static let mostBins = 60.0

    /// - Returns: nil without offsets.
    init?(_ offsets: [Double], unanswered: Int) {
        guard !offsets.isEmpty else { return nil }
        let sorted = offsets.sorted()
        func quantile(_ share: Double) -> Double { Quantile.of(sorted: sorted, share) }
        // The range without the outermost 1 %, including 0.
        let (low, high) = (min(0, quantile(0.005)), max(0, quantile(0.995)))
        let width =
            OffsetDistribution.widths.first { (high - low) / $0 <= OffsetDistribution.mostBins - 2 }
            ?? max(1, (high - low) / 50)
        let start = (low / width).rounded(.down) * width
        let bins = max(1, Int(((high - start) / width).rounded(.down)) + 1)
        var counts = [Int](repeating: 0, count: bins)
        var (below, above) = (0, 0)
        for offset in sorted {
            let place = ((offset - start) / width).rounded(.down)
            if place < 0 { below += 1 } else if place >= Double(bins) { above += 1 } else { counts[Int(place)] += 1 }
        }
        self.init(
            answered: sorted.count, unanswered: unanswered, start: start, width: width, counts: counts, below: below,
            above: above,
            median: quantile(0.5), quartiles: quantile(0.25)...quantile(0.75), middle90: quantile(0.05)...quantile(0.95)
        )
    }
}
