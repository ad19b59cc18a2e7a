import Files
public import MediaIO
public import SyncModel

/// One clip to measure, with what belongs to it.
public struct ClipRequest: Sendable, Hashable, Codable {
    /// Path as the user gave it; only a name where `subject` is no file of that path.
    public let clip: String
    /// What is to be measured.
    public var subject: Subject
    /// What it is one of: a take, an episode, a set of views.
    public var group: String?
    /// Of its speech, where the manifest says so.
    public var language: String?
    /// All else that a manifest says of it, in the manifest's order.
    public var attributes: [ClipRecord.Attribute] = []
    /// Of its files that lie at addresses, by address; empty before they are asked for.
    public var remote: [String: RemoteCopy] = [:]

    /// A file that lies elsewhere.
    public struct RemoteCopy: Sendable, Hashable, Codable {
        /// What its server calls this state of it.
        public var version: String
        /// Where its copy lies; nil: it was not fetched.
        public var path: String?

        public init(version: String, path: String? = nil) {
            self.version = version
            self.path = path
        }
    }

    public enum Subject: Sendable, Hashable, Codable {
        /// A recording with the files beside it.
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
        /// nil: it has no labels.
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

    /// The files of a recording; nil: it is a group of views or an episode.
    public var files: ClipFiles? {
        get { if case .files(let files) = subject { files } else { nil } }
        set { if let newValue { subject = .files(newValue) } }
    }

    /// The recordings of a group; nil: it is none.
    public var views: [View]? { if case .views(let views) = subject { views } else { nil } }

    /// Where the copies of its files lie that were fetched, by address.
    public var copies: [String: String] { remote.compactMapValues(\.path) }

    /// Its files that lie at addresses, each once.
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

    /// What is asked of a recording of a robot; nil: it is none.
    public var recording: RecordingTask? { if case .recording(let task) = subject { task } else { nil } }

    /// What is asked of an episode; nil: it is none.
    public var episode: EpisodeTask? { if case .episode(let task) = subject { task } else { nil } }
}

/// Where the sound, the picture, the text and the labels of one recording lie.
public struct ClipFiles: Sendable, Hashable, Codable {
    /// The clip's bytes, where they lie inside another file.
    public var region: MediaRegion?
    /// Of a clip that was fetched from elsewhere: what its source calls this state of it; nil: its bytes tell.
    public var version: String?
    /// The sound, where it lies in a file of its own.
    public var audio: String?
    /// The sound's bytes, where they lie inside another file.
    public var audioRegion: MediaRegion?
    /// Which audio stream to take, counted from 0 among the audio streams; nil: the default one.
    public var audioStream: Int?
    /// Timed text of the clip, a file a language.
    public var transcripts: [String] = []
    /// Labels of events or actions.
    public var labels: String?
    /// The master that the clip is a copy of.
    public var master: String?
    /// The master's sound, where it lies in a file of its own; that of the clip then lies in `audio`, and each has the
    /// clock of its picture, as renditions of HLS and DASH have.
    public var masterAudio: String?
    /// Whether `audio` has the clock of the clip's picture.
    public var sharesClock: Bool?
    /// A file with what was kept of that master, so that it need not be decoded; nil: there is none.
    public var keptMaster: String?
    /// Whether what is kept of a master is wanted of whoever decodes it.
    public var wantsMaster: Bool?

    public init(audio: String? = nil, audioStream: Int? = nil, transcripts: [String] = []) {
        self.audio = audio
        self.audioStream = audioStream
        self.transcripts = transcripts
    }
}
