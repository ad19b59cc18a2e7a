import Foundation
import SignalCore
import SyncModel

/// Holds every frame of a copy against the master's frames near the tracks on which it may lie.
struct FrameMatcher {
    let copy: FrameSequence
    let master: FrameSequence
    let speed: Double
    let tracks: [PicturePlacer.Track]
    private let shape: PictureShape
    let cells: [PictureLookup.Cell]
    /// The master's boxes as the copy shows them: c = level + gain * m, and how much each box counts: 0 for those that
    /// the copy does not show.
    private var level: [Float]
    var gain: [Float]
    var weight: [Float]

    /// Master frames so far from a track are looked at, in seconds.
    private static let reach = 0.14
    /// A track may go on beyond the stretches that told it, in seconds of the copy.
    private static let beyond = 24.0
    /// What a frame that fits nothing costs, and what a break costs, in units of a frame that fits as usual.
    private static let foreign: Float = 7
    private static let worst: Float = 16
    private static let breaking: Float = 40
    /// From so many frames that tell their place on, they are taken before blocks of all frames, where both are whole
    /// frames of the master.
    private static let ample = 24

    /// nil: nothing moves on the best track.
    init?(copy: FrameSequence, master: FrameSequence, speed: Double, tracks: [PicturePlacer.Track]) {
        (self.copy, self.master, self.speed, self.tracks) = (copy, master, speed, tracks)
        let pairs = FrameMatcher.moments(copy, master, speed, tracks, count: 28)
        guard pairs.count >= 6 else { return nil }
        let all = pairs.map { (copy: copy.picture($0.copy), master: master.picture($0.master)) }
        shape = PictureShape(all)
        cells = PictureLookup(shape).cells
        (level, gain, weight) = ([], [], [])
        calibrate(FrameMatcher.moments(copy, master, speed, tracks, count: 240))
    }

    /// Moments of the best tracks, spread over them, each with the master's frame nearest in time.
    private static func moments(
        _ copy: FrameSequence, _ master: FrameSequence, _ speed: Double, _ tracks: [PicturePlacer.Track], count: Int
    ) -> [(copy: Int, master: Int)] {
        guard let top = tracks.first else { return [] }
        let used = tracks.filter { $0.score > 0.3 * top.score }
        let total = used.reduce(0) { $0 + Double($1.points.count) }
        var found: [(copy: Int, master: Int)] = []
        for track in used {
            let share = max(2, Int(Double(count) * Double(track.points.count) / total))
            for index in 0..<share {
                let low = track.start - 5
                let x = low + (track.end + 5 - low) * (Double(index) + 0.5) / Double(share)
                let own = copy.index(at: x / speed)
                let place = copy.times[own] * speed + track.offset(at: x)
                guard own >= 0, place >= master.start, place <= master.end else { continue }
                let other = master.index(at: place)
                if abs(master.times[other] - place) < 0.1 { found.append((own, other)) }
            }
        }
        return found
    }

    /// A straight line a box from what the master shows to what the copy does, and what is left over.
    private mutating func calibrate(_ pairs: [(copy: Int, master: Int)]) {
        let count = Float(max(1, pairs.count))
        var (sumC, sumM) = ([Float](repeating: 0, count: cells.count), [Float](repeating: 0, count: cells.count))
        var (cc, cm, mm) = (sumC, sumC, sumC)
        for pair in pairs {
            let seen = copy.picture(pair.copy).map { Float($0) }
            let shown = master.picture(pair.master)
            for (index, cell) in cells.enumerated() {
                let c = cell.value(seen)
                let m = Float(shown[shown.startIndex + cell.index])
                sumC[index] += c
                sumM[index] += m
                cc[index] += c * c
                cm[index] += c * m
                mm[index] += m * m
            }
        }
        var (cross, square): (Float, Float) = (0, 0)
        for index in cells.indices {
            cc[index] -= sumC[index] * sumC[index] / count
            cm[index] -= sumC[index] * sumM[index] / count
            mm[index] -= sumM[index] * sumM[index] / count
            cross += cm[index]
            square += mm[index]
        }
        let overall = max(0.2, min(3, square > 0 ? cross / square : 1))
        // Boxes that hardly change take the gain of all.
        let ridge = 16 * count
        let none = [Float](repeating: 0, count: FrameSequence.cells)
        (level, gain, weight) = (none, none, none)
        for (index, cell) in cells.enumerated() {
            let slope = max(0.1, min(4, (cm[index] + ridge * overall) / (mm[index] + ridge)))
            let rest = (cc[index] - 2 * slope * cm[index] + slope * slope * mm[index]) / count
            gain[cell.index] = slope
            level[cell.index] = (sumC[index] - slope * sumM[index]) / count
            weight[cell.index] = 1 / (max(0, rest) + 2)
        }
        let total = weight.reduce(0, +)
        weight = weight.map { $0 / max(total, 1e-9) }
    }

    /// A frame of the copy in the master's boxes; 0 for those that the copy does not show.
    func seen(_ index: Int) -> [Float] {
        let picture = copy.picture(index).map { Float($0) }
        var seen = [Float](repeating: 0, count: FrameSequence.cells)
        for cell in cells { seen[cell.index] = cell.value(picture) }
        return seen
    }

    /// The weighted mean square of what is left of a frame of the copy less one of the master.
    func distance(_ seen: [Float], _ other: Int) -> Float {
        typealias Lanes = SIMD8<Float>
        let base = other * FrameSequence.cells
        return master.pixels.withUnsafeBytes { pixels in
            seen.withUnsafeBytes { seen in
                level.withUnsafeBytes { level in
                    gain.withUnsafeBytes { gain in
                        weight.withUnsafeBytes { weight in
                            var sum = Lanes.zero
                            for place in stride(from: 0, to: FrameSequence.cells, by: Lanes.scalarCount) {
                                let shown = Lanes(
                                    pixels.loadUnaligned(fromByteOffset: base + place, as: SIMD8<UInt8>.self))
                                func lanes(_ bytes: UnsafeRawBufferPointer) -> Lanes {
                                    bytes.loadUnaligned(
                                        fromByteOffset: place * MemoryLayout<Float>.size, as: Lanes.self)
                                }
                                let rest = lanes(seen) - lanes(level) - lanes(gain) * shown
                                sum += lanes(weight) * rest * rest
                            }
                            return sum.sum()
                        }
                    }
                }
            }
        }
    }

    /// How well a frame fits near a track.
    private struct Match {
        var cost: Float
        /// The master's frame that it fits best.
        var index: Int
        /// Where it lies best: seconds to add to its stretched time.
        var offset: Double
        /// How sharply its place is told: by how much its neighbours fit worse.
        var sharpness: Float
    }

    private func match(_ seen: [Float], x: Double, offset: Double) -> Match? {
        let place = x + offset
        guard place > master.start - 0.05, place < master.end + 0.02 else { return nil }
        let middle = master.index(at: place)
        var (low, high) = (middle, middle)
        while low > 0, master.times[low - 1] > place - FrameMatcher.reach { low -= 1 }
        while high + 1 < master.count, master.times[high + 1] < place + FrameMatcher.reach { high += 1 }
        var best = (index: low, cost: Float.infinity)
        var costs: [Float] = []
        for index in low...high {
            let cost = distance(seen, index)
            costs.append(cost)
            if cost < best.cost { best = (index, cost) }
        }
        let own = best.index - low
        let before = own > 0 ? costs[own - 1] : nil
        let after = own + 1 < costs.count ? costs[own + 1] : nil
        guard let before, let after else {
            return Match(cost: best.cost, index: best.index, offset: master.times[best.index] - x, sharpness: 0)
        }
        let sharpness = min(before, after) - best.cost
        // Between two of the master's frames: the share of the way from one to the other. Where the copy has whole
        // frames of the master, what lies between is what compression blurred.
        let next = after < before ? best.index + 1 : best.index - 1
        let share = showings == nil ? between(seen, best.index, next) : 0
        let time = master.times[best.index] + share * (master.times[next] - master.times[best.index])
        return Match(cost: best.cost, index: best.index, offset: time - x, sharpness: sharpness)
    }

    private func between(_ seen: [Float], _ one: Int, _ next: Int) -> Double {
        let (first, second) = (one * FrameSequence.cells, next * FrameSequence.cells)
        var (cross, square): (Float, Float) = (0, 0)
        for cell in cells.lazy.map(\.index) {
            let step = gain[cell] * (Float(master.pixels[second + cell]) - Float(master.pixels[first + cell]))
            let rest = seen[cell] - level[cell] - gain[cell] * Float(master.pixels[first + cell])
            cross += weight[cell] * rest * step
            square += weight[cell] * step * step
        }
        return square > 0 ? Double(max(0, min(0.6, cross / square))) : 0
    }

    struct Found {
        var pieces: [MasterPiece] = []
        var because: [Reason] = []
        var evidence: [Evidence] = []
    }

    /// The tracks that explain the copy with the fewest breaks, frame by frame.
    func follow() -> Found {
        let states = tracks.count + 1
        var costs = [Float](repeating: 0, count: copy.count * tracks.count)
        var offsets = [Float](repeating: 0, count: copy.count * tracks.count)
        var sharp = [Float](repeating: 0, count: copy.count * tracks.count)
        var shown = [Int](repeating: -1, count: tracks.count)
        var lowest: [Float] = []
        for frame in 0..<copy.count {
            let x = copy.times[frame] * speed
            let picture = seen(frame)
            var least = Float.infinity
            for (index, track) in tracks.enumerated() {
                let place = frame * tracks.count + index
                costs[place] = .infinity
                guard x > track.start - FrameMatcher.beyond, x < track.end + FrameMatcher.beyond else { continue }
                guard let match = match(picture, x: x, offset: track.offset(at: x)) else { continue }
                costs[place] = match.cost
                offsets[place] = Float(match.offset - track.offset(at: x))
                // A frame of the master counts when the copy shows it first; along a track it never goes back.
                sharp[place] = match.index <= shown[index] ? 0 : match.sharpness
                shown[index] = max(match.index, shown[index])
                least = min(least, match.cost)
            }
            if least.isFinite { lowest.append(least) }
        }
        var found = Found()
        guard let usual = Standardisation.percentile(lowest, 0.4), lowest.count > 8 else {
            found.because = [Reason("too little of the video matches the master")]
            return found
        }
        let unit = Float(max(usual, 0.3))
        // Viterbi's search over tracks and "on none".
        var total = [Float](repeating: 0, count: states)
        var from = [UInt8](repeating: 0, count: copy.count * states)
        for frame in 0..<copy.count {
            var cheapest = 0
            for state in 1..<states where total[state] < total[cheapest] { cheapest = state }
            let jump = total[cheapest] + FrameMatcher.breaking
            var next = total
            for state in 0..<states {
                var (cost, source) = (total[state], state)
                if jump < cost { (cost, source) = (jump, cheapest) }
                let emission: Float
                if state == tracks.count {
                    emission = FrameMatcher.foreign
                } else {
                    let own = costs[frame * tracks.count + state]
                    emission = own.isFinite ? min(FrameMatcher.worst, own / unit) : FrameMatcher.worst
                }
                next[state] = cost + emission
                from[frame * states + state] = UInt8(source)
            }
            total = next
        }
        var path = [Int](repeating: 0, count: copy.count)
        var state = total.indices.min { total[$0] < total[$1] } ?? 0
        for frame in stride(from: copy.count - 1, through: 0, by: -1) {
            path[frame] = state
            state = Int(from[frame * states + state])
        }
        return pieces(path, costs, offsets, sharp, unit)
    }

    private func pieces(_ path: [Int], _ costs: [Float], _ offsets: [Float], _ sharp: [Float], _ unit: Float) -> Found {
        var found = Found()
        let runs = joined(FrameMatcher.runs(path))
        var fitting = 0
        var ambiguous = 0
        for run in runs where run.track < tracks.count {
            let track = tracks[run.track]
            var points: [RobustLine.Point] = []
            var deviations: [(phase: Int, offset: Double, weight: Double)] = []
            for frame in run.frames {
                let place = frame * tracks.count + run.track
                guard sharp[place] > 0.25 * unit, costs[place] < 8 * unit else { continue }
                let x = copy.times[frame] * speed
                let weight = Double(min(25, sharp[place] / unit))
                points.append(
                    RobustLine.Point(x: x, y: track.offset(at: x) + Double(offsets[place]), weight: weight))
                deviations.append((phase(of: frame), Double(offsets[place]), weight))
                fitting += 1
                // The picture repeats where another track explains the frame as well.
                for other in tracks.indices where other != run.track {
                    let cost = costs[frame * tracks.count + other]
                    if cost.isFinite, cost < 1.2 * costs[place] + 0.1 * unit {
                        ambiguous += 1
                        break
                    }
                }
            }
            points = zip(points, lateness(deviations)).map {
                RobustLine.Point(x: $0.x, y: $0.y + $1, weight: $0.weight)
            }
            // A few frames may all lie between two of the master by what compression did to them.
            let isThin = showings != nil && points.count < FrameMatcher.ample
            guard
                let piece = isThin
                    ? laidOver(run.frames, track) ?? line(points, run.frames)
                    : line(points, run.frames) ?? laidOver(run.frames, track)
            else { continue }
            found.pieces.append(piece)
        }
        found.evidence = [
            Evidence("frames_compared", .count(copy.count)), Evidence("frames_telling", .count(fitting)),
            Evidence("noise", .number(Double(unit), decimals: 2)),
        ]
        if shape.isMirrored { found.evidence.append(Evidence("mirrored", .flag(true))) }
        if abs(shape.ax) > 1.04 || shape.ay > 1.04 || abs(shape.ax) < 0.96 || shape.ay < 0.96 {
            found.evidence.append(
                Evidence(
                    "picture",
                    .object([
                        Evidence("width", .number(abs(shape.ax), decimals: 2)),
                        Evidence("height", .number(shape.ay, decimals: 2)),
                    ])))
        }
        if ambiguous * 2 > max(fitting, 8) {
            found.because = [Reason("the video repeats: it also fits other positions on the master")]
        } else if found.pieces.isEmpty {
            found.because = [Reason("the video moves too little to locate it on the master")]
        }
        return found
    }

    /// The line through a piece's frames, in the copy's own time.
    private func line(_ points: [RobustLine.Point], _ frames: Range<Int>) -> MasterPiece? {
        guard points.count >= 6 else { return nil }
        // Frames of one second err together: each second's mean is one point.
        var seconds: [RobustLine.Point] = []
        var sums = (x: 0.0, y: 0.0, weight: 0.0, count: 0)
        func close() {
            if sums.weight > 0 {
                seconds.append(
                    RobustLine.Point(
                        x: sums.x / sums.weight, y: sums.y / sums.weight, weight: min(200, sums.weight)))
            }
            sums = (0, 0, 0, 0)
        }
        var first = points[0].x
        for point in points {
            if point.x - first >= 1 {
                close()
                first = point.x
            }
            sums.x += point.weight * point.x
            sums.y += point.weight * point.y
            sums.weight += point.weight
            sums.count += 1
        }
        close()
        let reach = points[points.count - 1].x - points[0].x
        let slopes = reach > 12 ? -0.003...0.003 : 0...0
        // Whole frames that are one off are no scatter.
        guard let line = RobustLine(seconds, tolerance: showings == nil ? 0.03 : 0.008, slopes: slopes) else {
            return nil
        }
        // A slope that its own error holds to be none is none.
        let isSloping =
            reach > 12 && line.inliers.count > 5 && abs(line.slope) > 3 * line.slopeError
            && abs(line.slope) * reach > 0.008
        let scatter = line.heightError.isFinite ? line.heightError : 0.01
        return piece(frames, on: line, slope: isSloping ? line.slope : 0, error: hypot(scatter, 0.0008))
    }

    /// Frames that lie on a line, in the copy's own time t = x / speed: master = speed * t + offset.
    func piece(_ frames: Range<Int>, on line: RobustLine, slope: Double, error: Double) -> MasterPiece {
        let start = copy.times[frames.lowerBound]
        let end = frames.upperBound < copy.count ? copy.times[frames.upperBound] : copy.end
        return MasterPiece(
            span: TimeSpan(start: start, end: max(start, end)),
            offset: line.middle + line.height - line.middle / speed, middle: line.middle / speed, error: error,
            slope: speed * (1 + slope) - 1, slopeError: line.slopeError.isFinite ? line.slopeError : .infinity)
    }
}
