import Foundation
import SignalCore
public import SyncModel

/// Locates the audio of a copy on its master's, segment by segment.
public struct SoundTrace: Sendable {
    /// One segment that fits clearly.
    public struct Point: Sendable, Hashable {
        /// Its middle, in the subject's time.
        public let seconds: Double
        /// Seconds to add there to the subject's time for the reference's.
        public let offset: Double
        /// In deviations of nearby offsets.
        public let height: Double
    }

    public var points: [Point] = []
    /// Segments that were examined, and those with audible content on both sides.
    public var stretches = 0
    public var because: [Reason] = []
    /// Whether both sides have enough content that something common would have been found.
    public var isAmple = false
    public var isSilent = false

    public init() {}
}

/// Follows a copy's audio along its master, through cuts and inserts.
///
/// Segments of 4 s are compared with the reference by the phase transform at the previous segment's offset, at hints,
/// and at candidates from the fingerprints of the whole or of unexplained parts.
public struct SoundPlacer: Sendable {
    static let stretch = 4.0
    /// The length of a segment, in seconds.
    public static var seconds: Double { stretch }
    static let mostStretches = 700
    /// Least height of an accepted segment, in deviations.
    static let strong = 7.0

    /// A hint: seconds to add in a span of the subject.
    public struct Hint: Sendable {
        public let span: TimeSpan
        public let offset: Double

        public init(span: TimeSpan, offset: Double) {
            (self.span, self.offset) = (span, offset)
        }
    }

    public init() {}

    public func trace(reference: SoundSignal, subject: SoundSignal, hints: [Hint] = []) -> SoundTrace {
        var trace = SoundTrace()
        for (signal, name) in [(reference, "the master"), (subject, "the copy")] where signal.peak < 1e-5 {
            trace.isSilent = true
            trace.because = [Reason("the audio of \(name) is silent throughout")]
            return trace
        }
        trace.isAmple =
            min(reference.endSeconds - reference.startSeconds, subject.endSeconds - subject.startSeconds) >= 30
            && reference.isLively && subject.isLively
        let comparer = SoundComparer(reference: reference, subject: subject)
        let length = min(SoundPlacer.stretch, subject.endSeconds - subject.startSeconds)
        guard length >= 1 else {
            trace.because = [Reason("there is less than a second of audio")]
            return trace
        }
        let span = subject.endSeconds - subject.startSeconds - length
        let hop = max(1, span / Double(SoundPlacer.mostStretches))
        let starts = span <= 0 ? [0] : Array(stride(from: 0, through: span, by: hop))
        var candidates = CoarseSearch().candidates(
            reference: reference.fingerprint, subject: subject.fingerprint, limit: 8
        ).filter { $0.score > 6 }.map { (span: -Double.infinity...Double.infinity, offset: $0.offset) }
        candidates += hints.map { ($0.span.start - 6...$0.span.end + 6, $0.offset) }
        var found = [SoundWindow?](repeating: nil, count: starts.count)
        follow(comparer, starts, length, candidates, &found)
        // Unexplained parts are searched separately.
        var searched = 0
        var index = 0
        while index < starts.count, searched < 24 {
            guard found[index] == nil else {
                index += 1
                continue
            }
            var end = index
            while end + 1 < starts.count, found[end + 1] == nil, starts[end + 1] - starts[index] < 16 { end += 1 }
            let stretch = subject.startSeconds + starts[index]...subject.startSeconds + starts[end] + length
            let places = CoarseSearch().candidates(
                reference: reference.fingerprint, subject: subject.fingerprint.part(stretch), limit: 3)
            searched += 1
            let local = places.filter { $0.score > 5.5 }.map { (span: stretch, offset: $0.offset) }
            if !local.isEmpty { follow(comparer, starts, length, local, &found, only: index...end) }
            index = end + 1
        }
        trace.stretches = starts.count
        trace.points = found.compactMap { $0 }.map {
            SoundTrace.Point(seconds: $0.middle, offset: $0.offset, height: $0.height)
        }
        trace.points = SoundPlacer.supported(trace.points)
        if repeats(comparer, length, trace.points, candidates.map(\.offset)) {
            trace.points = []
            trace.because = [Reason("the audio repeats: it also fits other positions on the master")]
        } else if trace.points.isEmpty {
            trace.because = [Reason("nothing in the audio matches the master's")]
        }
        return trace
    }

    private func follow(
        _ comparer: SoundComparer, _ starts: [Double], _ length: Double,
        _ candidates: [(span: ClosedRange<Double>, offset: Double)], _ found: inout [SoundWindow?],
        only range: ClosedRange<Int>? = nil
    ) {
        var last: Double?
        for index in starts.indices where found[index] == nil && range?.contains(index) ?? true {
            let start = comparer.subject.startSeconds + starts[index]
            var best: SoundWindow?
            if let last {
                best = comparer.window(start: start, length: length, offset: last, reach: 0.06)
            }
            if best.map({ $0.height < 1.6 * SoundPlacer.strong }) ?? true {
                for candidate in candidates where candidate.span.contains(start + length / 2) {
                    if let last, abs(candidate.offset - last) < 0.03 { continue }
                    guard
                        let window = comparer.window(
                            start: start, length: length, offset: candidate.offset, reach: 0.3)
                    else { continue }
                    if window.height > (best?.height ?? 0) { best = window }
                }
            }
            guard let best, best.height > SoundPlacer.strong else { continue }
            found[index] = best
            last = best.offset
        }
    }

    /// Removes segments that no neighbour confirms: a chance peak is isolated.
    static func supported(_ points: [SoundTrace.Point]) -> [SoundTrace.Point] {
        points.indices.filter { index in
            (max(0, index - 3)...min(points.count - 1, index + 3)).contains { other in
                other != index && abs(points[other].offset - points[index].offset) < 0.004
                    && abs(points[other].seconds - points[index].seconds) < 40
            } || points.count == 1 && points[index].height > 12
        }.map { points[$0] }
    }

    /// Whether most of what fits also fits elsewhere.
    private func repeats(
        _ comparer: SoundComparer, _ length: Double, _ points: [SoundTrace.Point], _ offsets: [Double]
    ) -> Bool {
        let probes = stride(from: 0, to: points.count, by: max(1, points.count / 7)).map { points[$0] }
        guard probes.count > 1 else { return false }
        return offsets.contains { offset in
            let others = probes.filter { abs($0.offset - offset) > 0.3 }
            guard others.count * 2 > probes.count else { return false }
            let alike = others.filter { probe in
                let window = comparer.window(
                    start: probe.seconds - length / 2, length: length, offset: offset, reach: 0.3)
                return window.map { $0.height > max(SoundPlacer.strong, 0.5 * probe.height) } ?? false
            }
            return alike.count * 2 > probes.count
        }
    }
}

extension SoundFingerprint {
    /// The frames that are in a span of the recording's time.
    func part(_ span: ClosedRange<Double>) -> SoundFingerprint {
        let rate = Double(SoundFingerprint.rate)
        let first = max(0, min(frames, Int((span.lowerBound - startSeconds) * rate)))
        let last = max(first, min(frames, Int((span.upperBound - startSeconds) * rate)))
        return SoundFingerprint(
            startSeconds: startSeconds + Double(first) / rate, values: values.map { Array($0[first..<last]) })
    }
}
