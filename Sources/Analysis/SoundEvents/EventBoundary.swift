import Foundation

/// The change of the sound that a stated boundary means: the nearest strong one, with how sure it is that it is that
/// one.
struct EventBoundary {
    /// Seconds from the stated boundary to the sound's; positive: the sound's comes later.
    let residual: Double
    /// Decibels, the weighted mean over the bands.
    let height: Double
    /// The share of all chances that this change has, 0 to 1.
    let trust: Double

    /// How far a change is looked for, in seconds.
    static let reach = 0.9
    /// How much likelier a change makes itself by its height, and how much less by its distance: decibels, deviations
    /// of what the course does where nothing happens, and seconds, each a nat; no height counts more than so many nats.
    private static let heightScale = 0.5
    private static let deviations = 0.8
    private static let distanceScale = 0.15
    private static let mostHeight = 8.0
    /// That none of the changes is meant, in nats, at the stated place.
    private static let none = 2.0

    init?(stated: Double, offset: Double, low: Double, high: Double, candidates: ChangeCandidates) {
        let place = stated + offset
        var best: (candidate: ChangeCandidates.Candidate, score: Double)?
        var total = exp(EventBoundary.none)
        // Changes within 60 ms of each other are one to an annotator.
        var scores: [(time: Double, score: Double)] = []
        let scale = max(EventBoundary.heightScale, EventBoundary.deviations * candidates.deviation)
        for candidate in candidates.near(max(place - EventBoundary.reach, low), min(place + EventBoundary.reach, high))
        {
            let score =
                min(EventBoundary.mostHeight, candidate.height / scale) - abs(candidate.time - place)
                / EventBoundary.distanceScale
            total += exp(score)
            scores.append((candidate.time, score))
            if best.map({ score > $0.score }) ?? true { best = (candidate, score) }
        }
        guard let best else { return nil }
        residual = best.candidate.time - stated
        height = best.candidate.height
        let same = scores.filter { abs($0.time - best.candidate.time) < 0.06 }.reduce(0) { $0 + exp($1.score) }
        trust = same / total
    }
}
