import Foundation
public import SignalCore

/// Sudden onsets of sound: where it rises within some 10 ms, over most of the spectrum, from the level before.
///
/// The rise is the loudest of the next 12 ms over the loudest of 8 to 40 ms before, in dB: the mean over the bands, or
/// half that of the band that rises most, whichever is more; a
/// spectral flux (Dixon 2006) with a maximum in front, so that a decaying or fluctuating sound does not count as
/// rising.
public struct AudioOnsets: Sendable, Hashable {
    /// In order of time.
    public let events: [SuddenEvent]
    /// From the first sample to the last, in seconds on the timeline.
    public let start: Double
    public let end: Double
    /// All zeros, or nearly.
    public let isSilent: Bool

    /// A rise below this many dB, as mean over the bands, is no onset.
    public static let leastRise = 6.0
    /// A band rises by this many dB at most: an onset after digital silence is not more sudden than one in a room.
    private static let mostRise: Float = 30
    /// This far below the loudest counts as silence, in dB.
    private static let depth: Float = 45
    /// Rows (of 4 ms) within which one onset counts once.
    private static let apart = 15

    public init(events: [SuddenEvent], start: Double, end: Double, isSilent: Bool = false) {
        self.events = events.sorted { $0.seconds < $1.seconds }
        self.start = start
        self.end = end
        self.isSilent = isSilent
    }

    init(_ sound: OnsetBuilder) {
        let bands = OnsetBuilder.bands
        let rows = sound.energies.count / bands
        start = Double(sound.first) / Double(OnsetBuilder.rate)
        end = start + Double(rows * OnsetBuilder.hop) / Double(OnsetBuilder.rate)
        // The loudest of each band sets the floor: codec noise in silence is no event.
        var top = [Float](repeating: 0, count: bands)
        for row in 0..<rows {
            for band in 0..<bands { top[band] = max(top[band], sound.energies[row * bands + band]) }
        }
        let loudest = top.max() ?? 0
        guard rows > 20, loudest > 1e-7 else {
            events = []
            isSilent = true
            return
        }
        isSilent = false
        let floors = top.map { max($0, loudest * 1e-2) * pow(10, -AudioOnsets.depth / 10) }
        var levels = [Float](repeating: 0, count: rows * bands)
        for index in levels.indices { levels[index] = 10 * log10(sound.energies[index] + floors[index % bands]) }
        let rise = AudioOnsets.rise(levels, rows: rows)
        var found: [SuddenEvent] = []
        for row in rise.indices where Double(rise[row]) >= AudioOnsets.leastRise {
            let around = max(0, row - AudioOnsets.apart)...min(rise.count - 1, row + AudioOnsets.apart)
            guard around.allSatisfy({ rise[$0] < rise[row] || ($0 >= row && rise[$0] == rise[row]) }) else { continue }
            found.append(SuddenEvent(seconds: AudioOnsets.onset(sound, row), strength: Double(rise[row])))
        }
        events = found
    }

    private static func rise(_ levels: [Float], rows: Int) -> [Float] {
        let bands = OnsetBuilder.bands
        var result = [Float](repeating: 0, count: rows)
        for row in 10..<max(10, rows - 7) {
            // A tone that ends abruptly also spreads over the spectrum, while the total becomes quieter.
            func loudest(_ range: ClosedRange<Int>) -> Float {
                levels[range.lowerBound * bands..<(range.upperBound + 1) * bands].max() ?? 0
            }
            guard loudest(row + 4...row + 7) > loudest(row - 10...row - 2) - 1 else { continue }
            var sum: Float = 0
            var most: Float = 0
            for band in 0..<bands {
                func top(_ range: ClosedRange<Int>) -> Float {
                    range.reduce(-.infinity) { max($0, levels[$1 * bands + band]) }
                }
                let one = min(mostRise, max(0, top(row...row + 3) - top(row - 10...row - 2)))
                sum += one
                most = max(most, one)
            }
            // A beep over noise rises in one band only.
            result[row] = max(sum / Float(bands), 0.5 * most)
        }
        return result
    }

    /// The time at which the envelope first reaches a fifth of its next maximum, by amplitude a little under a half.
    private static func onset(_ sound: OnsetBuilder, _ row: Int) -> Double {
        let perRow = OnsetBuilder.hop / OnsetBuilder.fine
        let from = max(0, (row - 2) * perRow)
        let to = min(sound.envelope.count, (row + 5) * perRow)
        guard from < to else { return sound.seconds(ofRow: row) }
        // Means of 1.5 ms, so that a single crackle or a wave's zero does not decide.
        func level(_ index: Int) -> Float {
            let span = max(0, index - 1)...min(sound.envelope.count - 1, index + 1)
            return span.reduce(0) { $0 + sound.envelope[$1] } / Float(span.count)
        }
        var peak = from
        for index in from..<to where level(index) > level(peak) { peak = index }
        let before = (max(0, from - 3 * perRow)..<from).map(level).sorted()
        let background = before.isEmpty ? 0 : before[before.count / 2]
        let threshold = background + 0.2 * (level(peak) - background)
        var index = peak
        while index > from, level(index - 1) > threshold { index -= 1 }
        return (Double(sound.first) + (Double(index) + 0.5) * Double(OnsetBuilder.fine)) / Double(OnsetBuilder.rate)
    }
}
