public import SyncModel

/// What the comparison of labels is to look at.
public struct ActionsOptions: Sendable {
    /// A boundary further off than the outer edges is over tolerance.
    public var tolerance = Tolerance(early: .init(inner: 100, outer: 100), late: .init(inner: 100, outer: 100))
    /// Seed of every random draw.
    public var seed: UInt64 = 1
    /// Whether the field's measures of agreement are taken.
    public var measuresAgreement = false
    /// Frames a second for measures by frame; nil: the grid on which the labels lie.
    public var frameRate: Double?

    /// A difference equal to the tolerance is inside it, frame times in decimals included: this much more is allowed,
    /// in milliseconds.
    public static let guardMilliseconds = 0.1

    public init() {}

    /// Whether a difference in the contract's sign lies beyond the tolerance.
    func isOver(milliseconds: Double) -> Bool {
        milliseconds > tolerance.early.outer + Self.guardMilliseconds
            || milliseconds < -tolerance.late.outer - Self.guardMilliseconds
    }
}
