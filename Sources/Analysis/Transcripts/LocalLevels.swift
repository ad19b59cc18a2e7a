import Foundation
import SignalCore

/// Local loudness of a recording around each second: a tune, a tone or another room before a talk has a different
/// level, and digital silence has none.
struct LocalLevels {
    /// Frames of a second.
    static let second = Int(SoundFrameBuilder.rate)
    /// Half width of the window, in seconds.
    private static let reach = 30
    /// Decibels below a window's loudest that are distinguished.
    private static let range = 160
    private static let share = 0.95

    /// Seconds x bands.
    let means: FrameMatrix
    let deviations: FrameMatrix
    /// By second: the least energy of a band that counts, and the loudness of loud frames in decibels.
    let lowest: [Float]
    let loudest: [Float]

    init(_ frames: SoundFrames, floor: Float) {
        let bands = SoundFrameBuilder.bands
        let seconds = max(1, (frames.power.count + LocalLevels.second - 1) / LocalLevels.second)
        let heard = frames.power.indices.filter { frames.power[$0] > floor }
        let top = (heard.map { frames.loudness[$0] }.max() ?? 0).rounded(.up)
        // By second: energies, frames, and a histogram of loudness.
        var energies = [Double](repeating: 0, count: seconds + 1)
        var counts = [Int32](repeating: 0, count: (seconds + 1) * LocalLevels.range)
        var frameCounts = [Int](repeating: 0, count: seconds + 1)
        for frame in heard {
            let place = frame / LocalLevels.second + 1
            for band in 0..<bands { energies[place] += Double(frames.energies[frame, band]) }
            frameCounts[place] += 1
            let below = min(LocalLevels.range - 1, max(0, Int(top - frames.loudness[frame])))
            counts[place * LocalLevels.range + below] += 1
        }
        for place in 1...seconds {
            energies[place] += energies[place - 1]
            frameCounts[place] += frameCounts[place - 1]
            for level in 0..<LocalLevels.range {
                counts[place * LocalLevels.range + level] += counts[(place - 1) * LocalLevels.range + level]
            }
        }
        // At the ends, and where there is little audio, a window is wider.
        let windows = (0..<seconds).map { place -> Range<Int> in
            var (low, high) = (max(0, place - LocalLevels.reach), min(seconds, place + LocalLevels.reach + 1))
            while frameCounts[high] - frameCounts[low] < LocalLevels.reach * LocalLevels.second,
                low > 0 || high < seconds
            {
                (low, high) = (max(0, low - 5), min(seconds, high + 5))
            }
            return low..<high
        }
        lowest = windows.map { window in
            let count = max(1, frameCounts[window.upperBound] - frameCounts[window.lowerBound])
            let mean = (energies[window.upperBound] - energies[window.lowerBound]) / Double(count * bands)
            return Float(1e-5 * mean + 1e-10)
        }
        loudest = windows.map { window in
            let (from, to) = (window.lowerBound * LocalLevels.range, window.upperBound * LocalLevels.range)
            let count = frameCounts[window.upperBound] - frameCounts[window.lowerBound]
            var above = 0
            for level in 0..<LocalLevels.range {
                let here = Int(counts[to + level] - counts[from + level])
                above += here
                if Double(above) >= (1 - LocalLevels.share) * Double(count), above > 0 {
                    // Interpolated within the decibel by counts.
                    let rest = (1 - LocalLevels.share) * Double(count) - Double(above - here)
                    return top - Float(level) - Float(rest / Double(max(1, here)))
                }
            }
            return top
        }
        (means, deviations) = LocalLevels.moments(frames, heard, windows, lowest)
    }

    /// Mean and deviation of the bands' logarithms in each window.
    private static func moments(_ frames: SoundFrames, _ heard: [Int], _ windows: [Range<Int>], _ lowest: [Float])
        -> (FrameMatrix, FrameMatrix)
    {
        let bands = SoundFrameBuilder.bands
        var sums = [Double](repeating: 0, count: (windows.count + 1) * (2 * bands + 1))
        let width = 2 * bands + 1
        // One frame in four suffices for mean and deviation of a long recording.
        for index in stride(from: 0, to: heard.count, by: heard.count > 20_000 ? 4 : 1) {
            let frame = heard[index]
            let base = (frame / second + 1) * width
            for band in 0..<bands {
                let value = Double(log(frames.energies[frame, band] + lowest[frame / second]))
                sums[base + band] += value
                sums[base + bands + band] += value * value
            }
            sums[base + 2 * bands] += 1
        }
        for place in width..<sums.count { sums[place] += sums[place - width] }
        var means = FrameMatrix(frames: windows.count, columns: bands)
        var deviations = means
        for (place, window) in windows.enumerated() {
            let (from, to) = (window.lowerBound * width, window.upperBound * width)
            let used = max(1, sums[to + 2 * bands] - sums[from + 2 * bands])
            for band in 0..<bands {
                let mean = (sums[to + band] - sums[from + band]) / used
                let square = (sums[to + bands + band] - sums[from + bands + band]) / used
                means[place, band] = Float(mean)
                deviations[place, band] = Float(max(1, max(0, square - mean * mean).squareRoot()))
            }
        }
        return (means, deviations)
    }
}
