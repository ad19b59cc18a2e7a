public import SyncModel

/// What a file declares about one of its streams.
public struct StreamDescription: Sendable, Hashable {
    public enum Kind: String, Sendable { case video, audio, other }

    /// Index in the file, as in `ffprobe`.
    public let index: Int
    public let kind: Kind
    public let codec: String
    public let timeBase: TimeBase
    /// The first timestamp on the file's own timeline, if known.
    public let start: MediaTime?
    public let duration: MediaTime?
    /// Whether it is only a cover or thumbnail.
    public let isAttachedPicture: Bool
    public let isDefault: Bool
    public let language: String?
    /// Frame size in coded pixels; 0 for audio.
    public let width: Int
    public let height: Int
    /// Declared mean frame rate; nil if not declared.
    public let frameRate: Double?
    /// Declared number of frames; nil if not declared.
    public let frameCount: Int?
    /// Sample rate in Hz; 0 for video.
    public let sampleRate: Int
    public let channels: Int
    /// FFmpeg's name of the codec's profile, such as "High"; nil: none.
    public let profile: String?
}
