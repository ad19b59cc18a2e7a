import SignalCore

/// Where speech begins and ends within and about the cues: the habit of opening early and of staying.
struct CueEdges {
    /// Median seconds from a cue's start to the first sound of its speech, and from the last sound to the cue's end.
    let lead: Double
    let linger: Double
    /// Standard errors of these medians.
    let leadError: Double
    let lingerError: Double
    let starts: Int
    let ends: Int

    /// Silence in the sound, in seconds, that makes a beginning or an end sharp.
    private static let silence = 0.12
    private static let mostCues = 400

    /// - Parameter place: the time in the sound of a time of the transcript.
    init?(_ units: [SpokenUnit], scores: SpeechScores, place: (Double) -> Double) {
        var (leads, lingers): ([Float], [Float]) = ([], [])
        let step = max(1, Double(units.count) / Double(CueEdges.mostCues))
        var position = 0.0
        let rate = SpeechScores.rate
        while Int(position) < units.count {
            let index = Int(position)
            position += step
            let unit = units[index]
            let (start, end) = (place(unit.start), place(unit.end))
            // Room on either side, as far as the neighbours' own speech does not begin.
            let before = index > 0 ? place(units[index - 1].end) : -Double.infinity
            let after = index + 1 < units.count ? place(units[index + 1].start) : Double.infinity
            let low = max(start - 0.8, min(start, (before + start) / 2) - 0.3)
            let high = min(end + 0.8, max(end, (after + end) / 2) + 0.3)
            let window =
                Int((low * rate).rounded())..<max(Int((low * rate).rounded()) + 1, Int((high * rate).rounded()))
            guard let found = CueAlignment(words: unit.words, scores: scores, window: window) else { continue }
            if let onset = CueEdges.edge(scores, near: found.frames.lowerBound, rising: true) {
                leads.append(Float(onset / rate - start))
            }
            if let offset = CueEdges.edge(scores, near: found.frames.upperBound, rising: false) {
                lingers.append(Float(end - offset / rate))
            }
        }
        guard leads.count >= 4, lingers.count >= 4, let lead = Standardisation.percentile(leads, 0.5),
            let linger = Standardisation.percentile(lingers, 0.5)
        else { return nil }
        self.lead = lead
        self.linger = linger
        leadError = CueEdges.error(leads, lead)
        lingerError = CueEdges.error(lingers, linger)
        starts = leads.count
        ends = lingers.count
    }

    /// The frame, to a fraction, where speech begins after (or ends before) silence, near where the letters do.
    private static func edge(_ scores: SpeechScores, near frame: Int, rising: Bool) -> Double? {
        let need = Int(silence * SpeechScores.rate)
        let range = max(1, frame - 15)..<min(scores.frames - 1, frame + 15)
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

    /// Of a median, from the spread of the values (1.2533 deviations over the root of their number).
    private static func error(_ values: [Float], _ median: Double) -> Double {
        let spread = Standardisation.percentile(values.map { abs($0 - Float(median)) }, 0.5) ?? 1
        return 1.2533 * 1.4826 * spread / Double(values.count).squareRoot()
    }
}
