import SignalCore

/// Whether the words of a transcript are those of the audio: each segment is aligned with the audio at its expected
/// position, and so are other words of the same transcript, with the same freedom to pause. The right words fit better
/// than others; wrong words fit no better.
///
/// The comparison is within the recording and within the transcript, so neither voice nor language needs to be known.
struct WordFit {
    /// One segment: how much better than other words its own fit, in deviations of these.
    struct Place {
        let stretch: Int
        let letters: Int
        /// Score minus the mean of the others.
        let excess: Double
        var advantage = 0.0
    }

    private(set) var places: [Place]
    /// Of all segments together: approximately standard normal if the words are not those of the audio.
    let score: Double
    let words: Int
    /// Deviation of other words' scores, for the root of a letter.
    let deviation: Double
    private let controls: Int

    var stretches: Int { places.count }
    /// Mean of the advantages.
    var advantage: Double { places.reduce(0) { $0 + $1.advantage } / Double(max(1, places.count)) }

    /// The least number of sounds.
    private static let leastLetters = 4

    /// - Parameters:
    ///   - chosen: which segments.
    ///   - room: search range around a segment, in seconds.
    ///   - place: the time in the audio of a time of the transcript.
    init?(
        _ stretches: [Stretch], chosen: [Int], sound: SpeechScores, room: Double, seed: UInt64,
        place: (Double) -> Double
    ) {
        guard stretches.reduce(0, { $0 + $1.words.count }) >= 3 else { return nil }
        var generator = SplitMix64(seed: seed)
        controls = chosen.count > 150 ? 4 : chosen.count > 40 ? 8 : 12
        var places: [Place] = []
        var (squares, freedom, words) = (0.0, 0.0, 0)
        for index in chosen where stretches[index].letters >= WordFit.leastLetters {
            let stretch = stretches[index]
            let from = Int(((place(stretch.start) - room) * SpeechScores.rate).rounded())
            let to = Int(((place(stretch.end) + room) * SpeechScores.rate).rounded())
            guard from < sound.frames, to > 0, to - from >= 2,
                let own = WordPath(stretch.words)?.ends(sound, in: from..<to).best?.score
            else { continue }
            let others = (0..<controls).compactMap { _ in
                WordPath(Stretch.others(than: index, stretches, &generator))?.ends(sound, in: from..<to).best
                    .map { Float($0.score) }
            }
            guard others.count >= 3 else { continue }
            let moments = Standardisation.moments(others)
            let count = Double(others.count)
            squares += moments.deviation * moments.deviation * count / Double(stretch.letters)
            freedom += count - 1
            words += stretch.words.count
            places.append(Place(stretch: index, letters: stretch.letters, excess: own - moments.mean))
        }
        guard !places.isEmpty else { return nil }
        let variance = max(squares / max(1, freedom), 0.25)
        deviation = variance.squareRoot()
        let share = 1 + 1 / Double(controls)
        var (sum, whole) = (0.0, 0.0)
        for index in places.indices {
            let own = variance * Double(places[index].letters) * share
            // Each segment is limited to 5 deviations.
            places[index].advantage = min(5, max(-5, places[index].excess / own.squareRoot()))
            sum += places[index].advantage * Double(places[index].letters).squareRoot()
            whole += Double(places[index].letters)
        }
        score = sum / whole.squareRoot()
        self.places = places
        self.words = words
    }
}
