import Foundation
import SignalCore

/// The change of the balance of neighbouring bands, 50 times a second: a feature that survives another microphone.
///
/// After Haitsma & Kalker, "A highly robust audio fingerprinting system" (ISMIR 2002), whose signs are kept as clipped
/// values: the change over 40 ms of the difference of log energy between neighbours of 17 bands, 200 to 3400 Hz. A
/// constant gain, a fixed frequency response and slow changes of level drop out.
struct SoundFingerprint: Sendable {
    /// Frames a second.
    static let rate = 50
    static let hop = SoundSignal.rate / rate
    static let bands = 16

    /// Where frame 0 is on the recording's timeline, in seconds.
    let startSeconds: Double
    /// One array a band; silent frames are 0.
    let values: [[Int8]]

    var frames: Int { values.first?.count ?? 0 }

    /// The values of a band with about unit deviation.
    func band(_ index: Int) -> [Float] { values[index].map { Float($0) * (1 / 64) } }
}

/// Makes a fingerprint of samples at `SoundSignal.rate`.
struct FingerprintBuilder: Sendable {
    private static let window = 512
    private static let spectrum = PowerSpectrum(windowLength: window, fftLength: window)
    /// First and last spectral bin of each of the bands, logarithmically spaced.
    private static let edges: [Int] = (0...SoundFingerprint.bands + 1).map { index in
        let hertz = 200 * pow(3400.0 / 200, Double(index) / Double(SoundFingerprint.bands + 1))
        return Int((hertz * Double(window) / Double(SoundSignal.rate)).rounded())
    }
    /// Energy below which a band counts as silent: about -100 dB of full scale.
    private static let floor: Float = 1e-6
    /// A change of this many nepers of energy is one unit.
    private static let unit: Float = 1.5

    private var pending: [Float] = []
    /// Differences of log energy of the last frames, nil where silent.
    private var recent: [[Float]?] = []
    private var values = [[Int8]](repeating: [], count: SoundFingerprint.bands)

    mutating func append(_ samples: [Float]) {
        pending += samples
        var first = 0
        while first + FingerprintBuilder.window <= pending.count {
            frame(FingerprintBuilder.spectrum.power(of: pending[first..<first + FingerprintBuilder.window]))
            first += SoundFingerprint.hop
        }
        pending.removeFirst(first)
    }

    private mutating func frame(_ power: [Float]) {
        var energies = [Float](repeating: 0, count: SoundFingerprint.bands + 1)
        var total: Float = 0
        for band in energies.indices {
            let first = FingerprintBuilder.edges[band]
            for bin in first..<max(first + 1, FingerprintBuilder.edges[band + 1]) { energies[band] += power[bin] }
            total += energies[band]
        }
        var balance: [Float]?
        if total > FingerprintBuilder.floor {
            let logs = energies.map { log($0 + 1e-4 * FingerprintBuilder.floor) }
            balance = (0..<SoundFingerprint.bands).map { logs[$0] - logs[$0 + 1] }
        }
        recent.append(balance)
        guard recent.count == 3 else { return }
        for band in values.indices {
            var value: Float = 0
            if let now = recent[2], let before = recent[0] {
                value = (now[band] - before[band]) / FingerprintBuilder.unit
            }
            values[band].append(Int8(max(-1.5, min(1.5, value)) * 64))
        }
        recent.removeFirst()
    }

    /// - Parameter start: index of the first sample on the timeline.
    func finish(start: Int) -> SoundFingerprint {
        // The first value belongs to the middle of the second window.
        let middle = Double(start + SoundFingerprint.hop + FingerprintBuilder.window / 2)
        return SoundFingerprint(startSeconds: middle / Double(SoundSignal.rate), values: values)
    }
}
