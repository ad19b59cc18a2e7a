import Foundation
public import SignalCore

/// Collects the features of events while audio is decoded: the energy of 24 bands, 100 times a second.
public struct EventSoundBuilder: Sendable {
    public static let bands = 24
    /// Frames a second: frame `n` is centred at `n / rate` seconds.
    static let rate = 100.0
    private static let hop = 160
    /// Samples of silence that a gap in the time stamps may have: half an hour.
    private static let longestHole = 1800 * 16_000
    private static let window = 320
    private static let fftLength = 512
    private static let spectrum = PowerSpectrum(windowLength: window, fftLength: fftLength)
    private static let filterbank = MelFilterbank(
        bands: bands, from: 40, to: 7900, bins: fftLength / 2 + 1, binHertz: 16_000 / Double(fftLength))

    private var energies: [Float] = []
    private var pending = SampleQueue(base: -window / 2, silence: window / 2)

    public init() {}

    /// Adds a run of samples at 16 kHz; `start` counts from the timeline's origin. What is before the origin is
    /// dropped.
    public mutating func append(start: Int, channels: [[Float]]) {
        guard let count = channels.first?.count, count > 0 else { return }
        pending.adopt(channels: channels.count)
        // Audio after such a gap is not analysed.
        guard start - pending.end <= EventSoundBuilder.longestHole else { return }
        while pending.fillHole(before: start) { drain() }
        if pending.append(start: start, channels: channels) { drain() }
    }

    private mutating func drain() {
        var used = 0
        while pending.count - used >= EventSoundBuilder.window {
            var mean = [Float](repeating: 0, count: EventSoundBuilder.bands)
            for channel in pending.channels {
                let part = EventSoundBuilder.filterbank.energies(
                    of: EventSoundBuilder.spectrum.power(of: channel[used..<used + EventSoundBuilder.window]))
                for band in mean.indices where part[band].isFinite {
                    mean[band] += part[band] / Float(pending.channels.count)
                }
            }
            energies += mean
            used += EventSoundBuilder.hop
        }
        pending.drop(used)
    }

    /// Everything collected, at the end of the audio.
    public consuming func finish() -> EventSound {
        pending.pad(EventSoundBuilder.window)
        drain()
        return EventSound(energies: FrameMatrix(columns: EventSoundBuilder.bands, values: energies))
    }
}

/// The features of a recording that events are compared with: levels in decibels, frame by frame at
/// `EventSoundBuilder.rate`.
public struct EventSound: Sendable {
    /// Frames x bands; 0 is the quietest that counts, 60 dB below the loudest of the band, and never below the
    /// recording's own noise of 16 bits.
    let levels: FrameMatrix

    /// - Parameter energies: frames x bands.
    public init(energies: FrameMatrix) {
        var levels = energies
        let columns = energies.columns
        for band in 0..<columns {
            var highest: Float = 0
            for frame in 0..<energies.frames { highest = max(highest, energies[frame, band]) }
            let floor = max(highest * 1e-6, 1e-7)
            for frame in 0..<energies.frames {
                levels[frame, band] = 10 * log10(max(energies[frame, band], floor) / floor)
            }
        }
        self.levels = levels
    }

    var frames: Int { levels.frames }
    public var seconds: Double { Double(frames) / EventSoundBuilder.rate }
}
