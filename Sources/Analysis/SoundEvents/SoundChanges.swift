import Foundation
import SignalCore

/// Rise (or fall) of the audio at each frame, band by band: where something may begin or end.
///
/// A rise is the level of the 60 ms after a moment over that of the 100 ms before, in decibels, from 0 to 30 a band
/// (half-wave rectified spectral flux over longer windows: Bello et al. 2005). Falls are rises of the reversed audio.
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
            return [0]
                + column.map { value in
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
        let (early, late) =
            rising
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

    /// Where the sound begins (or ends) near a frame, in frames and their fractions: the median over the bands that
    /// change.
    ///
    /// Energy above what was before passes half of what it rises to when the window is centred on the onset of a steady
    /// sound. Of a slow onset, taken for a linear ramp of the amplitude, half of the energy comes late: the time from a
    /// tenth to half of it, less what an abrupt onset takes, tells how much.
    func refined(_ frame: Int, rising: Bool, weights: [Double]) -> Double {
        var places: [Double] = []
        for band in 0..<bands where weights[band] > 0 && change(band, at: frame, rising: rising) >= 5 {
            if let place = crossing(levels[band], frame, rising) {
                places.append(rising ? Double(frame) + place : Double(frame) - 1 - place)
            }
        }
        guard !places.isEmpty else { return Double(frame) }
        places.sort()
        return places.count % 2 == 1
            ? places[places.count / 2] : (places[places.count / 2 - 1] + places[places.count / 2]) / 2
    }

    /// Frames from a tenth to half of the energy of an abrupt onset, through a Hann window of two hops; and a ramp's
    /// share of it.
    private static let abrupt = 0.37
    private static let ramp = 1.81

    private func crossing(_ column: [Float], _ frame: Int, _ rising: Bool) -> Double? {
        func energy(_ step: Int) -> Double {
            let index = rising ? frame + step : frame - 1 - step
            return column.indices.contains(index) ? pow(10, Double(column[index]) / 10) : 0
        }
        var peak = -3
        for step in -3..<6 where energy(step) > energy(peak) { peak = step }
        let before = (-14 ... -8).map(energy).sorted()[3]
        let whole = energy(peak) - before
        guard whole > 0 else { return nil }
        func last(below share: Double) -> Double? {
            var step = peak
            while step > -14, energy(step - 1) - before > share * whole { step -= 1 }
            guard step > -14 else { return nil }
            let (low, high) = (energy(step - 1) - before, energy(step) - before)
            return Double(step - 1) + min(1, max(0, (share * whole - low) / max(high - low, 1e-9)))
        }
        guard let half = last(below: 0.5) else { return nil }
        guard let tenth = last(below: 0.1) else { return half }
        return half - max(0, half - tenth - SoundChanges.abrupt) * SoundChanges.ramp
    }
}
