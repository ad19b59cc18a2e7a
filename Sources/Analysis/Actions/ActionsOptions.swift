public import SyncModel

/// Options of the comparison of labels.
public struct ActionsOptions: Sendable {
    /// A boundary beyond the outer limits is over tolerance.
    public var tolerance = Tolerance(early: .init(inner: 100, outer: 100), late: .init(inner: 100, outer: 100))
    /// Seed of every random draw.
    public var seed: UInt64 = 1
    /// Whether the standard measures of agreement are computed.
    public var measuresAgreement = false
    /// Frames a second for measures by frame; nil: the grid of the labels.
    public var frameRate: Double?

    /// A difference equal to the tolerance is inside it, also for frame times rounded to decimals: this much more is
    /// allowed, in milliseconds.
    public static let guardMilliseconds = 0.1

    public init() {}

    /// Whether a difference (positive: the subject is early) is beyond the tolerance.
    func isOver(milliseconds: Double) -> Bool {
        milliseconds > tolerance.early.outer + Self.guardMilliseconds
            || milliseconds < -tolerance.late.outer - Self.guardMilliseconds
    }
}
