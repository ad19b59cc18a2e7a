import Foundation
import SignalCore
import SyncModel

extension SoundPlacer {
    /// Pieces that a time stretcher leaves whole are shorter than this, in seconds.
    private static let grain = 0.14
    /// Such pieces are laid over each other in stretches of so many seconds.
    private static let laid = 6.0
    /// How far from a hint the sound is looked for, in seconds.
    private static let far = 0.35

    /// Places sound that was stretched in time with its pitch kept, near where hints say.
    ///
    /// A stretcher leaves short pieces of the sound as they were and moves them about by some milliseconds. Pieces of
    /// 0.14 s are held against the reference, and their curves laid over each other along the stretched time.
    /// - Parameters:
    ///   - speed: seconds of the reference for each second of the subject.
    ///   - hints: in the subject's time, times `speed`.
    /// - Returns: points in the subject's time, times `speed`.
    public func pitchKept(reference: SoundSignal, subject: SoundSignal, speed: Double, hints: [Hint]) -> SoundTrace {
        var trace = SoundTrace()
        let comparer = SoundComparer(reference: reference, subject: subject)
        let rate = Double(SoundSignal.rate)
        let reach = Int(SoundPlacer.far * rate)
        for hint in hints {
            for start in stride(from: hint.span.start, through: hint.span.end - SoundPlacer.laid, by: 2) {
                trace.stretches += 1
                var sum = [Float](repeating: 0, count: 2 * reach + 1)
                var used = 0
                for part in 0..<40 {
                    let x = start + SoundPlacer.laid * (Double(part) + 0.5) / 40
                    let own = x / speed
                    let offset = x + hint.offset - own
                    guard
                        let window = comparer.window(
                            start: own - SoundPlacer.grain / 2, length: SoundPlacer.grain, offset: offset,
                            reach: SoundPlacer.far)
                    else { continue }
                    used += 1
                    let first = Int(((offset - window.firstOffset) * rate).rounded()) - reach
                    for place in sum.indices where window.curve.indices.contains(first + place) {
                        sum[place] += max(-6, min(6, window.curve[first + place]))
                    }
                }
                guard used > 15 else { continue }
                let smooth = Standardisation.boxAverage(Standardisation.boxAverage(sum, reach: 20), reach: 20)
                guard let top = smooth.indices.max(by: { smooth[$0] < smooth[$1] }) else { continue }
                let others = smooth.indices.filter { abs($0 - top) > 400 }.map { Double(smooth[$0]) }
                let mean = others.reduce(0, +) / Double(max(1, others.count))
                let deviation =
                    (others.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, others.count))).squareRoot()
                let height = (Double(smooth[top]) - mean) / max(deviation, 1e-9)
                guard height > 6, top > 40, top + 40 < smooth.count else { continue }
                // The middle of what stands out: the moved pieces spread about it.
                var (weight, moment) = (0.0, 0.0)
                for place in top - 80...top + 80 where smooth.indices.contains(place) {
                    let part = max(0, Double(smooth[place]) - mean - 0.5 * (Double(smooth[top]) - mean))
                    weight += part
                    moment += part * Double(place)
                }
                let lag = (moment / max(weight, 1e-9) - Double(reach)) / rate
                trace.points.append(
                    SoundTrace.Point(
                        seconds: start + SoundPlacer.laid / 2, offset: hint.offset + lag, height: height))
            }
        }
        return trace
    }
}
