import Foundation
import SignalCore
import SyncModel

/// Locates a recording on another that plays at a different speed: 25/23.976 and similar, with the pitch moved or kept.
struct OtherSpeed {
    let pair: SoundPair

    /// Shorter recordings are not searched, in seconds.
    private static let shortest = 12.0
    /// Least height of fingerprint candidates.
    private static let candidate = 6.0
    private static let tries = 3
    /// Least number of fitting segments with the pitch kept, and their least share of those near the line.
    private static let kept = (least: 6, share: 0.6)
    /// Error that pitch-preserving time-stretching adds to the audio, in seconds.
    private static let moved = 0.004

    /// nil: nothing was found at any of the known speeds.
    func measure(reference: SoundSignal, subject: SoundSignal) -> PairMeasurement? {
        guard
            min(reference.endSeconds - reference.startSeconds, subject.endSeconds - subject.startSeconds)
                >= OtherSpeed.shortest
        else { return nil }
        var best: (measurement: PairMeasurement, score: Double)?
        for (ratio, name) in PlaySpeed.known where ratio != 1 {
            let candidates = CoarseSearch().candidates(
                reference: reference.fingerprint, subject: subject.fingerprint.stretched(by: ratio),
                limit: OtherSpeed.tries
            ).filter { $0.score > OtherSpeed.candidate }
            guard !candidates.isEmpty else { continue }
            let moved = pair.measure(
                reference: reference, subject: subject.stretched(by: ratio), candidates: candidates)
            // Single segments of audio whose pitch was kept fit by chance.
            if moved.isAnswered, moved.shareFitting > 0.8 {
                let score = 2 + moved.shareFitting
                if score > best?.score ?? 0 { best = (moved.played(at: ratio, name), score) }
            } else if abs(ratio - 1) > 0.01,
                let found = keptPitch(reference, subject, ratio, name, candidates), found.score > best?.score ?? 0
            {
                best = found
            }
        }
        return best?.measurement
    }

    private func keptPitch(
        _ reference: SoundSignal, _ subject: SoundSignal, _ ratio: Double, _ name: String,
        _ candidates: [CoarseSearch.Candidate]
    ) -> (measurement: PairMeasurement, score: Double)? {
        let whole = TimeSpan(start: subject.startSeconds * ratio, end: subject.endSeconds * ratio)
        var best: (measurement: PairMeasurement, score: Double)?
        for candidate in candidates {
            let trace = SoundPlacer().pitchKept(
                reference: reference, subject: subject, speed: ratio,
                hints: [SoundPlacer.Hint(span: whole, offset: candidate.offset)])
            let points = trace.points.map { RobustLine.Point(x: $0.seconds, y: $0.offset, weight: $0.height) }
            guard let line = RobustLine(points, tolerance: 0.012, slopes: -400e-6...400e-6),
                line.inliers.count >= OtherSpeed.kept.least
            else { continue }
            let share = Double(line.inliers.count) / Double(max(1, trace.stretches))
            // At a nearly right speed as many fit, on a sloped line.
            let score = share - 0.3 * abs(line.slope) / 400e-6
            guard share > OtherSpeed.kept.share, score > best?.score ?? 0 else { continue }
            let places = line.inliers.map { points[$0].x }
            let reach = max(1, (places.max() ?? 0) - (places.min() ?? 0))
            var measurement = PairMeasurement(
                method: .sound,
                fit: PairMeasurement.Fit(
                    offset: line.height, middle: line.middle, error: hypot(line.heightError, OtherSpeed.moved),
                    slope: line.slope, slopeError: max(line.slopeError, 2 * OtherSpeed.moved / reach)),
                overlap: TimeSpan(start: (places.min() ?? 0) - 3, end: (places.max() ?? 0) + 3), confidence: 0.98,
                isAnswered: true)
            measurement.shareFitting = share
            measurement.isAmple = trace.isAmple
            measurement.evidence = [
                Evidence("method", .text("bands")), Evidence("pitch_kept", .flag(true)),
                Evidence("stretches", .count(trace.stretches)),
                Evidence("stretches_fitting", .count(line.inliers.count)),
            ]
            best = (measurement.played(at: ratio, name), score)
        }
        return best
    }
}

extension PairMeasurement {
    /// Converts a measurement on the subject's clock times `ratio` to the subject's clock.
    fileprivate func played(at ratio: Double, _ name: String) -> PairMeasurement {
        var result = self
        result.fit = fit.map { fit in
            Fit(
                offset: fit.middle + fit.offset - fit.middle / ratio, middle: fit.middle / ratio, error: fit.error,
                slope: ratio * (1 + fit.slope) - 1, slopeError: (fit.slopeError ?? 200e-6) * ratio)
        }
        result.overlap = overlap.map { TimeSpan(start: $0.start / ratio, end: $0.end / ratio) }
        // Segments count their offsets from time 0, where both clocks agree.
        result.segments = segments?.map {
            OffsetSegment(span: TimeSpan(start: $0.span.start / ratio, end: $0.span.end / ratio), offset: $0.offset)
        }
        result.curve = []
        result.speed = ratio
        result.evidence.append(Evidence("speed", .text(name)))
        return result
    }
}
