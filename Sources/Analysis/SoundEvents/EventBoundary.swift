import Foundation

/// The change of the audio that a stated boundary refers to: the nearest strong one, with its probability.
struct EventBoundary {
    /// Seconds from the stated boundary to the sound's; positive: the change is later.
    let residual: Double
    /// Decibels, the weighted mean over the bands.
    let height: Double
    /// The probability of this change among all candidates, 0 to 1.
    let trust: Double

    /// Search range for a change, in seconds.
    static let reach = 0.9
    /// Weights of height and distance of a change: the decibels, the deviations of the quiet signal and the seconds
    /// that count one nat each; the most nats that a height counts.
    private static let heightScale = 0.5
    private static let deviations = 0.8
    private static let distanceScale = 0.15
    private static let mostHeight = 8.0
    /// Weight of "none of the changes", in nats, at the stated time.
    private static let none = 2.0

    init?(stated: Double, offset: Double, low: Double, high: Double, candidates: ChangeCandidates) {
        let place = stated + offset
        var best: (candidate: ChangeCandidates.Candidate, score: Double)?
        var total = exp(EventBoundary.none)
        // Annotators perceive changes within 60 ms of each other as one.
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
