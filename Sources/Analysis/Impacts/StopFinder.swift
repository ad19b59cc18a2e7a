import SignalCore

/// Finds where movement stops or reverses abruptly, from speeds by direction.
struct StopFinder {
    private let seconds: [Double]
    private let speeds: [Float]
    private let blocks: [Int]
    /// Frames near which movement is not examined: cuts and flashes.
    private let excluded: Set<Int>

    private static let directions = BlockMotion.directions
    /// A stop removes movement of at least this many pixels a second: one block at half the frame's width.
    private static let leastLoss: Float = 40
    /// Stops nearer to each other than this many seconds are one.
    private static let apart = 0.1

    init(_ builder: VisualOnsetBuilder, excluding: Set<Int>) {
        seconds = builder.seconds
        speeds = builder.flux
        blocks = builder.blocks
        excluded = excluding
    }

    /// Movement in a direction from frame `index - 1` to `index`. The number of blocks that an object covers depends on
    /// its position on the grid: the maximum around `centre` is used for all.
    private func flux(_ index: Int, _ direction: Int, near centre: Int) -> Float {
        guard index > 0, index < seconds.count else { return 0 }
        let held = blocks[max(0, centre - 2)...min(blocks.count - 1, centre + 1)].max() ?? 0
        return Float(held) * speeds[index * StopFinder.directions + direction]
    }

    /// Movement that stops between intervals `index - 1` and `index` in each direction, confirmed by two frames on
    /// either side against flicker.
    private func losses(_ index: Int) -> [Float] {
        (0..<StopFinder.directions).map { direction in
            let before = min(flux(index - 2, direction, near: index), flux(index - 1, direction, near: index))
            let after = max(flux(index, direction, near: index), flux(index + 1, direction, near: index))
            return max(0, before - after)
        }
    }

    /// Movement that starts there, likewise. A bounce reverses movement that a clap only ends: what then starts also
    /// gives the time, and where both share a frame, either alone would be biased.
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
            // An impact between two frames is shared out between the two boundaries by how near it is to each; what
            // ends between intervals `near - 1` and `near` belongs to frame `near - 1`.
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
