import Foundation
import SignalCore
public import SyncModel

/// Change over the time of a recording, 100 values a second, such as of motion or loudness.
public struct ChangeCurve: Sendable {
    public static let rate = 100.0

    public enum Kind: String, Sendable, CaseIterable { case motion, sound }

    public let kind: Kind
    /// The recording's time of the first value, in seconds.
    public let start: Double
    public let values: [Float]

    public init(kind: Kind, start: Double, values: [Float]) {
        self.kind = kind
        self.start = start
        self.values = values
    }
}

/// Labels of one track with its recording's change curve.
public struct RecordedTrack: Sendable {
    public let session: String
    /// The view or annotator whose bias is measured.
    public let name: String
    /// Starts and ends, in seconds.
    public let boundaries: [Double]
    public let curves: [ChangeCurve]

    public init(session: String, name: String, boundaries: [Double], curves: [ChangeCurve]) {
        self.session = session
        self.name = name
        self.boundaries = boundaries
        self.curves = curves
    }
}

/// Common offset of a track's boundaries from what is seen or heard; single boundaries are not judged.
public struct RecordingBias: Sendable {
    public let name: String
    public let kind: ChangeCurve.Kind
    public let boundaries: Int
    public let sessions: Int
    /// Positive: the labels are early; nil where the evidence does not suffice.
    public let offset: Offset?
    public let interval: OffsetInterval?
    /// The share of draws of the boundaries whose answer is within 40 ms of this one.
    public let confidence: Double?
    /// Height of the mean change at the answer over its mean at all other shifts, in standard deviations of those.
    public let height: Double
    public let because: String
}

/// Measures biases against recordings: where, on average over all boundaries, change is strongest around them.
public struct RecordingMeter: Sendable {
    /// Shifts are searched within plus and minus a second, in steps of 10 ms.
    static let reach = 100
    static let fewest = 20
    static let leastHeight = 4.0
    static let leastConfidence = 0.8

    public let seed: UInt64

    public init(seed: UInt64) { self.seed = seed }

    public func measure(_ tracks: [RecordedTrack]) -> [RecordingBias] {
        var result: [RecordingBias] = []
        for (name, own) in Dictionary(grouping: tracks, by: \.name).sorted(by: { $0.key < $1.key }) {
            for kind in ChangeCurve.Kind.allCases {
                let rows = own.flatMap { track in
                    track.curves.filter { $0.kind == kind }.flatMap { Self.rows(track.boundaries, $0) }
                }
                let sessions = own.filter { track in track.curves.contains { $0.kind == kind } }.count
                guard sessions > 0 else { continue }
                result.append(bias(name, kind, rows, sessions))
            }
        }
        return result
    }

    /// Around each boundary the change at every shift, minus its mean, divided by the curve's deviation and limited to
    /// 4, so that no single event dominates.
    private static func rows(_ boundaries: [Double], _ curve: ChangeCurve) -> [[Float]] {
        guard curve.values.count > 4 * reach else { return [] }
        let mean = curve.values.reduce(0, +) / Float(curve.values.count)
        let deviation = (curve.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(curve.values.count))
            .squareRoot()
        guard deviation > 0 else { return [] }
        return boundaries.compactMap { time in
            let centre = Int(((time - curve.start) * ChangeCurve.rate).rounded())
            guard centre - reach >= 0, centre + reach < curve.values.count else { return nil }
            return (-reach...reach).map { min(4, (curve.values[centre + $0] - mean) / deviation) }
        }
    }

    private func bias(_ name: String, _ kind: ChangeCurve.Kind, _ rows: [[Float]], _ sessions: Int) -> RecordingBias {
        func none(_ because: String, _ height: Double = .nan) -> RecordingBias {
            RecordingBias(
                name: name, kind: kind, boundaries: rows.count, sessions: sessions, offset: nil, interval: nil,
                confidence: nil, height: height, because: because)
        }
        guard rows.count >= Self.fewest else {
            return none("\(rows.count) boundaries are within the recording; \(Self.fewest) are needed")
        }
        let curve = Self.mean(rows, rows.indices.map { $0 })
        let (peak, height) = Self.peak(curve)
        var generator = SampleDraws(seed: seed)
        var peaks: [Double] = []
        var draw = [Int](repeating: 0, count: rows.count)
        for _ in 0..<200 {
            for index in draw.indices { draw[index] = generator.index(below: rows.count) }
            peaks.append(Self.peak(Self.mean(rows, draw)).place)
        }
        let confidence = Double(peaks.filter { abs($0 - peak) <= 0.04 }.count) / Double(peaks.count)
        guard height >= Self.leastHeight else {
            return none(
                """
                \(kind.rawValue) changes hardly more at boundaries than elsewhere (\(String(format: "%.1f", height)) \
                standard deviations; \(Int(Self.leastHeight)) are needed)
                """,
                height)
        }
        guard confidence >= Self.leastConfidence else {
            return none(
                """
                only \(Int(confidence * 100)) % of bootstrap draws agree within 40 ms; \
                \(Int(Self.leastConfidence * 100)) % are needed
                """,
                height)
        }
        peaks.sort()
        // Where change comes after the boundary the labels are early.
        let interval = OffsetInterval(
            Offset(seconds: Quantile.of(sorted: peaks, 0.025) - 0.005),
            Offset(seconds: Quantile.of(sorted: peaks, 0.975) + 0.005))
        return RecordingBias(
            name: name, kind: kind, boundaries: rows.count, sessions: sessions, offset: Offset(seconds: peak),
            interval: interval, confidence: confidence,
            height: height, because: "")
    }

    private static func mean(_ rows: [[Float]], _ draw: [Int]) -> [Double] {
        var sum = [Double](repeating: 0, count: 2 * reach + 1)
        for place in draw { for index in sum.indices { sum[index] += Double(rows[place][index]) } }
        // Smoothed over 50 ms: frames come every 20 to 40.
        let smooth = sum.indices.map { index -> Double in
            let range = max(0, index - 2)...min(sum.count - 1, index + 2)
            return sum[range].reduce(0, +) / Double(range.count)
        }
        return smooth.map { $0 / Double(max(1, draw.count)) }
    }

    /// The position of the peak in seconds, and its height above values at least 150 ms away.
    private static func peak(_ curve: [Double]) -> (place: Double, height: Double) {
        let best = curve.indices.max { curve[$0] < curve[$1] } ?? reach
        let rest = curve.indices.filter { abs($0 - best) > 15 }.map { curve[$0] }
        let mean = rest.reduce(0, +) / Double(rest.count)
        let deviation = (rest.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rest.count)).squareRoot()
        return (Double(best - reach) / ChangeCurve.rate, (curve[best] - mean) / max(deviation, 1e-9))
    }
}
