/// Movement between two thumbnails by block matching: how much of it has which direction.
enum BlockMotion {
    static let block = 8
    private static let reach = 12
    static let directions = 8

    /// A block must differ by at least this many grey levels on average to be examined.
    private static let leastChange: Float = 2.5
    /// The best match must leave at most this share of the difference without movement, and this many grey levels or
    /// half that share: sub-pixel positions leave much at a hard edge.
    private static let gain: Float = 0.6
    private static let worst: Float = 9
    /// The gain that a pixel of movement needs, in grey levels: along an edge every move fits.
    private static let inertia: Float = 0.1
    /// Blocks flatter than this (mean difference of neighbours, grey levels) carry no information about movement.
    private static let leastTexture: Float = 1.5

    /// The mean over moving blocks of their speed, by direction (eight of 45 degrees, shared between neighbours), in
    /// pixels a frame, and how many blocks move.
    static func flux(from before: Thumbnail, to after: Thumbnail) -> (mean: [Float], blocks: Int) {
        var flux = [Float](repeating: 0, count: directions)
        var blocks = 0
        before.pixels.withUnsafeBufferPointer { old in
            after.pixels.withUnsafeBufferPointer { new in
                for top in stride(from: after.rows.lowerBound, through: after.rows.upperBound - block, by: block / 2) {
                    for left in stride(
                        from: after.columns.lowerBound, through: after.columns.upperBound - block, by: block / 2)
                    {
                        let still = difference(old, new, top, left, 0, 0, limit: .infinity)
                        guard still >= leastChange, texture(new, top, left) >= leastTexture else { continue }
                        var best = still
                        var bestCost = still
                        var move = (x: 0, y: 0)
                        for dy in -reach...reach
                        where top - dy >= after.rows.lowerBound && top - dy + block <= after.rows.upperBound {
                            for dx in -reach...reach
                            where left - dx >= after.columns.lowerBound && left - dx + block <= after.columns.upperBound
                            {
                                let effort = inertia * Float(abs(dx) + abs(dy))
                                let value = difference(old, new, top, left, dx, dy, limit: bestCost - effort)
                                if value + effort < bestCost {
                                    (best, bestCost) = (value, value + effort)
                                    move = (dx, dy)
                                }
                            }
                        }
                        guard best <= gain * still, best <= max(worst, 0.5 * gain * still), move.x != 0 || move.y != 0
                        else { continue }
                        add(move, to: &flux)
                        blocks += 1
                    }
                }
            }
        }
        return (flux.map { $0 / Float(max(1, blocks)) }, blocks)
    }

    /// Mean absolute difference of a block and the one at `dx, dy` in the frame before; stops above `limit`.
    @inline(__always)
    private static func difference(
        _ old: UnsafeBufferPointer<Float>, _ new: UnsafeBufferPointer<Float>, _ top: Int, _ left: Int, _ dx: Int,
        _ dy: Int, limit: Float
    ) -> Float {
        var sum: Float = 0
        let most = limit * Float(block * block)
        for row in 0..<block {
            let a = (top &+ row) &* Thumbnail.side &+ left
            let b = (top &+ row &- dy) &* Thumbnail.side &+ left &- dx
            for column in 0..<block { sum += abs(new[a &+ column] - old[b &+ column]) }
            if sum > most { return .infinity }
        }
        return sum / Float(block * block)
    }

    private static func texture(_ pixels: UnsafeBufferPointer<Float>, _ top: Int, _ left: Int) -> Float {
        var sum: Float = 0
        for row in 0..<block - 1 {
            let at = (top + row) * Thumbnail.side + left
            for column in 0..<block - 1 {
                sum +=
                    abs(pixels[at + column + 1] - pixels[at + column])
                    + abs(pixels[at + column + Thumbnail.side] - pixels[at + column])
            }
        }
        return sum / Float(2 * (block - 1) * (block - 1))
    }

    private static func add(_ move: (x: Int, y: Int), to flux: inout [Float]) {
        let (x, y) = (Float(move.x), Float(move.y))
        // Projections on the eight directions, positive halves only: movement to the right counts for right and its
        // neighbours.
        let half: Float = 0.70710678
        let along = [x, half * (x + y), y, half * (y - x), -x, -half * (x + y), -y, half * (x - y)]
        let length = (x * x + y * y).squareRoot()
        var total: Float = 0
        for direction in 0..<directions { total += max(0, along[direction] - 0.5 * length) }
        guard total > 0 else { return }
        for direction in 0..<directions { flux[direction] += length * max(0, along[direction] - 0.5 * length) / total }
    }
}
