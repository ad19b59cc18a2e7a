/// A stretch of a long recording that is looked at.
public struct Stretch: Sendable, Hashable {
    /// Grid frames with pictures, on the recording's own timeline.
    let frames: Range<Int>
    /// Where the stretch's sound begins on the timeline of all stretches put end to end, in grid frames.
    let place: Int

    /// Grid frames of sound kept on either side: what the searched lags and the networks reach.
    static let margin = LipEvidence.searchedLags + 25

    /// The sound that belongs to it; may begin before 0.
    var sound: Range<Int> { frames.lowerBound - Stretch.margin..<frames.upperBound + Stretch.margin }

    /// The picture's time span in seconds on the recording's own timeline.
    public var seconds: Range<Double> {
        Double(frames.lowerBound) * FrameGrid.period..<Double(frames.upperBound) * FrameGrid.period
    }

    /// Seconds to add to a picture's time to put it on the timeline of all stretches.
    public var shift: Double { Double(place - sound.lowerBound) * FrameGrid.period }
}

/// Which stretches of a long recording are looked at, and in which order.
public struct StretchPlan: Sendable {
    /// Length of a stretch in seconds.
    public static let length = 5.0
    /// Recordings up to this long are looked at whole.
    public static let wholeUpTo = 20.0
    /// A stretch with less voiced sound is left out.
    static let leastVoiced = 1.0

    /// Start times in seconds, in the order in which they are looked at.
    public let starts: [Double]

    /// Stretches with the most voice first among neighbours, spread over the whole: each new one lies in the largest hole
    /// left by those before it, so that any first few of them speak for the whole recording.
    public init(sound: SoundFeatures, durationSeconds: Double) {
        let length = Int(StretchPlan.length * FrameGrid.rate)
        var candidates: [(start: Int, voiced: Int)] = []
        var start = 0
        while Double(start + length) * FrameGrid.period <= durationSeconds {
            let frames = max(start, sound.range.lowerBound)..<max(start, sound.range.lowerBound, min(start + length, sound.range.upperBound))
            let voiced = frames.count { sound.voiced[$0 - sound.range.lowerBound] }
            if Double(voiced) * FrameGrid.period >= StretchPlan.leastVoiced { candidates.append((start, voiced)) }
            start += length
        }
        var chosen: [Int] = []
        var nearest = [Int](repeating: Int.max, count: candidates.count)
        while chosen.count < candidates.count {
            // Farthest from all chosen ones; of equals the one with most voice, then the first.
            var best: Int?
            for index in candidates.indices where nearest[index] > 0 {
                guard let old = best else {
                    best = index
                    continue
                }
                if (nearest[index], candidates[index].voiced) > (nearest[old], candidates[old].voiced) { best = index }
            }
            guard let best else { break }
            chosen.append(candidates[best].start)
            for index in candidates.indices { nearest[index] = min(nearest[index], abs(candidates[index].start - candidates[best].start)) }
        }
        starts = chosen.map { Double($0) * FrameGrid.period }
    }
}

/// A long recording as far as it has been looked at: stretches put end to end.
public struct SampledRecording: Sendable {
    public private(set) var stretches: [Stretch] = []
    public private(set) var mouth = MouthTrack()
    private let sound: SoundFeatures

    public init(sound: SoundFeatures) { self.sound = sound }

    /// Opens the stretch between two times; `append` adds its pictures.
    public mutating func begin(_ seconds: Range<Double>) {
        let first = Int((seconds.lowerBound * FrameGrid.rate).rounded(.down))
        let last = max(first + 1, Int((seconds.upperBound * FrameGrid.rate).rounded(.up)))
        let place = stretches.last.map { $0.place + $0.sound.count } ?? 0
        stretches.append(Stretch(frames: first..<last, place: place))
    }

    /// Seconds of picture looked at.
    public var seconds: Double { stretches.reduce(0) { $0 + $1.seconds.upperBound - $1.seconds.lowerBound } }

    /// The end of the last stretch before a time, in seconds; 0 where there is none.
    public func end(before time: Double) -> Double {
        stretches.map(\.seconds.upperBound).filter { $0 <= time + FrameGrid.period }.max() ?? 0
    }

    /// Notes a picture of the last stretch by its own presentation time.
    public mutating func append(_ shape: MouthShape?, seconds: Double) {
        guard let stretch = stretches.last, stretch.seconds.contains(seconds) else { return }
        mouth.append(shape, seconds: seconds + stretch.shift)
    }

    /// The sound that goes with the mouth so far.
    public var soundSoFar: SoundFeatures { sound.excerpt(stretches) }
}
