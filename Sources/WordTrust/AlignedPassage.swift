import Foundation
import SyncModel

/// A passage with what each aligner says of it.
struct AlignedPassage {
    let passage: Passage
    let answers: [PassageAlignment?]
    /// By aligner, then by item: where the item is found, in the recording's time.
    private let found: [[PassageAlignment.Place?]]

    init(_ passage: Passage, answers: [PassageAlignment?], soundStart: Double) {
        self.passage = passage
        self.answers = answers
        found = answers.map { answer in
            var next = 0
            return passage.items.map { item in
                let own = next..<next + item.words.count
                next = own.upperBound
                guard let places = answer?.places, places.count >= own.upperBound else { return nil }
                let known = places[own].compactMap { $0 }
                guard let first = known.first, let last = known.last, known.count * 2 >= own.count else { return nil }
                return .init(start: first.start + soundStart, end: last.end + soundStart)
            }
        }
    }

    /// Found less stated, in seconds: start and end of each item, where the text is that of the sound.
    func differences(_ aligner: Int) -> [Double] {
        guard let answer = answers[aligner], answer.isRightText != false else { return [] }
        return zip(passage.items, found[aligner]).flatMap { item, found in found.map { [$0.start - item.start, $0.end - item.end] } ?? [] }
    }

    /// How far an item is from where it should be beyond what all have in common: the smaller of its two edges' differences, 0 where
    /// they go opposite ways, so that a word that is only longer or shorter is not moved.
    func move(_ place: Int, _ aligner: Int, _ common: Double) -> Double? {
        guard let found = found[aligner][place] else { return nil }
        let item = passage.items[place]
        let (start, end) = (found.start - item.start - common, found.end - item.end - common)
        if start * end <= 0 { return 0 }
        return abs(start) < abs(end) ? start : end
    }

    private static let leastHole = 0.1

    /// Speech between two words of which neither is in doubt.
    func holes(_ samples: [Float], start: Double, unsure: Set<Int>) -> [TimeSpan] {
        guard answers.allSatisfy({ $0?.isRightText != false }), answers.contains(where: { $0 != nil }) else { return [] }
        let sound = VoiceFeatures(samples, rate: SpokenPassage.rate)
        guard sound.range >= RenderingAligner.leastRange else { return [] }
        return zip(passage.items, passage.items.dropFirst()).compactMap { before, after in
            guard after.start - before.end >= AlignedPassage.leastHole, !unsure.contains(before.index), !unsure.contains(after.index) else { return nil }
            let first = max(0, Int((before.end - start) * VoiceFeatures.rate)), last = min(sound.level.count, Int((after.start - start) * VoiceFeatures.rate))
            guard last > first else { return nil }
            let loud = sound.level[first..<last].count { $0 > -18 }
            return Double(loud) >= 0.6 * Double(last - first) ? TimeSpan(start: before.end, end: after.start) : nil
        }
    }
}
