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

/// Speeds at which programmes are played to fit another frame rate.
public enum MasterSpeed {
    /// Seconds of the master for each second of the copy, and what it is called.
    public static let known: [(ratio: Double, name: String)] = [
        (1, "1"), (25 * 1001.0 / 24000, "25/23.976"), (24000.0 / 1001 / 25, "23.976/25"), (25.0 / 24, "25/24"),
        (24.0 / 25, "24/25"), (1.001, "24/23.976"), (1 / 1.001, "23.976/24"),
    ]

    /// The name of a measured speed; nil: it is none of the known ones, or 1.
    public static func name(of speed: Double) -> String? {
        known.dropFirst().first { abs($0.ratio - speed) < 0.00015 }?.name
    }
}
