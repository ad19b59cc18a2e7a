/// Places runs of decoded sound on the presentation timeline, from timestamps.
///
/// Timestamps jitter by their own rounding and by sloppy writers, while the samples themselves follow one another
/// exactly. So a run goes on where the last one ended as long as its timestamp agrees; it is moved
/// - at once, where the timestamp jumps by more than `jump`: a gap or an overlap;
///   Where it leaps forward by more than `leap`, the next run has to confirm it, so that one bad timestamp moves
///   nothing;
/// - at once and by any amount, where something was lost just before;
/// - by the median deviation, where `patience` runs in a row lie off to the same side by more than `slack`: a clock
///   that drifts.
struct SoundClock {
    /// What to do with a run of samples.
    enum Placement: Equatable {
        /// It goes on where the last one ended.
        case follows
        /// It starts anew at this time in seconds.
        case starts(at: Double)
        /// Its first samples, so many seconds, were heard already.
        case overlaps(seconds: Double)
        /// Its timestamp is far ahead of all that was heard and nothing confirms it yet: it is left out.
        case doubtful
    }

    /// A deviation in seconds beyond which timestamps are believed at once.
    static let jump = 0.05
    static let patience = 8
    /// A jump forward in seconds beyond which one timestamp alone is not believed.
    static let leap = 1.0

    /// A deviation in seconds that is taken for rounding.
    let slack: Double
    private(set) var gaps = 0
    private(set) var overlaps = 0
    private var end: Double?
    private var deviations: [Double] = []
    /// Where a run would end whose timestamp leapt forward: the next run confirms it or not.
    private var claimed: Double?
    /// Something was left out or lost, so that the next run need not follow the last.
    private var isUnsure = false

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
        if deviation > SoundClock.leap, claimed.map({ abs(stamp - $0) > SoundClock.jump }) ?? true {
            claimed = stamp + duration
            isUnsure = true
            return .doubtful
        }
        claimed = nil
        return move(by: correction(deviation), from: expected, duration)
    }

    /// Tells that sound was lost before the next run, such as a packet that could not be decoded.
    mutating func expectLoss() { isUnsure = true }

    /// How far a run is moved whose timestamp deviates so much.
    private mutating func correction(_ deviation: Double) -> Double {
        guard abs(deviation) > slack else {
            deviations = []
            return 0
        }
        if isUnsure || abs(deviation) > SoundClock.jump {
            deviations = []
            return deviation
        }
        if let last = deviations.last, (last > 0) != (deviation > 0) { deviations = [] }
        deviations.append(deviation)
        guard deviations.count == SoundClock.patience else { return 0 }
        let median = deviations.sorted()[SoundClock.patience / 2]
        deviations = []
        return median
    }

    private mutating func move(by correction: Double, from expected: Double, _ duration: Double) -> Placement {
        isUnsure = false
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
        isUnsure = -correction >= duration
        return .overlaps(seconds: min(-correction, duration))
    }
}
