public import SyncModel

/// One recording as the analyser sees it: values only.
public struct ViewInput: Sendable {
    /// The path as the user gave it.
    public let clip: String
    public var durationSeconds: Double?
    public var sound: SoundSignal?
    public var picture: PictureSignal?
    /// Whether there is sound or a moving picture at all, looked at or not.
    public var hasSound = false
    public var hasPicture = false
    /// What the file says of when it was recorded.
    public var declared: DeclaredTime?
    /// Where its own sound lies against its own picture, in the contract's sign, where its lips tell.
    public var ownSound: Offset?
    /// Metres from what is heard to its microphone, where the user knows.
    public var distanceMetres: Double?
    /// What was wrong with the file, though it could be read.
    public var notes: [Doubt] = []
    /// The files that it lies in, where a camera wrote it into several: where each begins in it, in seconds.
    public var chapters: [(clip: String, start: Double, duration: Double?)] = []

    public init(clip: String, durationSeconds: Double?) {
        self.clip = clip
        self.durationSeconds = durationSeconds
    }
}

/// What a recording says of when it was made.
public struct DeclaredTime: Sendable, Hashable {
    /// Timecode at the recording's first timestamp, in seconds from midnight; nil where it carries none.
    public var timecodeSeconds: Double?
    /// As it is written, such as `10:00:00:00`.
    public var timecode: String?
    /// Frames that its timecode counts a second of real time; nil where it counts samples.
    public var frameRate: Double?
    /// Where it was found: `tmcd`, `bext`, ...
    public var source: String?
    /// When the recording was made, in seconds since 1970, as its tags say; good to a second at best.
    public var createdSeconds: Double?

    public init(
        timecodeSeconds: Double? = nil, timecode: String? = nil, source: String? = nil, createdSeconds: Double? = nil
    ) {
        self.timecodeSeconds = timecodeSeconds
        self.timecode = timecode
        self.source = source
        self.createdSeconds = createdSeconds
    }
}
