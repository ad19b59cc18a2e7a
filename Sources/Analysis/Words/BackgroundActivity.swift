import SyncModel

/// Background activity in the audio where no words are stated: other speakers, music.
///
/// The more there is, the worse right words fit, and the more evidence is needed to report a wrong text.
enum BackgroundActivity {
    /// Seconds before and after a segment that are analysed.
    private static let reach = 12.0
    /// Margin at the edges of words that is ignored, in seconds.
    private static let edge = 0.15
    private static let leastTime = 0.8

    /// The share of the time without words around a segment that is not quiet; 0 where too little time is without
    /// words.
    static func share(around stretch: TimeSpan, words: [TimeSpan], sound: KeptSound) -> Double {
        guard let part = sound.part(from: stretch.start - reach, to: stretch.end + reach) else { return 0 }
        let features = VoiceFeatures(part.samples, rate: SpokenPassage.rate)
        var free = [Bool](repeating: true, count: features.quiet.count)
        for word in words + [stretch] {
            let first = max(0, Int((word.start - edge - part.start) * VoiceFeatures.rate))
            let last = min(free.count, Int((word.end + edge - part.start) * VoiceFeatures.rate))
            for frame in stride(from: first, to: last, by: 1) { free[frame] = false }
        }
        let heard = free.indices.filter { free[$0] }
        guard Double(heard.count) >= leastTime * VoiceFeatures.rate else { return 0 }
        return Double(heard.count { features.quiet[$0] < 0.5 }) / Double(heard.count)
    }
}
