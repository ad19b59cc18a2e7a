import Foundation
import Muxing
import SignalCore
import SyncModel

/// Draws faults: the same for the same seed and clip, independent of other clips.
struct FaultDraw {
    private var random: SplitMix64

    /// Minimum and maximum of offsets in milliseconds, drawn log-uniformly.
    private static let moves = (least: 20.0, most: 1200.0)
    private static let textMoves = (least: 60.0, most: 8000.0)
    private static let drifts = (least: 50.0, most: 2000.0)
    /// What separate clocks of cameras and loggers have, in ppm; and how much later they start, in milliseconds.
    private static let clockDrifts = (least: 50.0, most: 300.0)
    private static let lateStarts = (least: 40.0, most: 8000.0)
    /// Standard deviation of stamps in steps of the log, and the most that a stamp moves: their order stays.
    private static let jitters = (least: 0.1, most: 0.3)
    private static let mostJitter = 0.45
    /// Seconds of missing rows.
    private static let dropouts = (least: 0.1, most: 2.0)
    /// Standard deviation of scattered boundaries, and offset of single items, in seconds.
    static let scatter = 0.15
    static let itemMove = 0.4

    init(seed: UInt64, clip: String, fault: Fault) {
        random = SplitMix64(seed: SplitMix64.mix(seed &+ FNV1a(of: clip + "\n" + fault.rawValue).value))
    }

    private mutating func size(_ range: (least: Double, most: Double)) -> Double {
        let sign = random.uniform() < 0.5 ? -1.0 : 1
        return sign * range.least * pow(range.most / range.least, random.uniform())
    }

    mutating func index(below count: Int) -> Int { random.index(below: count) }

    mutating func moved(isText: Bool) -> SoundMove {
        SoundMove(offset: Offset(milliseconds: size(isText ? Self.textMoves : Self.moves).rounded()))
    }

    mutating func drifted(isText: Bool) -> SoundMove {
        // Captions for another frame rate are as frequent as clock drift.
        let ppm = isText && random.uniform() < 0.5 ? (random.uniform() < 0.5 ? 42_709.4 : -40_960.0) : size(Self.drifts)
        return SoundMove(offset: Offset(seconds: 0), drift: Drift(ppm: ppm.rounded()))
    }

    /// Two segments: from a point in the middle third on it has an offset.
    mutating func cut(seconds: Double, isText: Bool) -> SoundMove {
        let border = (seconds * (1 + random.uniform()) / 3 * 10).rounded() / 10
        let step = size(isText ? (400, 8000) : (150, 1200)).rounded()
        return SoundMove(
            offset: Offset(seconds: 0),
            segments: [
                OffsetSegment(span: TimeSpan(start: 0, end: border), offset: Offset(seconds: 0)),
                OffsetSegment(span: TimeSpan(start: border, end: seconds), offset: Offset(milliseconds: step)),
            ])
    }

    /// A late start: what came first is missing, and so all else is earlier by as much.
    mutating func startedLate(seconds: Double) -> SoundMove {
        let most = min(Self.lateStarts.most, seconds * 250)
        let late = abs(size((Self.lateStarts.least, max(Self.lateStarts.least, most)))).rounded()
        return SoundMove(offset: Offset(milliseconds: -late))
    }

    mutating func clockDrifted() -> SoundMove {
        SoundMove(offset: Offset(seconds: 0), drift: Drift(ppm: size(Self.clockDrifts).rounded()))
    }

    /// The standard deviation of scattered stamps, in steps of the log.
    mutating func jitter() -> Double { abs(size(Self.jitters)) }

    /// How far one stamp moves, in steps of the log.
    mutating func stray(_ deviation: Double) -> Double {
        max(-Self.mostJitter, min(Self.mostJitter, deviation * normal()))
    }

    mutating func dropoutSeconds() -> Double { abs(size(Self.dropouts)) }

    /// A normally distributed number (Box & Muller 1958).
    mutating func normal() -> Double {
        let radius = (-2 * log(max(1e-300, random.uniform()))).squareRoot()
        return radius * cos(2 * .pi * random.uniform())
    }

    mutating func sign() -> Double { random.uniform() < 0.5 ? -1 : 1 }
    mutating func chance(_ probability: Double) -> Bool { random.uniform() < probability }
}
