/// Places runs of decoded sound on the presentation timeline, from timestamps.
///
/// Timestamps jitter by their own rounding and by sloppy writers, while the samples themselves follow one another
/// exactly. So a run goes on where the last one ended as long as its timestamp agrees; it is moved
/// - at once, where the timestamp jumps by more than `jump`: a gap or an overlap;
/// - by the median deviation, where `patience` runs in a row lie off to the same side by more than `slack`: a clock that drifts.
struct SoundClock {
    /// What to do with a run of samples.
    enum Placement: Equatable {
        /// It goes on where the last one ended.
        case follows
        /// It starts anew at this time in seconds.
        case starts(at: Double)
        /// Its first samples, so many seconds, were heard already.
        case overlaps(seconds: Double)
    }

    /// A deviation in seconds beyond which timestamps are believed at once.
    static let jump = 0.05
    static let patience = 8

    /// A deviation in seconds that is taken for rounding.
    let slack: Double
    private(set) var gaps = 0
    private(set) var overlaps = 0
    private var end: Double?
    private var deviations: [Double] = []

    /// - Parameter tick: the length of a tick of the stream's time base, in seconds.
    init(tick: Double) { slack = max(0.0015, 2 * tick) }

    /// Places a run of `duration` seconds whose timestamp says `stamp` seconds (nil: none).
    mutating func place(stamp: Double?, duration: Double) -> Placement {
        guard let expected = end else {
            let start = stamp ?? 0
            end = start + duration
            return .starts(at: start)
        }
        guard let stamp else {
            end = expected + duration
            return .follows
        }
        let deviation = stamp - expected
        var correction = 0.0
        if abs(deviation) > SoundClock.jump {
            correction = deviation
            deviations = []
        } else if abs(deviation) > slack {
            if let last = deviations.last, (last > 0) != (deviation > 0) { deviations = [] }
            deviations.append(deviation)
            if deviations.count == SoundClock.patience {
                correction = deviations.sorted()[SoundClock.patience / 2]
                deviations = []
            }
        } else {
            deviations = []
        }
        if correction == 0 {
            end = expected + duration
            return .follows
        }
        if correction > 0 {
            gaps += 1
            end = expected + correction + duration
            return .starts(at: expected + correction)
        }
        overlaps += 1
        // What was heard already is dropped; the timeline itself never runs backwards.
        end = max(expected, expected + correction + duration)
        return .overlaps(seconds: min(-correction, duration))
    }
}
