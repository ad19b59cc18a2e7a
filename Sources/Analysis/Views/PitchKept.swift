import Foundation
import SignalCore
import SyncModel

extension SoundPlacer {
    /// Length of the compared segments of band loudness and their spacing, in seconds.
    private static let laid = (seconds: 6.0, hop: 2.0)
    /// Number of segments examined together.
    private static let together = 28
    /// Search range around a hint, in seconds.
    private static let far = 0.35
    /// Least similarity of an accepted segment; unrelated audio reaches 0.25 at most.
    private static let alike: Float = 0.4
    /// The deviation of the similarity of unrelated audio.
    private static let chance = 0.08
    /// Number of candidates tried without hints.
    private static let tries = 3

    /// Locates audio that was time-stretched with its pitch kept.
    ///
    /// - Parameters:
    ///   - speed: seconds of the reference for each second of the subject.
    ///   - hints: candidate positions, in the subject's time, times `speed`; nil: those of the fingerprints.
    /// - Returns: points in the subject's time, times `speed`. They include the error of the time stretcher, up to some
    ///   8 ms.
    public func pitchKept(reference: SoundSignal, subject: SoundSignal, speed: Double, hints: [Hint]? = nil)
        -> SoundTrace
    {
        guard let hints else {
            let whole = TimeSpan(start: subject.startSeconds * speed, end: subject.endSeconds * speed)
            let candidates = CoarseSearch().candidates(
                reference: reference.fingerprint, subject: subject.fingerprint.stretched(by: speed),
                limit: SoundPlacer.tries)
            return candidates.filter { $0.score > 6 }.map {
                pitchKept(
                    reference: reference, subject: subject, speed: speed, hints: [Hint(span: whole, offset: $0.offset)])
            }.max { $0.points.count < $1.points.count } ?? SoundTrace()
        }
        var trace = SoundTrace()
        trace.isAmple =
            min(reference.endSeconds - reference.startSeconds, subject.endSeconds - subject.startSeconds) >= 30
            && reference.isLively && subject.isLively
        for hint in hints {
            var start = max(hint.span.start, subject.startSeconds * speed, reference.startSeconds - hint.offset)
            let end = min(hint.span.end, subject.endSeconds * speed, reference.endSeconds - hint.offset)
            while start + SoundPlacer.laid.seconds <= end {
                let all = Double(SoundPlacer.together - 1) * SoundPlacer.laid.hop + SoundPlacer.laid.seconds
                follow(reference, subject, speed, hint, from: start, to: min(end, start + all), &trace)
                start += Double(SoundPlacer.together) * SoundPlacer.laid.hop
            }
        }
        if trace.points.isEmpty { trace.because = [Reason("nothing in the audio matches the master's")] }
        return trace
    }

    /// Segments of one part, in the subject's time, times `speed`.
    private func follow(
        _ reference: SoundSignal, _ subject: SoundSignal, _ speed: Double, _ hint: Hint, from start: Double,
        to end: Double, _ trace: inout SoundTrace
    ) {
        let reach = Int(SoundPlacer.far / BandCourse.step)
        let length = Int(SoundPlacer.laid.seconds / BandCourse.step)
        let frames = Int((end - start) / BandCourse.step + 1e-6)
        guard frames >= length else { return }
        let own = BandCourse(subject, first: start / speed, frames: frames, speed: speed)
        let other = BandCourse(
            reference, first: start + hint.offset - Double(reach) * BandCourse.step, frames: frames + 2 * reach)
        for first in stride(from: 0, through: frames - length, by: Int(SoundPlacer.laid.hop / BandCourse.step)) {
            trace.stretches += 1
            let curve = own.likeness(first, length, to: other, at: first, lags: 2 * reach + 1)
            guard let top = curve.indices.max(by: { curve[$0] < curve[$1] }), curve[top] > SoundPlacer.alike,
                top >= 3, top + 3 < curve.count
            else { continue }
            let second = curve.indices.filter { abs($0 - top) > 12 }.map { curve[$0] }.max() ?? 0
            guard second < 0.8 * curve[top] else { continue }
            // A parabola through seven points about the top.
            var (bend, lean): (Double, Double) = (0, 0)
            for place in -3...3 {
                let value = Double(curve[top + place])
                bend += Double(place * place - 4) * value / 84
                lean += Double(place) * value / 28
            }
            let beside = bend < 0 ? max(-1, min(1, -lean / (2 * bend))) : 0
            let lag = (Double(top - reach) + beside) * BandCourse.step
            trace.points.append(
                SoundTrace.Point(
                    seconds: start + Double(first) * BandCourse.step + SoundPlacer.laid.seconds / 2,
                    offset: hint.offset + lag, height: Double(curve[top]) / SoundPlacer.chance))
        }
    }
}

extension SoundFingerprint {
    /// The approximate fingerprint of the audio played `speed` times as long.
    func stretched(by speed: Double) -> SoundFingerprint {
        let count = Int(Double(frames) * speed)
        return SoundFingerprint(
            startSeconds: startSeconds * speed,
            values: values.map { band in
                (0..<count).map { band[min(band.count - 1, Int((Double($0) / speed).rounded()))] }
            })
    }
}
