import Foundation
import SignalCore
import SyncModel

extension SoundSignal {
    /// Similarity of two recordings' audio, one `offset` seconds later on the other's timeline: the median of the
    /// correlations of segments of 2 s, 0...1; nil where there are too few.
    ///
    /// The same audio in another codec, level or layout reaches 0.9 and more; another voice over the same music does
    /// not.
    public func likeness(to other: SoundSignal, offset: Double) -> Double? {
        let rate = Double(SoundSignal.rate)
        let length = Int(2 * rate)
        let shift = Int((offset * rate).rounded())
        let low = max(start, other.start - shift)
        let high = min(start + count, other.start + other.count - shift) - length
        guard high > low else { return nil }
        var found: [Float] = []
        for index in 0..<40 {
            let first = low + (high - low) * index / 39
            let (one, two) = (samples(from: first, count: length), other.samples(from: first + shift, count: length))
            var (cross, own, foreign) = (0.0, 0.0, 0.0)
            for place in one.indices {
                cross += Double(one[place] * two[place])
                own += Double(one[place] * one[place])
                foreign += Double(two[place] * two[place])
            }
            if own > 1e-4, foreign > 1e-4 { found.append(Float(abs(cross) / (own * foreign).squareRoot())) }
        }
        return found.count < 3 ? nil : Standardisation.percentile(found, 0.5)
    }
}
