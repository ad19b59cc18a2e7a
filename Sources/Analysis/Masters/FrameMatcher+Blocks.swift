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
        let points = stretches(frames, track).compactMap { stretch in
            showings == nil ? betweenFrames(stretch, track) : wholeFrames(stretch, track)
        }
        let slopes = (points.last?.x ?? 0) - (points.first?.x ?? 0) > 12 ? -0.001...0.001 : 0...0
        guard points.count >= FrameMatcher.agreeing.least,
            let line = RobustLine(points, tolerance: showings == nil ? 0.02 : 0.008, slopes: slopes),
            line.inliers.count >= FrameMatcher.agreeing.least,
            Double(line.inliers.count) >= FrameMatcher.agreeing.share * Double(points.count)
        else { return nil }
        let scatter = line.heightError.isFinite ? line.heightError : 0.01
        let isSloping = abs(line.slope) > 4 * line.slopeError
        return piece(
            frames, on: line, slope: isSloping ? line.slope : 0,
            error: hypot(2 * scatter, showings == nil ? 0.01 : 0.002))
    }

    /// Frames whose places nearby are all on the master, in stretches of `together` seconds.
    private func stretches(_ frames: Range<Int>, _ track: PicturePlacer.Track) -> [[Int]] {
        var (stretches, first): ([[Int]], Double) = ([], -.infinity)
        for frame in frames {
            let x = copy.times[frame] * speed
            let middle = x + track.offset(at: x)
            guard middle - FrameMatcher.spread.reach > master.start, middle + FrameMatcher.spread.reach < master.end
            else { continue }
            if x - first > FrameMatcher.together {
                stretches.append([])
                first = x
            }
            stretches[stretches.count - 1].append(frame)
        }
        return stretches.filter { $0.count > 10 }
    }

    /// The place of a stretch whose frames are whole frames of the master, in steps of the copy's frames: nothing
    /// between two frames is compared, where the noise of both averages out and would draw the answer there.
    private func wholeFrames(_ stretch: [Int], _ track: PicturePlacer.Track) -> RobustLine.Point? {
        let step = speed / copy.frameRate
        let steps = Int((FrameMatcher.spread.reach / step).rounded())
        let start = copy.times[stretch[0]] * speed
        let anchor = master.times[master.index(at: start + track.offset(at: start))] - start
        /// The master's frame that is on screen at a time.
        func shown(at time: Double) -> Int {
            let nearest = master.index(at: time)
            return nearest > 0 && master.times[nearest] > time + 0.5 * step ? nearest - 1 : nearest
        }
        var sums = [Double](repeating: 0, count: 2 * steps + 1)
        for frame in stretch {
            let (picture, x) = (seen(frame), copy.times[frame] * speed)
            var last: (index: Int, cost: Double) = (-1, 0)
            for place in sums.indices {
                let index = shown(at: x + anchor + Double(place - steps) * step)
                if index != last.index { last = (index, Double(distance(picture, index))) }
                sums[place] += last.cost
            }
        }
        guard let low = sums.indices.min(by: { sums[$0] < sums[$1] }), low > 0, low < sums.count - 1 else { return nil }
        let offset = anchor + Double(low - steps) * step
        // First showings tell the time.
        var mean = (x: 0.0, y: 0.0, count: 0.0)
        for frame in stretch {
            let x = copy.times[frame] * speed
            let time = master.times[shown(at: x + offset)]
            if abs(time - x - offset) < 0.5 * step {
                mean = (mean.x + x, mean.y + time - x, mean.count + 1)
            }
        }
        guard mean.count > 0 else { return nil }
        let aside = max(1, Int((0.06 / step).rounded()))
        return RobustLine.Point(
            x: mean.x / mean.count, y: mean.y / mean.count, weight: distinctness(sums, low, aside: aside))
    }

    /// The place of a stretch of which frames may lie between two of the master.
    private func betweenFrames(_ stretch: [Int], _ track: PicturePlacer.Track) -> RobustLine.Point? {
        let steps = Int((FrameMatcher.spread.reach / FrameMatcher.spread.step).rounded())
        var sums = [Double](repeating: 0, count: 2 * steps + 1)
        for frame in stretch {
            let x = copy.times[frame] * speed
            let middle = x + track.offset(at: x)
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
        }
        guard let low = sums.indices.min(by: { sums[$0] < sums[$1] }), low > 1, low < sums.count - 2 else { return nil }
        let (before, own, after) = (sums[low - 1], sums[low], sums[low + 1])
        let bend = before + after - 2 * own
        guard bend > 0 else { return nil }
        let place = Double(low - steps) + max(-0.5, min(0.5, (before - after) / (2 * bend)))
        let x = stretch.reduce(0) { $0 + copy.times[$1] } * speed / Double(stretch.count)
        return RobustLine.Point(
            x: x, y: track.offset(at: x) + place * FrameMatcher.spread.step,
            weight: distinctness(sums, low, aside: 6))
    }

    /// How much worse frames fit `aside` places away, of how badly they fit at best: 0.01 to 1.
    private func distinctness(_ sums: [Double], _ low: Int, aside: Int) -> Double {
        let rise = (sums[max(0, low - aside)] + sums[min(sums.count - 1, low + aside)]) / 2 - sums[low]
        return min(1, max(0.01, 20 * rise / max(sums[low], 1e-9)))
    }

    /// How much a picture of the master differs from the next one, as the copy shows them.
    private func between(_ one: Int) -> Double {
        let (first, second) = (one * FrameSequence.cells, (one + 1) * FrameSequence.cells)
        var square: Float = 0
        for cell in cells.lazy.map(\.index) {
            let step = gain[cell] * (Float(master.pixels[second + cell]) - Float(master.pixels[first + cell]))
            square += weight[cell] * step * step
        }
        return Double(square)
    }
}
