import SignalCore

/// Where the voices begin and end about the turns' stated boundaries.
struct TurnEdges {
    struct Edge: Hashable {
        /// Position of the turn.
        let turn: Int
        let isStart: Bool
        /// Seconds from the stated boundary to that of the voice; positive: the voice's comes later.
        let residual: Double
        /// How far windows disagree about it, in seconds.
        let spread: Double
        /// Whether all between the stated boundary and the voice's is as it must be for a boundary that was moved: 0 to 1.
        let purity: Double
    }

    let edges: [Edge]

    /// How far from a stated boundary the voice's is looked for, in seconds.
    private static let reach = 0.9
    /// A window's first and last second hear too little of what surrounds them.
    private static let margin = 0.8
    private static let step = 0.005
    /// Before and after a boundary the voice's share must differ by this much within this time.
    private static let contrast = 0.4
    private static let side = 0.2
    /// A voice speaks in at least this share of its turn; before and after it as much is looked at, in seconds.
    private static let leastShare = 0.4
    private static let flank = 0.6

    /// - Parameter offset: seconds to add to the turns' times; residuals are without it.
    init(_ turns: [SpeakerTurn], windows: [VoiceWindow], offset: Double, seconds: Double) {
        var found: [Int: [(residual: Double, purity: Double)]] = [:]
        let longest = turns.map(\.length).max() ?? 0
        for window in windows {
            var here: [(turn: Int, voice: Int)] = []
            var position = VoiceAssignment.first(turns, from: window.start - offset - longest)
            while position < turns.count, turns[position].start + offset < window.end {
                if turns[position].end + offset > window.start, let voice = TurnEdges.voice(of: turns[position], window, offset) {
                    here.append((position, voice))
                }
                position += 1
            }
            for (turn, voice) in here {
                let others = here.filter { $0.voice == voice && $0.turn != turn }.map { turns[$0.turn] }
                for isStart in [true, false] {
                    let place = (isStart ? turns[turn].start : turns[turn].end) + offset
                    let isInside = place > (window.start < 0.5 ? -0.5 : window.start + TurnEdges.margin)
                        && place < (window.end > seconds - 0.5 ? seconds + 0.5 : window.end - TurnEdges.margin)
                    guard isInside, let edge = TurnEdges.edge(turns[turn], isStart, others, voice, window, offset) else { continue }
                    found[2 * turn + (isStart ? 0 : 1), default: []].append(edge)
                }
            }
        }
        edges = found.keys.sorted().compactMap { key in
            guard let all = found[key], !all.isEmpty else { return nil }
            let sorted = all.map(\.residual).sorted()
            let median = sorted.count % 2 == 1 ? sorted[sorted.count / 2] : (sorted[sorted.count / 2 - 1] + sorted[sorted.count / 2]) / 2
            let spread = (sorted.last ?? 0) - (sorted.first ?? 0)
            return Edge(turn: key / 2, isStart: key % 2 == 0, residual: median + offset, spread: spread, purity: all.map(\.purity).reduce(0, +) / Double(all.count))
        }
    }

    /// The voice that a turn is spoken by: the one that speaks more in it than before and after it.
    private static func voice(of turn: SpeakerTurn, _ window: VoiceWindow, _ offset: Double) -> Int? {
        let (start, end) = (turn.start + offset, turn.end + offset)
        var best: (voice: Int, contrast: Double)?
        for voice in 0..<window.voices {
            guard let inside = window.share(voice, from: start, to: end), inside > leastShare else { continue }
            let before = window.share(voice, from: start - flank, to: start) ?? 0, after = window.share(voice, from: end, to: end + flank) ?? 0
            let contrast = inside - (before + after) / 2
            if best.map({ contrast > $0.contrast }) ?? true { best = (voice, contrast) }
        }
        return best?.voice
    }

    private static func edge(
        _ turn: SpeakerTurn, _ isStart: Bool, _ others: [SpeakerTurn], _ voice: Int, _ window: VoiceWindow, _ offset: Double
    ) -> (residual: Double, purity: Double)? {
        let place = (isStart ? turn.start : turn.end) + offset
        // Not into the other end of the turn, nor into other turns of the voice.
        var (low, high) = (max(place - reach, window.start), min(place + reach, window.end))
        if isStart { high = min(high, turn.end + offset - 0.05) } else { low = max(low, turn.start + offset + 0.05) }
        for other in others {
            let (start, end) = (other.start + offset, other.end + offset)
            if isStart, other.start < turn.start { low = max(low, min(end, place)) }
            if !isStart, other.end > turn.end { high = min(high, max(start, place)) }
        }
        guard low < high, low <= place, place <= high else { return nil }
        // What is won by moving the boundary: silence before a start and speech after it.
        let sign = isStart ? 1.0 : -1.0
        var best = (place: place, gain: 0.0)
        let steps = (Int(((low - place) / step).rounded(.up)))...Int((high - place) / step)
        for index in steps {
            let other = place + Double(index) * step
            let gain = other < place ? sign * window.surplus(voice, from: other, to: place) : -sign * window.surplus(voice, from: place, to: other)
            if gain > best.gain + 1e-9 { best = (other, gain) }
        }
        // There must be a boundary where one was found.
        let before = window.share(voice, from: best.place - side, to: best.place) ?? 0
        let after = window.share(voice, from: best.place, to: best.place + side) ?? 0
        guard sign * (after - before) > contrast else { return nil }
        let distance = abs(best.place - place)
        return (best.place - place, distance < 0.02 ? 1 : best.gain / distance)
    }
}
