import SignalCore

/// Whether the words of a transcript are those of the sound: each stretch of it is laid on the sound, and so are other
/// words of the same transcript. The right words fit better than the others; the words of elsewhere fit no better.
///
/// The comparison is within the recording and within the transcript, so that neither the voice nor the language has to
/// be known.
struct ContentTest {
    /// Mean of the advantage over other words, in standard deviations of these, per stretch.
    let advantage: Double
    /// The same for all stretches together: about normal with deviation 1 where the words are not those of the sound.
    let score: Double
    let stretches: Int
    let words: Int

    /// Other words that each stretch is compared with.
    private static let controls = 12
    /// Stretches that are looked at, spread over the transcript.
    private static let mostStretches = 80
    /// With so many stretches each is compared with other whole ones, so that the order of words that a style repeats
    /// is no evidence.
    private static let leastStretches = 8
    /// Words of a stretch, about.
    private static let wordsPerStretch = 6
    /// Seconds about a stretch in which it may lie.
    private static let room = 0.5

    /// - Parameter place: the time in the sound of a time of the transcript.
    init?(_ units: [SpokenUnit], scores: SpeechScores, seed: UInt64, place: (Double) -> Double) {
        let stretches = ContentTest.stretches(units)
        let pool = units.flatMap(\.words)
        guard pool.count >= 3, !stretches.isEmpty else { return nil }
        var generator = SplitMix64(seed: seed)
        let step = max(1, Double(stretches.count) / Double(ContentTest.mostStretches))
        var (sum, count, words) = (0.0, 0, 0)
        var position = 0.0
        while Int(position) < stretches.count {
            let index = Int(position)
            let stretch = stretches[index]
            position += step
            let from = Int(((place(stretch.start) - ContentTest.room) * SpeechScores.rate).rounded())
            let to = Int(((place(stretch.end) + ContentTest.room) * SpeechScores.rate).rounded())
            guard from < scores.frames, to > 0,
                let own = CueAlignment(words: stretch.words, scores: scores, window: from..<max(from + 1, to))
            else { continue }
            let letters = stretch.words.reduce(0) { $0 + $1.count }
            var others: [Float] = []
            for _ in 0..<ContentTest.controls {
                let text =
                    stretches.count >= ContentTest.leastStretches
                    ? ContentTest.neighbour(of: index, stretches, letters, &generator)
                    : ContentTest.other(stretch.words, pool, letters, &generator)
                if let other = CueAlignment(words: text, scores: scores, window: from..<to) {
                    others.append(Float(other.score))
                }
            }
            guard others.count >= 4 else { continue }
            let (mean, deviation) = Standardisation.moments(others)
            // The deviation of so few is itself uncertain: no advantage counts for more than 5.
            sum += min(5, max(-5, (own.score - mean) / max(deviation, 2)))
            count += 1
            words += stretch.words.count
        }
        guard count > 0 else { return nil }
        self.stretches = count
        self.words = words
        advantage = sum / Double(count)
        // Under chance an advantage has the variance of a value less the mean of `controls` others.
        score = sum / (Double(count) * (1 + 1 / Double(ContentTest.controls)) * 1.2).squareRoot()
    }

    private struct Piece {
        var start: Double
        var end: Double
        var words: [[UInt8]]
    }

    /// Cues as they are; words gathered until a pause, or until they are enough; long cues are looked at by their
    /// beginning too.
    private static func stretches(_ units: [SpokenUnit]) -> [Piece] {
        var result: [Piece] = []
        for unit in units {
            if var last = result.last, last.words.count < wordsPerStretch, unit.words.count < 3,
                unit.start - last.end < 0.6, unit.end - last.start < 6
            {
                last.end = max(last.end, unit.end)
                last.words += unit.words
                result[result.count - 1] = last
            } else {
                result.append(Piece(start: unit.start, end: unit.end, words: unit.words))
            }
        }
        return result.filter { $0.words.reduce(0) { $0 + $1.count } >= 4 }
    }

    /// The words of another stretch and those after it, about as many letters.
    private static func neighbour(of own: Int, _ stretches: [Piece], _ letters: Int, _ generator: inout SplitMix64)
        -> [[UInt8]]
    {
        var place = generator.index(below: stretches.count - 1)
        if place >= own { place += 1 }
        var result: [[UInt8]] = []
        var count = 0
        while count < letters {
            for word in stretches[place].words where count < letters {
                result.append(word)
                count += word.count
            }
            place = (place + 1) % stretches.count
            if place == own { place = (place + 1) % stretches.count }
        }
        return result
    }

    /// Words drawn from the transcript, about as many letters, not in the stretch's own order.
    private static func other(_ own: [[UInt8]], _ pool: [[UInt8]], _ letters: Int, _ generator: inout SplitMix64)
        -> [[UInt8]]
    {
        var result: [[UInt8]] = []
        var count = 0
        while count < letters {
            let word = pool[generator.index(below: pool.count)]
            result.append(word)
            count += word.count
            if result.count > 3 * own.count + 8 { break }
        }
        return result
    }
}
