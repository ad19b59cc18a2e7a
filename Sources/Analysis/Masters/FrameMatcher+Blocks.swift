import Foundation
import SignalCore
import SyncModel

/// Pieces whose single frames tell too little, by blocks of frames.
extension FrameMatcher {
    /// How far from a track frames are laid over each other, and in what steps, in seconds.
    private static let spread = (reach: 0.12, step: 0.01)
    /// Frames of so many seconds are laid over each other.
    private static let together = 2.0
    /// Of such stretches, at least so many have to agree, and so large a share of all.
    private static let agreeing = (least: 5, share: 0.6)

    /// Where a piece lies whose single frames tell too little: how badly all frames of a stretch fit together, at every
    /// place nearby, has one lowest place; and those of the stretches have to agree.
    func laidOver(_ frames: Range<Int>, _ track: PicturePlacer.Track) -> MasterPiece? {
        let steps = Int((FrameMatcher.spread.reach / FrameMatcher.spread.step).rounded())
        var points: [RobustLine.Point] = []
        var sums = [Double](repeating: 0, count: 2 * steps + 1)
        var (count, times, first): (Int, Double, Double?) = (0, 0, nil)
        func close() {
            defer {
                sums = [Double](repeating: 0, count: 2 * steps + 1)
                (count, times, first) = (0, 0, nil)
            }
            guard count > 10, let low = sums.indices.min(by: { sums[$0] < sums[$1] }), low > 1, low < sums.count - 2
            else { return }
            let (before, own, after) = (sums[low - 1], sums[low], sums[low + 1])
            let bend = before + after - 2 * own
            guard bend > 0 else { return }
            let place = Double(low - steps) + max(-0.5, min(0.5, (before - after) / (2 * bend)))
            let x = times / Double(count)
            // How much worse the frames fit half of the reach away, of how badly they fit at best.
            let rise = (sums[max(0, low - 6)] + sums[min(sums.count - 1, low + 6)]) / 2 - own
            points.append(
                RobustLine.Point(
                    x: x, y: track.offset(at: x) + place * FrameMatcher.spread.step,
                    weight: min(1, max(0.01, 20 * rise / max(own, 1e-9)))))
        }
        for frame in frames {
            let x = copy.times[frame] * speed
            if let first, x - first > FrameMatcher.together { close() }
            let middle = x + track.offset(at: x)
            guard middle - FrameMatcher.spread.reach > master.start, middle + FrameMatcher.spread.reach < master.end
            else { continue }
            if first == nil { first = x }
            let picture = seen(frame)
            var index = master.index(at: middle - FrameMatcher.spread.reach)
            while index > 0, master.times[index] > middle - FrameMatcher.spread.reach { index -= 1 }
            var fits = (here: Double(distance(picture, index)), next: 0.0, step: 0.0)
            func advance() {
                fits.next = Double(distance(picture, index + 1))
                fits.step = between(index)
            }
            guard index + 1 < master.count else { continue }
            advance()
            for step in 0...2 * steps {
                let time = middle + Double(step - steps) * FrameMatcher.spread.step
                while index + 2 < master.count, master.times[index + 1] <= time {
                    index += 1
                    fits.here = fits.next
                    advance()
                }
                let share = max(
                    0, min(1, (time - master.times[index]) / (master.times[index + 1] - master.times[index])))
                // The square of what is left over, between two pictures.
                sums[step] += (1 - share) * fits.here + share * fits.next - share * (1 - share) * fits.step
            }
            times += x
            count += 1
        }
        close()
        let slopes = (points.last?.x ?? 0) - (points.first?.x ?? 0) > 12 ? -0.001...0.001 : 0...0
        guard points.count >= FrameMatcher.agreeing.least,
            let line = RobustLine(points, tolerance: 0.02, slopes: slopes),
            line.inliers.count >= FrameMatcher.agreeing.least,
            Double(line.inliers.count) >= FrameMatcher.agreeing.share * Double(points.count)
        else { return nil }
        let scatter = line.heightError.isFinite ? line.heightError : 0.01
        let isSloping = abs(line.slope) > 4 * line.slopeError
        return piece(frames, on: line, slope: isSloping ? line.slope : 0, error: hypot(2 * scatter, 0.01))
    }

    /// How much a picture of the master differs from the next one, as the copy shows them.
    private func between(_ one: Int) -> Double {
        let (first, second) = (one * FrameSequence.cells, (one + 1) * FrameSequence.cells)
        var square: Float = 0
        for index in cells.indices {
            let cell = cells[index].index
            let step = gain[index] * (Float(master.pixels[second + cell]) - Float(master.pixels[first + cell]))
            square += weight[index] * step * step
        }
        return Double(square)
    }
}
