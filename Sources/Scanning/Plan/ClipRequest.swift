import Files
public import MediaIO
public import SyncModel

/// One clip to measure, with its files.
public struct ClipRequest: Sendable, Hashable, Codable {
    /// Path as the user gave it; only a name if `subject` is not a file of that path.
    public let clip: String
    /// The subject of the measurement.
    public var subject: Subject
    /// Its group: a take, an episode, a set of views.
    public var group: String?
    /// The language of its speech, if in the manifest.
    public var language: String?
    /// Its other values in the manifest, in order.
    public var attributes: [ClipRecord.Attribute] = []
    /// Its files at addresses, by address; empty before the query.
    public var remote: [String: RemoteCopy] = [:]

    /// A remote file.
    public struct RemoteCopy: Sendable, Hashable, Codable {
        /// The server's version of it.
        public var version: String
        /// Path of its copy; nil: not fetched.
        public var path: String?

        public init(version: String, path: String? = nil) {
            self.version = version
            self.path = path
        }
    }

    public enum Subject: Sendable, Hashable, Codable {
        /// A recording with its files.
        case files(ClipFiles)
        /// The recordings of one event, the reference first, for their common clock.
        case views([View])
        /// An episode of a robot set, or the set as a whole.
        case episode(EpisodeTask)
        /// A recording of a robot, with cameras and logs in one file.
        case recording(RecordingTask)
    }

    /// One recording of a group.
    public struct View: Sendable, Hashable, Codable {
        public var path: String
        /// nil: none.
        public var labels: String?

        public init(path: String, labels: String? = nil) {
            self.path = path
            self.labels = labels
        }
    }

    public init(clip: String, subject: Subject) {
        self.clip = clip
        self.subject = subject
    }

    public init(clip: String, files: ClipFiles = ClipFiles()) { self.init(clip: clip, subject: .files(files)) }

    /// The files of a recording; nil: a group of views or an episode.
    public var files: ClipFiles? {
        get { if case .files(let files) = subject { files } else { nil } }
        set { if let newValue { subject = .files(newValue) } }
    }

    /// The recordings of a group; nil: not a group.
    public var views: [View]? { if case .views(let views) = subject { views } else { nil } }

    /// Paths of the fetched copies of its files, by address.
    public var copies: [String: String] { remote.compactMapValues(\.path) }

    /// Its files that are at addresses, each once.
    public var addresses: [String] {
        var names: [String] = []
        switch subject {
        case .files(let files):
            if files.region == nil { names.append(clip) }
            names += [files.audioRegion == nil ? files.audio : nil, files.labels, files.master].compactMap { $0 }
            names += files.transcripts
        case .views(let views): names = views.flatMap { [$0.path, $0.labels].compactMap { $0 } }
        case .episode: break
        case .recording: names = [clip]
        }
        var seen: Set<String> = []
        return names.filter { FetchedFiles.isAddress($0) && seen.insert($0).inserted }
    }

    /// The task of a robot's recording; nil: not one.
    public var recording: RecordingTask? { if case .recording(let task) = subject { task } else { nil } }

    /// The task of an episode; nil: not one.
    public var episode: EpisodeTask? { if case .episode(let task) = subject { task } else { nil } }
}

/// Paths of audio, video, text and labels of one recording.
public struct ClipFiles: Sendable, Hashable, Codable {
    /// The clip's bytes, where they are inside another file.
    public var region: MediaRegion?
    /// Version of a remote clip at its source; nil: identified by its bytes.
    public var version: String?
    /// The audio, where it is in a separate file.
    public var audio: String?
    /// The audio's bytes, where they are inside another file.
    public var audioRegion: MediaRegion?
    /// The audio stream to use, counted from 0 among the audio streams; nil: the default one.
    public var audioStream: Int?
    /// Timed text of the clip, one file per language.
    public var transcripts: [String] = []
    /// Labels of events or actions.
    public var labels: String?
    /// The master that the clip is a copy of.
    public var master: String?
    /// The master's audio, where it is in a separate file; that of the clip then is in `audio`, and each has the clock
    /// of its video, as renditions of HLS and DASH have.
    public var masterAudio: String?
    /// Whether `audio` has the clock of the clip's video.
    public var sharesClock: Bool?
    /// A file with the stored data of that master, so that it need not be decoded; nil: none.
    public var keptMaster: String?
    /// Whether the decoder of a master should return its data for storage.
    public var wantsMaster: Bool?

    public init(audio: String? = nil, audioStream: Int? = nil, transcripts: [String] = []) {
        self.audio = audio
        self.audioStream = audioStream
        self.transcripts = transcripts
    }
}
