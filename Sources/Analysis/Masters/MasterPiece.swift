public import SyncModel

/// A segment of a copy that is on the master without a break.
public struct MasterPiece: Sendable, Hashable {
    /// In the copy's time.
    public var span: TimeSpan
    /// Seconds to add at `middle` to the copy's time for the master's.
    public var offset: Double
    /// The middle of what was compared, in the copy's time.
    public var middle: Double
    /// Standard error of `offset`, in seconds.
    public var error: Double
    /// Seconds by which `offset` grows with each second of the copy; the speed minus 1.
    public var slope: Double
    /// Standard error of `slope`; infinite where it was not measured.
    public var slopeError: Double

    public init(
        span: TimeSpan, offset: Double, middle: Double, error: Double, slope: Double = 0, slopeError: Double = .infinity
    ) {
        (self.span, self.offset, self.middle, self.error) = (span, offset, middle, error)
        (self.slope, self.slopeError) = (slope, slopeError)
    }

    /// Seconds to add at a time of the copy.
    public func offset(at seconds: Double) -> Double { offset + slope * (seconds - middle) }

    /// The master's time at a time of the copy.
    public func master(at seconds: Double) -> Double { seconds + offset(at: seconds) }
}

/// The position of one stream of a copy on the master's.
public struct MasterPlacement: Sendable {
    /// In the order of the copy's time; empty where it could not be located.
    public var pieces: [MasterPiece] = []
    /// Why not, or notes.
    public var because: [Reason] = []
    /// Whether both sides have enough content that a common segment would have been found.
    public var isAmple = false
    /// Whether it has nothing that could be compared: black, one frame throughout, silence.
    public var isEmpty = false
    /// Seconds of the master for each second of the copy, of the known speeds.
    public var speed = 1.0
    public var evidence: [Evidence] = []

    public init() {}

    /// The segment that contains a time of the copy.
    public func piece(at seconds: Double) -> MasterPiece? {
        pieces.first { $0.span.start <= seconds && seconds <= $0.span.end }
    }
}
