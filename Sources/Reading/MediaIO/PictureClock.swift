/// Gives every video frame its presentation time, in seconds from the file's origin.
///
/// Times come from timestamps. A frame without one follows the last by one frame duration; a frame that does not come
/// after the last is dropped and counted. A frame that leaps forward by more than `leap` is dropped too unless the one
/// before it did so as well: one bad timestamp must not make all that follow it late. Slides and time lapses leap from
/// frame to frame.
struct PictureClock {
    /// The length of a video frame in seconds where a timestamp is missing.
    let frameDuration: Double
    /// A step forward in seconds beyond which one timestamp alone is not believed.
    private let leap: Double
    private(set) var last: Double?
    private(set) var dropped = 0
    private(set) var guessed = 0
    /// The timestamp of a frame that leapt, until the next frame confirms it or not.
    private var claimed: Double?
    /// Whether the last frame that was placed leapt.
    private var leaps = false

    init(frameRate: Double?) {
        let rate = frameRate ?? 25
        frameDuration = rate > 0 && rate.isFinite ? 1 / rate : 0.04
        leap = max(2, 4 * frameDuration)
    }

    /// The time of the next frame, or nil where it has to be dropped. `stamp` is in seconds, nil where there is none.
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
