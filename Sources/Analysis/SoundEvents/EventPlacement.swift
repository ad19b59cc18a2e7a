import Foundation

/// The offset at which all events together fit the changes of the audio best.
struct EventPlacement {
    /// Seconds to add to the events' times.
    let offset: Double
    /// The mean share of an event's onset that a change explains there, 0 to 1, and at the best other offset.
    let support: Double
    let rival: Double

    private static let step = 0.01
    /// Deviation of annotators' onsets, in seconds.
    private static let deviation = 0.04
    private static let rivalDistance = 0.3
    /// Changes above this many decibels count the same.
    private static let enough = 8.0

    /// - Parameters:
    ///   - onsets: the stated onset of each event, with the candidates of its class.
    init?(_ onsets: [(time: Double, candidates: ChangeCandidates)], reach: Double) {
        guard !onsets.isEmpty else { return nil }
        let steps = Int(reach / EventPlacement.step)
        var curve = [Double](repeating: 0, count: 2 * steps + 1)
        for onset in onsets {
            // At every offset, the best-explained candidate of each event counts once.
            var own = [Double](repeating: 0, count: curve.count)
            for candidate in onset.candidates.near(onset.time - reach - 0.2, onset.time + reach + 0.2) {
                let place = (candidate.time - onset.time) / EventPlacement.step + Double(steps)
                let height = min(1, candidate.height / EventPlacement.enough)
                let low = max(0, Int(place) - 12)
                let high = min(curve.count - 1, Int(place) + 13)
                guard low <= high else { continue }
                for index in low...high {
                    let away = (Double(index) - place) * EventPlacement.step / EventPlacement.deviation
                    own[index] = max(own[index], height * exp(-0.5 * away * away))
                }
            }
            for index in curve.indices { curve[index] += own[index] / Double(onsets.count) }
        }
        // Smaller offsets first where they are equally good.
        let order = curve.indices.map {
            (index: $0, value: curve[$0] - 0.02 * abs(Double($0 - steps)) / Double(max(1, steps)))
        }
        guard let best = order.max(by: { $0.value < $1.value }) else { return nil }
        offset = Double(best.index - steps) * EventPlacement.step
        support = curve[best.index]
        rival =
            curve.indices.filter { abs(Double($0 - best.index)) * EventPlacement.step > EventPlacement.rivalDistance }
            .map { curve[$0] }.max() ?? 0
    }
}
