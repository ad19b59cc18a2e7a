public import SyncModel

/// A stretch of a copy that lies on the master without a break.
public struct MasterPiece: Sendable, Hashable {
    /// In the copy's time.
    public var span: TimeSpan
    /// Seconds to add at `middle` to the copy's time for the master's.
    public var offset: Double
    /// The middle of what was compared, in the copy's time.
    public var middle: Double
    /// Standard error of `offset`, in seconds.
    public var error: Double
    /// Seconds by which `offset` grows with each second of the copy; the speed less 1.
    public var slope: Double
    /// Standard error of `slope`; infinite where it was not measured.
    public var slopeError: Double

    public init(
        span: TimeSpan, offset: Double, middle: Double, error: Double, slope: Double = 0, slopeError: Double = .infinity
    ) {
        (self.span, self.offset, self.middle, self.error) = (span, offset, middle, error)
        (self.slope, self.slopeError) = (slope, slopeError)
    }

    /// Seconds to add at a moment of the copy.
    public func offset(at seconds: Double) -> Double { offset + slope * (seconds - middle) }

    /// The master's time at a moment of the copy.
    public func master(at seconds: Double) -> Double { seconds + offset(at: seconds) }
}

/// Where one stream of a copy lies on the master's.
public struct MasterPlacement: Sendable {
    /// In the order of the copy's time; empty where it could not be placed.
    public var pieces: [MasterPiece] = []
    /// Why not, or what to know beside it.
    public var because: [Doubt] = []
    /// Whether both sides held enough that a common stretch would have been found.
    public var isAmple = false
    /// Whether it holds nothing that could be compared: black, one picture throughout, silence.
    public var isEmpty = false
    /// Seconds of the master for each second of the copy, of the known speeds.
    public var speed = 1.0
    public var evidence: [Evidence] = []

    public init() {}

    /// The piece that a moment of the copy lies in.
    public func piece(at seconds: Double) -> MasterPiece? {
        pieces.first { $0.span.start <= seconds && seconds <= $0.span.end }
    }
}
