import Foundation
import SignalCore

/// The sound on the grid.
public struct SoundFeatures: Sendable {
    /// Grid frames that are not digital silence at either end.
    let range: Range<Int>
    /// Frames of `range` x 24 log-mel bands, each of mean 0 and deviation at most 1.
    let features: FrameMatrix
    /// Which frames of `range` carry a voice.
    let voiced: [Bool]
    /// All frames there were, in seconds.
    public let seconds: Double

    /// Energies below this share of the mean frame are no sound.
    private static let silence: Double = 1e-6
    private static let voicedAbove: Float = 0.55
    private static let voicedWithinDecibels = 25.0

    init(energies: FrameMatrix, power: [Float], harmonicity: [Float], loudness: [Float]) {
        seconds = Double(power.count) * FrameGrid.period
        let mean = power.reduce(0.0) { $0 + Double($1) } / Double(max(1, power.count))
        let floor = Float(SoundFeatures.silence * mean)
        guard mean > 1e-10, let first = power.firstIndex(where: { $0 > floor }), let last = power.lastIndex(where: { $0 > floor })
        else {
            range = 0..<0
            features = FrameMatrix(frames: 0, columns: SoundFeatureBuilder.bands)
            voiced = []
            return
        }
        let range = first..<last + 1
        self.range = range
        let bands = SoundFeatureBuilder.bands
        var values = FrameMatrix(columns: bands, values: Array(energies.values[range.lowerBound * bands..<range.upperBound * bands]))
        let meanEnergy = values.values.reduce(0.0) { $0 + Double($1) } / Double(values.values.count)
        let lowest = Float(1e-5 * meanEnergy + 1e-10)
        for index in values.values.indices { values.values[index] = log(values.values[index] + lowest) }
        for band in 0..<bands {
            let scaled = Standardisation.scaled(values.column(band), deviationFloor: 1, limit: FrameGrid.limit)
            for (frame, value) in scaled.enumerated() { values[frame, band] = value }
        }
        features = values
        let loud = Array(loudness[range])
        let threshold = (Standardisation.percentile(loud, 0.95) ?? 0) - SoundFeatures.voicedWithinDecibels
        voiced = zip(harmonicity[range], loud).map { $0 > SoundFeatures.voicedAbove && Double($1) > threshold }
    }

    /// Whether there is anything but digital silence.
    public var isSilent: Bool { range.isEmpty }
    /// Seconds that carry a voice.
    public var voicedSeconds: Double { Double(voiced.count { $0 }) * FrameGrid.period }

    private init(range: Range<Int>, features: FrameMatrix, voiced: [Bool], seconds: Double) {
        self.range = range
        self.features = features
        self.voiced = voiced
        self.seconds = seconds
    }

    /// The sound about some stretches of time only, put end to end; each keeps its frames' distances.
    ///
    /// Long recordings are looked at in stretches. Between two of them lies more sound than any lag that is searched
    /// reaches, so that no mouth meets the sound of another stretch.
    public func excerpt(_ stretches: [Stretch]) -> SoundFeatures {
        var values = FrameMatrix(frames: 0, columns: features.columns)
        var voices: [Bool] = []
        for stretch in stretches {
            for frame in stretch.sound {
                if range.contains(frame) {
                    let row = (frame - range.lowerBound) * features.columns
                    values.append(row: features.values[row..<row + features.columns])
                    voices.append(voiced[frame - range.lowerBound])
                } else {
                    values.append(row: [Float](repeating: 0, count: features.columns))
                    voices.append(false)
                }
            }
        }
        return SoundFeatures(range: 0..<values.frames, features: values, voiced: voices, seconds: Double(values.frames) * FrameGrid.period)
    }
}
