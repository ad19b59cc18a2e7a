import SyncModel

/// Speech in gaps between the words: a missing word.
enum MissingWords {
    /// Seconds.
    private static let leastHole = 0.09
    private static let longestHole = 3.0
    private static let around = 1.5
    /// Least length of a gap that is all speech; in a longer one of a continuous part, in seconds.
    private static let leastShare = 0.6
    private static let stretch = 0.12

    /// - Parameters:
    ///   - spans: times of the words, moved ones as found, in any order.
    ///   - doubtful: which of them may be other text: gaps next to those are not judged.
    static func holes(_ spans: [TimeSpan], doubtful: Set<Int>, sound: KeptSound) -> [TimeSpan] {
        var result: [TimeSpan] = []
        var before: (end: Double, place: Int)?
        for place in spans.indices.sorted(by: { (spans[$0].start, $0) < (spans[$1].start, $1) }) {
            let span = spans[place]
            if let before, span.start - before.end >= leastHole, span.start - before.end < longestHole,
                !doubtful.contains(before.place),
                !doubtful.contains(place), isSpeech(TimeSpan(start: before.end, end: span.start), sound)
            {
                result.append(TimeSpan(start: before.end, end: span.start))
            }
            if span.end > before?.end ?? -.infinity { before = (span.end, place) }
        }
        return result
    }

    private static func isSpeech(_ hole: TimeSpan, _ sound: KeptSound) -> Bool {
        guard let part = sound.part(from: hole.start - around, to: hole.end + around) else { return false }
        let features = VoiceFeatures(part.samples, rate: SpokenPassage.rate)
        guard features.range >= RenderingAligner.leastRange else { return false }
        let first = max(0, Int((hole.start - part.start) * VoiceFeatures.rate))
        let last = min(features.quiet.count, Int((hole.end - part.start) * VoiceFeatures.rate))
        guard last > first else { return false }
        var (longest, current, loud) = (0, 0, 0)
        for frame in first..<last {
            current = features.quiet[frame] < 0.5 ? current + 1 : 0
            if current > 0 { loud += 1 }
            longest = max(longest, current)
        }
        guard Double(longest) >= leastHole * VoiceFeatures.rate - 1 else { return false }
        return Double(loud) >= leastShare * Double(last - first) || Double(longest) >= stretch * VoiceFeatures.rate
    }
}
