import SyncModel

/// Finds segments of stated words that are not those of the audio.
///
/// One aligner gives for each word its fit relative to any phones in any order; a segment that fits worse than this
/// recording's words is aligned separately, and is other text if it fits no better alone and the other aligner is not
/// evidence for it.
struct OtherText {
    /// Natural logarithm a frame: a segment at this or below is other text, lower where the recording's own words fit
    /// badly.
    private let limit: Double
    /// A word's fit above this is evidence for it, below against.
    private let even: Double

    private static let leastKnownWords = 12
    private static let leastKnownCues = 4
    /// Seconds times natural logarithms a frame: least total loss of a segment that is aligned separately.
    private static let leastLoss = 2.5
    static let leastWords = 3
    /// Decibels: a few words alone are judged only in audio as clear as this.
    private static let clear = 18.0
    private static let worstFit = -8.0

    /// nil: too little of the recording is known, or the aligner does not know its words.
    init?(_ found: FoundItems, areCues: Bool) {
        let fits = found.found.values.compactMap(\.fit).sorted()
        guard !fits.isEmpty else { return nil }
        if fits.count >= (areCues ? OtherText.leastKnownCues : OtherText.leastKnownWords) {
            let median = fits[fits.count / 2]
            guard median > -3 else { return nil }
            (limit, even) = (min(-3.5, median - 2), min(-2.6, median - 2))
        } else {
            guard found.found.values.allSatisfy({ ($0.contrast ?? OtherText.clear) >= OtherText.clear }) else {
                return nil
            }
            (limit, even) = (-4.5, -3)
        }
    }

    /// Limit of the other aligner's evidence against a text.
    private static let mostAgainst = -1.0
    private static let pricePerActivity = 6.0
    private static let leastActivity = 0.1
    private static let mostActivity = 0.5

    /// - Parameters:
    ///   - text: of the aligner that gives each word's fit; `other` of the other.
    ///   - activity: background activity around the segment, 0...1.
    func isOther(_ places: some Collection<Int>, text: FoundItems, other: FoundItems, activity: Double = 0) -> Bool {
        guard let fit = text.fit(places), activity <= OtherText.mostActivity else { return false }
        let known = places.compactMap { other.found[$0]?.passageFit }
        guard !known.isEmpty else { return false }
        let both = fit + max(OtherText.mostAgainst, known.reduce(0, +) / Double(known.count))
        return both < limit - OtherText.pricePerActivity * max(0, activity - OtherText.leastActivity)
    }

    /// Segments that may be other text, as maximal sums over the words.
    func suspects(_ items: [StatedItem], _ text: FoundItems) -> [Range<Int>] {
        var loss = items.indices.map { place -> Double in
            guard let fit = text.found[place]?.fit else { return 0 }
            return (even - max(fit, OtherText.worstFit)) * min(0.5, max(0.06, items[place].end - items[place].start))
        }
        var result: [Range<Int>] = []
        while let best = OtherText.largest(loss), best.sum >= OtherText.leastLoss {
            if best.range.count >= OtherText.leastWords { result.append(best.range) }
            for place in best.range { loss[place] = -.infinity }
        }
        return result.sorted { $0.lowerBound < $1.lowerBound }
    }

    private static func largest(_ values: [Double]) -> (sum: Double, range: Range<Int>)? {
        var best: (sum: Double, range: Range<Int>)?
        var (sum, start) = (0.0, 0)
        for (place, value) in values.enumerated() {
            if sum <= 0 { (sum, start) = (0, place) }
            sum += value
            if sum > best?.sum ?? 0 { best = (sum, start..<place + 1) }
        }
        return best
    }

    /// The parts of a unit that are aligned separately: before, within and after a suspect, or the whole where the
    /// suspect is most of it.
    static func parts(_ unit: Range<Int>, _ suspects: [Range<Int>], _ items: [StatedItem]) -> [Range<Int>] {
        func length(_ range: Range<Int>) -> Double { items[range].reduce(0) { $0 + $1.end - $1.start } }
        let within = suspects.map { $0.clamped(to: unit) }.filter { !$0.isEmpty }
        guard within.reduce(0, { $0 + length($1) }) <= 0.6 * length(unit) else { return [unit] }
        var parts: [Range<Int>] = []
        var next = unit.lowerBound
        for suspect in within {
            if suspect.lowerBound > next { parts.append(next..<suspect.lowerBound) }
            parts.append(suspect)
            next = suspect.upperBound
        }
        if next < unit.upperBound { parts.append(next..<unit.upperBound) }
        return parts
    }
}
