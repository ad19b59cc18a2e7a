public import MediaIO
public import SyncModel

/// One clip to measure, with what belongs to it.
public struct ClipRequest: Sendable, Hashable, Codable {
    /// Path as the user gave it.
    public let clip: String
    /// The clip's bytes, where they lie inside another file; `clip` is then only a name.
    public var region: MediaRegion?
    /// The sound, where it lies in a file of its own.
    public var audioFile: String?
    /// The sound's bytes, where they lie inside another file.
    public var audioRegion: MediaRegion?
    /// Which audio stream to take, counted from 0 among the audio streams; nil: the default one.
    public var audioStream: Int?
    /// Timed text of the clip, a file a language.
    public var transcriptFiles: [String] = []
    /// Labels of events or actions.
    public var labelsFile: String?
    /// What it is one of: a take, an episode, a set of views.
    public var group: String?
    /// The recordings of a group, the reference first, where the request is for their common clock: `clip` is then only
    /// a name.
    public var views: [String] = []
    /// The label file of each of `views`; nil: it has none.
    public var viewLabels: [String?] = []
    /// What is asked about an episode of a robot set: `clip` is then only a name.
    public var episode: EpisodeTask?
    /// Of its speech, where the manifest says so.
    public var language: String?
    /// All else that a manifest says of it, in the manifest's order.
    public var attributes: [ClipRecord.Attribute] = []

    public init(clip: String, audioFile: String? = nil, audioStream: Int? = nil) {
        self.clip = clip
        self.audioFile = audioFile
        self.audioStream = audioStream
    }
}
