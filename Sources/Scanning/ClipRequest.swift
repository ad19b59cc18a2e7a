/// One clip to measure.
public struct ClipRequest: Sendable, Hashable {
    /// Path as the user gave it.
    public let clip: String
    /// The sound, where it lies in a file of its own.
    public var audioFile: String?
    /// Which audio stream to take, counted from 0 among the audio streams; nil: the default one.
    public var audioStream: Int?

    public init(clip: String, audioFile: String? = nil, audioStream: Int? = nil) {
        self.clip = clip
        self.audioFile = audioFile
        self.audioStream = audioStream
    }
}
