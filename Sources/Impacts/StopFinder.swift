/// Finds where movement stops or turns round at once, from speeds by direction.
struct StopFinder {
    private let seconds: [Double]
    private let speeds: [Float]
    private let blocks: [Int]
    /// Pictures near which movement is not looked at: cuts and flashes.
    private let excluded: Set<Int>

    private static let directions = BlockMotion.directions
    /// A stop takes away movement of this many pixels a second at least: one block at half the picture's width.
    private static let leastLoss: Float = 40
    /// Stops nearer to each other than this many seconds are one.
    private static let apart = 0.1

    init(_ sight: SightBuilder, excluding: Set<Int>) {
        seconds = sight.seconds
        speeds = sight.flux
        blocks = sight.blocks
        excluded = excluding
    }

    /// Movement in a direction from picture `index - 1` to `index`. How many blocks a thing covers depends on how it lies on
    /// the grid: the most of the neighbourhood of `centre` is held for all.
    private func flux(_ index: Int, _ direction: Int, near centre: Int) -> Float {
        guard index > 0, index < seconds.count else { return 0 }
        let held = blocks[max(0, centre - 2)...min(blocks.count - 1, centre + 1)].max() ?? 0
        return Float(held) * speeds[index * StopFinder.directions + direction]
    }

    /// What stops between interval `index - 1` and `index` in each direction, held by two pictures on either side against flicker.
    private func losses(_ index: Int) -> [Float] {
        (0..<StopFinder.directions).map { direction in
            let before = min(flux(index - 2, direction, near: index), flux(index - 1, direction, near: index))
            let after = max(flux(index, direction, near: index), flux(index + 1, direction, near: index))
            return max(0, before - after)
        }
    }

    var events: [SuddenEvent] {
        let count = seconds.count
        guard count > 5 else { return [] }
        var loss = [Float](repeating: 0, count: count)
        for index in 3..<count - 1 where !excluded.contains(index) { loss[index] = losses(index).reduce(0, +) }
        let frame = max(1e-3, (seconds[count - 1] - seconds[0]) / Double(count - 1))
        let reach = max(2, Int((StopFinder.apart / frame).rounded()))
        var found: [SuddenEvent] = []
        for index in 3..<count - 1 where loss[index] >= StopFinder.leastLoss {
            let around = max(0, index - reach)...min(count - 1, index + reach)
            guard around.allSatisfy({ loss[$0] < loss[index] || ($0 >= index && loss[$0] == loss[index]) }) else { continue }
            let strength = loss[index - 1...index + 1].reduce(0, +)
            found.append(SuddenEvent(seconds: time(index), strength: Double(strength) / Double(Thumbnail.side)))
        }
        return found
    }

    /// When the impact between two pictures happened: of the way that the thing would have gone between them it went a part,
    /// and came back for the rest if it bounced.
    ///
    /// With speed v before and e v back, a share a of the interval before the impact shows a net way of v a - e v (1 - a).
    private func time(_ index: Int) -> Double {
        let lost = losses(index)
        let least = 0.2 * (lost.max() ?? 0)
        let along = lost.indices.filter { lost[$0] > least }
        let back = along.map { ($0 + StopFinder.directions / 2) % StopFinder.directions }
        func there(_ at: Int) -> Float { along.reduce(0) { $0 + flux(at, $1, near: index) } }
        func again(_ at: Int) -> Float { back.reduce(0) { $0 + flux(at, $1, near: index) } }
        // What falls or strikes becomes faster up to the impact: where it is clearly slower already, that was the interval.
        let mixed = there(index - 1) < 0.75 * there(index - 2) ? index - 1 : index
        let last = there(mixed - 1), earlier = there(mixed - 2)
        let expected = max(last, min(1.3 * last, last + 0.5 * (last - earlier)))
        guard expected > 0 else { return seconds[mixed - 1] }
        let rebound = min(1, again(mixed + 1) / expected)
        let share = ((there(mixed) - again(mixed)) / expected + rebound) / (1 + rebound)
        return seconds[mixed - 1] + Double(min(1, max(0, share))) * (seconds[mixed] - seconds[mixed - 1])
    }
}
