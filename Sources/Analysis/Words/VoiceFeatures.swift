import Foundation
import SignalCore

/// Speech features comparable between voices: 12 mel cepstra, loudness, and the slopes of all, 100 a second.
///
/// Steady noise is subtracted first (Boll 1979): one and a half times the energy of each band in its quietest tenth.
/// Each column has mean 0 over the frames that are within 35 dB of the loudest, and a deviation of its weight (Davis &
/// Mermelstein 1980 for the cepstra; Furui 1981 for the slopes): the higher a cepstrum's order, the more it depends on
/// the voice and the less on the word.
struct VoiceFeatures {
    static let rate = 100.0
    static let cepstra = 12
    static let columns = 2 * (cepstra + 1)
    private static let bands = 26

    var values: FrameMatrix
    /// Decibels below the loudest frames' (95 % of them are quieter), without steady noise.
    let level: [Float]
    /// Decibels between the quietest and the loudest frames (5 and 95 %), with all noise.
    let range: Float
    /// 0...1 for each frame: probability that nobody speaks.
    let quiet: [Float]

    private static let noiseShare: Float = 1.5
    private static let leastLeft: Float = 0.02
    private static let loudnessWeight: Float = 1.5

    private static func weight(_ order: Int) -> Float { 1.5 / Float(order).squareRoot() }

    init(_ samples: [Float], rate sampleRate: Double) {
        let window = Int(0.025 * sampleRate)
        let hop = Int(sampleRate / VoiceFeatures.rate)
        var length = 256
        while length < window { length *= 2 }
        let spectrum = PowerSpectrum(windowLength: window, fftLength: length)
        let mel = MelFilterbank(
            bands: VoiceFeatures.bands, from: 100, to: 7000, bins: spectrum.bins, binHertz: sampleRate / Double(length))
        let padding = [Float](repeating: 0, count: window / 2)
        let padded = padding + samples + padding
        let frames = samples.isEmpty ? 0 : (padded.count - window) / hop + 1
        var logs = FrameMatrix(frames: frames, columns: VoiceFeatures.bands)
        for frame in 0..<frames {
            let energies = mel.energies(of: spectrum.power(of: padded[frame * hop..<frame * hop + window]))
            for band in 0..<VoiceFeatures.bands { logs[frame, band] = energies[band] }
        }
        func loudness() -> [Float] {
            (0..<frames).map { frame in
                10 * log10((0..<VoiceFeatures.bands).reduce(Float(0)) { $0 + logs[frame, $1] } + 1e-10)
            }
        }
        func percentile(_ values: [Float], _ share: Double) -> Float {
            Standardisation.percentile(values, share).map { Float($0) } ?? 0
        }
        let noisy = loudness()
        range = percentile(noisy, 0.95) - percentile(noisy, 0.05)
        for band in 0..<VoiceFeatures.bands {
            let noise = VoiceFeatures.noiseShare * percentile((0..<frames).map { logs[$0, band] }, 0.1)
            for frame in 0..<frames {
                logs[frame, band] = max(logs[frame, band] - noise, VoiceFeatures.leastLeft * logs[frame, band])
            }
        }
        let loud = loudness()
        let top = percentile(loud, 0.95)
        level = loud.map { $0 - top }
        quiet = VoiceFeatures.quietness(level)
        // A floor 50 dB below the loudest: anything quieter is silence.
        let floor = pow(10, (top - 50) / 10) / Float(VoiceFeatures.bands) + 1e-12
        values = FrameMatrix(frames: frames, columns: VoiceFeatures.columns)
        let cosines = (1...VoiceFeatures.cepstra).map { order in
            (0..<VoiceFeatures.bands).map {
                Float(cos(.pi * Double(order) * (Double($0) + 0.5) / Double(VoiceFeatures.bands)))
            }
        }
        for frame in 0..<frames {
            let row = (0..<VoiceFeatures.bands).map { log(logs[frame, $0] + floor) }
            for order in 0..<VoiceFeatures.cepstra {
                var sum: Float = 0
                for band in row.indices { sum += row[band] * cosines[order][band] }
                values[frame, order] = sum
            }
            values[frame, VoiceFeatures.cepstra] = max(-50, level[frame])
        }
        addSlopes()
        standardise()
    }

    /// Speech starts half way between the quietest and the loudest frames, and at most 27 dB below the loudest.
    private static func quietness(_ level: [Float]) -> [Float] {
        let floor = max(Standardisation.percentile(level, 0.05).map { Float($0) } ?? 0, -45)
        let edge = max(0.55 * floor, -27)
        let width = max(2, -0.25 * floor)
        return level.map { min(1, max(0, (edge - $0) / width)) }
    }

    private mutating func addSlopes() {
        let count = values.frames
        let base = VoiceFeatures.cepstra + 1
        guard count > 0 else { return }
        for frame in 0..<count {
            for column in 0..<base {
                var slope: Float = 0
                for reach in 1...2 {
                    slope +=
                        Float(reach)
                        * (values[min(count - 1, frame + reach), column] - values[max(0, frame - reach), column])
                }
                values[frame, base + column] = slope / 10
            }
        }
    }

    private mutating func standardise() {
        let loud = level.indices.filter { level[$0] > -35 }
        guard loud.count > 1 else { return }
        for column in 0..<VoiceFeatures.columns {
            let (mean, deviation) = Standardisation.moments(loud.map { values[$0, column] })
            let order = column % (VoiceFeatures.cepstra + 1) + 1
            let weight = order > VoiceFeatures.cepstra ? VoiceFeatures.loudnessWeight : VoiceFeatures.weight(order)
            for frame in 0..<values.frames {
                values[frame, column] = (values[frame, column] - Float(mean)) * weight / Float(max(deviation, 1e-3))
            }
        }
    }

    /// The rows at other positions: `positions` in frames, interpolated linearly.
    func rows(at positions: [Double]) -> FrameMatrix {
        var result = FrameMatrix(frames: positions.count, columns: VoiceFeatures.columns)
        for (row, position) in positions.enumerated() where values.frames > 0 {
            let place = min(max(position, 0), Double(values.frames - 1))
            let low = Int(place)
            let high = min(low + 1, values.frames - 1)
            let share = Float(place - Double(low))
            for column in 0..<VoiceFeatures.columns {
                result[row, column] = values[low, column] * (1 - share) + values[high, column] * share
            }
        }
        return result
    }
}
