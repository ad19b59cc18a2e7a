public import SyncModel

/// The analyser's input for one recording: values only.
public struct ViewInput: Sendable {
    /// The path as the user gave it.
    public let clip: String
    public var durationSeconds: Double?
    public var sound: SoundSignal?
    public var picture: PictureSignal?
    /// Whether there is audio or moving video, examined or not.
    public var hasSound = false
    public var hasPicture = false
    /// The recording time declared in the file.
    public var declared: DeclaredTime?
    /// Offset of its audio against its video, in the sign of `offset_ms`, if known from lips.
    public var ownSound: Offset?
    /// Metres from the sound source to its microphone, if known.
    public var distanceMetres: Double?
    /// Faults of the file, although it could be read.
    public var notes: [Reason] = []
    /// Its chapter files, if a camera wrote several, with the start of each in seconds.
    public var chapters: [(clip: String, start: Double, duration: Double?)] = []

    public init(clip: String, durationSeconds: Double?) {
        self.clip = clip
        self.durationSeconds = durationSeconds
    }
}

/// The declared time of a recording.
public struct DeclaredTime: Sendable, Hashable {
    /// Timecode at the recording's first timestamp, in seconds from midnight; nil where it has none.
    public var timecodeSeconds: Double?
    /// As text, such as `10:00:00:00`.
    public var timecode: String?
    /// Frames that its timecode counts a second of real time; nil where it counts samples.
    public var frameRate: Double?
    /// Its source: `tmcd`, `bext`, ...
    public var source: String?
    /// When the recording was made, in seconds since 1970, by its tags; accurate to a second at best.
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
