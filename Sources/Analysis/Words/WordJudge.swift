import Foundation
public import SyncModel

/// The results for the single items of a transcript.
public struct WordReport: Sendable {
    /// In the order of the items that were examined.
    public var items: [ItemTrust]
    /// Common offset of all items in seconds, by the name of the aligner; positive: the text is early.
    public var common: [(aligner: String, seconds: Double)]
    /// Speech in gaps between the words, in the recording's time.
    public var gaps: [TimeSpan]
    /// The aligners that were used.
    public var aligners: [String]
    /// Number of aligned items, and of those without a result.
    public var looked: Int
    public var untold: Int
    public var secondsLookedAt: Double
}

/// Compares stated words with those that aligners find.
///
/// An item is reported as moved, or its text as wrong, only if two aligners agree; if only one supports the language it
/// can only be doubtful.
public struct WordJudge {
    private let aligners: [any SpeechAlignment]
    /// Seconds of passages that are examined; nil: all.
    private let budget: Double?

    /// - Parameter aligners: the cheapest first, which selects passages for the others if not all is examined.
    public init(aligners: [any SpeechAlignment], budgetSeconds: Double?) {
        self.aligners = aligners
        budget = budgetSeconds
    }

    /// - Parameters:
    ///   - stated: in the order in which they are spoken, that of the file: a moved word may be stated before or after
    ///     its neighbours.
    ///   - areCues: items are cues: their edges are loose by habit.
    ///   - language: BCP 47.
    public func report(_ stated: [StatedItem], areCues: Bool, language: String, sound: KeptSound) -> WordReport {
        let able = aligners.filter { $0.speaks(language) }
        let items = stated.filter { $0.end > $0.start && !$0.words.isEmpty && $0.end - $0.start < 30 }
        guard !able.isEmpty, !items.isEmpty else {
            return WordReport(
                items: [], common: [], gaps: [], aligners: able.map(\.name), looked: 0, untold: 0, secondsLookedAt: 0)
        }
        var look = WordSearch(items: items, areCues: areCues, language: language, sound: sound, aligners: able)
        look.search(Passage.of(items, single: areCues), budget: budget)
        look.findOtherText()
        let edges = look.found.map { EdgeStatistics(look.differences($0), loose: areCues) }
        let chances = look.looked.map { place in (place, chance(place, look, edges)) }
        let judged = chances.map { place, chance in trust(place, chance, look) }
        var gaps: [TimeSpan] = []
        if !areCues {
            let moves = Dictionary(
                uniqueKeysWithValues: judged.indices.map {
                    (look.looked[$0], judged[$0].flags.contains(.moved) ? judged[$0].move ?? 0 : 0)
                })
            let spans = items.indices.map {
                TimeSpan(start: items[$0].start + (moves[$0] ?? 0), end: items[$0].end + (moves[$0] ?? 0))
            }
            // Only where the audio was examined and the words are those of it.
            let told = Set(
                judged.indices.filter { (judged[$0].trust ?? 0) > 0.5 || judged[$0].flags.contains(.moved) }.map {
                    look.looked[$0]
                })
            gaps = MissingWords.holes(spans, doubtful: Set(items.indices).subtracting(told), sound: sound)
        }
        return WordReport(
            items: judged,
            common: zip(able, edges).compactMap { aligner, edges in edges.map { (aligner.name, $0.common) } },
            gaps: gaps,
            aligners: able.map(\.name), looked: judged.count, untold: judged.count { $0.trust == nil },
            secondsLookedAt: look.seconds)
    }

    /// The least move that an annotator would fix, in seconds.
    private static let leastMove = 0.1
    private static let leastLooseMove = 0.4
    private static let mostTrustOfMoved = 0.2
    private static let mostTrustOfDoubtful = 0.3
    /// A passage that fits worse is not that of the audio, or cannot be determined in its noise.
    private static let leastFit = -3.5
    /// Least evidence of the neighbours' times for a move that an aligner does not support.
    private static let secondOpinion = 2.0

    /// nil: cannot be determined.
    private func chance(_ place: Int, _ look: WordSearch, _ edges: [EdgeStatistics?]) -> MoveChance? {
        guard !look.otherText.contains(place), !look.untellable.contains(place),
            look.found.allSatisfy({ $0.answered.contains(place) })
        else { return nil }
        let item = look.items[place]
        let measured = zip(look.found, edges).compactMap { found, edges -> MoveChance.Measured? in
            guard let edges, let found = found.found[place] else { return nil }
            return .init(
                start: found.start - item.start - edges.common, end: found.end - item.end - edges.common,
                spread: edges.spread, lost: found.lost)
        }
        // The last aligner is the most reliable; without it there is no result.
        guard let surest = look.found.last?.found[place], edges.last??.common != nil,
            surest.passageFit > WordJudge.leastFit
        else { return nil }
        let neighbours = NeighbourContext(look.items)
        let areCues = look.areCues
        return MoveChance(measured) { areCues ? 1 : neighbours.support(place, move: $0, least: WordJudge.leastMove) }
    }

    private func trust(_ place: Int, _ chance: MoveChance?, _ look: WordSearch) -> ItemTrust {
        var result = ItemTrust(index: look.items[place].index, move: nil, trust: nil, flags: [])
        if look.otherText.contains(place) {
            result.trust = 0.02
            result.flags = [.wrongText]
            return result
        }
        guard let chance else { return result }
        result.trust = chance.trust
        result.move = chance.move
        guard abs(chance.move) > (look.areCues ? WordJudge.leastLooseMove : WordJudge.leastMove) else { return result }
        let neighbours =
            look.areCues
            ? 1 : NeighbourContext(look.items).support(place, move: chance.move, least: WordJudge.leastMove)
        let opinions = (chance.supports + [neighbours]).count { $0 >= WordJudge.secondOpinion }
        if look.found.count >= 2, opinions >= 2, chance.trust < WordJudge.mostTrustOfMoved {
            result.flags = [.moved]
        } else if chance.trust < WordJudge.mostTrustOfDoubtful {
            result.flags = [.doubtful]
        }
        return result
    }
}
