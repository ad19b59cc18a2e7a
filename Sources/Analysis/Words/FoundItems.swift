import SyncModel

/// The stated items as found by one aligner, by their index in the list.
struct FoundItems {
    struct Found {
        /// Seconds in the recording.
        let start: Double
        let end: Double
        /// Fit of the item's words per frame; nil: the aligner gives it for passages only.
        let fit: Double?
        let passageFit: Double
        let lost: Double
        /// Decibels; nil: not measured.
        let contrast: Double?
    }

    private(set) var found: [Int: Found] = [:]
    /// Items for which the aligner gave an answer, even where it did not find each word.
    private(set) var answered: Set<Int> = []

    /// Adds an answer for all of `passage.all`; only the core is kept.
    mutating func take(_ answer: PassageAlignment?, _ passage: Passage, _ items: [StatedItem], soundStart: Double) {
        var next = 0
        for place in passage.all {
            let own = next..<next + items[place].words.count
            next = own.upperBound
            guard passage.core.contains(place) else { continue }
            found[place] = nil
            answered.remove(place)
            guard let answer, answer.places.count >= own.upperBound else { continue }
            answered.insert(place)
            let known = answer.places[own].compactMap { $0 }
            guard let first = known.first, let last = known.last, known.count * 2 >= own.count else { continue }
            let fits = known.compactMap { word in word.fit.map { ($0, word.end - word.start) } }
            let time = fits.reduce(0) { $0 + $1.1 }
            found[place] = Found(
                start: first.start + soundStart, end: last.end + soundStart,
                fit: time > 0 ? fits.reduce(0) { $0 + $1.0 * $1.1 } / time : nil,
                passageFit: answer.fit, lost: known.map(\.lost).max() ?? 1, contrast: answer.contrast)
        }
    }

    /// Mean fit over the items' found time; nil where none has one.
    func fit(_ places: some Collection<Int>) -> Double? {
        let known = places.compactMap { place in
            found[place].flatMap { found in found.fit.map { ($0, found.end - found.start) } }
        }
        let time = known.reduce(0) { $0 + $1.1 }
        return time > 0 ? known.reduce(0) { $0 + $1.0 * $1.1 } / time : nil
    }
}
