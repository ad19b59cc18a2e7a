public import SignalCore

/// Sudden changes in the video: movement that stops or reverses abruptly, and flashes of light.
public struct VisualOnsets: Sendable, Hashable {
    /// Movement that ends or turns: "impact envelope" of decelerating motion by direction (Davis & Agrawala, Visual
    /// Rhythm and Beat, 2018), here in the time of the impact itself, to a fraction of a frame.
    public let stops: [SuddenEvent]
    /// First frame of a light that goes on and, within `flashEnds`, off again.
    public let flashes: [SuddenEvent]
    public let start: Double
    public let end: Double
    /// The usual interval between two frames, in seconds.
    public let frameSeconds: Double
    public let pictures: Int

    /// A flash ends within this many seconds.
    static let flashEnds = 0.7
    /// It lights at least this share of the frame, by at least this many grey levels.
    private static let flashArea = 0.04
    private static let flashLevels: Float = 20

    public init(
        stops: [SuddenEvent], flashes: [SuddenEvent], start: Double, end: Double, frameSeconds: Double, pictures: Int
    ) {
        self.stops = stops
        self.flashes = flashes
        self.start = start
        self.end = end
        self.frameSeconds = frameSeconds
        self.pictures = pictures
    }

    init(_ builder: VisualOnsetBuilder) {
        let times = builder.seconds
        pictures = times.count
        start = times.first ?? 0
        end = times.last ?? 0
        let intervals = zip(times, times.dropFirst()).map { $1 - $0 }.sorted()
        frameSeconds = intervals.isEmpty ? 0.04 : intervals[intervals.count / 2]
        let change = VisualOnsets.change(builder)
        flashes = VisualOnsets.flashes(builder, change)
        stops = StopFinder(builder, excluding: VisualOnsets.cuts(builder, change)).events
    }

    /// Mean absolute change of the cells' brightness from one frame to the next, in grey levels.
    private static func change(_ builder: VisualOnsetBuilder) -> [Float] {
        let cells = VisualOnsetBuilder.cells
        let count = max(1, builder.used.count { $0 })
        return builder.seconds.indices.map { index in
            guard index > 0 else { return 0 }
            var sum: Float = 0
            for cell in 0..<cells where builder.used[cell] {
                sum += abs(builder.light[index * cells + cell] - builder.light[(index - 1) * cells + cell])
            }
            return sum / Float(count)
        }
    }

    private static func flashes(_ builder: VisualOnsetBuilder, _ change: [Float]) -> [SuddenEvent] {
        let cells = VisualOnsetBuilder.cells
        let usedCells = builder.used.indices.filter { builder.used[$0] }
        let least = max(2, Int((flashArea * Double(usedCells.count)).rounded()))
        var found: [SuddenEvent] = []
        for index in 1..<max(1, change.count) {
            // Sudden: nothing like it in the three frames before.
            let before = change[max(1, index - 3)..<max(1, index)].max() ?? 0
            guard change[index] > 3 * before + 0.3 else { continue }
            let jump = { (cell: Int) in builder.light[index * cells + cell] - builder.light[(index - 1) * cells + cell]
            }
            for sign in [Float(1), -1] {
                let lit = usedCells.filter { sign * jump($0) >= flashLevels }
                guard lit.count >= least else { continue }
                // A cut changes brightness both ways; a flash leaves the rest unchanged or lightens it slightly.
                let against = usedCells.count { sign * jump($0) <= -flashLevels }
                guard against * 4 <= lit.count else { continue }
                guard ends(builder, lit, index, sign) else { continue }
                let size = lit.reduce(Float(0)) { $0 + abs(jump($1)) } / Float(usedCells.count)
                found.append(SuddenEvent(seconds: builder.seconds[index], strength: Double(size)))
                break
            }
        }
        return found
    }

    /// Whether the lit cells go back most of the way soon, and the image then is what it was.
    private static func ends(_ builder: VisualOnsetBuilder, _ lit: [Int], _ index: Int, _ sign: Float) -> Bool {
        let cells = VisualOnsetBuilder.cells
        for later in index + 1..<max(index + 1, builder.seconds.count) {
            if builder.seconds[later] - builder.seconds[index] > flashEnds { return false }
            let back = lit.count { cell in
                let before = builder.light[(index - 1) * cells + cell]
                let rise = builder.light[index * cells + cell] - before
                return sign * (builder.light[later * cells + cell] - before) <= 0.35 * sign * rise
            }
            if back * 5 >= lit.count * 4 { return true }
        }
        return false
    }

    /// Frames at which all of the image changes at once: cuts and flashes, near which movement is not examined.
    private static func cuts(_ builder: VisualOnsetBuilder, _ change: [Float]) -> Set<Int> {
        var result: Set<Int> = []
        for index in 1..<max(1, change.count) {
            let around = (max(1, index - 4)..<min(change.count, index + 5)).filter { abs($0 - index) > 1 }.map {
                change[$0]
            }.sorted()
            let usual = around.isEmpty ? 0 : around[around.count / 2]
            if change[index] > 5 * usual + 4 { result.formUnion(index - 2...index + 2) }
        }
        return result
    }
}
