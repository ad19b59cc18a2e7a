import SignalCore

/// A group of words of a transcript: a cue, or words between two pauses.
struct Stretch {
    /// Seconds, as stated.
    var start: Double
    var end: Double
    var words: [[UInt8]]
    /// The units in it.
    var units: Range<Int>

    var letters: Int { words.reduce(0) { $0 + $1.count } }
    var middle: Double { (start + end) / 2 }

    /// Approximate number of words of a group.
    private static let wordsOf = 6
    /// Approximate length of a sound in fast speech, in seconds.
    static let secondsPerLetter = 0.06

    /// Cues unchanged; words collected until a pause or the usual number.
    static func stretches(_ units: [SpokenUnit], areWords: Bool) -> [Stretch] {
        var result: [Stretch] = []
        for (index, unit) in units.enumerated() {
            if areWords, var last = result.last, last.words.count < wordsOf, unit.words.count < 3,
                unit.start - last.end < 0.6, unit.end - last.start < 6
            {
                last.end = max(last.end, unit.end)
                last.words += unit.words
                last.units = last.units.lowerBound..<index + 1
                result[result.count - 1] = last
            } else {
                result.append(Stretch(start: unit.start, end: unit.end, words: unit.words, units: index..<index + 1))
            }
        }
        return result
    }

    /// Other words of the transcript with as many letters, since longer ones fit worse: a run from another group on, or
    /// if there are few groups, the words in another order.
    static func others(than own: Int, _ stretches: [Stretch], _ generator: inout SplitMix64) -> [[UInt8]] {
        let letters = stretches[own].letters
        var result: [[UInt8]] = []
        var count = 0
        guard stretches.count >= 4 else {
            let pool = stretches.flatMap(\.words)
            while count < letters {
                let word = pool[generator.index(below: pool.count)].prefix(letters - count)
                result.append(Array(word))
                count += word.count
            }
            return result
        }
        var place = (own + 1 + generator.index(below: stretches.count - 1)) % stretches.count
        var from = generator.index(below: stretches[place].words.count)
        while count < letters {
            if place != own {
                for word in stretches[place].words[from...] where count < letters {
                    let part = word.prefix(letters - count)
                    result.append(Array(part))
                    count += part.count
                }
            }
            place = (place + 1) % stretches.count
            from = 0
        }
        return result
    }
}
