import Foundation
import SignalCore

/// Searches for the offset at which every segment of a transcript is spoken within its time, at any position in it.
///
/// Each segment is aligned with all of the audio that it may belong to; its fit by the middle of its words is a curve.
/// For a cue longer than its words, the maximum of the curve within its slack counts.
struct SpokenSearch {
    /// Frames of a bin of the curves: 100 ms.
    static let bin = 5
    static let binSeconds = Double(bin) / SpeechScores.rate
    /// Seconds by which words may exceed their cue.
    private static let slack = 0.2
    /// Limit of a segment's score in deviations of its curve: repeated words are not proof.
    private static let mostDeviations: Float = 5
    private static let leastDeviations: Float = -2

    /// The aligned segments, the mean of the curves subtracted.
    let stretches: [Stretch]
    private let curves: [[Float]]
    private let firstBin: [Int]
    /// Candidate factors on the text's times.
    let factors: [(factor: Double, name: String?)]
    let reach: Double
    /// The deviation of the sum over offsets at which nothing fits.
    let deviation: Double

    init(
        _ stretches: [Stretch], sound: SpeechScores, reach: Double, factors: [(factor: Double, name: String?)]
    ) {
        self.stretches = stretches
        self.factors = factors
        self.reach = reach
        let (least, most) = (factors.map(\.factor).min() ?? 1, factors.map(\.factor).max() ?? 1)
        var (curves, firstBin): ([[Float]], [Int]) = ([], [])
        var variance = 0.0
        let spoken = SpokenSearch.spoken(sound)
        for stretch in stretches {
            let low = Int((stretch.start * least - reach) * SpeechScores.rate)
            let high = Int((stretch.end * most + reach) * SpeechScores.rate)
            let window = (max(0, low)..<max(max(0, low), high)).clamped(to: 0..<sound.frames)
            let made = WordPath(stretch.words).map {
                SpokenSearch.curve($0.ends(sound, in: window), stretch, spoken)
            }
            curves.append(made?.values ?? [])
            variance += (made?.deviation ?? 0) * (made?.deviation ?? 0)
            firstBin.append(window.lowerBound / SpokenSearch.bin)
        }
        self.curves = curves
        self.firstBin = firstBin
        deviation = max(1, variance.squareRoot())
    }

    /// The bins in or near speech.
    private static func spoken(_ sound: SpeechScores) -> [Bool] {
        let count = (sound.frames + bin - 1) / bin
        var sums = [Float](repeating: 0, count: count + 1)
        for place in 0..<count {
            let frames = place * bin..<min(sound.frames, (place + 1) * bin)
            sums[place + 1] = sums[place] + sound.speech[frames].reduce(0, +)
        }
        return (0..<count).map { place in
            let (low, high) = (max(0, place - 5), min(count, place + 6))
            return sums[high] - sums[low] > 0.3 * Float((high - low) * bin)
        }
    }

    /// Score by the middle of the words, less its usual level in speech, and its deviation there; 0 where nothing can
    /// be said.
    ///
    /// Level and deviation are estimated from the upper half of the scores: tones, noise and silence are far below any
    /// speech.
    private static func curve(_ ends: WordPath.Ends, _ stretch: Stretch, _ spoken: [Bool]) -> (
        values: [Float], deviation: Double
    ) {
        guard !ends.window.isEmpty else { return ([], 0) }
        let first = ends.window.lowerBound / bin
        var raw = [Float](repeating: WordPath.none, count: (ends.window.upperBound - 1) / bin - first + 1)
        var lengths: [Float] = []
        for place in ends.scores.indices where ends.scores[place] > WordPath.none / 2 {
            let (start, end) = (Int(ends.starts[place]), ends.window.lowerBound + place + 1)
            let middle = (start + end) / 2 / bin - first
            raw[middle] = max(raw[middle], ends.scores[place])
            if place % 16 == 0 { lengths.append(Float(end - start)) }
        }
        let length = Double(Standardisation.percentile(lengths, 0.5) ?? 0) / SpeechScores.rate
        let room = max(0, (stretch.end - stretch.start - length) / 2) + slack
        var result = slidingMaximum(raw, radius: Int((room / binSeconds).rounded()))
        var known: [Float] = []
        for place in 0..<result.count where result[place] > WordPath.none / 2 && spoken[first + place] {
            known.append(result[place])
        }
        if known.count < 20 { known = result.filter { $0 > WordPath.none / 2 } }
        guard known.count > 4 else { return ([], 0) }
        known.sort()
        func level(_ share: Double) -> Float {
            let position = share * Double(known.count - 1)
            let low = Int(position)
            let high = min(known.count - 1, low + 1)
            return known[low] + Float(position - Double(low)) * (known[high] - known[low])
        }
        let (upper, top) = (level(0.75), level(0.95))
        // Of a normal distribution these are 0.67 and 1.64 deviations above the mean.
        let deviation = max(1, (top - upper) / 0.97)
        let mean = upper - 0.67 * deviation
        for place in result.indices {
            result[place] =
                result[place] > WordPath.none / 2
                ? max(leastDeviations * deviation, min(result[place] - mean, mostDeviations * deviation)) : 0
        }
        return (result, Double(deviation))
    }

    /// The maximum within a range either way of each index (a monotonic queue).
    static func slidingMaximum(_ values: [Float], radius: Int) -> [Float] {
        var result = values
        var queue: [Int] = []
        var head = 0
        for place in 0..<values.count + radius {
            if place < values.count {
                while queue.count > head, values[queue[queue.count - 1]] <= values[place] { queue.removeLast() }
                queue.append(place)
            }
            let middle = place - radius
            guard middle >= 0 else { continue }
            while queue[head] < middle - radius { head += 1 }
            result[middle] = values[queue[head]]
        }
        return result
    }

    /// The sum of some segments' curves by offset, in bins from `-reach`.
    func sum(_ factor: Double, of chosen: Range<Int>? = nil) -> [Float] {
        let half = Int((reach / SpokenSearch.binSeconds).rounded())
        var result = [Float](repeating: 0, count: 2 * half + 1)
        for index in chosen ?? stretches.indices where !curves[index].isEmpty {
            let curve = curves[index]
            // The bin of the curve at the first offset.
            let from =
                Int((stretches[index].middle * factor / SpokenSearch.binSeconds).rounded()) - half - firstBin[index]
            let low = max(0, -from)
            let high = min(result.count, curve.count - from)
            guard low < high else { continue }
            for place in low..<high { result[place] += curve[place + from] }
        }
        return result
    }

    /// Slack of segments on either side of their words in seconds, third quartile.
    var room: Double {
        stretches.map { max(0, ($0.end - $0.start - Double($0.letters) * Stretch.secondsPerLetter) / 2) }
            .sorted().dropLast(stretches.count / 4).last ?? 0
    }

    /// The sum over five bins, so that the middle of a plateau is the highest, in deviations.
    func heights(_ factor: Double, deviation: Double, of chosen: Range<Int>? = nil) -> [Double] {
        let values = sum(factor, of: chosen).map(Double.init)
        guard values.count >= 5 else { return values }
        var result = [Double](repeating: 0, count: values.count)
        for place in 2..<values.count - 2 {
            result[place] = values[place - 2] + values[place - 1] + values[place] + values[place + 1]
            result[place] = (result[place] + values[place + 2]) / 5 / deviation
        }
        return result
    }
}
