import SignalCore

/// Starts and ends of each cue's words in the audio.
struct CueEdges {
    struct Cue {
        let stretch: Int
        /// Seconds as stated, after the factor.
        let start: Double
        let end: Double
        /// Seconds in the audio; nil where the edge is not sharp because of silence.
        let onset: Double?
        let release: Double?
        /// The frames of the first audio and after the last one.
        let laid: Range<Int>
    }

    let cues: [Cue]

    /// Least silence, in seconds, for a sharp start or end.
    private static let silence = 0.12
    private static let mostCues = 600
    /// The least number of sounds to be found reliably.
    private static let leastLetters = 8

    /// - Parameters:
    ///   - room: search range around a cue, in seconds.
    ///   - place: the time in the audio of a time of the transcript.
    init(
        _ stretches: [Stretch], of chosen: Range<Int>, sound: SpeechScores, factor: Double, room: Double,
        place: (Double) -> Double
    ) {
        let long = chosen.filter { stretches[$0].letters >= CueEdges.leastLetters }
        let used = long.count >= 4 ? long : Array(chosen)
        let step = max(1, Double(used.count) / Double(CueEdges.mostCues))
        var (position, cues): (Double, [Cue]) = (0, [])
        let rate = SpeechScores.rate
        while Int(position) < used.count {
            let index = used[Int(position)]
            position += step
            let stretch = stretches[index]
            let low = Int(((place(stretch.start) - room) * rate).rounded())
            let high = Int(((place(stretch.end) + room) * rate).rounded())
            guard low < high, let found = WordPath(stretch.words)?.ends(sound, in: low..<high).best else { continue }
            let onset = CueEdges.edge(sound, near: found.frames.lowerBound, rising: true).map { $0 / rate }
            let release = CueEdges.edge(sound, near: found.frames.upperBound, rising: false).map { $0 / rate }
            cues.append(
                Cue(
                    stretch: index, start: stretch.start * factor, end: stretch.end * factor, onset: onset,
                    release: release, laid: found.frames))
        }
        self.cues = cues
    }

    /// The share of sharp edges.
    var sharpness: Double {
        let sharp = cues.reduce(0) { $0 + ($1.onset == nil ? 0 : 1) + ($1.release == nil ? 0 : 1) }
        return Double(sharp) / Double(max(1, 2 * cues.count))
    }

    /// Offset from each cue's start to the first sound of its words, with the start; only sharp edges if there are
    /// enough.
    var starts: [(time: Double, move: Double)] {
        let sharp = cues.compactMap { cue in cue.onset.map { (time: cue.start, move: $0 - cue.start) } }
        guard sharp.count < max(4, cues.count / 3) else { return sharp }
        return cues.map { ($0.start, Double($0.laid.lowerBound) / SpeechScores.rate - $0.start) }
    }

    /// The same of each cue's end and the end of its words.
    var ends: [(time: Double, move: Double)] {
        let sharp = cues.compactMap { cue in cue.release.map { (time: cue.end, move: $0 - cue.end) } }
        guard sharp.count < max(4, cues.count / 3) else { return sharp }
        return cues.map { ($0.end, Double($0.laid.upperBound) / SpeechScores.rate - $0.end) }
    }

    /// The frame, to a fraction, where speech begins after (or ends before) silence, near where the letters do.
    private static func edge(_ scores: SpeechScores, near frame: Int, rising: Bool) -> Double? {
        let need = Int(silence * SpeechScores.rate)
        let range = max(1, frame - 15)..<max(max(1, frame - 15), min(scores.frames - 1, frame + 15))
        var best: (distance: Int, place: Double)?
        for place in range {
            let (one, other) =
                rising
                ? (scores.speech[place - 1], scores.speech[place]) : (scores.speech[place], scores.speech[place - 1])
            guard one < 0.5, other >= 0.5 else { continue }
            // Silent on the one side, speech on the other.
            let quiet = rising ? max(0, place - need)..<place : place..<min(scores.frames, place + need)
            let loud = rising ? place..<min(scores.frames, place + 4) : max(0, place - 4)..<place
            guard scores.speech[quiet].allSatisfy({ $0 < 0.6 }), scores.speech[loud].count(where: { $0 > 0.4 }) >= 3
            else { continue }
            let fraction = Double((0.5 - scores.speech[place - 1]) / (scores.speech[place] - scores.speech[place - 1]))
            let distance = abs(place - frame)
            if best.map({ distance < $0.distance }) ?? true { best = (distance, Double(place - 1) + fraction) }
        }
        return best?.place
    }
}
