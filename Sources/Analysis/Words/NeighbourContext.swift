import SyncModel

/// Evidence of the surrounding words' stated times: a word that an editor moved overlaps others at its stated time, and
/// leaves a gap where it is spoken.
struct NeighbourContext {
    private let items: [StatedItem]
    private static let around = 8

    init(_ items: [StatedItem]) { self.items = items }

    /// Likelihood ratio of the stated times if the word at `place` was moved from `move` seconds later than stated.
    func support(_ place: Int, move: Double, least: Double) -> Double {
        guard abs(move) > least else { return 1 }
        let item = items[place]
        let found = overlap(place, item.start + move, item.end + move)
        let stated = overlap(place, item.start, item.end)
        return (found < 0.3 ? 3 : found < 0.6 ? 1 : 0.25) * (stated > 0.3 ? 5 : 1)
    }

    /// The share of an interval that other words cover.
    private func overlap(_ place: Int, _ start: Double, _ end: Double) -> Double {
        guard end > start else { return 0 }
        let near = max(0, place - NeighbourContext.around)..<min(items.count, place + NeighbourContext.around + 1)
        let claims = near.filter { $0 != place }.map { (max(start, items[$0].start), min(end, items[$0].end)) }.filter {
            $0.1 > $0.0
        }.sorted { $0 < $1 }
        var (covered, reached) = (0.0, start)
        for (from, to) in claims where to > reached {
            covered += to - max(from, reached)
            reached = to
        }
        return covered / (end - start)
    }
}
