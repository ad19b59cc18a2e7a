public import Checks
public import MediaIO
import Plan
public import SyncModel
public import TimedText
public import Transcripts

/// A recording's audio, decoded once for any number of texts and labels.
public struct HeardSound {
    private let media: TranscriptMedia
    private let collectors: SoundLabelCollectors
    private let files: [String]
    private let analyser: TranscriptAnalyser
    private let reading: Reading

    /// How files are read, for every file; nil: as they declare.
    public struct Reading: Sendable {
        /// The kind of all files.
        public var kind: SoundLabels.Kind?
        public var encoding: TextEncoding?
        public var tier: String?

        public init(kind: SoundLabels.Kind? = nil, encoding: TextEncoding? = nil, tier: String? = nil) {
            (self.kind, self.encoding, self.tier) = (kind, encoding, tier)
        }
    }

    /// From existing results.
    ///
    /// - Parameter files: the files of `collectors`.
    public init(
        _ media: TranscriptMedia, collectors: SoundLabelCollectors, files: [String], analyser: TranscriptAnalyser,
        reading: Reading = Reading()
    ) {
        self.media = media
        self.collectors = collectors
        self.files = files
        self.analyser = analyser
        self.reading = reading
    }

    /// Decodes a recording for the given texts and labels.
    ///
    /// - Throws: `MediaError`, `SpeechModelError`.
    init(of path: String, audioStream: Int?, files: [String], settings: CheckSettings) throws {
        let analyser = TranscriptAnalyser(
            model: try .packaged(), tolerance: settings.tolerance, expectation: .together, timingOnly: false)
        let collectors = SoundLabelCollectors(files: files, kind: nil, settings: settings)
        self.init(
            try TranscriptMedia(
                path: path, audioStream: audioStream, needsTracks: true, listener: collectors, model: analyser.model),
            collectors: collectors, files: files, analyser: analyser)
    }

    private var frameRate: Double? { media.frameRate }

    /// The subtitles inside the recording.
    var tracks: [SubtitleTrack] { media.tracks }

    /// The finding for a track inside the recording, or inside a copy of it.
    public func finding(_ track: SubtitleTrack, media name: String) -> Finding {
        TranscriptSource(track: track, media: name).finding(analyser, sound: media.scores)
    }

    /// A text, parsed.
    ///
    /// - Throws: `ClipFailure`.
    public func source(_ path: String, mediaName: String) throws -> TranscriptSource {
        try TranscriptSource(
            path: path, frameRate: frameRate, encoding: reading.encoding, tier: reading.tier, mediaName: mediaName)
    }

    /// Labels, parsed.
    ///
    /// - Parameter kind: their kind; nil: determined by format and columns.
    /// - Throws: `ClipFailure`.
    public func labels(_ path: String, kind: SoundLabels.Kind?, mediaName: String) throws -> SoundLabels {
        try SoundLabels(
            path: path, kind: kind, frameRate: frameRate, encoding: reading.encoding, tier: reading.tier,
            mediaName: mediaName)
    }

    /// A file, parsed, and its finding.
    ///
    /// - Parameter file: one of the registered files; `path` is that one or a version of it.
    /// - Throws: `ClipFailure`.
    public func read(_ path: String, as file: String, mediaName: String) throws -> (
        document: TimedTextDocument?, finding: Finding
    ) {
        if let place = files.firstIndex(of: file), let collector = collectors.collectors[place] {
            let labels = try labels(path, kind: reading.kind ?? SoundLabels.kind(of: file), mediaName: mediaName)
            guard let finding = try collectors.findings(collector, [labels]).first else {
                throw ClipFailure(
                    code: "no-labels", message: "\(file.printable) has no labels that can be compared with the audio",
                    remedy: "check the file, or specify its kind with --as")
            }
            return (labels.document, finding)
        }
        let source = try source(path, mediaName: mediaName)
        return (source.document, source.finding(analyser, sound: media.scores))
    }
}
