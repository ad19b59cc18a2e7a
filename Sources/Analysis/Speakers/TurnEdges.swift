import SignalCore

/// Where the voices begin and end near the turns' stated boundaries.
struct TurnEdges {
    struct Edge: Hashable {
        /// Position of the turn.
        let turn: Int
        let isStart: Bool
        /// Seconds from the stated boundary to that of the voice; positive: the voice is later.
        let residual: Double
        /// The share of the windows that agree, 0 to 1.
        let unity: Double
        /// How far the audio between the stated and the detected boundary is consistent with a moved boundary, 0 to 1.
        let purity: Double
    }

    let edges: [Edge]
    /// The voice of each turn by window, where known.
    let voices: [[(turn: Int, voice: Int)]]

    /// Search range around a stated boundary, in seconds.
    private static let reach = 0.9
    /// A window's first and last second have too little context.
    private static let margin = 0.8
    private static let step = 0.005
    /// Before and after a boundary the voice's share must differ by this much within this time.
    private static let contrast = 0.4
    private static let side = 0.2
    /// A voice speaks in at least this share of its turn; the same length is examined before and after it, in seconds.
    private static let leastShare = 0.4
    private static let flank = 0.6
    /// Windows that differ by less agree, in seconds.
    private static let same = 0.08

    /// - Parameter offset: seconds to add to the turns' times; residuals are without it.
    init(_ turns: [SpeakerTurn], windows: [VoiceWindow], offset: Double, seconds: Double) {
        var found: [Int: [Told]] = [:]
        let longest = turns.map(\.length).max() ?? 0
        var voices: [[(turn: Int, voice: Int)]] = []
        for window in windows {
            var here: [(turn: Int, voice: Int)] = []
            var position = VoiceAssignment.first(turns, from: window.start - offset - longest)
            while position < turns.count, turns[position].start + offset < window.end {
                if turns[position].end + offset > window.start,
                    let voice = TurnEdges.voice(of: turns[position], window, offset)
                {
                    here.append((position, voice))
                }
                position += 1
            }
            voices.append(here)
            for (turn, voice) in here {
                let others = here.filter { $0.voice == voice && $0.turn != turn }.map { turns[$0.turn] }
                for isStart in [true, false] {
                    let place = (isStart ? turns[turn].start : turns[turn].end) + offset
                    let isInside =
                        place > (window.start < 0.5 ? -0.5 : window.start + TurnEdges.margin)
                        && place < (window.end > seconds - 0.5 ? seconds + 0.5 : window.end - TurnEdges.margin)
                    guard isInside, let edge = TurnEdges.edge(turns[turn], isStart, others, voice, window, offset)
                    else { continue }
                    let room = min(place - window.start, window.end - place) + 0.3
                    found[2 * turn + (isStart ? 0 : 1), default: []].append(
                        Told(residual: edge.residual, purity: edge.purity, weight: min(3, max(0.3, room))))
                }
            }
        }
        self.voices = voices
        edges = found.keys.sorted().compactMap { key in
            found[key].flatMap(TurnEdges.common).map { one in
                Edge(
                    turn: key / 2, isStart: key % 2 == 0, residual: one.residual + offset, unity: one.unity,
                    purity: one.purity)
            }
        }
    }

    /// The result of most windows, weighted by how central the boundary is in them; and the share that agrees.
    private static func common(_ all: [Told]) -> (residual: Double, unity: Double, purity: Double)? {
        let whole = all.reduce(0) { $0 + $1.weight }
        let groups = all.map { one in all.filter { abs($0.residual - one.residual) < same } }
        guard whole > 0,
            let best = groups.max(by: { $0.reduce(0) { $0 + $1.weight } < $1.reduce(0) { $0 + $1.weight } })
        else { return nil }
        let weight = best.reduce(0) { $0 + $1.weight }
        return (
            best.reduce(0) { $0 + $1.weight * $1.residual } / weight, weight / whole,
            best.reduce(0) { $0 + $1.weight * $1.purity } / weight
        )
    }

    private struct Told {
        let residual: Double
        let purity: Double
        let weight: Double
    }

    /// The voice of a turn: the one that speaks more in it than before and after it.
    private static func voice(of turn: SpeakerTurn, _ window: VoiceWindow, _ offset: Double) -> Int? {
        let (start, end) = (turn.start + offset, turn.end + offset)
        var best: (voice: Int, contrast: Double)?
        for voice in 0..<window.voices {
            guard let inside = window.share(voice, from: start, to: end), inside > leastShare else { continue }
            let before = window.share(voice, from: start - flank, to: start) ?? 0
            let after = window.share(voice, from: end, to: end + flank) ?? 0
            let contrast = inside - (before + after) / 2
            if best.map({ contrast > $0.contrast }) ?? true { best = (voice, contrast) }
        }
        return best?.voice
    }

    private static func edge(
        _ turn: SpeakerTurn, _ isStart: Bool, _ others: [SpeakerTurn], _ voice: Int, _ window: VoiceWindow,
        _ offset: Double
    ) -> (residual: Double, purity: Double)? {
        let place = (isStart ? turn.start : turn.end) + offset
        // Not beyond the other end of the turn, nor into other turns of the voice.
        var (low, high) = (max(place - reach, window.start), min(place + reach, window.end))
        if isStart { high = min(high, turn.end + offset - 0.05) } else { low = max(low, turn.start + offset + 0.05) }
        for other in others {
            let (start, end) = (other.start + offset, other.end + offset)
            if isStart, other.start < turn.start { low = max(low, min(end, place)) }
            if !isStart, other.end > turn.end { high = min(high, max(start, place)) }
        }
        guard low < high, low <= place, place <= high else { return nil }
        // The gain of moving the boundary: silence before a start and speech after it.
        let sign = isStart ? 1.0 : -1.0
        var best = (place: place, gain: 0.0)
        let steps = (Int(((low - place) / step).rounded(.up)))...Int((high - place) / step)
        for index in steps {
            let other = place + Double(index) * step
            let gain =
                other < place
                ? sign * window.surplus(voice, from: other, to: place)
                : -sign * window.surplus(voice, from: place, to: other)
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
