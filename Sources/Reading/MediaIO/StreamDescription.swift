public import SyncModel

/// What a file says of one of its streams.
public struct StreamDescription: Sendable, Hashable {
    public enum Kind: String, Sendable { case video, audio, other }

    /// Index in the file, as `ffprobe` counts.
    public let index: Int
    public let kind: Kind
    public let codec: String
    public let timeBase: TimeBase
    /// The first timestamp on the file's own timeline, where it is known.
    public let start: MediaTime?
    public let duration: MediaTime?
    /// A picture that only decorates the file, such as a cover.
    public let isAttachedPicture: Bool
    public let isDefault: Bool
    public let language: String?
    /// Picture size in coded pixels; 0 for sound.
    public let width: Int
    public let height: Int
    /// Mean video frames a second as declared; nil if not.
    public let frameRate: Double?
    /// The number of video frames as declared; nil if not.
    public let frameCount: Int?
    /// Samples a second; 0 for pictures.
    public let sampleRate: Int
    public let channels: Int
    /// The codec's profile as FFmpeg names it, such as "High"; nil where it has none.
    public let profile: String?
}
