import Foundation
import SignalCore

/// Speech as frames that two voices have in common: 12 mel cepstra, loudness, and the slopes of all, 100 a second.
///
/// Each column has mean 0 and deviation 1 over the frames that are within 35 dB of the loudest (Davis & Mermelstein 1980 for the
/// cepstra; Furui 1981 for the slopes).
struct VoiceFeatures {
    static let rate = 100.0
    static let cepstra = 12
    static let columns = 2 * (cepstra + 1)
    private static let bands = 26

    var values: FrameMatrix
    /// Decibels below the loudest frames' (95 % of them are quieter).
    let level: [Float]
    /// Decibels between the quietest and the loudest frames (5 and 95 %).
    let range: Float

    init(_ samples: [Float], rate sampleRate: Double) {
        let window = Int(0.025 * sampleRate), hop = Int(sampleRate / VoiceFeatures.rate)
        var length = 256
        while length < window { length *= 2 }
        let spectrum = PowerSpectrum(windowLength: window, fftLength: length)
        let mel = MelFilterbank(bands: VoiceFeatures.bands, from: 100, to: 7000, bins: spectrum.bins, binHertz: sampleRate / Double(length))
        let padding = [Float](repeating: 0, count: window / 2)
        let padded = padding + samples + padding
        let frames = samples.isEmpty ? 0 : (padded.count - window) / hop + 1
        var logs = FrameMatrix(frames: frames, columns: VoiceFeatures.bands)
        for frame in 0..<frames {
            let energies = mel.energies(of: spectrum.power(of: padded[frame * hop..<frame * hop + window]))
            for band in 0..<VoiceFeatures.bands { logs[frame, band] = energies[band] }
        }
        let loud = (0..<frames).map { frame in
            10 * log10((0..<VoiceFeatures.bands).reduce(Float(0)) { $0 + logs[frame, $1] } + 1e-10)
        }
        let top = Standardisation.percentile(loud, 0.95).map { Float($0) } ?? 0
        range = top - (Standardisation.percentile(loud, 0.05).map { Float($0) } ?? 0)
        level = loud.map { $0 - top }
        // A floor 50 dB below the loudest: what is quieter is silence, however quiet.
        let floor = pow(10, (top - 50) / 10) / Float(VoiceFeatures.bands) + 1e-12
        values = FrameMatrix(frames: frames, columns: VoiceFeatures.columns)
        let cosines = (1...VoiceFeatures.cepstra).map { order in
            (0..<VoiceFeatures.bands).map { Float(cos(.pi * Double(order) * (Double($0) + 0.5) / Double(VoiceFeatures.bands))) }
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

    private mutating func addSlopes() {
        let count = values.frames, base = VoiceFeatures.cepstra + 1
        guard count > 0 else { return }
        for frame in 0..<count {
            for column in 0..<base {
                var slope: Float = 0
                for reach in 1...2 {
                    slope += Float(reach) * (values[min(count - 1, frame + reach), column] - values[max(0, frame - reach), column])
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
            for frame in 0..<values.frames { values[frame, column] = (values[frame, column] - Float(mean)) / Float(max(deviation, 1e-3)) }
        }
    }

    /// The rows at other places: `positions` in frames, between two rows in proportion.
    func rows(at positions: [Double]) -> FrameMatrix {
        var result = FrameMatrix(frames: positions.count, columns: VoiceFeatures.columns)
        for (row, position) in positions.enumerated() where values.frames > 0 {
            let place = min(max(position, 0), Double(values.frames - 1))
            let low = Int(place), high = min(low + 1, values.frames - 1)
            let share = Float(place - Double(low))
            for column in 0..<VoiceFeatures.columns { result[row, column] = values[low, column] * (1 - share) + values[high, column] * share }
        }
        return result
    }
}
