import Foundation
import SignalCore

/// Where a transcript may lie, by its words and by its times together.
///
/// The words are laid on the sound (`SpokenSearch`); where a recording's pauses are those of the text, the times alone
/// point to the same place (`OffsetSearch`).
struct OffsetCandidates {
    /// Heights of the words' curve in its deviations; 0 where only times were looked at.
    let best: OffsetCandidate
    /// How far the words' curve reaches above what other words reach anywhere in the range, in its deviations; nil
    /// where that was not tried.
    let margin: Double?
    /// What the times alone say at factor 1.
    let timing: OffsetCandidate?

    /// Texts of fewer words are looked for by their times alone.
    static let leastWords = 40
    /// Steps of paths, frames times states, that the search may take, and all other words together.
    private static let budget = 1.5e8
    private static let controlBudget = 3e8
    private static let controls = 8
    /// Stretches that are laid at least.
    private static let leastStretches = 24
    /// How much a height of the times counts beside one of the words: much where each word has its own.
    private static let weightOfWords = 1.0
    private static let weightOfCues = 0.5
    private static let mostTiming = 12.0
    /// A frame rate other than the text's own has to fit better by so many deviations, and needs a minute of text.
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

    /// So many stretches as the budget allows, spread over the transcript; long ones rather than short ones.
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
