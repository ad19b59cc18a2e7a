/// Assigns every frame its presentation time, in seconds from the file's origin.
///
/// Times come from timestamps. A frame without one follows the previous one by one frame duration; a frame that is not
/// later than the previous one is dropped and counted. A frame that jumps forward by more than `leap` is dropped too
/// unless the previous one did so as well: one bad timestamp must not delay all that follow. Slides and time lapses
/// jump from frame to frame.
struct PictureClock {
    /// Frame duration in seconds, used without a timestamp.
    let frameDuration: Double
    /// Maximum credible forward jump of a single timestamp, in seconds.
    private let leap: Double
    private(set) var last: Double?
    private(set) var dropped = 0
    private(set) var guessed = 0
    /// The timestamp of a frame that jumped, until the next frame confirms it or not.
    private var claimed: Double?
    /// Whether the previous frame jumped.
    private var leaps = false

    init(frameRate: Double?) {
        let rate = frameRate ?? 25
        frameDuration = rate > 0 && rate.isFinite ? 1 / rate : 0.04
        leap = max(2, 4 * frameDuration)
    }

    /// The time of the next frame, or nil if it must be dropped. `stamp` is in seconds, nil if there is none.
    mutating func place(_ stamp: Double?) -> Double? {
        let time: Double
        if let stamp {
            time = stamp
        } else {
            guessed += 1
            time = last.map { $0 + frameDuration } ?? 0
        }
        if let last, time <= last {
            dropped += 1
            return nil
        }
        let isLeap = last.map { time - $0 > leap } ?? false
        if isLeap, !leaps, claimed.map({ time <= $0 }) ?? true {
            claimed = time
            dropped += 1
            return nil
        }
        claimed = nil
        leaps = isLeap
        last = time
        return time
    }
}
