import Foundation

/// Collects features for speech analysis while the audio is decoded: mel energies, harmonicity and loudness, 50 times a
/// second.
///
/// Power spectra are averaged over the channels, so that channels in opposite phase do not cancel.
public struct SoundFrameBuilder: Sendable {
    /// Mel bands from 60 to 7600 Hz.
    public static let bands = 24
    /// Frame rate in Hz: frame `n` is centred at `n / rate` seconds.
    public static let rate = 50.0
    /// Hop size in samples at 16 kHz.
    static let hop = 320
    private static let window = 640
    private static let fftLength = 1024
    /// Pitch periods of voice, in samples at 16 kHz: 400 Hz down to 70 Hz.
    private static let pitchLags = 40..<230
    private static let spectrum = PowerSpectrum(windowLength: window, fftLength: fftLength)
    private static let filterbank = MelFilterbank(
        bands: bands, from: 60, to: 7600, bins: fftLength / 2 + 1, binHertz: 16000 / Double(fftLength))
    /// The window's own autocorrelation, relative to its energy.
    private static let windowCorrelation: [Float] = {
        let energy = PowerSpectrum(windowLength: window, fftLength: fftLength).power(
            of: [Float](repeating: 1, count: window)[...])
        let correlation = spectrum.autocorrelation(ofPower: energy)
        return correlation.map { $0 / correlation[0] }
    }()

    private var energies = FrameMatrix(frames: 0, columns: bands)
    private var power: [Float] = []
    private var harmonicity: [Float] = []
    private var loudness: [Float] = []
    private var mean = [Float](repeating: 0, count: spectrum.bins)
    private var pending = SampleQueue(base: -window / 2, silence: window / 2)

    public init() {}

    /// Adds a run of samples at 16 kHz; `start` counts from the timeline's origin. Samples before the origin are
    /// dropped.
    public mutating func append(start: Int, channels: [[Float]]) {
        guard let count = channels.first?.count, count > 0 else { return }
        pending.adopt(channels: channels.count)
        while pending.fillHole(before: start) { drain() }
        if pending.append(start: start, channels: channels) { drain() }
    }

    private mutating func drain() {
        var used = 0
        while pending.count - used >= SoundFrameBuilder.window {
            frame(at: used)
            used += SoundFrameBuilder.hop
        }
        pending.drop(used)
    }

    private mutating func frame(at position: Int) {
        typealias Builder = SoundFrameBuilder
        var isEmpty = true
        for channel in pending.channels {
            let window = channel[position..<position + Builder.window]
            guard window.contains(where: { $0 != 0 }) else { continue }
            let spectrum = Builder.spectrum.power(of: window)
            // Samples of floating-point files may be NaN or infinite: such a frame is silent.
            guard spectrum.reduce(0, +).isFinite else { continue }
            if isEmpty {
                mean = spectrum
                isEmpty = false
            } else {
                for bin in mean.indices { mean[bin] += spectrum[bin] }
            }
        }
        if isEmpty {
            add(Builder.silence)
        } else {
            let share = 1 / Float(pending.channels.count)
            if pending.channels.count > 1 { for bin in mean.indices { mean[bin] *= share } }
            add(Builder.measured(&mean))
        }
    }

    /// The features of a frame.
    private struct Measures {
        let energies: [Float]
        let power: Float
        let harmonicity: Float
        let loudness: Float
    }

    /// Features of a silent frame, computed once: timestamps that jump give hours of silence.
    private static let silence: Measures = {
        var nothing = [Float](repeating: 0, count: spectrum.bins)
        return measured(&nothing)
    }()

    /// - Parameter mean: the frame's spectrum; rumble is removed from it.
    private static func measured(_ mean: inout [Float]) -> Measures {
        let energies = filterbank.energies(of: mean)
        let power = mean.reduce(0, +)
        // Rumble below 50 Hz is not voice.
        for bin in 0..<4 { mean[bin] = 0 }
        let correlation = spectrum.autocorrelation(ofPower: mean)
        let energy = max(correlation[0], 1e-20)
        var highest = -Float.infinity
        for lag in pitchLags {
            highest = max(highest, correlation[lag] / energy / windowCorrelation[lag])
        }
        return Measures(
            energies: energies, power: power, harmonicity: highest, loudness: 10 * log10(correlation[0] + 1e-20))
    }

    private mutating func add(_ frame: Measures) {
        energies.append(row: frame.energies)
        power.append(frame.power)
        harmonicity.append(frame.harmonicity)
        loudness.append(frame.loudness)
    }

    /// The collected features, after the end of the audio.
    public consuming func finish() -> SoundFrames {
        let end = pending.end
        if end > 0 || !power.isEmpty {
            let frames = end / SoundFrameBuilder.hop + 1
            while power.count < frames {
                pending.pad(SoundFrameBuilder.window - pending.count)
                frame(at: 0)
                pending.drop(SoundFrameBuilder.hop)
            }
        }
        return SoundFrames(energies: energies, power: power, harmonicity: harmonicity, loudness: loudness)
    }
}

/// Audio features, frame by frame at `SoundFrameBuilder.rate`, frame 0 at the timeline's origin.
public struct SoundFrames: Sendable {
    /// Frames x `SoundFrameBuilder.bands` energies.
    public let energies: FrameMatrix
    /// The total energy of each frame.
    public let power: [Float]
    /// The highest autocorrelation at voice periods, relative to the window's (Boersma 1993); about 1 for a clean
    /// voice.
    public let harmonicity: [Float]
    /// In dB, without rumble; only differences are meaningful.
    public let loudness: [Float]

    public init(energies: FrameMatrix, power: [Float], harmonicity: [Float], loudness: [Float]) {
        self.energies = energies
        self.power = power
        self.harmonicity = harmonicity
        self.loudness = loudness
    }

    /// The total length in seconds.
    public var seconds: Double { Double(power.count) / SoundFrameBuilder.rate }
}
