public import SignalCore

/// Collects the estimator's audio features during decoding; see `SoundFrameBuilder`.
///
/// ```swift
/// var builder = SoundFeatureBuilder()
/// _ = try SoundFile.decode(path: "take3.wav") { builder.append(start: $0.start, channels: $0.channels) }
/// let sound = builder.finish()
/// ```
public struct SoundFeatureBuilder: Sendable {
    static let bands = SoundFrameBuilder.bands

    private var frames = SoundFrameBuilder()

    public init() {}

    /// Adds a run of samples at 16 kHz; `start` counts from the timeline's origin. What is before the origin is
    /// dropped.
    public mutating func append(start: Int, channels: [[Float]]) { frames.append(start: start, channels: channels) }

    /// Everything collected, at the end of the audio.
    public consuming func finish() -> SoundFeatures { SoundFeatures(frames.finish()) }
}

extension SoundFeatures {
    /// The estimator's features from frames collected for several analysers.
    public init(_ frames: SoundFrames) {
        self.init(
            energies: frames.energies, power: frames.power, harmonicity: frames.harmonicity, loudness: frames.loudness)
    }
}
