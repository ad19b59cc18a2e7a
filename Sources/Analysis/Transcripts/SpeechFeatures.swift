import Foundation
import SignalCore

/// What the speech model looks at: log-mel bands of mean 0 and deviation at most 1, harmonicity, loudness.
struct SpeechFeatures {
    static let columns = SoundFrameBuilder.bands + 2

    private let frames: SoundFrames
    private let lowest: Float
    private let means: [Float]
    private let deviations: [Float]
    private let loudest: Float
    /// Frames with less energy hold no sound.
    let floor: Float
    var count: Int { frames.power.count }

    init(_ frames: SoundFrames) {
        self.frames = frames
        let bands = SoundFrameBuilder.bands
        let count = max(1, frames.energies.values.count)
        let meanEnergy = frames.energies.values.reduce(0.0) { $0 + Double($1) } / Double(count)
        let lowest = Float(1e-5 * meanEnergy + 1e-10)
        self.lowest = lowest
        floor = Float(1e-6 * frames.power.reduce(0.0) { $0 + Double($1) } / Double(max(1, frames.power.count))) + 1e-12
        var (sums, squares) = ([Double](repeating: 0, count: bands), [Double](repeating: 0, count: bands))
        // A frame in four tells mean and deviation of a long recording.
        let step = frames.power.count > 20_000 ? 4 : 1
        var used = 0.0
        for frame in stride(from: 0, to: frames.power.count, by: step) {
            used += 1
            for band in 0..<bands {
                let value = Double(log(frames.energies[frame, band] + lowest))
                sums[band] += value
                squares[band] += value * value
            }
        }
        used = max(1, used)
        means = sums.map { Float($0 / used) }
        deviations = zip(sums, squares).map {
            Float(max(1, max(0, $1 / used - ($0 / used) * ($0 / used)).squareRoot()))
        }
        loudest = Float(Standardisation.percentile(frames.loudness, 0.95) ?? 0)
    }

    /// A run of rows; before the first and after the last frame these are repeated.
    func rows(from start: Int, to end: Int) -> FrameMatrix {
        var result = FrameMatrix(frames: max(0, end - start), columns: SpeechFeatures.columns)
        guard count > 0 else { return result }
        let bands = SoundFrameBuilder.bands
        for row in 0..<result.frames {
            let frame = min(max(start + row, 0), count - 1)
            for band in 0..<bands {
                let value = (log(frames.energies[frame, band] + lowest) - means[band]) / deviations[band]
                result[row, band] = min(4, max(-4, value))
            }
            result[row, bands] = min(1, max(0, frames.harmonicity[frame])) * 2 - 1
            result[row, bands + 1] = min(1, max(-6, (frames.loudness[frame] - loudest) / 10)) / 2 + 1
        }
        return result
    }
}
