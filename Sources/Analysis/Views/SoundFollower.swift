import Foundation
import SignalCore
import SyncModel

/// Follows a candidate over the whole overlap: offset, drift, segments, and whether it is accepted.
struct SoundFollower {
    let comparer: SoundComparer
    let gate: SoundPair.Gate

    /// Segments higher than this are accepted singly, in deviations.
    static let strong = 6.5
    /// The least error of a segment, in seconds: resampling and the grid of 16 kHz.
    static let finest = 0.00002
    /// Standard error from codecs and containers, in seconds.
    static let systematic = 0.00004
    /// Samples around the line in which a peak belongs to it.
    private static let near = 16
    /// Parts of an overlap that are judged without one another.
    private static let parts = 4
    /// In seconds.
    private static let shortestPart = 0.5
    /// Search range around the line, in seconds.
    private static let reach = 0.25

    func follow(_ best: SoundPair.Track, others: [SoundPair.Track]) -> PairMeasurement {
        let windows = stretches(along: best.line, others: others)
        guard let line = fit(windows), let overlap = comparer.overlap(at: line.value(at: line.middle)) else {
            return PairMeasurement(
                method: .sound, fit: nil, confidence: 0, isAnswered: false,
                because: [Reason("there is too little common audio")])
        }
        let pieces = SoundPieces(windows: windows, line: line).found
        let (height, second) = laidOver(windows, pieces: pieces, line: line)
        let other = others.map(\.score).max() ?? 0
        let ratio = height / max(second, 1e-9)
        let span = overlap.upperBound - overlap.lowerBound
        let needed = gate.height + gate.heightForShort * max(0, 8 - span)
        var because: [Reason] = []
        var trusted = height
        if span < gate.overlap {
            because.append(
                Reason("the common audio is only \(text(span, 1)) s long; \(text(gate.overlap, 0)) s are needed"))
        }
        if height < needed {
            because.append(
                Reason(
                    """
                    nothing in the audio fits clearly: the best offset stands out by \(text(height, 1)) standard \
                    deviations; \(text(needed, 1)) are needed
                    """
                ))
        } else if ratio < gate.ratio {
            because.append(
                Reason(
                    """
                    another offset nearby fits nearly as well: the best is \(text(ratio, 2)) times as high; \
                    \(text(gate.ratio, 2)) is needed
                    """
                ))
        } else if best.score < gate.otherRatio * other || repeats(windows, line: line, others: others) {
            let place =
                others.max { $0.score < $1.score }.map {
                    abs($0.line.value(at: $0.line.middle) - line.value(at: line.middle))
                } ?? 0
            because.append(Reason("the audio repeats: an offset \(text(place, 1)) s away fits nearly as well"))
        } else if line.inliers.count < 3, let rest = heightElsewhere(along: line, overlap), rest < gate.heightElsewhere
        {
            trusted = rest
            because.append(
                Reason(
                    """
                    only one moment of the audio fits: without it, the offset stands out by \(text(rest, 1)) standard \
                    deviations; \(text(gate.heightElsewhere, 1)) are needed
                    """
                ))
        }
        var result = PairMeasurement(
            method: .sound, fit: estimate(line, windows, span: span),
            overlap: TimeSpan(start: overlap.lowerBound, end: overlap.upperBound),
            confidence: confidence(height: trusted, ratio: ratio), isAnswered: because.isEmpty, because: because)
        if pieces.count > 1 { describe(pieces, windows, overlap, into: &result) }
        result.evidence = [
            Evidence("method", .text("gcc-phat")), Evidence("overlap_s", .number(span, decimals: 1)),
            Evidence("peak", .number(height, decimals: 1)),
            Evidence("peak_ratio", .number(min(ratio, 999), decimals: 2)),
            Evidence("stretches", .count(windows.count)), Evidence("stretches_fitting", .count(line.inliers.count)),
        ]
        result.shareFitting = Double(line.inliers.count) / Double(max(1, windows.count))
        result.curve = picture(windows, line)
        return result
    }

    /// Whether most segments that fit the line also fit another candidate: loops, jingles, the same take twice.
    private func repeats(_ windows: [SoundWindow], line: RobustLine, others: [SoundPair.Track]) -> Bool {
        let fitting = line.inliers.map { windows[$0] }.filter { $0.height > SoundFollower.strong }
        let probes = stride(from: 0, to: fitting.count, by: max(1, fitting.count / 6)).map { fitting[$0] }
        guard !probes.isEmpty else { return false }
        let length = min(
            SoundPair.stretch,
            2 * min(probes[0].middle - comparer.subject.startSeconds, comparer.subject.endSeconds - probes[0].middle))
        return others.contains { other in
            guard other.score > 2 * gate.height else { return false }
            let alike = probes.filter { probe in
                let offset = other.line.value(at: probe.middle)
                let window = comparer.window(
                    start: probe.middle - length / 2, length: length, offset: offset, reach: SoundFollower.reach)
                return window.map { $0.height > max(SoundFollower.strong, 0.45 * probe.height) } ?? false
            }
            return alike.count * 2 > probes.count
        }
    }

    private func text(_ value: Double, _ decimals: Int) -> String { String(format: "%.\(decimals)f", value) }

    /// Segments spread over the overlap, each at whichever candidate fits it best.
    private func stretches(along line: RobustLine, others: [SoundPair.Track]) -> [SoundWindow] {
        let lines = [line] + others.filter { $0.score > SoundFollower.strong }.map(\.line)
        guard let overlap = comparer.overlap(at: line.value(at: line.middle)) else { return [] }
        // If the offset steps, the overlap is that of all segments.
        let low =
            lines.compactMap { comparer.overlap(at: $0.value(at: $0.middle))?.lowerBound }.min() ?? overlap.lowerBound
        let high =
            lines.compactMap { comparer.overlap(at: $0.value(at: $0.middle))?.upperBound }.max() ?? overlap.upperBound
        let span = high - low
        let length = min(SoundPair.stretch, span)
        let count = span < 1.2 * length ? 1 : max(2, min(SoundPair.mostStretches, Int(span / length * 2) - 1))
        return (0..<count).compactMap { index in
            let start = low + (count == 1 ? 0 : (span - length) * Double(index) / Double(count - 1))
            var found: SoundWindow?
            for (rank, line) in lines.enumerated() {
                if rank > 0, let found, found.height > SoundFollower.strong { break }
                let offset = line.value(at: start + length / 2)
                let own = comparer.overlap(at: offset)
                guard own.map({ $0.lowerBound < start + length && $0.upperBound > start }) ?? false else { continue }
                guard
                    let window = comparer.window(
                        start: start, length: length, offset: offset, reach: SoundFollower.reach)
                else { continue }
                if found.map({ window.height > 1.1 * $0.height }) ?? true { found = window }
            }
            return found
        }
    }

    private func points(_ windows: [SoundWindow]) -> [RobustLine.Point] {
        windows.map { RobustLine.Point(x: $0.middle, y: $0.offset, weight: SoundPair.weight($0)) }
    }

    private func fit(_ windows: [SoundWindow]) -> RobustLine? {
        let points = points(windows)
        let slopes = -400e-6...400e-6
        guard let tight = RobustLine(points, tolerance: SoundPair.scatter, slopes: windows.count < 3 ? 0...0 : slopes)
        else { return nil }
        // Moving sources scatter the segments: then a wide band is better evidence than a few that agree by chance.
        let strong = windows.indices.filter { windows[$0].height > SoundFollower.strong }
        let agreeing = Set(tight.inliers).intersection(strong).count
        if strong.count >= 4, agreeing * 3 < strong.count,
            let wide = RobustLine(points, tolerance: 0.012, slopes: slopes),
            Set(wide.inliers).intersection(strong).count * 3 >= strong.count * 2
        {
            return wide
        }
        return tight
    }

    /// Offset and drift with their errors.
    private func estimate(_ line: RobustLine, _ windows: [SoundWindow], span: Double) -> PairMeasurement.Fit {
        let places = line.inliers.map { windows[$0].middle }
        let reach = (places.max() ?? 0) - (places.min() ?? 0)
        // A line through n points leaves n - 2 degrees of freedom for the scatter: Student's t instead of the normal
        // distribution.
        let student = SoundFollower.student(line.inliers.count - 2)
        let weights = line.inliers.map { SoundPair.weight(windows[$0]) }
        let effective = pow(weights.reduce(0, +), 2) / max(1e-9, weights.reduce(0) { $0 + $1 * $1 })
        let finest = SoundFollower.finest / effective.squareRoot()
        let slopeError = max(line.slopeError * student, finest / max(1, reach / 3.5))
        if line.inliers.count >= 4, slopeError.isFinite, slopeError < 12e-6 || abs(line.slope) > 5 * slopeError,
            reach >= 15
        {
            let error = hypot(max(line.heightError * student, finest), SoundFollower.systematic)
            return PairMeasurement.Fit(
                offset: line.height, middle: line.middle, error: error, slope: line.slope, slopeError: slopeError)
        }
        let values = line.inliers.map { windows[$0].offset }
        let mean = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / max(1e-9, weights.reduce(0, +))
        var error = 0.0
        if values.count > 1 {
            let variance =
                zip(values, weights).reduce(0) { $0 + $1.1 * pow($1.0 - mean, 2) } / max(1e-9, weights.reduce(0, +))
            error = (variance / max(1, effective - 1)).squareRoot() * SoundFollower.student(values.count - 1)
        } else {
            // One segment: its own peak's sharpness.
            error = 0.0004 / max(4, windows[line.inliers.first ?? 0].height)
        }
        return PairMeasurement.Fit(
            offset: mean, middle: line.middle, error: hypot(max(error, finest), SoundFollower.systematic))
    }

    /// The 97.5 % point of Student's t over that of the normal distribution (Hill's expansion, first terms).
    static func student(_ free: Int) -> Double {
        guard free > 0 else { return 6 }
        let (z, n) = (1.96, Double(free))
        return (z + (z * z * z + z) / (4 * n) + (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / (96 * n * n)) / z
    }

    /// Height of all segments stacked along the line (and its segments), and of the next peak.
    private func laidOver(_ windows: [SoundWindow], pieces: [SoundPieces.Piece], line: RobustLine) -> (
        height: Double, second: Double
    ) {
        let rate = Double(SoundSignal.rate)
        let reach = Int(SoundFollower.reach * rate)
        var sum = [Float](repeating: 0, count: 2 * reach + 1)
        var used = 0
        for (index, window) in windows.enumerated() {
            let shift = pieces.first { $0.windows.contains(index) }?.shift ?? 0
            let centre = Int(((line.value(at: window.middle) + shift - window.firstOffset) * rate).rounded())
            used += 1
            for place in sum.indices {
                let index = centre + place - reach
                if window.curve.indices.contains(index) { sum[place] += window.curve[index] }
            }
        }
        guard used > 0 else { return (0, 0) }
        let own = Int(SoundComparer.own * rate)
        var (height, second, squares, others): (Float, Float, Double, Int) = (0, 0, 0, 0)
        for place in sum.indices {
            if abs(place - reach) <= SoundFollower.near { height = max(height, sum[place]) }
            if abs(place - reach) > own {
                second = max(second, sum[place])
                squares += Double(sum[place]) * Double(sum[place])
                others += 1
            }
        }
        let deviation = max(Double(used).squareRoot() * 0.5, (squares / Double(max(1, others))).squareRoot())
        return (Double(height) / deviation, Double(second) / deviation)
    }

    /// The height along the line without the quarter of the overlap that adds most to it. Unrelated speech of one voice
    /// has moments that fit far beyond chance; what is common fits throughout.
    ///
    /// - Returns: nil where the overlap is too short to be divided.
    private func heightElsewhere(along line: RobustLine, _ overlap: ClosedRange<Double>) -> Double? {
        let length = (overlap.upperBound - overlap.lowerBound) / Double(SoundFollower.parts)
        guard length >= SoundFollower.shortestPart else { return nil }
        let near = SoundFollower.near
        let curves = (0..<SoundFollower.parts).compactMap { part -> [Float]? in
            let start = overlap.lowerBound + Double(part) * length
            let offset = line.value(at: start + length / 2)
            guard let window = comparer.window(start: start, length: length, offset: offset, reach: SoundFollower.reach)
            else { return nil }
            return (-near...near).map { window.value(at: offset + Double($0) / Double(SoundSignal.rate)) }
        }
        guard curves.count > 1 else { return 0 }
        let others = Double(curves.count - 1).squareRoot()
        return curves.indices.map { left in
            let sums = (0...2 * near).map { place in
                curves.indices.reduce(Float(0)) { $1 == left ? $0 : $0 + curves[$1][place] }
            }
            return Double(sums.max() ?? 0) / others
        }.min()
    }

    private func confidence(height: Double, ratio: Double) -> Double {
        let score = min(0.9 * (height - 7.5), 8 * (ratio - 1.15))
        return 1 / (1 + exp(-min(12, max(-8, score))))
    }

    private func describe(
        _ pieces: [SoundPieces.Piece], _ windows: [SoundWindow], _ overlap: ClosedRange<Double>,
        into result: inout PairMeasurement
    ) {
        guard let fit = result.fit else { return }
        var segments: [OffsetSegment] = []
        var start = min(overlap.lowerBound, windows[pieces[0].windows.lowerBound].middle)
        for (index, piece) in pieces.enumerated() {
            var end = max(overlap.upperBound, start)
            if index + 1 < pieces.count { end = max(start, boundary(piece, pieces[index + 1], windows, fit)) }
            let offset = fit.offset(at: 0) + piece.shift
            segments.append(OffsetSegment(span: TimeSpan(start: start, end: end), offset: Offset(seconds: offset)))
            start = end
        }
        result.segments = segments
        let longest = segments.indices.max { segments[$0].span.length < segments[$1].span.length } ?? 0
        result.fit?.offset = fit.offset + pieces[longest].shift
    }

    /// The boundary of two segments, in subject seconds: the time at which both fit best on their sides.
    private func boundary(
        _ one: SoundPieces.Piece, _ next: SoundPieces.Piece, _ windows: [SoundWindow], _ fit: PairMeasurement.Fit
    ) -> Double {
        let low = windows[one.windows.upperBound].middle - SoundPair.stretch / 2
        let high = windows[next.windows.lowerBound].middle + SoundPair.stretch / 2
        let step = 0.25
        let length = 1.0
        let centres = Array(stride(from: low + length / 2, through: high - length / 2, by: step))
        let gains = centres.map { centre -> Double in
            let offsets = [one, next].map { fit.offset(at: centre) + $0.shift }
            let heights = offsets.map { offset -> Double in
                guard
                    let window = comparer.window(
                        start: centre - length / 2, length: length, offset: offset, reach: 0.06)
                else { return 0 }
                return Double(
                    (-8...8).map { window.value(at: offset + Double($0) / Double(SoundSignal.rate)) }.max() ?? 0)
            }
            return heights[0] - heights[1]
        }
        guard !gains.isEmpty else { return (low + high) / 2 }
        // The position where the sum of gains before minus those after is largest.
        var (running, best, place) = (0.0, -Double.infinity, low)
        for (index, gain) in gains.enumerated() {
            running += gain
            if running > best { (best, place) = (running, centres[index] + step / 2) }
        }
        return place
    }

    /// The curve for display: the stacked segments, one point every 2 ms.
    private func picture(_ windows: [SoundWindow], _ line: RobustLine) -> [CurvePoint] {
        let centre = line.value(at: line.middle)
        return (-60...60).map { step in
            let shift = Double(step) * 0.002
            let heights = windows.map { window -> Float in
                let place = line.value(at: window.middle) + shift
                return (-8..<8).map { window.value(at: place + Double($0) / Double(SoundSignal.rate)) }.max() ?? 0
            }
            let mean = heights.reduce(0, +) / Float(max(1, heights.count))
            return CurvePoint(offset: Offset(seconds: centre + shift), height: Double(mean))
        }
    }
}
