import Foundation
import SignalCore

/// Loudness of bands, 100 times a second: the feature of audio that survives time-stretching with its pitch kept.
///
/// A time stretcher moves short segments of the waveform by some milliseconds, which destroys waveform similarity;
/// onsets and ends of syllables and notes stay.
struct BandCourse {
    /// Seconds between two frames, on the clock on which signals are compared.
    static let step = 0.01
    static let bands = 14

    private static let window = 160
    /// Half the window of the local mean that is subtracted, in frames.
    private static let half = 50
    private static let spectrum = PowerSpectrum(windowLength: window, fftLength: 256)
    /// First spectral bin of each band and the end of the last: 150 to 3600 Hz, logarithmically, none empty.
    private static let edges: [Int] = {
        var edges: [Int] = []
        for index in 0...bands {
            let hertz = 150 * pow(3600.0 / 150, Double(index) / Double(bands))
            let bin = Int((hertz * 256 / Double(SoundSignal.rate)).rounded())
            edges.append(max(bin, (edges.last ?? bin - 1) + 1))
        }
        return edges
    }()
    /// Power below which a band counts as silent, relative to constant full-scale power.
    private static let floor: Float = 1e-8

    let frames: Int
    /// Frames x bands: log power minus its mean over a second around it.
    let values: [Float]

    /// - Parameters:
    ///   - first: the centre of frame 0, in the signal's seconds.
    ///   - speed: seconds of the clock for each second of the signal.
    init(_ signal: SoundSignal, first: Double, frames: Int, speed: Double = 1) {
        let rate = Double(SoundSignal.rate)
        let step = BandCourse.step / speed * rate
        let count = frames + 2 * BandCourse.half
        let begin = first * rate - Double(BandCourse.half) * step - Double(BandCourse.window / 2)
        let low = Int(begin.rounded(.down))
        let samples = signal.samples(from: low, count: Int(Double(count) * step) + BandCourse.window + 2)
        let least = BandCourse.floor * Float(BandCourse.window) * max(signal.peak * signal.peak, 1e-12)
        var logs = [Float](repeating: 0, count: count * BandCourse.bands)
        for frame in 0..<count {
            let place = min(
                samples.count - BandCourse.window, Int((begin + Double(frame) * step).rounded()) - low)
            let power = BandCourse.spectrum.power(of: samples[max(0, place)..<max(0, place) + BandCourse.window])
            for band in 0..<BandCourse.bands {
                var sum: Float = 0
                for bin in BandCourse.edges[band]..<BandCourse.edges[band + 1] { sum += power[bin] }
                logs[frame * BandCourse.bands + band] = log(sum + least)
            }
        }
        self.frames = frames
        var values = [Float](repeating: 0, count: frames * BandCourse.bands)
        let width = Float(2 * BandCourse.half + 1)
        for band in 0..<BandCourse.bands {
            var sum: Double = 0
            for frame in 0..<min(count, 2 * BandCourse.half) { sum += Double(logs[frame * BandCourse.bands + band]) }
            for frame in 0..<frames {
                let (enters, leaves) = (frame + 2 * BandCourse.half, frame - 1)
                if enters < count { sum += Double(logs[enters * BandCourse.bands + band]) }
                if leaves >= 0 { sum -= Double(logs[leaves * BandCourse.bands + band]) }
                let own = logs[(frame + BandCourse.half) * BandCourse.bands + band]
                values[frame * BandCourse.bands + band] = own - Float(sum) / width
            }
        }
        self.values = values
    }

    /// Similarity of `count` frames from `frame` on to those of another signal, at `lags` consecutive positions from
    /// `place` on: -1...1.
    func likeness(_ frame: Int, _ count: Int, to other: BandCourse, at place: Int, lags: Int) -> [Float] {
        let (from, length) = (frame * BandCourse.bands, count * BandCourse.bands)
        precondition(frame + count <= frames && place >= 0 && place + lags + count - 1 <= other.frames)
        return values.withUnsafeBufferPointer { own in
            other.values.withUnsafeBufferPointer { theirs in
                var square: Float = 0
                for index in from..<from + length { square += own[index] * own[index] }
                return (0..<lags).map { lag in
                    let start = (place + lag) * BandCourse.bands
                    var (cross, power): (SIMD8<Float>, SIMD8<Float>) = (.zero, .zero)
                    let (here, there) = (
                        UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(own)[(4 * from)...]),
                        UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(theirs)[(4 * start)...])
                    )
                    var index = 0
                    while index + 8 <= length {
                        let a = here.loadUnaligned(fromByteOffset: 4 * index, as: SIMD8<Float>.self)
                        let b = there.loadUnaligned(fromByteOffset: 4 * index, as: SIMD8<Float>.self)
                        cross += a * b
                        power += b * b
                        index += 8
                    }
                    let all = square * power.sum()
                    return all > 0 ? cross.sum() / all.squareRoot() : 0
                }
            }
        }
    }
}
