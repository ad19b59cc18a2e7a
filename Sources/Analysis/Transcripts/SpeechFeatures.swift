import Foundation
import SignalCore

/// The input of the speech model: log-mel bands of mean 0 and deviation at most 1 over a minute, harmonicity, loudness.
struct SpeechFeatures {
    static let columns = SoundFrameBuilder.bands + 2

    private let frames: SoundFrames
    /// For every second, of the audio within `reach` around it: mean and deviation of each band, the least energy that
    /// counts, and the loudness of loud frames.
    private let means: FrameMatrix
    private let deviations: FrameMatrix
    private let lowest: [Float]
    private let loudest: [Float]
    /// Frames with less energy are silent.
    let floor: Float
    var count: Int { frames.power.count }

    init(_ frames: SoundFrames) {
        self.frames = frames
        floor = Float(1e-6 * frames.power.reduce(0.0) { $0 + Double($1) } / Double(max(1, frames.power.count))) + 1e-12
        let local = LocalLevels(frames, floor: floor)
        (means, deviations, lowest, loudest) = (local.means, local.deviations, local.lowest, local.loudest)
    }

    /// A run of rows; before the first and after the last frame these are repeated.
    func rows(from start: Int, to end: Int) -> FrameMatrix {
        var result = FrameMatrix(frames: max(0, end - start), columns: SpeechFeatures.columns)
        guard count > 0 else { return result }
        let bands = SoundFrameBuilder.bands
        for row in 0..<result.frames {
            let frame = min(max(start + row, 0), count - 1)
            let second = frame / LocalLevels.second
            for band in 0..<bands {
                let value =
                    (log(frames.energies[frame, band] + lowest[second]) - means[second, band])
                    / deviations[second, band]
                result[row, band] = min(4, max(-4, value))
            }
            result[row, bands] = min(1, max(0, frames.harmonicity[frame])) * 2 - 1
            result[row, bands + 1] = min(1, max(-6, (frames.loudness[frame] - loudest[second]) / 10)) / 2 + 1
        }
        return result
    }
}
