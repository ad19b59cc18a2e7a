public import SyncModel

/// What was heard of a recording for its speakers.
public struct SpeakerSound {
    /// Who speaks when, in windows that may overlap; with one voice a window: only whether anybody does.
    public var windows: [VoiceWindow]
    /// Seconds.
    public var seconds: Double
    /// What the voice in a stretch of up to 1.5 s is like, of length 1; nil: nothing can be said.
    public var print: ((TimeSpan) -> [Float]?)?
    /// What it was heard by, for the finding's method and evidence.
    public var method: String
    /// What is missing for more, in words.
    public var missing: [String]

    public init(
        windows: [VoiceWindow], seconds: Double, method: String, missing: [String] = [],
        print: ((TimeSpan) -> [Float]?)? = nil
    ) {
        self.windows = windows
        self.seconds = seconds
        self.method = method
        self.missing = missing
        self.print = print
    }

    var tellsVoices: Bool { windows.contains { $0.voices > 1 } }
}
