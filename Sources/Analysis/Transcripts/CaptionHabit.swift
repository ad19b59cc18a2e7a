import Foundation

/// The habit of captions, told apart from an error: they open a little before the speech and stay after it.
///
/// A cue that is wholly late or early has both edges late or early; a habit pushes them apart. The slack, how much
/// longer the cues last than their speech, does not depend on the offset: captions without slack have their edges on
/// the speech, with slack a small part of it lies before the speech and most of it after.
struct CaptionHabit {
    /// Seconds by which cues open before the speech and stay after it, once the offset is taken away.
    let lead: Double
    let linger: Double
    /// Seconds to add to the offset at which the edges were measured.
    let correction: Double
    /// Standard error of the correction.
    let error: Double
    let edges: Int

    /// Of small slack both edges take half; beyond twice this, in seconds, all of it is lingering.
    private static let usualLead = 0.06
    /// Captions that do not open with the speech do so by about this much, give or take; from practice guides (EBU,
    /// BBC, Netflix: on the first sound, or up to a quarter of a second before it).
    private static let leadDeviation = 0.05

    private static let largestShift = 0.4
    private static let largestError = 0.05

    /// - Parameter place: the offset in seconds at which the edges were measured; nil where there is more than one.
    init(_ measured: CueEdges, at place: Double?) {
        let slack = measured.lead + measured.linger
        let expected = slack <= 2 * CaptionHabit.usualLead ? slack / 2 : CaptionHabit.usualLead
        // What the cues open before the speech beyond the habit is their being early: add it.
        var shift = measured.lead - expected
        // Edges that contradict each other, or lie far from where everything else fits, were not the right ones.
        if slack < -0.1 || abs(shift) > CaptionHabit.largestShift || measured.leadError > CaptionHabit.largestError {
            correction = 0
            lead = measured.lead
            linger = measured.linger
            error = min(0.08, abs(shift) / 2)
            edges = 0
            return
        }
        var deviation =
            (measured.leadError * measured.leadError + measured.lingerError * measured.lingerError).squareRoot() / 2
        if slack > 2 * CaptionHabit.usualLead {
            let looseness = min(1, (slack - 2 * CaptionHabit.usualLead) / 0.3)
            // Within what people do there is no telling a habit from an error: no error is the likelier.
            let usual = 2 * CaptionHabit.leadDeviation * looseness
            if let place {
                let whole = place + shift
                if abs(whole) < usual {
                    shift = -place
                } else if abs(whole) < 2 * usual {
                    shift = (abs(whole) - usual) * 2 * (whole < 0 ? -1 : 1) - place
                }
            }
            deviation = (deviation * deviation + pow(CaptionHabit.leadDeviation * looseness, 2) / 2).squareRoot()
        }
        correction = shift
        lead = measured.lead - shift
        linger = measured.linger + shift
        error = deviation
        edges = measured.starts + measured.ends
    }
}
