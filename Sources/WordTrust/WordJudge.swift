import Foundation
public import SyncModel

/// What was found about the items of a transcript one by one.
public struct WordReport: Sendable {
    /// In the order of the items that were looked at.
    public var items: [ItemTrust]
    /// Seconds that all items have in common, by the name of the aligner: positive, the text is early.
    public var common: [(aligner: String, seconds: Double)]
    /// Speech where the words leave a hole, in the recording's time.
    public var gaps: [TimeSpan]
    /// The aligners that were asked.
    public var aligners: [String]
    /// Items that were aligned, and those of them about which nothing can be said.
    public var looked: Int
    public var untold: Int
    public var secondsLookedAt: Double
}

/// Holds stated words against those that aligners find.
///
/// An item is called moved, or its text wrong, only where two aligners say so; where one alone knows the language it can only be doubtful.
public struct WordJudge {
    private let aligners: [any SpeechAlignment]
    /// Seconds of passages that are looked at, spread over the transcript; nil: all.
    private let budget: Double?

    public init(aligners: [any SpeechAlignment], budgetSeconds: Double?) {
        self.aligners = aligners
        budget = budgetSeconds
    }

    /// - Parameters:
    ///   - stated: in the order in which they are spoken, which is the file's: a moved word may be stated before or after its neighbours.
    ///   - areCues: items are cues: their edges are loose by habit.
    ///   - language: BCP 47.
    public func report(_ stated: [StatedItem], areCues: Bool, language: String, sound: KeptSound) -> WordReport {
        let able = aligners.filter { $0.speaks(language) }
        var report = WordReport(items: [], common: [], gaps: [], aligners: able.map(\.name), looked: 0, untold: 0, secondsLookedAt: 0)
        guard !able.isEmpty else { return report }
        let passages = chosen(Passage.of(stated, single: areCues))
        var aligned: [AlignedPassage] = []
        for passage in passages {
            guard let part = sound.part(from: passage.start - Passage.room, to: passage.end + Passage.room) else { continue }
            let asked = SpokenPassage(words: passage.words, language: language, samples: part.samples)
            report.secondsLookedAt += asked.seconds
            aligned.append(AlignedPassage(passage, answers: able.map { $0.align(asked) }, soundStart: part.start))
        }
        let edges = able.indices.map { aligner in EdgeStatistics(aligned.flatMap { $0.differences(aligner) }, loose: areCues) }
        report.common = zip(able, edges).compactMap { aligner, edges in edges.map { (aligner.name, $0.common) } }
        for passage in aligned {
            for (place, item) in passage.passage.items.enumerated() {
                let trust = judged(item, place, passage, edges)
                report.looked += 1
                if trust.trust == nil { report.untold += 1 }
                report.items.append(trust)
            }
        }
        if !areCues {
            let unsure = Set(report.items.filter { ($0.trust ?? 1) < 0.5 }.map(\.index))
            report.gaps = aligned.flatMap { passage in
                sound.part(from: passage.passage.start, to: passage.passage.end).map { passage.holes($0.samples, start: $0.start, unsure: unsure) } ?? []
            }
        }
        return report
    }

    private func judged(_ item: StatedItem, _ place: Int, _ passage: AlignedPassage, _ edges: [EdgeStatistics?]) -> ItemTrust {
        var result = ItemTrust(index: item.index, move: nil, trust: nil, flags: [])
        let answers = passage.answers
        let told = answers.compactMap { $0 }
        let needed = answers.count
        // Other words: every aligner that knows the language answers, one says so, and none says the contrary.
        if needed >= 2, told.count == needed, told.allSatisfy({ $0.isRightText != true }), told.contains(where: { $0.isRightText == false }) {
            result.trust = 0.02
            result.flags = [.wrongText]
            return result
        }
        guard told.count == needed, told.allSatisfy({ $0.isRightText != false }), told.contains(where: { $0.isRightText == true }) else { return result }
        let moves = edges.indices.compactMap { aligner in edges[aligner].flatMap { edges in passage.move(place, aligner, edges.common).map { ($0, edges.spread) } } }
        guard moves.count == needed, !moves.isEmpty else { return result }
        let chance = MoveChance(moves.map { .init(move: $0.0, spread: $0.1) }, loose: edges.contains { $0?.isLoose == true })
        result.trust = chance.trust
        result.move = moves.map(\.0).min { abs($0) < abs($1) }
        if chance.isMoved, needed >= 2 { result.flags = [.moved] } else if needed >= 2 ? chance.trust < 0.3 : chance.isDoubtful { result.flags = [.doubtful] }
        return result
    }

    /// Passages within the budget, evenly spread.
    private func chosen(_ passages: [Passage]) -> [Passage] {
        guard let budget else { return passages }
        let whole = passages.reduce(0) { $0 + $1.end - $1.start + 2 * Passage.room }
        guard whole > budget else { return passages }
        let share = budget / whole
        var (due, result) = (0.0, [Passage]())
        for passage in passages {
            due += share
            if due >= 1 {
                due -= 1
                result.append(passage)
            }
        }
        return result
    }
}
