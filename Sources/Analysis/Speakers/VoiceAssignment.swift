/// Which voice of a window each labelled speaker is: the one that agrees longest with the speaker's turns. Two speakers
/// may be one voice where the window does not distinguish them.
struct VoiceAssignment {
    /// By speaker, the voice.
    let voices: [Int: Int]
    /// Seconds of agreement of labels and voices minus seconds of disagreement.
    let agreement: Double
    /// Seconds that are labelled in the window, speaker by speaker.
    let labelled: Double

    /// - Parameters:
    ///   - turns: by start; `speakers` says which speaker each is of.
    ///   - longest: no turn is longer, in seconds.
    init(_ turns: [SpeakerTurn], speakers: [Int], longest: Double, in window: VoiceWindow, offset: Double) {
        var ids: [Int] = []
        var table: [Double] = []
        var labelled = 0.0
        let (from, to) = (window.start - offset, window.end - offset)
        let count = window.voices
        var position = VoiceAssignment.first(turns, from: from - longest)
        while position < turns.count, turns[position].start < to {
            let turn = turns[position]
            if turn.end > from {
                let row = ids.firstIndex(of: speakers[position]) ?? ids.count
                if row == ids.count {
                    ids.append(speakers[position])
                    table += repeatElement(0, count: count)
                }
                for voice in 0..<count {
                    table[row * count + voice] += window.surplus(
                        voice, from: turn.start + offset, to: turn.end + offset)
                }
                labelled += min(turn.end, to) - max(turn.start, from)
            }
            position += 1
        }
        self.labelled = labelled
        var voices: [Int: Int] = [:]
        var agreement = 0.0
        for row in ids.indices {
            let own = table[row * count..<(row + 1) * count]
            guard let best = own.indices.max(by: { own[$0] < own[$1] }) else { continue }
            voices[ids[row]] = best - row * count
            agreement += own[best]
        }
        self.voices = voices
        self.agreement = agreement
    }

    /// The first turn that starts at a time or later.
    static func first(_ turns: [SpeakerTurn], from time: Double) -> Int {
        var (low, high) = (0, turns.count)
        while low < high {
            let middle = (low + high) / 2
            if turns[middle].start < time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
