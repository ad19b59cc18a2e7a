/// The facts about a log's clock.
public struct ClockFacts: Sendable {
    /// The timestamp of each row, in seconds; NaN where missing.
    public var stamps: [Double]
    /// The sample rate declared by the user or a set's description.
    public var declaredRate: Double?
    /// Length and number of video frames of the recording that the log belongs to.
    public var videoSeconds: Double?
    public var videoFrames: Int?
    /// Whether the log has one row per video frame.
    public var isRowPerFrame = false
    /// The frame number of each row.
    public var frameNumbers: [Double]?
    /// The name of the timestamp column, for remedies.
    public var column: String

    public init(stamps: [Double], column: String = "time") {
        self.stamps = stamps
        self.column = column
    }
}
