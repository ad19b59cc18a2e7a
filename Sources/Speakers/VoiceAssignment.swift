/// Which voice of a window each labelled speaker is: the pairing that agrees longest, every voice given to one speaker at most.
struct VoiceAssignment {
    /// By speaker, the voice.
    let voices: [Int: Int]
    /// Seconds that labels and voices agree less those that they do not.
    let agreement: Double
    /// Seconds that are labelled in the window, speaker by speaker.
    let labelled: Double

    /// Speakers in one window beyond this many are left out, those with the least time.
    private static let mostSpeakers = 6

    /// - Parameters:
    ///   - turns: by start; `speakers` says which speaker each is of.
    ///   - longest: no turn is longer, in seconds.
    init(_ turns: [SpeakerTurn], speakers: [Int], longest: Double, in window: VoiceWindow, offset: Double) {
        var ids: [Int] = []
        var table: [[Double]] = []
        var labelled = 0.0
        let (from, to) = (window.start - offset, window.end - offset)
        var position = VoiceAssignment.first(turns, from: from - longest)
        while position < turns.count, turns[position].start < to {
            let turn = turns[position]
            if turn.end > from {
                let row = ids.firstIndex(of: speakers[position]) ?? ids.count
                if row == ids.count {
                    ids.append(speakers[position])
                    table.append([Double](repeating: 0, count: window.voices))
                }
                for voice in 0..<window.voices { table[row][voice] += window.surplus(voice, from: turn.start + offset, to: turn.end + offset) }
                labelled += min(turn.end, to) - max(turn.start, from)
            }
            position += 1
        }
        self.labelled = labelled
        var rows = Array(ids.indices)
        if rows.count > VoiceAssignment.mostSpeakers {
            rows = Array(rows.sorted { (table[$0].max() ?? 0) > (table[$1].max() ?? 0) }.prefix(VoiceAssignment.mostSpeakers))
        }
        var best: (value: Double, pairs: [(row: Int, voice: Int)]) = (-.infinity, [])
        func search(_ voice: Int, _ free: [Int], _ value: Double, _ pairs: [(row: Int, voice: Int)]) {
            if voice == window.voices {
                if value > best.value { best = (value, pairs) }
                return
            }
            search(voice + 1, free, value, pairs)
            for row in free where table[row][voice] > 0 {
                search(voice + 1, free.filter { $0 != row }, value + table[row][voice], pairs + [(row, voice)])
            }
        }
        search(0, rows, 0, [])
        voices = Dictionary(best.pairs.map { (ids[$0.row], $0.voice) }) { first, _ in first }
        // A speaker to whom no voice belongs is silent all the while that he is labelled.
        let paired = best.pairs.reduce(0.0) { $0 + table[$1.row][$1.voice] }
        let matched = Set(best.pairs.map(\.row))
        let silent = ids.indices.filter { !matched.contains($0) }.reduce(0.0) { $0 + max(-labelled, table[$1].min() ?? 0) }
        agreement = paired + silent
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
