public import SyncModel

/// A measuring method's habit with a talker: what it takes for an offset that is none, the same in all of the talker's
/// clips.
public enum TalkerHabit {
    /// One standard deviation, in ms.
    ///
    /// Of the lips from `docs/lips.md`: talkers' means scatter by about 10 ms at any length. Others know no talkers.
    public static func milliseconds(_ check: Check) -> Double { check == .lips ? 10 : 0 }
}

/// The answers of one check, side by side.
struct Observations {
    /// Which clip each is of.
    var clips: [Int] = []
    /// ms in the contract's sign.
    var offsets: [Double] = []
    /// Each one's own error, the talker's habit aside: one standard deviation in ms.
    var errors: [Double] = []
    /// Whose clip it is, from 0; by number of the answer where it is not known.
    var talkers: [Int] = []
    let habit: Double

    /// No answer is taken to be better than this, in ms.
    private static let leastError = 4.0
    /// Of an answer without an interval, in ms.
    private static let unknownError = 40.0

    init(habit: Double) { self.habit = habit }

    mutating func add(clip: Int, offset: Double, interval: OffsetInterval?, talker: Int?) {
        clips.append(clip)
        offsets.append(offset)
        let half =
            interval.map { ($0.upper.milliseconds - $0.lower.milliseconds) / 2 / 1.96 } ?? Observations.unknownError
        let own = max(half * half - habit * habit, Observations.leastError * Observations.leastError)
        errors.append(own.squareRoot())
        talkers.append(talker ?? -clips.count)
    }

    var count: Int { offsets.count }
}
