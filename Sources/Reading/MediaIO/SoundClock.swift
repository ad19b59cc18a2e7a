/// Places runs of decoded audio on the presentation timeline, from timestamps.
///
/// Timestamps jitter because of rounding and imprecise muxers, while the samples themselves are contiguous. So a run
/// continues the previous one as long as its timestamp agrees; it is moved
/// - at once, if the timestamp jumps by more than `jump`: a gap or an overlap; a forward jump by more than `leap` needs
///   confirmation by the next run, so that one bad timestamp moves nothing;
/// - at once and by any amount, if something was lost just before;
/// - by the median deviation, if `patience` consecutive runs deviate to the same side by more than `slack`: clock
///   drift.
struct SoundClock {
    /// What to do with a run of samples.
    enum Placement: Equatable {
        /// It continues the previous run.
        case follows
        /// It restarts at this time in seconds.
        case starts(at: Double)
        /// Its first seconds repeat earlier audio.
        case overlaps(seconds: Double)
        /// Its timestamp is far ahead without confirmation: it is skipped.
        case doubtful
    }

    /// Deviation in seconds beyond which timestamps are believed at once.
    static let jump = 0.05
    static let patience = 8
    /// Maximum credible forward jump of a single timestamp, in seconds.
    static let leap = 1.0

    /// Deviation in seconds that is attributed to rounding.
    let slack: Double
    private(set) var gaps = 0
    private(set) var overlaps = 0
    private var end: Double?
    private var deviations: [Double] = []
    /// The end of a run whose timestamp jumped forward, to be confirmed by the next run.
    private var claimed: Double?
    /// Whether something was skipped or lost, so that the next run need not be contiguous.
    private var isUnsure = false

    /// - Parameter tick: the tick of the stream's time base, in seconds.
    init(tick: Double) { slack = max(0.0015, 2 * tick) }

    /// Places a run of `duration` seconds with the timestamp `stamp` in seconds (nil: none).
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

    /// Reports that audio was lost before the next run, such as an undecodable packet.
    mutating func expectLoss() { isUnsure = true }

    /// The correction for a run with this deviation.
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
        // Repeated audio is dropped; the timeline never runs backwards.
        end = max(expected, expected + correction + duration)
        isUnsure = -correction >= duration
        return .overlaps(seconds: min(-correction, duration))
    }
}
