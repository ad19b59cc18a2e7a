/// The position of one recording on the common clock of its group.
public struct ClockEntry: Sendable {
    /// The path as the user gave it.
    public let clip: String
    /// The offset to add to the recording's own timestamps, as judged by the finding; nil in groups other than the
    /// reference's, whose clock is that of their first recording.
    public var offset: Offset?
    public var drift: Drift?
    /// The group, from 0 (the reference's); recordings without connecting evidence are in different groups.
    public let group: Int
    /// Root mean square deviation of its pairs from the common clock, in milliseconds; nil without redundant pairs.
    public var residualMilliseconds: Double?
    /// Its own time 0 on the timeline of its group's first recording, in seconds.
    public var start: Double
    /// Its length in seconds, if known.
    public let duration: Double?
    /// For further chapters: the recording's first file.
    public var chapterOf: String?

    public init(
        clip: String, offset: Offset?, drift: Drift?, group: Int, residualMilliseconds: Double?, start: Double,
        duration: Double?
    ) {
        self.clip = clip
        self.offset = offset
        self.drift = drift
        self.group = group
        self.residualMilliseconds = residualMilliseconds
        self.start = start
        self.duration = duration
    }
}

extension ClockEntry {
    /// Seconds of the common clock per own second.
    public var rate: Double { 1 + (drift?.ppm ?? 0) * 1e-6 }

    /// Its end on the common clock, in seconds; if its length is unknown, its start.
    public var end: Double { start + (duration ?? 0) * rate }

    /// Converts a common time to own time, both in seconds.
    public func own(_ common: Double) -> Double { (common - start) / rate }

    /// The common part of all recordings of a group, in seconds of their common clock; nil: none. All chapters of a
    /// recording count as one recording.
    public static func common(_ entries: [ClockEntry]) -> TimeSpan? {
        var recordings: [[ClockEntry]] = []
        for entry in entries {
            if let first = entry.chapterOf, let lead = recordings.firstIndex(where: { $0.first?.clip == first }) {
                recordings[lead].append(entry)
            } else {
                recordings.append([entry])
            }
        }
        let low = recordings.compactMap { $0.map(\.start).min() }.max() ?? 0
        let high = recordings.compactMap { $0.map(\.end).max() }.min() ?? 0
        return low < high ? TimeSpan(start: low, end: high) : nil
    }

    /// The overlap with a part of the common clock, in own time; nil: none.
    public func own(_ part: TimeSpan) -> TimeSpan? {
        let (low, high) = (max(0, own(part.start)), min(own(part.end), duration ?? .infinity))
        return low < high ? TimeSpan(start: low, end: high) : nil
    }

    /// The recording followed by the chapters after its first file, each with its start in the recording's time.
    public func chapters(_ files: [(clip: String, start: Double, duration: Double?)]) -> [ClockEntry] {
        guard let first = files.first, files.count > 1 else { return [self] }
        return files.map { file in
            let moved = offset.map { Offset(seconds: $0.seconds + file.start * rate) }
            var entry = ClockEntry(
                clip: file.clip, offset: moved, drift: drift, group: group,
                residualMilliseconds: residualMilliseconds, start: start + file.start * rate, duration: file.duration)
            entry.chapterOf = file.clip == first.clip ? nil : first.clip
            return entry
        }
    }

    /// A drift that moves the end of a part by less than this, in seconds, is not resampled.
    public static let negligibleStretch = 0.005
}

/// What was measured between two recordings, before the common clock was solved.
public struct PairReport: Sendable {
    public enum Use: String, Sendable {
        /// Contributes to the common clock.
        case used
        /// Contradicts the others and is excluded.
        case leftOut = "left-out"
        /// Too little evidence to count.
        case untold
    }

    public let clip: String
    public let against: String
    /// `sound`, `picture`, or another kind of evidence.
    public let method: String
    /// At subject time 0; nil if nothing could be compared.
    public let offset: Offset?
    public let interval: OffsetInterval?
    public let drift: Drift?
    public let confidence: Double
    public var use: Use
    /// Its deviation from the common clock, in milliseconds; nil if not connected.
    public var residualMilliseconds: Double?
    public var because: [Reason] = []
    public var evidence: [Evidence] = []

    public init(
        clip: String, against: String, method: String, offset: Offset?, interval: OffsetInterval?, drift: Drift?,
        confidence: Double, use: Use
    ) {
        self.clip = clip
        self.against = against
        self.method = method
        self.offset = offset
        self.interval = interval
        self.drift = drift
        self.confidence = confidence
        self.use = use
    }
}

/// The result for the recordings of one event.
public struct ViewsReport: Sendable {
    /// The recording whose clock counts: the first readable one.
    public let reference: String
    public let durationSeconds: Double?
    /// One per further recording, in the given order.
    public let findings: [Finding]
    public let clock: [ClockEntry]
    public let pairs: [PairReport]
    /// Recordings that cannot be read.
    public let failures: [(clip: String, failure: ClipFailure)]
    /// Further notes, by recording.
    public let notes: [(clip: String, note: Reason)]

    public init(
        reference: String, durationSeconds: Double?, findings: [Finding], clock: [ClockEntry], pairs: [PairReport],
        failures: [(clip: String, failure: ClipFailure)], notes: [(clip: String, note: Reason)]
    ) {
        self.reference = reference
        self.durationSeconds = durationSeconds
        self.findings = findings
        self.clock = clock
        self.pairs = pairs
        self.failures = failures
        self.notes = notes
    }

    /// The worst of the findings.
    public var verdict: Verdict { findings.map(\.verdict).max { $0.severity < $1.severity } ?? .notApplicable }
}
