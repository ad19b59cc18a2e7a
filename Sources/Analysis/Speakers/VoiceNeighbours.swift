/// The voice of a turn that is too short or too overlapped for a print: that of neighbouring turns of the same voice
/// within a window in which the voices of the names are distinguished.
struct VoiceNeighbours {
    /// By position of the turn, the name; absent: unknown, or different in different windows.
    let names: [Int: Int]

    /// A name has a voice from this share of its time on, and does not have it below the second share.
    private static let most = 0.8
    private static let least = 0.2
    private static let leastSeconds = 0.8

    /// - Parameters:
    ///   - windows: the voice of each turn, window by window.
    ///   - voices: the prints of the longer turns.
    init(_ windows: [[(turn: Int, voice: Int)]], _ turns: [SpeakerTurn], speakers: [Int], voices: VoiceComparison) {
        var votes: [Int: Set<Int>] = [:]
        for window in windows {
            var seconds: [Int: [Int: Double]] = [:]
            for (turn, voice) in window {
                guard let told = voices.turns[turn], told.seconds >= VoiceNeighbours.leastSeconds,
                    abs(told.excess ?? 0) > 0.1
                else { continue }
                seconds[told.nearest, default: [:]][voice, default: 0] += turns[turn].length
            }
            for (turn, voice) in window where (voices.turns[turn]?.seconds ?? 0) < VoiceNeighbours.leastSeconds {
                func share(_ name: Int) -> Double? {
                    guard let own = seconds[name] else { return nil }
                    return (own[voice] ?? 0) / max(1e-9, own.values.reduce(0, +))
                }
                let fitting = seconds.keys.filter { (share($0) ?? 0) > VoiceNeighbours.most }
                guard fitting.count == 1, let name = fitting.first else { continue }
                // Not where the turn is within another one of that voice.
                let isCovered = window.contains { other in
                    let common =
                        min(turns[other.turn].end, turns[turn].end) - max(turns[other.turn].start, turns[turn].start)
                    return other.turn != turn && other.voice == voice && common > 0.5 * turns[turn].length
                }
                guard !isCovered else { continue }
                // The label's own name must have a different voice in the window.
                if name != speakers[turn] {
                    guard let own = share(speakers[turn]), own < VoiceNeighbours.least else { continue }
                }
                votes[turn, default: []].insert(name)
            }
        }
        names = votes.compactMapValues { $0.count == 1 ? $0.first : nil }
    }
}
