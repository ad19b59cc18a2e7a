import Foundation
import SignalCore
import SyncModel

/// A segment of the subject compared with the reference near an expected offset.
struct SoundWindow {
    /// Middle of the segment in subject seconds.
    let middle: Double
    /// The offset of the highest peak, in seconds.
    let offset: Double
    /// Its height in deviations of the rest of the curve.
    let height: Double
    /// The next peak more than 50 ms away, in the same measure.
    let second: Double
    /// Height by offset: `curve[k]` belongs to `firstOffset + k / SoundSignal.rate`.
    let firstOffset: Double
    let curve: [Float]

    /// The curve's value at an offset; 0 outside.
    func value(at offset: Double) -> Float {
        let place = Int(((offset - firstOffset) * Double(SoundSignal.rate)).rounded())
        return curve.indices.contains(place) ? curve[place] : 0
    }
}

/// Compares segments of one recording with another.
struct SoundComparer {
    let reference: SoundSignal
    let subject: SoundSignal
    /// The compared band, in hertz: rooms and handling noise are below it, codecs and telephones cut above it.
    static let band = 100.0...3600.0
    /// Peaks nearer than this to the highest belong to it, in seconds.
    static let own = 0.05

    /// The part of the subject that overlaps the reference at an offset; nil where none does.
    func overlap(at offset: Double) -> ClosedRange<Double>? {
        let low = max(subject.startSeconds, reference.startSeconds - offset)
        let high = min(subject.endSeconds, reference.endSeconds - offset)
        return low < high ? low...high : nil
    }

    /// Compares `length` seconds of the subject from `start` on with the reference, at `offset` plus or minus `reach`
    /// seconds.
    ///
    /// - Returns: nil where either side is silent.
    func window(start: Double, length: Double, offset: Double, reach: Double) -> SoundWindow? {
        let rate = Double(SoundSignal.rate)
        let count = Int(length * rate)
        let range = max(40, Int(reach * rate))
        let first = Int((start * rate).rounded())
        let shift = Int((offset * rate).rounded()) - range
        guard count > 400 else { return nil }
        let heard = subject.samples(from: first, count: count)
        let other = reference.samples(from: first + shift, count: count + 2 * range)
        guard heard.contains(where: { $0 != 0 }), other.contains(where: { $0 != 0 }) else { return nil }
        let transform = PhaseTransform(
            length: RealFFT.paddedLength(other.count), sampleRate: rate, band: SoundComparer.band)
        var curve = transform.curve(reference: other, subject: heard, lags: 2 * range + 1)
        // Peaks at the edge cannot be distinguished from slopes.
        let rim = 2 * Interpolation.margin
        guard let top = (rim..<curve.count - rim).max(by: { curve[$0] < curve[$1] }) else { return nil }
        let own = Int(SoundComparer.own * rate)
        var (squares, others, second): (Double, Int, Float) = (0, 0, 0)
        for index in curve.indices where abs(index - top) > own {
            squares += Double(curve[index]) * Double(curve[index])
            others += 1
            second = max(second, curve[index])
        }
        if others < own {
            // Hardly anything but the surroundings of the peak: the scale of the transform is used.
            (squares, others) = (Double(max(1, others)), max(1, others))
        }
        let deviation = Float((squares / Double(others)).squareRoot())
        guard deviation > 0 else { return nil }
        for index in curve.indices { curve[index] /= deviation }
        let near = LagCurve(maximumLag: rim, values: Array(curve[top - rim...top + rim]))
        let place = Double(top) + near.peak().samples
        let firstOffset = Double(shift) / rate
        return SoundWindow(
            middle: Double(first) / rate + length / 2, offset: firstOffset + place / rate, height: Double(curve[top]),
            second: Double(second / deviation), firstOffset: firstOffset, curve: curve)
    }
}
