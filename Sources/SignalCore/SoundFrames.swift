import Foundation

/// Gathers what analysers of speech need of the sound while it is decoded: mel energies, harmonicity and loudness, 50 times a second.
///
/// Power spectra are averaged over the channels, so that a pair in opposite phase does not cancel.
public struct SoundFrameBuilder: Sendable {
    /// Mel bands from 60 to 7600 Hz.
    public static let bands = 24
    /// Frames a second: frame `n` is centred at `n / rate` seconds.
    public static let rate = 50.0
    /// Samples at 16 kHz from one frame to the next.
    static let hop = 320
    private static let window = 640
    private static let fftLength = 1024
    /// Pitch periods that count as voice, in samples at 16 kHz: 400 Hz down to 70 Hz.
    private static let pitchLags = 40..<230
    private static let spectrum = PowerSpectrum(windowLength: window, fftLength: fftLength)
    private static let filterbank = MelFilterbank(
        bands: bands, from: 60, to: 7600, bins: fftLength / 2 + 1, binHertz: 16000 / Double(fftLength))
    /// The window's own autocorrelation, as a share of its energy.
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
    /// Samples not yet used, channel by channel; `base` is the timeline index of the first.
    private var pending: [[Float]] = [[Float](repeating: 0, count: window / 2)]
    private var base = -window / 2

    public init() {}

    /// Adds a run of samples at 16 kHz; `start` counts from the timeline's origin. What lies before the origin is dropped.
    public mutating func append(start: Int, channels: [[Float]]) {
        guard let count = channels.first?.count, count > 0 else { return }
        var end = base + pending[0].count
        if pending.count != channels.count {
            // The past of new channels is what there was, so that nothing jumps to zero.
            pending = Array(repeating: pending[0], count: channels.count)
        }
        while start > end {
            // Silence where nothing was recorded, in pieces, so that a long hole takes no memory.
            let hole = min(start - end, 16_000)
            for channel in pending.indices { pending[channel] += repeatElement(0, count: hole) }
            end += hole
            drain()
        }
        let skipped = end - start
        guard skipped < count else { return }
        for channel in pending.indices { pending[channel] += channels[channel][skipped...] }
        drain()
    }

    private mutating func drain() {
        var used = 0
        while pending[0].count - used >= SoundFrameBuilder.window {
            frame(at: used)
            used += SoundFrameBuilder.hop
        }
        for channel in pending.indices { pending[channel].removeFirst(used) }
        base += used
    }

    private mutating func frame(at position: Int) {
        typealias Builder = SoundFrameBuilder
        var isEmpty = true
        for channel in pending {
            let window = channel[position..<position + Builder.window]
            guard window.contains(where: { $0 != 0 }) else { continue }
            let spectrum = Builder.spectrum.power(of: window)
            // Samples of floating-point files may be no numbers: a frame with such is silent.
            guard spectrum.reduce(0, +).isFinite else { continue }
            if isEmpty {
                mean = spectrum
                isEmpty = false
            } else {
                for bin in mean.indices { mean[bin] += spectrum[bin] }
            }
        }
        if isEmpty { for bin in mean.indices { mean[bin] = 0 } }
        let share = 1 / Float(pending.count)
        if pending.count > 1 { for bin in mean.indices { mean[bin] *= share } }
        energies.append(row: Builder.filterbank.energies(of: mean))
        power.append(mean.reduce(0, +))
        // Rumble below 50 Hz is no voice.
        for bin in 0..<4 { mean[bin] = 0 }
        let correlation = Builder.spectrum.autocorrelation(ofPower: mean)
        let energy = max(correlation[0], 1e-20)
        var highest = -Float.infinity
        for lag in Builder.pitchLags { highest = max(highest, correlation[lag] / energy / Builder.windowCorrelation[lag]) }
        harmonicity.append(highest)
        loudness.append(10 * log10(correlation[0] + 1e-20))
    }

    /// Everything gathered, once the sound has ended.
    public consuming func finish() -> SoundFrames {
        let end = base + pending[0].count
        if end > 0 || !power.isEmpty {
            let frames = end / SoundFrameBuilder.hop + 1
            while power.count < frames {
                let missing = SoundFrameBuilder.window - pending[0].count
                for channel in pending.indices where missing > 0 { pending[channel] += repeatElement(0, count: missing) }
                frame(at: 0)
                for channel in pending.indices { pending[channel].removeFirst(SoundFrameBuilder.hop) }
            }
        }
        return SoundFrames(energies: energies, power: power, harmonicity: harmonicity, loudness: loudness)
    }
}

/// What a recording's sound is like, frame by frame at `SoundFrameBuilder.rate`, frame 0 at the timeline's origin.
public struct SoundFrames: Sendable {
    /// Frames x `SoundFrameBuilder.bands` energies.
    public let energies: FrameMatrix
    /// The whole energy of each frame.
    public let power: [Float]
    /// The highest autocorrelation at a voice's periods, over that of the window (Boersma 1993); about 1 for a clean voice.
    public let harmonicity: [Float]
    /// Decibels, without rumble; only differences mean anything.
    public let loudness: [Float]

    public init(energies: FrameMatrix, power: [Float], harmonicity: [Float], loudness: [Float]) {
        self.energies = energies
        self.power = power
        self.harmonicity = harmonicity
        self.loudness = loudness
    }

    /// All of them in seconds.
    public var seconds: Double { Double(power.count) / SoundFrameBuilder.rate }
}
