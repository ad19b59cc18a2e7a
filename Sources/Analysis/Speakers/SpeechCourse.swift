/// Probability of speech, and of overlapping speech, over a whole recording.
public struct SpeechCourse: Sendable {
    /// Frames a second.
    static let rate = 50.0
    /// The probability that somebody speaks, and that two do at once.
    let speech: [Float]
    let overlap: [Float]

    /// From windows, which may overlap: the mean of those that cover a frame, with little weight at the ends of a
    /// window.
    public init(_ windows: [VoiceWindow], seconds: Double) {
        let count = Int(max(0, min(seconds, 1e6)) * SpeechCourse.rate)
        var (sums, doubles, weights) = (
            [Float](repeating: 0, count: count), [Float](repeating: 0, count: count),
            [Float](repeating: 0, count: count)
        )
        for window in windows {
            let first = max(0, Int(window.start * SpeechCourse.rate))
            let last = min(count, Int(window.end * SpeechCourse.rate))
            for frame in first..<max(first, last) {
                let (low, high) = (Double(frame) / SpeechCourse.rate, Double(frame + 1) / SpeechCourse.rate)
                let shares = (0..<window.voices).compactMap { window.share($0, from: low, to: high) }.map { Float($0) }
                    .sorted(by: >)
                guard let highest = shares.first else { continue }
                let room = Float(min(low - window.start + 0.1, window.end - high + 0.1))
                let weight = min(1, max(0.05, room))
                sums[frame] += weight * highest
                doubles[frame] += weight * (shares.count > 1 ? shares[1] : 0)
                weights[frame] += weight
            }
        }
        speech = zip(sums, weights).map { $1 > 0 ? $0 / $1 : 0 }
        overlap = zip(doubles, weights).map { $1 > 0 ? $0 / $1 : 0 }
    }

    var seconds: Double { Double(speech.count) / SpeechCourse.rate }
    public var speechSeconds: Double { Double(speech.count { $0 > 0.5 }) / SpeechCourse.rate }
    var overlapSeconds: Double { Double(overlap.count { $0 > 0.5 }) / SpeechCourse.rate }

    func frames(_ start: Double, _ end: Double) -> Range<Int> {
        let low = Int((max(-1, min(1e7, start)) * SpeechCourse.rate).rounded())
        let high = Int((max(-1, min(1e7, end)) * SpeechCourse.rate).rounded())
        return (max(0, low)..<max(max(0, low), high)).clamped(to: 0..<speech.count)
    }

    /// The mean probability of speech in a segment; nil: it is outside the recording.
    func share(_ start: Double, _ end: Double) -> Double? {
        let range = frames(start, end)
        return range.isEmpty ? nil : range.reduce(0.0) { $0 + Double(speech[$1]) } / Double(range.count)
    }
}
