import Foundation
import SignalCore

/// The habit of captions, as opposed to an error: they open slightly before the speech and stay after it.
///
/// A cue that is wholly late or early has both edges late or early; a habit widens the cue. The slack, how much longer
/// the cues last than their speech, does not depend on the offset: captions without slack have their edges at the
/// speech; with slack, a small part of it is before the speech and most of it after. Cues that last until the next
/// begin with their speech. Times in whole seconds were truncated.
///
/// Nothing of it depends on the offset: a moved text is measured as moved by exactly that.
struct CaptionHabit {
    /// Seconds by which cues open before the speech and stay after it, after removal of the offset.
    let lead: Double
    let linger: Double
    /// Seconds to add to the stated times, at the middle of the text.
    let offset: Double
    /// Standard error of it.
    let error: Double
    let edges: Int
    /// Scatter of single cues around the common offset, in seconds: the precision of the times.
    let scatter: Double
    /// The share of edges that are sharp because of silence.
    let sharpness: Double
    /// The common uncertainty of edges, in seconds, if other sounds surround the words.
    let blur: Double

    /// Small slack is divided equally; beyond twice this, in seconds, most of it is lingering.
    private static let usualLead = 0.06
    /// The share of the further slack that is before the speech, and the largest lead that is a habit, in seconds.
    private static let shareOfSlack = 0.12
    private static let mostLead = 0.15
    /// Cues that stay until the next.
    private static let contiguousLead = 0.02
    /// Typical lead of captions that do not open with the speech; from practice guides (EBU, BBC, Netflix: on the first
    /// audio, or up to a quarter of a second before it).
    private static let leadDeviation = 0.03
    /// Times truncated to a grid are early by half of its step on average; rounded ones are not. Truncated ones are by
    /// far more common.
    private static let shareOfGrid = 0.45
    private static let gridDeviation = 0.14
    /// The least error of an edge, in seconds.
    private static let leastSpread = 0.02

    /// Weights and thresholds of the audio's clarity and the sharpness of its edges for `blur`; fitted to recordings
    /// with music, voices and noise, by telephone and in a hall, against the clean recordings.
    private static let clear = 0.95
    private static let blurOfClarity = 0.4
    private static let sharp = 0.65
    private static let blurOfSharpness = 0.2
    /// A larger scatter of edges, in seconds, means that not all were found.
    private static let mostScatter = 0.2
    private static let shareOfScatter = 0.4
    /// The scatter of times truncated to a grid, relative to its step.
    private static let scatterOfGrid = 0.37

    /// - Parameters:
    ///   - starts: offset from each cue's start to its speech, in seconds.
    ///   - ends: the same of its end.
    ///   - sharpness: the share of edges that are sharp because of silence.
    ///   - clarity: information per frame of speech, in nats.
    init?(starts: [Double], ends: [Double], style: CueStyle, sharpness: Double, clarity: Double) {
        guard let start = CaptionHabit.middle(starts, of: style), let end = CaptionHabit.middle(ends, of: style) else {
            return nil
        }
        let slack = start.value - end.value
        let usual = CaptionHabit.usualLead
        var expected = min(slack / 2, usual)
        if slack > 2 * usual {
            expected = min(CaptionHabit.mostLead, usual + CaptionHabit.shareOfSlack * (slack - 2 * usual))
        }
        if style.isContiguous { expected = min(expected, CaptionHabit.contiguousLead) }
        let looseness = min(1, max(0, (slack - 2 * usual) / 0.3))
        var variance = start.error * start.error
        if slack <= 2 * usual { variance = (variance + end.error * end.error) / 4 }
        let habit = CaptionHabit.leadDeviation * looseness
        variance += habit * habit / 2
        if let grid = style.grid { variance += grid * grid * CaptionHabit.gridDeviation * CaptionHabit.gridDeviation }
        offset = start.value - expected - CaptionHabit.shareOfGrid * (style.grid ?? 0)
        lead = start.value - offset
        linger = offset - end.value
        edges = starts.count + ends.count
        self.sharpness = sharpness
        scatter = style.isContiguous || slack > 2 * usual ? start.spread : min(start.spread, end.spread)
        let unclear = min(0.06, max(0, CaptionHabit.clear - clarity) * CaptionHabit.blurOfClarity)
        let unsharp = max(0, CaptionHabit.sharp - sharpness) * CaptionHabit.blurOfSharpness
        blur = (unclear * unclear + unsharp * unsharp).squareRoot()
        let stray = max(0, scatter - CaptionHabit.mostScatter - CaptionHabit.scatterOfGrid * (style.grid ?? 0))
        let lost = CaptionHabit.shareOfScatter * stray
        error = (variance + blur * blur + lost * lost).squareRoot()
    }

    /// The deviation of values by the median absolute deviation; nil without values.
    static func spread(_ values: [Double]) -> Double? {
        let floats = values.map { Float($0) }
        guard let median = Standardisation.percentile(floats, 0.5) else { return nil }
        let deviations = floats.map { abs($0 - Float(median)) }
        return max(leastSpread, 1.4826 * Double(Standardisation.percentile(deviations, 0.5) ?? 1))
    }

    /// Huber's mean, with its error; for times on a coarse grid, which are uniform over its step, the plain mean.
    private static func middle(_ values: [Double], of style: CueStyle) -> (
        value: Double, error: Double, spread: Double
    )? {
        guard let spread = spread(values), let median = Standardisation.percentile(values.map { Float($0) }, 0.5)
        else { return nil }
        let grid = style.grid ?? 0
        var value = median
        var error = spread / Double(max(1, values.count)).squareRoot()
        for _ in 0..<10 {
            let residuals = values.map { $0 - value }
            let weights = residuals.map { residual -> Double in
                if grid > 0.2 { return abs(residual) <= grid ? 1 : 0 }
                return abs(residual) > 4 * spread ? 0 : min(1, 1.345 * spread / max(abs(residual), 1e-9))
            }
            let whole = weights.reduce(0, +)
            guard whole > 0 else { break }
            let move = zip(residuals, weights).reduce(0) { $0 + $1.0 * $1.1 } / whole
            let square = zip(residuals, weights).reduce(0) { $0 + ($1.0 - move) * ($1.0 - move) * $1.1 * $1.1 }
            value += move
            error = max(leastSpread, (square / whole).squareRoot()) / whole.squareRoot()
            if abs(move) < 1e-6 { break }
        }
        // With few edges the error itself is uncertain (approximately Student 1908); that of a grid is known.
        let student = grid > 0.2 ? 1 : 1 + 1.5 / Double(max(1, values.count - 1))
        return (value, error * student, spread)
    }
}
