public import SyncModel

/// Per-speaker bias of a method: an apparent offset that is the same in all of the speaker's clips.
public enum SpeakerBias {
    /// One standard deviation, in ms.
    ///
    /// Of the lips from `docs/lips.md`: speakers' means scatter by about 10 ms at any length. Others have none.
    public static func milliseconds(_ check: Check) -> Double { check == .lips ? 10 : 0 }
}

/// The answers of one check, as columns.
struct Observations {
    /// The clip of each.
    var clips: [Int] = []
    /// ms in the sign of `offset_ms`.
    var offsets: [Double] = []
    /// The error of each without the speaker's bias: one standard deviation in ms.
    var errors: [Double] = []
    /// The speaker, from 0; the number of the answer where unknown.
    var speakers: [Int] = []
    let habit: Double

    /// The least assumed error of an answer, in ms.
    private static let leastError = 4.0
    /// The assumed error of an answer without an interval, in ms.
    private static let unknownError = 40.0

    init(habit: Double) { self.habit = habit }

    mutating func add(clip: Int, offset: Double, interval: OffsetInterval?, speaker: Int?) {
        clips.append(clip)
        offsets.append(offset)
        let half =
            interval.map { ($0.upper.milliseconds - $0.lower.milliseconds) / 2 / 1.96 } ?? Observations.unknownError
        let own = max(half * half - habit * habit, Observations.leastError * Observations.leastError)
        errors.append(own.squareRoot())
        speakers.append(speaker ?? -clips.count)
    }

    var count: Int { offsets.count }
}
