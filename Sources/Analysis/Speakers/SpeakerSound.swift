public import SyncModel

/// What was detected of a recording's speakers.
public struct SpeakerSound {
    /// Who speaks when, in windows that may overlap; with one voice per window: only whether anybody does.
    public var windows: [VoiceWindow]
    /// Seconds.
    public var seconds: Double
    /// The voice print of a segment of up to 1.5 s, of length 1; nil: not available.
    public var print: ((TimeSpan) -> [Float]?)?
    /// The models used, for the finding's method and evidence.
    public var method: String
    /// What is missing for a better analysis, in words.
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
