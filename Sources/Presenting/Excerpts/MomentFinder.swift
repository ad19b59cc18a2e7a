import Foundation
public import SyncModel

/// Finds the sound that best shows the offset: one with a sudden onset, as the lips part or as something moves.
public enum MomentFinder {
    /// Maximum distance between a sound and a visual event that belong together, in seconds, after the offset.
    static let reach = 0.08

    /// - Parameters:
    ///   - sound: levels, one per `ClipExcerpt.soundStep`, starting at `soundStart`.
    ///   - seen: values, one per `ClipExcerpt.sightStep`, starting at `span.start`.
    ///   - offset: of the audio; nil: unknown; then the most sudden sound in the span is used, without a visual time.
    /// - Returns: nil if no sound has a sudden onset, or none matches a visual event.
    public static func moment(
        sound: [Float], soundStart: Double, seen: [Float?], span: TimeSpan, sight: ClipExcerpt.Sight, offset: Offset?
    ) -> ClipExcerpt.Moment? {
        let onsets = onsets(sound).map {
            (seconds: soundStart + Double($0.place) * ClipExcerpt.soundStep, strength: $0.strength)
        }
        guard let offset else {
            let inside = onsets.filter { $0.seconds > span.start + 0.2 && $0.seconds < span.end - 0.2 }
            return inside.max { $0.strength < $1.strength }.map {
                .init(heard: $0.seconds, seen: nil, words: "a sudden sound")
            }
        }
        let changes = sight == .mouth ? openings(seen) : risings(seen)
        var best: (score: Double, moment: ClipExcerpt.Moment)?
        for onset in onsets where onset.seconds > span.start + 0.1 && onset.seconds < span.end - 0.1 {
            for change in changes {
                let at = span.start + Double(change.place) * ClipExcerpt.sightStep
                let apart = abs(onset.seconds + offset.seconds - at)
                guard apart <= reach else { continue }
                let score = onset.strength * change.strength * (1 - 0.5 * apart / reach)
                if score > best?.score ?? 0 {
                    // Audio onsets are the sharper of the two: the visual time is the time heard plus the offset.
                    best = (
                        score,
                        .init(
                            heard: onset.seconds, seen: onset.seconds + offset.seconds,
                            words: sight == .mouth ? "the lips part" : "a sudden sound")
                    )
                }
            }
        }
        return best?.moment
    }

    /// Where audio rises by at least a factor of two within 30 ms, by index; strength in decades of amplitude.
    static func onsets(_ levels: [Float]) -> [(place: Int, strength: Double)] {
        guard let loudest = levels.max(), loudest > 0.001, levels.count > 8 else { return [] }
        let logs = levels.map { log10(Double(max($0, loudest * 0.01))) }
        var result: [(place: Int, strength: Double)] = []
        for place in 4..<(logs.count - 2) {
            let before = (logs[place - 4] + logs[place - 3] + logs[place - 2]) / 3
            let after = max(logs[place], logs[place + 1])
            let strength = after - before
            guard strength > 0.3, after > log10(Double(loudest)) - 0.8, logs[place] - logs[place - 1] > 0.08 else {
                continue
            }
            if let last = result.last, place - last.place < 6 {
                if strength > last.strength { result[result.count - 1] = (place, strength) }
            } else {
                result.append((place, strength))
            }
        }
        return result
    }

    /// Where closed lips part: the first step up after a minimum; strength by how far they open within 200 ms.
    static func openings(_ seen: [Float?]) -> [(place: Int, strength: Double)] {
        let known = seen.compactMap(\.self).sorted()
        guard known.count > 20 else { return [] }
        let (low, high) = (known[known.count / 5], known[known.count * 97 / 100])
        guard high > low else { return [] }
        let range = Double(high - low)
        var result: [(place: Int, strength: Double)] = []
        for place in 2..<max(3, seen.count - 11) {
            guard let before = seen[place - 1], let here = seen[place], let next = seen[place + 1],
                before <= low + (high - low) * 0.15, here > before, next > here
            else { continue }
            let later = seen[place...(place + 10)].compactMap(\.self).max() ?? here
            let strength = Double(later - before) / range
            guard strength > 0.3 else { continue }
            if let last = result.last, place - last.place < 8 { continue }
            result.append((place, strength))
        }
        return result
    }

    /// Peaks of the motion in the video.
    static func risings(_ seen: [Float?]) -> [(place: Int, strength: Double)] {
        let known = seen.compactMap(\.self).sorted()
        guard known.count > 20, let most = known.last, most > known[known.count / 2] else { return [] }
        let middle = known[known.count / 2]
        var result: [(place: Int, strength: Double)] = []
        for place in 3..<max(4, seen.count - 3) {
            guard let here = seen[place] else { continue }
            let about = seen[(place - 3)...(place + 3)].compactMap(\.self).max() ?? here
            let strength = Double(here - middle) / Double(most - middle)
            if here >= about, strength > 0.3 { result.append((place, strength)) }
        }
        return result
    }
}
