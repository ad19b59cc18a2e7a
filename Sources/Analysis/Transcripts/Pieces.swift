import Foundation
import SignalCore

/// Segments of a transcript with separate offsets: material was cut from the recording, or inserted.
///
/// If the words of several consecutive cues do not fit at the offset of the others, they are searched in the whole
/// range. A segment is accepted if they fit better than other words anywhere, better than they do elsewhere, and better
/// than at the common offset: repeated text or a recogniser's inventions are not segments. A run that is not heard
/// where it should be and fits one other position, but not well enough for proof, is suspect.
struct Pieces {
    struct Piece {
        var stretches: Range<Int>
        /// Seconds after the factor.
        var offset: Double
    }

    /// What the words of one transcript fall into.
    struct Found {
        /// In order, each of at least one cue.
        var pieces: [Piece]
        /// Runs that are probably elsewhere, at the offset that they fit best.
        var suspects: [Piece]
    }

    /// How surely the words of a run lie at another offset.
    private struct Elsewhere {
        let offset: Double
        let isProved: Bool
    }

    private let stretches: [Stretch]
    private let sound: SpeechScores
    private let reach: Double
    private let factor: Double

    /// Least log-likelihood ratio, in nats, for a run not to be heard.
    private static let leastDoubt = 6.0
    /// Least deviations by which segments of right words stand out; otherwise nothing can be determined.
    private static let leastAdvantage = 0.5
    private static let leastStretches = 2
    private static let leastLetters = 30
    /// At the beginning and the end of a text, where titles, credits and inventions stand.
    private static let leastStretchesAtEdge = 4
    private static let leastLettersAtEdge = 80
    /// Margin of a segment's curve over those of other words, in deviations; fit of its words there.
    private static let leastMargin = 3.0
    private static let leastScore = 3.5
    /// The same of a run that is suspect.
    private static let leastSuspectMargin = 1.0
    private static let leastSuspectScore = 2.5
    /// Largest ratio of a run's second position to its best.
    private static let mostRival = 0.75
    private static let controls = 6
    private static let mostSearched = 40
    private static let deepest = 6
    /// Search range around a segment, in seconds.
    private static let room = 0.4
    /// The least step.
    private static let leastStep = 0.25

    init(_ stretches: [Stretch], sound: SpeechScores, reach: Double, factor: Double) {
        self.stretches = stretches
        self.sound = sound
        self.reach = reach
        self.factor = factor
    }

    /// The segments; only one if all words fit at the common offset, or nothing else is proved.
    ///
    /// - Parameter line: the offset in seconds at a time after the factor.
    func found(_ line: (Double) -> Double) -> Found {
        let middle = stretches.indices.count / 2
        let whole = Piece(stretches: stretches.indices, offset: line(stretches[middle].middle * factor))
        var suspects: [Piece] = []
        var pieces = split(whole, line, depth: 0, &suspects)
        guard pieces.count > 1 else { return Found(pieces: pieces, suspects: suspects) }
        for border in 1..<pieces.count { refine(&pieces, border) }
        return Found(pieces: pieces.filter { !$0.stretches.isEmpty }, suspects: suspects)
    }

    private func split(
        _ piece: Piece, _ line: (Double) -> Double, depth: Int, _ suspects: inout [Piece]
    ) -> [Piece] {
        guard depth < Pieces.deepest else { return [piece] }
        let factor = factor
        guard
            let fit = WordFit(
                stretches, chosen: Array(piece.stretches), sound: sound, room: Pieces.room, seed: 11,
                place: { $0 * factor + line($0 * factor) })
        else { return [piece] }
        var result: [Piece] = []
        var start = piece.stretches.lowerBound
        let heard = Set(fit.places.map(\.stretch))
        for unheard in Pieces.unheard(fit) {
            // What is outside the audio is not heard either.
            var run = unheard
            while run.lowerBound > start, !heard.contains(run.lowerBound - 1) {
                run = run.lowerBound - 1..<run.upperBound
            }
            while run.upperBound < piece.stretches.upperBound, !heard.contains(run.upperBound) {
                run = run.lowerBound..<run.upperBound + 1
            }
            guard let elsewhere = place(run, line) else { continue }
            guard elsewhere.isProved else {
                suspects.append(Piece(stretches: run, offset: elsewhere.offset))
                continue
            }
            if run.lowerBound > start { result.append(Piece(stretches: start..<run.lowerBound, offset: piece.offset)) }
            result += split(
                Piece(stretches: run, offset: elsewhere.offset), { _ in elsewhere.offset }, depth: depth + 1, &suspects)
            start = run.upperBound
        }
        if start < piece.stretches.upperBound {
            result.append(Piece(stretches: start..<piece.stretches.upperBound, offset: piece.offset))
        }
        // Neighbours with equal offsets are merged.
        return result.reduce(into: []) { merged, next in
            if let last = merged.last, abs(last.offset - next.offset) < Pieces.leastStep {
                merged[merged.count - 1].stretches = last.stretches.lowerBound..<next.stretches.upperBound
            } else {
                merged.append(next)
            }
        }
    }

    /// Runs of cues that are likelier not to be heard at the common offset.
    private static func unheard(_ fit: WordFit) -> [Range<Int>] {
        let advantages = fit.places.map { Float($0.advantage) }
        guard let usual = Standardisation.percentile(advantages, 0.6), Double(usual) >= leastAdvantage else {
            return []
        }
        var result: [Range<Int>] = []
        func look(_ range: Range<Int>) {
            // The run with the largest sum (Kadane).
            var (sum, start, best, run) = (0.0, range.lowerBound, 0.0, range.lowerBound..<range.lowerBound)
            for index in range {
                if sum <= 0 { (sum, start) = (0, index) }
                sum += Double(usual) * Double(usual) / 2 - Double(usual) * fit.places[index].advantage
                if sum > best { (best, run) = (sum, start..<index + 1) }
            }
            guard best >= leastDoubt, run.count >= leastStretches else { return }
            if run.lowerBound > range.lowerBound { look(range.lowerBound..<run.lowerBound) }
            result.append(fit.places[run.lowerBound].stretch..<fit.places[run.upperBound - 1].stretch + 1)
            if run.upperBound < range.upperBound { look(run.upperBound..<range.upperBound) }
        }
        look(0..<fit.places.count)
        return result
    }

    /// The other offset at which a run is heard, if there is one.
    private func place(_ run: Range<Int>, _ line: (Double) -> Double) -> Elsewhere? {
        let factor = factor
        let isAtEdge = run.lowerBound == 0 || run.upperBound == stretches.count
        let letters = run.reduce(0) { $0 + stretches[$1].letters }
        guard run.count >= Pieces.leastStretches, letters >= Pieces.leastLetters else { return nil }
        let isLong =
            !isAtEdge || run.count >= Pieces.leastStretchesAtEdge && letters >= Pieces.leastLettersAtEdge
        let step = max(1, Double(run.count) / Double(Pieces.mostSearched))
        let part = stride(from: 0.0, to: Double(run.count), by: step).map { stretches[run.lowerBound + Int($0)] }
        let search = SpokenSearch(part, sound: sound, reach: reach, factors: [(factor, nil)])
        let deviation = search.deviation
        let values = search.heights(factor, deviation: deviation)
        guard let top = values.indices.max(by: { values[$0] < values[$1] }) else { return nil }
        let offset = Double(top - values.count / 2) * SpokenSearch.binSeconds
        let here = line(stretches[(run.lowerBound + run.upperBound) / 2].middle * factor)
        guard abs(offset - here) > Pieces.leastStep else { return nil }
        let apart = Int((1.5 + search.room) / SpokenSearch.binSeconds)
        guard OffsetCandidate.highest(values, apartFrom: top, by: apart) < Pieces.mostRival * values[top] else {
            return nil
        }
        var generator = SplitMix64(seed: 17)
        let others = (0..<Pieces.controls).map { _ in
            let other = part.indices.map { index in
                var changed = part[index]
                let own = stretches.firstIndex { $0.start == changed.start } ?? 0
                changed.words = Stretch.others(than: own, stretches, &generator)
                return changed
            }
            return SpokenSearch(other, sound: sound, reach: reach, factors: [(factor, nil)])
                .heights(factor, deviation: deviation).max() ?? 0
        }
        let margin = values[top] - others.reduce(0, +) / Double(Pieces.controls)
        guard margin >= Pieces.leastSuspectMargin else { return nil }
        func score(_ line: (Double) -> Double) -> Double {
            WordFit(
                stretches, chosen: Array(run), sound: sound, room: Pieces.room, seed: 13,
                place: { $0 * factor + line($0 * factor) })?.score ?? 0
        }
        let there = score { _ in offset }
        let gain = there - max(0, score { line($0) })
        guard there >= Pieces.leastSuspectScore, gain >= Pieces.leastSuspectScore - 1 else { return nil }
        return Elsewhere(
            offset: offset,
            isProved: isLong && margin >= Pieces.leastMargin && there >= Pieces.leastScore
                && gain >= Pieces.leastScore - 1)
    }

    /// Moves the border before a segment to where the words on both sides fit best.
    private func refine(_ pieces: inout [Piece], _ border: Int) {
        let (before, after) = (pieces[border - 1], pieces[border])
        let low = max(before.stretches.lowerBound + 1, after.stretches.lowerBound - 4)
        let high = min(after.stretches.upperBound - 1, after.stretches.lowerBound + 4)
        guard low < high else { return }
        func score(_ index: Int, _ offset: Double) -> Double {
            let stretch = stretches[index]
            let from = Int((stretch.start * factor + offset - Pieces.room) * SpeechScores.rate)
            let to = Int((stretch.end * factor + offset + Pieces.room) * SpeechScores.rate)
            guard from < to else { return 0 }
            return WordPath(stretch.words)?.ends(sound, in: from..<to).best?.score ?? -100
        }
        // The gain of assigning each cue to the segment before.
        let gains = (low..<high).map { score($0, before.offset) - score($0, after.offset) }
        var (sum, best, place) = (0.0, 0.0, low)
        for (index, gain) in gains.enumerated() {
            sum += gain
            if sum > best { (best, place) = (sum, low + index + 1) }
        }
        pieces[border - 1].stretches = before.stretches.lowerBound..<place
        pieces[border].stretches = place..<after.stretches.upperBound
    }
}
