import SignalCore

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

    /// Movement in a direction from picture `index - 1` to `index`. How many blocks a thing covers depends on how it
    /// lies on the grid: the most of the neighbourhood of `centre` is held for all.
    private func flux(_ index: Int, _ direction: Int, near centre: Int) -> Float {
        guard index > 0, index < seconds.count else { return 0 }
        let held = blocks[max(0, centre - 2)...min(blocks.count - 1, centre + 1)].max() ?? 0
        return Float(held) * speeds[index * StopFinder.directions + direction]
    }

    /// What stops between interval `index - 1` and `index` in each direction, held by two pictures on either side
    /// against flicker.
    private func losses(_ index: Int) -> [Float] {
        (0..<StopFinder.directions).map { direction in
            let before = min(flux(index - 2, direction, near: index), flux(index - 1, direction, near: index))
            let after = max(flux(index, direction, near: index), flux(index + 1, direction, near: index))
            return max(0, before - after)
        }
    }

    /// What begins there likewise. A bounce turns round what a clap only ends: what then begins tells the time as well,
    /// and where the two share a picture, either alone would be drawn to one side.
    private func gain(_ index: Int) -> Float {
        (0..<StopFinder.directions).reduce(0) { sum, direction in
            let before = max(flux(index - 2, direction, near: index), flux(index - 1, direction, near: index))
            let after = min(flux(index, direction, near: index), flux(index + 1, direction, near: index))
            return sum + max(0, after - before)
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
            guard around.allSatisfy({ loss[$0] < loss[index] || ($0 >= index && loss[$0] == loss[index]) }) else {
                continue
            }
            // An impact between two pictures is shared out between the two boundaries by how near it lies to each; what
            // ends between intervals `near - 1` and `near` belongs to picture `near - 1`.
            var weight: Float = 0
            var moment = 0.0
            for near in index - 1...index + 1 where near >= 3 && near < count - 1 && !excluded.contains(near) {
                let share = loss[near] + gain(near)
                weight += share
                moment += Double(share) * seconds[near - 1]
            }
            let strength = loss[index - 1...index + 1].reduce(0, +)
            found.append(
                SuddenEvent(seconds: moment / Double(weight), strength: Double(strength) / Double(Thumbnail.side)))
        }
        return found
    }
}
