/// What is known of a log's clock.
public struct ClockFacts: Sendable {
    /// What each row says of when it was taken, in seconds; not a number where it does not say.
    public var stamps: [Double]
    /// Samples a second as declared, by the user or a set's description.
    public var declaredRate: Double?
    /// Length and number of video frames of the recording that the log belongs to.
    public var videoSeconds: Double?
    public var videoFrames: Int?
    /// Whether the log has one row a video frame.
    public var isRowPerFrame = false
    /// What each row says of its number in the recording.
    public var frameNumbers: [Double]?
    /// The name of the column of stamps, for remedies.
    public var column: String

    public init(stamps: [Double], column: String = "time") {
        self.stamps = stamps
        self.column = column
    }
}
