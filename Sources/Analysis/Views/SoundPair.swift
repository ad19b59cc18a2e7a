import Foundation
import SignalCore
import SyncModel

/// Locates one recording's audio on another's timeline: coarse to fine.
///
/// Candidates come from the fingerprints (`CoarseSearch`) and, of short recordings, from the phase transform of the
/// whole. Each is tried on a few segments; the best is followed over the overlap, with a robust line for the drift and
/// segments where a recorder lost or doubled audio. Where nothing fits, the same is tried at the speeds of frame-rate
/// conversion, with the pitch moved and kept.
public struct SoundPair: Sendable {
    /// Segments compared with each other, in seconds: longer ones smear when a clock drifts.
    static let stretch = 10.0
    /// Segments in all, at most.
    static let mostStretches = 120
    /// Up to this many samples of both, candidates also come from the phase transform of the whole.
    static let wholeUpTo = 1 << 21
    /// Scatter of segments around the line that counts as one clock, in seconds.
    static let scatter = 0.0015

    /// Least height of the stacked segments for an answer, in deviations.
    public struct Gate: Sendable {
        public var height = 9.5
        /// Added to it for each second that the overlap is short of 8 s: few seconds of unrelated audio fit by chance
        /// now and then.
        public var heightForShort = 0.8
        /// Height without the quarter of the overlap that adds most, where fewer than three segments fit.
        public var heightElsewhere = 6.0
        /// Height over the next peak more than 50 ms away.
        public var ratio = 1.5
        /// Height over that of another candidate elsewhere.
        public var otherRatio = 1.25
        /// Of the overlap, in seconds.
        public var overlap = 2.0
        public init() {}
    }

    public var gate = Gate()

    public init() {}

    /// - Parameters:
    ///   - reference: the recording that defines the timeline.
    ///   - subject: the one to locate on it.
    public func measure(reference: SoundSignal, subject: SoundSignal) -> PairMeasurement {
        for (signal, name) in [(reference, "the reference"), (subject, "the recording")] where signal.peak < 1e-5 {
            return refused("the audio of \(name) is silent throughout")
        }
        let plain = measure(
            reference: reference, subject: subject,
            candidates: CoarseSearch().candidates(reference: reference.fingerprint, subject: subject.fingerprint))
        // One speed throughout has most segments on its line.
        if plain.isAnswered, plain.shareFitting > 0.5 { return plain }
        return OtherSpeed(pair: self).measure(reference: reference, subject: subject) ?? plain
    }

    /// The same from candidates, and from the phase transform of the whole.
    func measure(reference: SoundSignal, subject: SoundSignal, candidates: [CoarseSearch.Candidate]) -> PairMeasurement
    {
        let comparer = SoundComparer(reference: reference, subject: subject)
        var candidates = candidates
        if reference.count + subject.count <= SoundPair.wholeUpTo { candidates += whole(comparer) }
        var tracks = candidates.compactMap { track(comparer, $0) }.sorted { $0.score > $1.score }
        guard let best = tracks.first else {
            return refused(
                "the recordings are too short to compare: \(Int(gate.overlap)) s of common audio are needed")
        }
        tracks.removeAll { abs($0.line.value(at: best.line.middle) - best.line.value(at: best.line.middle)) < 0.06 }
        let ample =
            min(reference.endSeconds - reference.startSeconds, subject.endSeconds - subject.startSeconds) >= 30
            && reference.isLively && subject.isLively
        var measurement = SoundFollower(comparer: comparer, gate: gate).follow(best, others: Array(tracks.prefix(3)))
        measurement.isAmple = ample
        return measurement
    }

    private func refused(_ reason: String) -> PairMeasurement {
        PairMeasurement(method: .sound, fit: nil, confidence: 0, isAnswered: false, because: [Reason(reason)])
    }

    /// Candidates from all of both recordings at once.
    private func whole(_ comparer: SoundComparer) -> [CoarseSearch.Candidate] {
        let (reference, subject) = (comparer.reference, comparer.subject)
        let length = RealFFT.paddedLength(reference.count + subject.count)
        let transform = PhaseTransform(length: length, sampleRate: Double(SoundSignal.rate), band: SoundComparer.band)
        let curve = transform.curve(
            reference: reference.samples(from: reference.start, count: reference.count),
            subject: subject.samples(from: subject.start, count: subject.count), lags: length)
        let apart = Int(0.02 * Double(SoundSignal.rate))
        let least = Int(gate.overlap * Double(SoundSignal.rate))
        let best = stride(from: 0, to: length, by: apart).compactMap { start in
            (start..<min(length, start + apart)).max { curve[$0] < curve[$1] }
        }
        let shift = comparer.reference.startSeconds - comparer.subject.startSeconds
        var found: [CoarseSearch.Candidate] = []
        for index in best.sorted(by: { curve[$0] > curve[$1] }) where found.count < 5 {
            let lag = index < reference.count ? index : index - length
            let overlap = min(reference.count, subject.count + lag) - max(0, lag)
            guard overlap >= least else { continue }
            let offset = shift + Double(lag) / Double(SoundSignal.rate)
            if found.contains(where: { abs($0.offset - offset) < 0.03 }) { continue }
            found.append(CoarseSearch.Candidate(offset: offset, reach: 0.05, score: Double(curve[index])))
        }
        return found
    }

    /// A candidate tried on a few segments.
    struct Track {
        let line: RobustLine
        /// Height of the agreeing segments, stacked.
        let score: Double
        let reach: Double
    }

    private func track(_ comparer: SoundComparer, _ candidate: CoarseSearch.Candidate) -> Track? {
        guard let overlap = comparer.overlap(at: candidate.offset) else { return nil }
        let span = overlap.upperBound - overlap.lowerBound
        guard span >= gate.overlap * 0.9 else { return nil }
        let length = min(SoundPair.stretch, span)
        let count = span < 1.5 * length ? 1 : min(8, Int(span / length * 1.5))
        let reach = max(0.15, candidate.reach + 0.05)
        let windows = (0..<count).compactMap { index -> SoundWindow? in
            let start = overlap.lowerBound + (count == 1 ? 0 : (span - length) * Double(index) / Double(count - 1))
            return comparer.window(
                start: start, length: count == 1 ? span : length, offset: candidate.offset, reach: reach)
        }
        let points = windows.map { RobustLine.Point(x: $0.middle, y: $0.offset, weight: SoundPair.weight($0)) }
        let steepest = min(400e-6, 2 * reach / max(1, span))
        guard let line = RobustLine(points, tolerance: SoundPair.scatter, slopes: -steepest...steepest) else {
            return nil
        }
        let height =
            windows.reduce(0) { $0 + Double($1.value(at: line.value(at: $1.middle))) }
            / Double(max(1, windows.count)).squareRoot()
        return Track(line: line, score: height, reach: reach)
    }

    /// The weight of a segment: almost 0 for heights that unrelated audio reaches by chance.
    static func weight(_ window: SoundWindow) -> Double { max(0.05, window.height - 4) }
}
