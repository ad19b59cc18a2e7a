import Foundation
import SignalCore

/// Collects the features of sudden onsets while audio is decoded: band energies every 4 ms and a fine envelope.
///
/// Energies are averaged over the channels, so that a pair in opposite phase does not cancel. 26 kB a second of audio.
public struct OnsetBuilder: Sendable {
    /// Sample rate of the input, in Hz.
    public static let rate = 16_000
    static let hop = 64
    /// Samples to a value of the fine envelope: half a millisecond.
    static let fine = 8
    private static let window = 128
    /// Edges of the bands in bins of 125 Hz: 125, 375, 750, 1500, 2500, 4000, 7000 Hz.
    private static let edges = [1, 3, 6, 12, 20, 32, 56]
    static var bands: Int { edges.count - 1 }
    private static let spectrum = PowerSpectrum(windowLength: window, fftLength: window)

    /// Row by row, `bands` energies each.
    var energies: [Float] = []
    var envelope: [Float] = []
    private var pending = SampleQueue(base: 0)
    private var hasBegun = false
    /// Timeline index of the first sample that was heard.
    private(set) var first = 0

    public init() {}

    /// Adds a run of samples at 16 kHz; `start` counts from the timeline's origin.
    public mutating func append(start: Int, channels: [[Float]]) {
        guard let count = channels.first?.count, count > 0 else { return }
        if !hasBegun {
            hasBegun = true
            pending = SampleQueue(base: start)
            first = start
        }
        pending.adopt(channels: channels.count)
        while pending.fillHole(before: start) { drain() }
        if pending.append(start: start, channels: channels) { drain() }
    }

    private mutating func drain() {
        var used = 0
        while pending.count - used >= OnsetBuilder.window {
            frame(at: used)
            used += OnsetBuilder.hop
        }
        pending.drop(used)
    }

    private mutating func frame(at position: Int) {
        typealias Builder = OnsetBuilder
        var bands = [Float](repeating: 0, count: Builder.bands)
        for channel in pending.channels {
            let window = channel[position..<position + Builder.window]
            guard window.contains(where: { $0 != 0 }) else { continue }
            let power = Builder.spectrum.power(of: window)
            guard power.reduce(0, +).isFinite else { continue }
            for band in bands.indices {
                for bin in Builder.edges[band]..<Builder.edges[band + 1] { bands[band] += power[bin] }
            }
        }
        let share = 1 / Float(pending.channels.count)
        for band in bands { energies.append(band * share) }
        for step in 0..<Builder.hop / Builder.fine {
            var sum: Float = 0
            for channel in pending.channels {
                for sample in channel[position + step * Builder.fine..<position + (step + 1) * Builder.fine] {
                    sum += sample * sample
                }
            }
            envelope.append(sum.isFinite ? sum * share / Float(Builder.fine) : 0)
        }
    }

    /// Seconds on the timeline of the middle of a row's window.
    func seconds(ofRow row: Int) -> Double {
        Double(first + row * OnsetBuilder.hop + OnsetBuilder.window / 2) / Double(OnsetBuilder.rate)
    }

    /// Everything collected, at the end of the audio.
    public consuming func finish() -> AudioOnsets { AudioOnsets(self) }
}
