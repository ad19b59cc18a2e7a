import Foundation
import SignalCore

/// Candidate offsets of a transcript, by its words and its times together.
///
/// The words are aligned with the audio (`SpokenSearch`); if a recording's pauses match those of the text, the times
/// alone give the same offset (`OffsetSearch`).
struct OffsetCandidates {
    /// Heights of the words' curve in its deviations; 0 where only times were examined.
    let best: OffsetCandidate
    /// Margin of the words' curve over other words anywhere in the range, in its deviations; nil if not tried.
    let margin: Double?
    /// The result of the times alone at factor 1.
    let timing: OffsetCandidate?

    /// Texts of fewer words are searched by their times alone.
    static let leastWords = 40
    /// Budget of the search in path steps (frames times states), and of all other words together.
    private static let budget = 1.5e8
    private static let controlBudget = 3e8
    private static let controls = 8
    /// The least number of aligned segments.
    private static let leastStretches = 24
    /// Weight of the times' height relative to the words': large if each word has a time.
    private static let weightOfWords = 1.0
    private static let weightOfCues = 0.5
    private static let mostTiming = 12.0
    /// A frame rate other than the text's must fit better by this many deviations, and needs a minute of text.
    private static let priceOfRate = 3.0
    static let secondsForRate = 60.0

    init?(
        _ units: [SpokenUnit], _ stretches: [Stretch], isWords: Bool, scores: SpeechScores, reach: Double, seed: UInt64
    ) {
        let search = OffsetSearch(scores, reach: reach)
        let timings = search.candidates(units)
        timing = timings.first { $0.candidate.factor == 1 }?.candidate
        let words = stretches.reduce(0) { $0 + $1.words.count }
        guard words >= OffsetCandidates.leastWords else {
            guard let first = timing ?? timings.first?.candidate else { return nil }
            best = OffsetCandidate(
                offset: first.offset, factor: first.factor, rateName: first.rateName, height: 0, rival: 0)
            margin = nil
            return
        }
        let chosen = OffsetCandidates.sample(stretches, scores, reach)
        let factors = timings.map { (factor: $0.candidate.factor, name: $0.candidate.rateName) }
        let spoken = SpokenSearch(chosen, sound: scores, reach: reach, factors: factors)
        let weight = isWords ? OffsetCandidates.weightOfWords : OffsetCandidates.weightOfCues
        var found: [(value: Double, candidate: OffsetCandidate)] = []
        let plain = spoken.deviation
        let apart = Int((1.5 + spoken.room) / SpokenSearch.binSeconds)
        for timing in timings {
            let (factor, heights) = (timing.candidate.factor, timing.heights)
            let values = spoken.heights(factor, deviation: plain)
            var (top, highest) = (0, -Double.infinity)
            for place in 0..<values.count {
                let time = place < heights.count ? heights[place].map(Double.init) ?? 0 : 0
                let total = values[place] + weight * min(OffsetCandidates.mostTiming, time)
                if total > highest { (top, highest) = (place, total) }
            }
            guard highest.isFinite else { continue }
            let rival = OffsetCandidate.highest(values, apartFrom: top, by: apart)
            let price = factor == 1 ? 0 : OffsetCandidates.priceOfRate
            found.append(
                (
                    highest - price,
                    OffsetCandidate(
                        offset: Double(top - values.count / 2) * SpokenSearch.binSeconds, factor: factor,
                        rateName: timing.candidate.rateName, height: values[top], rival: max(0, rival))
                ))
        }
        guard let first = found.max(by: { $0.value < $1.value })?.candidate else { return nil }
        best = first
        let cost = OffsetCandidates.cost(chosen, scores, reach)
        guard cost * Double(OffsetCandidates.controls) <= OffsetCandidates.controlBudget else {
            margin = nil
            return
        }
        var generator = SplitMix64(seed: seed)
        var sum = 0.0
        for _ in 0..<OffsetCandidates.controls {
            let others = chosen.indices.map { index in
                var other = chosen[index]
                other.words = Stretch.others(than: index, chosen, &generator)
                return other
            }
            let control = SpokenSearch(others, sound: scores, reach: reach, factors: [(first.factor, nil)])
            sum += control.heights(first.factor, deviation: plain).max() ?? 0
        }
        margin = first.height - sum / Double(OffsetCandidates.controls)
    }

    private static func cost(_ stretches: [Stretch], _ scores: SpeechScores, _ reach: Double) -> Double {
        stretches.reduce(0.0) { sum, stretch in
            let window = min(Double(scores.frames), (2 * reach + stretch.end - stretch.start) * SpeechScores.rate)
            return sum + window * Double(stretch.letters + stretch.words.count)
        }
    }

    /// As many segments as the budget allows, spread over the transcript; long ones preferred.
    static func sample(_ stretches: [Stretch], _ scores: SpeechScores, _ reach: Double) -> [Stretch] {
        let cost = cost(stretches, scores, reach)
        guard cost > budget, stretches.count > leastStretches else { return stretches }
        let count = max(leastStretches, Int(Double(stretches.count) * budget / cost))
        let step = Double(stretches.count) / Double(count)
        return (0..<count).map { part in
            let run = stretches[
                Int(Double(part) * step)..<max(Int(Double(part) * step) + 1, Int(Double(part + 1) * step))]
            let ordered = run.sorted { $0.letters < $1.letters }
            return ordered[ordered.count * 2 / 3]
        }
    }
}
