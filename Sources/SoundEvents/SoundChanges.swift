import Foundation
import SignalCore

/// How much the sound rises (or falls) at each moment, band by band: where something may begin or end.
///
/// A rise is the level of the 60 ms after a moment over that of the 100 ms before, in decibels, from 0 to 30 a band
/// (half-wave rectified spectral flux over longer windows: Bello et al. 2005). Falls are rises of the sound run backwards.
struct SoundChanges {
    /// Frames x bands sums of levels up to each frame, so that means are two look-ups.
    private let sums: [[Double]]
    private let levels: [[Float]]
    let frames: Int
    let bands: Int

    private static let after = 6
    private static let before = 10
    private static let most = 30.0

    init(_ sound: EventSound) {
        frames = sound.frames
        bands = sound.levels.columns
        levels = (0..<bands).map { sound.levels.column($0) }
        sums = levels.map { column in
            var sum = 0.0
            return [0] + column.map { value in
                sum += Double(value)
                return sum
            }
        }
    }

    private func mean(_ band: Int, _ low: Int, _ high: Int) -> Double? {
        let (low, high) = (max(0, low), min(frames, high))
        return high > low ? (sums[band][high] - sums[band][low]) / Double(high - low) : nil
    }

    /// The rise of a band at a frame in decibels; at the recording's edges 0.
    func change(_ band: Int, at frame: Int, rising: Bool) -> Double {
        let (early, late) = rising
            ? (mean(band, frame - SoundChanges.before, frame), mean(band, frame, frame + SoundChanges.after))
            : (mean(band, frame - SoundChanges.after, frame), mean(band, frame, frame + SoundChanges.before))
        guard let early, let late, frame >= 3, frame + 3 <= frames else { return 0 }
        return min(SoundChanges.most, max(0, rising ? late - early : early - late))
    }

    /// The weighted mean of all bands' changes, frame by frame.
    func course(_ weights: [Double], rising: Bool) -> [Double] {
        let whole = max(weights.reduce(0, +), 1e-9)
        var result = [Double](repeating: 0, count: frames)
        for band in 0..<bands where weights[band] > 0.01 * whole {
            for frame in 0..<frames { result[frame] += weights[band] / whole * change(band, at: frame, rising: rising) }
        }
        return result
    }

    /// Where within 60 ms of a frame the energy passes half of what it rises to, in frames and their fractions: the median over
    /// the bands that change.
    ///
    /// A window that is centred on the onset of a steady sound holds half of its energy.
    func refined(_ frame: Int, rising: Bool, weights: [Double]) -> Double {
        var places: [Double] = []
        for band in 0..<bands where weights[band] > 0 && change(band, at: frame, rising: rising) >= 6 {
            let column = levels[band]
            func level(_ step: Int) -> Double {
                let index = rising ? frame + step : frame - 1 - step
                return column.indices.contains(index) ? Double(column[index]) : 0
            }
            var highest = -Double.infinity
            for step in -2..<5 { highest = max(highest, level(step)) }
            let half = highest - 10 * log10(2)
            var step = -7
            while step < 6, level(step) < half { step += 1 }
            guard step > -7, step < 6 else { continue }
            let (low, high) = (pow(10, level(step - 1) / 10), pow(10, level(step) / 10))
            let share = (pow(10, half / 10) - low) / max(high - low, 1e-9)
            let place = Double(step - 1) + min(1, max(0, share))
            places.append(rising ? Double(frame) + place : Double(frame) - 1 - place)
        }
        guard !places.isEmpty else { return Double(frame) }
        places.sort()
        return places.count % 2 == 1 ? places[places.count / 2] : (places[places.count / 2 - 1] + places[places.count / 2]) / 2
    }
}
