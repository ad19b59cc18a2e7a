/// Where one recording lies on the common clock of its group.
public struct ClockEntry: Sendable {
    /// The path as the user gave it.
    public let clip: String
    /// What to add to the recording's own timestamps, as the finding judges them; nil for the recordings of other
    /// groups' clocks than the reference's: theirs counts from the first of their own group.
    public var offset: Offset?
    public var drift: Drift?
    /// Groups are counted from 0, the reference's; recordings that no evidence connects are in different ones.
    public let group: Int
    /// Root mean square of how far its pairs miss the common clock, in milliseconds; nil where it has no pair to spare.
    public var residualMilliseconds: Double?
    /// Where its own time 0 lies on the timeline of its group's first recording, in seconds.
    public var start: Double
    /// Its length in seconds, where it is known.
    public let duration: Double?
    /// Of a further chapter of a recording: the recording's first file.
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
    /// Seconds of the common clock for each of its own.
    public var rate: Double { 1 + (drift?.ppm ?? 0) * 1e-6 }

    /// Where it ends on the common clock, in seconds; where its length is not known, its start.
    public var end: Double { start + (duration ?? 0) * rate }

    /// Its own time at a moment of the common clock, both in seconds.
    public func own(_ common: Double) -> Double { (common - start) / rate }

    /// The part that all recordings of a group share, in seconds of their common clock; nil where there is none. All
    /// chapters of a recording are that recording.
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

    /// A part of the common clock in its own time, as far as it reaches; nil where it does not.
    public func own(_ part: TimeSpan) -> TimeSpan? {
        let (low, high) = (max(0, own(part.start)), min(own(part.end), duration ?? .infinity))
        return low < high ? TimeSpan(start: low, end: high) : nil
    }

    /// The same recording with the chapters that follow its first file, each with its start in the recording's time.
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

    /// A drift that moves the end of a part by less than this is not worth a resampling, in seconds.
    public static let negligibleStretch = 0.005
}

/// What was measured between two recordings, before all were put on one clock.
public struct PairReport: Sendable {
    public enum Use: String, Sendable {
        /// It carries the common clock.
        case used
        /// It contradicts the others and is left out.
        case leftOut = "left-out"
        /// It told too little to count.
        case untold
    }

    public let clip: String
    public let against: String
    /// `sound`, `picture`, and later other kinds of evidence.
    public let method: String
    /// At subject time 0; nil where nothing could be compared.
    public let offset: Offset?
    public let interval: OffsetInterval?
    public let drift: Drift?
    public let confidence: Double
    public var use: Use
    /// How far it misses the common clock, in milliseconds; nil where it is not connected.
    public var residualMilliseconds: Double?
    public var because: [Doubt] = []
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

/// Everything that is said of recordings of one event.
public struct ViewsReport: Sendable {
    /// The recording whose clock counts: the first that could be read.
    public let reference: String
    public let durationSeconds: Double?
    /// One for each further recording, in the order given.
    public let findings: [Finding]
    public let clock: [ClockEntry]
    public let pairs: [PairReport]
    /// Recordings that could not be read.
    public let failures: [(clip: String, failure: ClipFailure)]
    /// What to know beside the findings, by recording.
    public let notes: [(clip: String, note: Doubt)]

    public init(
        reference: String, durationSeconds: Double?, findings: [Finding], clock: [ClockEntry], pairs: [PairReport],
        failures: [(clip: String, failure: ClipFailure)], notes: [(clip: String, note: Doubt)]
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
