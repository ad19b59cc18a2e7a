import Foundation
import SignalCore
import SyncModel

/// Runs of frames that lie on one track.
extension FrameMatcher {
    typealias Run = (track: Int, frames: Range<Int>)

    static func runs(_ path: [Int]) -> [Run] { merged(path.indices.map { (path[$0], $0..<$0 + 1) }) }

    /// Neighbouring runs on one track are one run.
    private static func merged(_ runs: [Run]) -> [Run] {
        runs.reduce(into: []) { result, run in
            if let last = result.last, last.track == run.track {
                result[result.count - 1].frames = last.frames.lowerBound..<run.frames.upperBound
            } else {
                result.append(run)
            }
        }
    }

    /// Counts frames that are on no track to that before or after them where they move as the master's do: a shot that
    /// was graded otherwise than most looks unlike the master, and is not another picture for that.
    func joined(_ runs: [Run]) -> [Run] {
        var named = runs
        for index in runs.indices where runs[index].track == tracks.count {
            let beside = [index - 1, index + 1].filter(runs.indices.contains).map { runs[$0].track }
            named[index].track =
                beside.first { movesAlike(runs[index].frames, tracks[$0]) } ?? tracks.count
        }
        return FrameMatcher.merged(named)
    }

    /// Least correlations of frames that show what the master does: of each box's course about its mean, and of the
    /// pictures themselves where next to nothing moves.
    private static let alike = (moving: 0.5, still: 0.9)
    /// Boxes whose grey levels vary by less than this (square root of the mean variance) do not tell how they move.
    private static let stillness = 1.0

    private func movesAlike(_ frames: Range<Int>, _ track: PicturePlacer.Track) -> Bool {
        var (copied, shown): ([[Float]], [[Float]]) = ([], [])
        for frame in frames {
            let x = copy.times[frame] * speed
            let other = master.index(at: x + track.offset(at: x))
            guard other >= 0, abs(master.times[other] - x - track.offset(at: x)) < 0.1 else { continue }
            let original = master.picture(other)
            let picture = seen(frame)
            copied.append(cells.map { picture[$0.index] })
            shown.append(cells.map { Float(original[original.startIndex + $0.index]) })
        }
        guard 2 * copied.count > frames.count, let box = copied.first?.indices else { return false }
        let count = Double(copied.count)
        var (moving, means) = (Covariance(), Covariance())
        var own: [(Double, Double)] = []
        for index in box {
            let mean = copied.reduce(0) { $0 + Double($1[index]) } / count
            let otherMean = shown.reduce(0) { $0 + Double($1[index]) } / count
            own.append((mean, otherMean))
            for (one, two) in zip(copied, shown) {
                moving.add(Double(one[index]) - mean, Double(two[index]) - otherMean)
            }
        }
        let least = FrameMatcher.stillness * FrameMatcher.stillness * count * Double(box.count)
        if min(moving.first, moving.second) > least { return moving.correlation > FrameMatcher.alike.moving }
        let middle = (
            own.reduce(0) { $0 + $1.0 } / Double(own.count), own.reduce(0) { $0 + $1.1 } / Double(own.count)
        )
        for pair in own { means.add(pair.0 - middle.0, pair.1 - middle.1) }
        return means.correlation > FrameMatcher.alike.still
    }

    /// Sums of the products of two deviations.
    private struct Covariance {
        var (cross, first, second) = (0.0, 0.0, 0.0)

        mutating func add(_ one: Double, _ two: Double) {
            cross += one * two
            first += one * one
            second += two * two
        }

        /// Pearson's; 0 where either does not vary.
        var correlation: Double { first > 0 && second > 0 ? cross / (first * second).squareRoot() : 0 }
    }
}
