/// A segment of a long recording that is examined.
public struct Stretch: Sendable, Hashable {
    /// Grid frames with video, on the recording's timeline.
    let frames: Range<Int>
    /// Where the segment's audio begins on the timeline of all concatenated segments, in grid frames.
    let place: Int

    /// Grid frames of audio kept on either side: what the searched lags and the networks reach.
    let margin: Int

    /// The audio that belongs to it; may begin before 0.
    var sound: Range<Int> { frames.lowerBound - margin..<frames.upperBound + margin }

    /// The same in seconds on the recording's own timeline.
    public var soundSeconds: Range<Double> {
        Double(sound.lowerBound) * FrameGrid.period..<Double(sound.upperBound) * FrameGrid.period
    }

    /// The video's time span in seconds on the recording's own timeline.
    public var seconds: Range<Double> {
        Double(frames.lowerBound) * FrameGrid.period..<Double(frames.upperBound) * FrameGrid.period
    }

    /// Seconds to add to a frame's time to put it on the timeline of all segments.
    public var shift: Double { Double(place - sound.lowerBound) * FrameGrid.period }
}

/// Which segments of a long recording are examined, and in which order.
public struct StretchPlan: Sendable {
    /// Length of a segment in seconds.
    public static let length = 5.0
    /// Recordings up to this long are examined whole.
    public static let wholeUpTo = 20.0
    /// A segment with less voiced audio is omitted.
    static let leastVoiced = 1.0
    /// With less in the whole recording nothing can be measured, and this many segments are examined.
    static let leastVoicedAtAll = 0.3
    private static let voiceless = 3

    /// Start times in seconds, in the order in which they are examined.
    public let starts: [Double]

    /// Start times of segments for a recording that was not analysed: both ends first, then the middle, then inwards in
    /// ever finer steps. The ends are most informative about a drift, if one line fits the whole.
    ///
    /// - Parameter keys: times in seconds at which decoding can begin, ascending; a start moves to one that is near.
    public static func probes(durationSeconds: Double, most: Int, keys: [Double] = []) -> [Double] {
        let last = max(0, durationSeconds - length - 1)
        var shares = [0.0, 1.0, 0.5]
        // The bit-reversed fractions of van der Corput, warped towards the ends.
        for index in 1..<most {
            var (bits, value, half) = (index, 0.0, 0.5)
            while bits > 0 {
                if bits & 1 == 1 { value += half }
                bits >>= 1
                half /= 2
            }
            let bent = 0.5 * value * value
            shares += [bent, 1 - bent]
        }
        var result: [Double] = []
        for share in shares {
            let start = nearest(keys, to: (share * last * 10).rounded() / 10, within: length, upTo: last)
            if result.allSatisfy({ abs($0 - start) >= length + 1 }) { result.append(start) }
        }
        return Array(result.prefix(most))
    }

    private static func nearest(_ keys: [Double], to start: Double, within reach: Double, upTo last: Double) -> Double {
        let near = keys.filter { abs($0 - start) <= reach && $0 <= last }
        return near.min { abs($0 - start) < abs($1 - start) } ?? start
    }

    /// Segments with the most voice first among neighbours, spread over the whole: each new one is in the largest gap
    /// left by those before it, so that any first few of them represent the whole recording.
    ///
    /// Where none has enough voice, those with any; if there is hardly any at all, a few to examine the video.
    public init(sound: SoundFeatures, durationSeconds: Double) {
        let length = Int(StretchPlan.length * FrameGrid.rate)
        var all: [(start: Int, voiced: Int)] = []
        var start = 0
        while Double(start + length) * FrameGrid.period <= durationSeconds {
            all.append((start, sound.voicedFrames(in: start..<start + length)))
            start += length
        }
        var candidates = all.filter { Double($0.voiced) * FrameGrid.period >= StretchPlan.leastVoiced }
        var most = Int.max
        if candidates.isEmpty { candidates = all.filter { $0.voiced > 5 } }
        if Double(candidates.reduce(0) { $0 + $1.voiced }) * FrameGrid.period < StretchPlan.leastVoicedAtAll {
            candidates = all
            most = StretchPlan.voiceless
        }
        var chosen: [Int] = []
        var nearest = [Int](repeating: Int.max, count: candidates.count)
        let ends = StretchPlan.ends(candidates.count)
        while chosen.count < min(most, candidates.count) {
            // Both ends, so that a change in between shows; then the farthest from all chosen ones; of equals the one
            // with most voice, then the first.
            var best: Int?
            let part = chosen.count < ends.count ? ends[chosen.count] : candidates.indices
            for index in part where nearest[index] > 0 {
                guard let old = best else {
                    best = index
                    continue
                }
                if (nearest[index], candidates[index].voiced) > (nearest[old], candidates[old].voiced) { best = index }
            }
            guard let best else { break }
            chosen.append(candidates[best].start)
            for index in candidates.indices {
                nearest[index] = min(nearest[index], abs(candidates[index].start - candidates[best].start))
            }
        }
        starts = chosen.map { Double($0) * FrameGrid.period }
    }

    /// The first and the last fifth of so many segments, at least one each.
    private static func ends(_ count: Int) -> [Range<Int>] {
        guard count > 1 else { return [] }
        let size = max(1, count / 5)
        return [0..<size, count - size..<count]
    }
}

/// A long recording as far as it has been examined: concatenated segments.
public struct SampledRecording: Sendable {
    public private(set) var stretches: [Stretch] = []
    public private(set) var scene = LipScene()
    /// All of the audio, where it was heard; else each segment brings its own.
    private let heard: SoundFeatures?
    private var parts: [(sound: SoundFeatures, frame: Int)] = []
    private var part: SoundFeatureBuilder?
    private let margin: Int

    /// - Parameters:
    ///   - heard: the audio of the whole recording; nil where only that of the segments is analysed.
    ///   - reach: lags that will be searched, in seconds.
    public init(heard: SoundFeatures?, reachSeconds reach: Double) {
        self.heard = heard
        margin = Int((reach * FrameGrid.rate).rounded(.up)) + 25
    }

    /// Opens the segment between two times; `append` adds its video and audio.
    public mutating func begin(_ seconds: Range<Double>) {
        close()
        let first = Int((seconds.lowerBound * FrameGrid.rate).rounded(.down))
        let last = max(first + 1, Int((seconds.upperBound * FrameGrid.rate).rounded(.up)))
        let place = stretches.last.map { $0.place + $0.sound.count } ?? 0
        stretches.append(Stretch(frames: first..<last, place: place, margin: margin))
        if heard == nil { part = SoundFeatureBuilder() }
    }

    /// Ends the audio of the last segment.
    private mutating func close() {
        guard let built = part, let stretch = stretches.last else { return }
        parts.append((built.finish(), stretch.place))
        part = nil
    }

    /// Seconds of video examined.
    public var seconds: Double { stretches.reduce(0) { $0 + $1.seconds.upperBound - $1.seconds.lowerBound } }

    /// The end of the last segment before a time, in seconds; 0 where there is none.
    public func end(before time: Double) -> Double {
        stretches.map(\.seconds.upperBound).filter { $0 <= time + FrameGrid.period }.max() ?? 0
    }

    /// Adds a frame of the last segment by its presentation time.
    public mutating func append(_ faces: [SeenFace], isFirstOfShot: Bool, seconds: Double) {
        guard let stretch = stretches.last, stretch.seconds.contains(seconds) else { return }
        scene.append(faces, isFirstOfShot: isFirstOfShot, seconds: seconds + stretch.shift)
    }

    /// Adds the lower half of a face on a frame of the last segment, by that frame's own presentation time.
    public mutating func append(_ pixels: SeenPixels) {
        guard let stretch = stretches.last, stretch.seconds.contains(pixels.seconds) else { return }
        scene.append(
            SeenPixels(
                identity: pixels.identity, seconds: pixels.seconds + stretch.shift, crop: pixels.crop, box: pixels.box))
    }

    /// Adds audio of the last segment; `start` counts samples (16 kHz) of the recording's own timeline.
    public mutating func append(start: Int, channels: [[Float]]) {
        guard let stretch = stretches.last else { return }
        part?.append(start: start - stretch.sound.lowerBound * FrameGrid.hop, channels: channels)
    }

    /// The audio of the mouths so far.
    public mutating func soundSoFar() -> SoundFeatures {
        if let heard { return heard.excerpt(stretches) }
        close()
        return SoundFeatures(placing: parts)
    }

    /// The time on the recording's own timeline of a time on the timeline of all concatenated segments, in seconds.
    static func mediaSeconds(_ seconds: Double, of stretches: [Stretch]) -> Double {
        let frame = seconds * FrameGrid.rate + 1e-6
        guard let stretch = stretches.last(where: { Double($0.place) <= frame }) else { return seconds }
        return seconds - stretch.shift
    }
}
