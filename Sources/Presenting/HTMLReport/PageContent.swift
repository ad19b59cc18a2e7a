public import Reporting
public import SyncModel

/// All that a page shows; the page is a pure function of it.
public struct PageContent {
    /// Names of the stores, as given.
    public let stores: [String]
    /// The statistics of all clips, and the listed clips, worst first.
    public let report: CorpusReport
    public let histograms: [OffsetHistogram]
    /// How many of the listed clips are explained with evidence; the others have findings, reasons and curves.
    public var explained: Int
    /// What was re-measured for the page, by clip key.
    public var excerpts: [String: ClipExcerpt]
    /// Recordings of one event on their common clock.
    public var timelines: [ViewTimeline]
    /// Labels of the same session on one axis.
    public var labels: [LabelChart]

    public init(
        stores: [String], report: CorpusReport, histograms: [OffsetHistogram],
        explained: Int = PageContent.usuallyExplained,
        excerpts: [String: ClipExcerpt] = [:], timelines: [ViewTimeline] = [], labels: [LabelChart] = []
    ) {
        self.stores = stores
        self.report = report
        self.histograms = histograms
        self.explained = explained
        self.excerpts = excerpts
        self.timelines = timelines
        self.labels = labels
    }

    /// Maximum number of listed clips: at about 600 bytes each, 6 MB, which can still be mailed with stills.
    public static let mostListed = 10_000
    public static let usuallyExplained = 1_000
}

/// The recordings of one event as bars on a common clock.
public struct ViewTimeline: Sendable {
    public struct Bar: Sendable {
        public let clip: String
        /// Start in seconds on the clock of its group.
        public let start: Double
        /// nil: unknown.
        public let duration: Double?
        public let group: Int
        /// The result in words; empty for the reference.
        public let words: String
        public let verdict: Verdict?

        public init(clip: String, start: Double, duration: Double?, group: Int, words: String, verdict: Verdict?) {
            self.clip = clip
            self.start = start
            self.duration = duration
            self.group = group
            self.words = words
            self.verdict = verdict
        }
    }

    public let name: String
    public let bars: [Bar]

    public init(name: String, bars: [Bar]) {
        self.name = name
        self.bars = bars
    }
}

/// Actions of one session per view or annotator, on one axis.
public struct LabelChart: Sendable {
    /// Seconds on the common axis of all tracks.
    public struct Segment: Sendable {
        public let start: Double
        public let end: Double
        public let label: String

        public init(start: Double, end: Double, label: String) {
            self.start = start
            self.end = end
            self.label = label
        }
    }

    public struct Track: Sendable {
        public let name: String
        public let segments: [Segment]

        public init(name: String, segments: [Segment]) {
            self.name = name
            self.segments = segments
        }
    }

    /// A boundary beyond tolerance from that of another track.
    public struct Mark: Sendable {
        public let track: String
        public let seconds: Double
        public let words: String

        public init(track: String, seconds: Double, words: String) {
            self.track = track
            self.seconds = seconds
            self.words = words
        }
    }

    public let session: String
    public let tracks: [Track]
    public let marks: [Mark]

    public init(session: String, tracks: [Track], marks: [Mark]) {
        self.session = session
        self.tracks = tracks
        self.marks = marks
    }
}
