import Foundation
import SignalCore
import SyncModel

/// Locates one video on another's timeline by simultaneous changes, irrespective of the viewing angle.
///
/// The self-similarity bands of both are correlated band by band over every offset with enough overlap; the peak of the
/// mean correlation, to a fraction of a video frame, is the answer if it stands out.
public struct PicturePair: Sendable {
    /// What lets an answer stand alone.
    public struct Gate: Sendable {
        /// Of `height + 1.5 * lead`: fewer than 1 in 100 pairs of unrelated frames reach it.
        public var score = 3.1
        /// Fisher's z of the mean correlation, in deviations of as many independent samples as overlap.
        public var height = 1.0
        /// Of the overlap, in seconds.
        public var overlap = 1.0
        /// Share of pixels that must move on average.
        public var activity = 0.0005
        public init() {}
    }

    public var gate = Gate()
    /// Share of the shorter recording that has to overlap, up to `enough` seconds.
    private static let leastShare = 0.4
    private static let enough = 20.0
    /// The correlation's samples a second.
    static let rate = 30.0

    public init() {}

    public func measure(reference: PictureSignal, subject: PictureSignal) -> PairMeasurement {
        let frame = max(reference.frameSeconds, subject.frameSeconds)
        let shorter = min(reference.endSeconds - reference.startSeconds, subject.endSeconds - subject.startSeconds)
        guard shorter > 1, reference.times.count > 8, subject.times.count > 8 else {
            return refused(
                """
                the videos are too short to compare: \(text(shorter, 1)) s; at least \(text(gate.overlap, 0)) s are \
                needed
                """
            )
        }
        for (signal, name) in [(reference, "the reference"), (subject, "the recording")]
        where signal.activity < gate.activity {
            return refused("hardly anything moves in the video of \(name)")
        }
        // Fine enough for the faster of the two, never coarser than 30 a second.
        let rate = min(60, max(PicturePair.rate, (1 / min(reference.frameSeconds, subject.frameSeconds)).rounded()))
        let (a, b) = (PictureGrid(reference, rate: rate), PictureGrid(subject, rate: rate))
        let least = max(1, min(PicturePair.leastShare * shorter, PicturePair.enough))
        guard let curve = BandCorrelation(reference: a, subject: b, leastOverlap: Int(least * rate)) else {
            return refused("nothing changes in both videos that could be compared")
        }
        return judged(curve, a, b, rate: rate, frame: frame, shorter: shorter, reference: reference, subject: subject)
    }

    private func judged(
        _ curve: BandCorrelation, _ a: PictureGrid, _ b: PictureGrid, rate: Double, frame: Double, shorter: Double,
        reference: PictureSignal, subject: PictureSignal
    ) -> PairMeasurement {
        let peak = curve.peak(apart: max(0.15, curve.samplesPerIndependent * 0.75 / rate), rate: rate)
        let shift = a.start - b.start
        let flash = FlashMatch(reference: reference, subject: subject, tolerance: 0.75 * frame)
        let flashes = flash.flatMap { $0.isClear ? $0 : nil }
        let offset = flashes?.offset ?? shift + peak.lag / rate
        let low = max(subject.startSeconds, reference.startSeconds - offset)
        let high = max(low, min(subject.endSeconds, reference.endSeconds - offset))
        let score = peak.height + 1.5 * peak.gap
        // The gate was found on searches of about 50 independent offsets; the more are tried, the higher the best of
        // them by chance.
        let tried = Double(curve.heights.count) / (0.2 * rate)
        let needed = gate.score + 0.45 * max(0, (2 * log(max(1, tried))).squareRoot() - 2.8)
        var because: [Reason] = []
        if high - low < gate.overlap {
            because.append(
                Reason(
                    """
                    the videos overlap by only \(text(high - low, 1)) s at the best guess; \(text(gate.overlap, 1)) s \
                    are needed
                    """
                ))
        }
        if flashes == nil, score < needed || peak.height < gate.height {
            // The score grows with the root of what can be compared.
            let more = min(600, max(1, (pow(needed / max(score, 0.5), 2) - 1) * max(1, high - low)))
            because.append(
                Reason(
                    """
                    the motion does not single out one offset: the best stands out by \(text(score, 1)); \
                    \(text(needed, 1)) is needed; about \(text(more, 0)) s more of the same would help
                    """
                ))
        }
        // On cameras of known capture times: a fifth of a frame and 20 ms, less where much is compared.
        var error = hypot(0.2 * frame, 0.02) / min(1.6, max(0.6, peak.height / 2.2))
        if let flashes { error = hypot(0.3 * frame, flashes.scatter) / Double(flashes.count).squareRoot() }
        var result = PairMeasurement(
            method: .picture, fit: PairMeasurement.Fit(offset: offset, middle: (low + high) / 2, error: error),
            overlap: TimeSpan(start: low, end: high),
            confidence: flashes == nil ? confidence(score - needed + gate.score) : 0.99, isAnswered: because.isEmpty,
            because: because)
        // A camera that delivers every frame one frame late looks the same as one that is late.
        result.systematic = 0.55 * frame
        result.evidence = [
            Evidence("method", .text(flashes == nil ? "self-similarity" : "flashes")),
            Evidence("overlap_s", .number(high - low, decimals: 1)),
            Evidence("height", .number(peak.height, decimals: 2)), Evidence("lead", .number(peak.gap, decimals: 2)),
            Evidence("correlation", .number(peak.correlation, decimals: 3)),
            Evidence("flashes", .count(flash?.count ?? 0)),
            Evidence("duplicate_frames", .count(reference.duplicates + subject.duplicates)),
        ]
        result.curve = curve.picture(about: Int(peak.lag.rounded()), rate: rate, shift: shift)
        return result
    }

    /// The probability of the right peak; learnt from four-camera takes and unrelated videos.
    private func confidence(_ score: Double) -> Double { 1 / (1 + exp(-3 * (score - 1.8))) }

    private func text(_ value: Double, _ decimals: Int) -> String { String(format: "%.\(decimals)f", value) }

    private func refused(_ reason: String) -> PairMeasurement {
        PairMeasurement(method: .picture, fit: nil, confidence: 0, isAnswered: false, because: [Reason(reason)])
    }
}
