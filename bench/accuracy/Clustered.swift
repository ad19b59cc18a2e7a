import Foundation
import SignalCore

/// Means over trials, with intervals that know that trials of one clip, and clips of one speaker, are alike.
enum Clustered {
    /// A share with its 95 % interval, in words.
    static func share(_ trials: [Trial], _ value: (Trial) -> Double?) -> String {
        let (point, low, high) = mean(trials, value)
        return point.isNaN ? "" : "\(percent(point)) (\(percent(low))-\(percent(high)))"
    }

    /// A mean in ms with its 95 % interval, in words.
    static func milliseconds(_ trials: [Trial], _ value: (Trial) -> Double?) -> String {
        let (point, low, high) = mean(trials, value)
        return point.isNaN ? "" : String(format: "%+.1f (%+.1f to %+.1f)", point, low, high)
    }

    static func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }

    /// Mean of a value over the trials that have one, with a two-stage bootstrap interval: speakers, then their clips.
    static func mean(_ trials: [Trial], _ value: (Trial) -> Double?) -> (point: Double, low: Double, high: Double) {
        var clips: [String: [String: (sum: Double, count: Double)]] = [:]
        for trial in trials {
            guard let value = value(trial) else { continue }
            let old = clips[trial.speaker]?[trial.clip] ?? (0, 0)
            clips[trial.speaker, default: [:]][trial.clip] = (old.sum + value, old.count + 1)
        }
        let speakers = clips.sorted { $0.key < $1.key }.map { speaker in
            speaker.value.sorted { $0.key < $1.key }.map(\.value)
        }
        func ratio(_ parts: [(sum: Double, count: Double)]) -> Double {
            parts.reduce(0) { $0 + $1.sum } / max(1e-12, parts.reduce(0) { $0 + $1.count })
        }
        guard !speakers.isEmpty else { return (.nan, .nan, .nan) }
        var generator = SplitMix64(seed: 2026)
        let draws = (0..<500).map { _ -> Float in
            let drawn = (0..<speakers.count).flatMap { _ -> [(sum: Double, count: Double)] in
                let speaker = speakers[generator.index(below: speakers.count)]
                return (0..<speaker.count).map { _ in speaker[generator.index(below: speaker.count)] }
            }
            return Float(ratio(drawn))
        }
        let low = Standardisation.percentile(draws, 0.025) ?? .nan
        let high = Standardisation.percentile(draws, 0.975) ?? .nan
        return (ratio(speakers.flatMap { $0 }), Double(low), Double(high))
    }
}
