/// One clip to measure, with what belongs to it.
public struct ClipRequest: Sendable, Hashable, Codable {
    /// Path as the user gave it.
    public let clip: String
    /// The sound, where it lies in a file of its own.
    public var audioFile: String?
    /// Which audio stream to take, counted from 0 among the audio streams; nil: the default one.
    public var audioStream: Int?
    /// Timed text of the clip.
    public var transcriptFile: String?
    /// Labels of events or actions.
    public var labelsFile: String?
    /// What it is one of: a take, an episode, a set of views.
    public var group: String?
    /// Of its speech, where the manifest says so.
    public var language: String?
    /// All else that a manifest says of it, in the manifest's order.
    public var attributes: [Attribute] = []

    /// One named value of a manifest.
    public struct Attribute: Sendable, Hashable, Codable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public init(clip: String, audioFile: String? = nil, audioStream: Int? = nil) {
        self.clip = clip
        self.audioFile = audioFile
        self.audioStream = audioStream
    }
}
