public import SignalCore

/// Gathers what the estimator needs of the sound while it is decoded; see `SoundFrameBuilder`.
public struct SoundFeatureBuilder: Sendable {
    static let bands = SoundFrameBuilder.bands

    private var frames = SoundFrameBuilder()

    public init() {}

    /// Adds a run of samples at 16 kHz; `start` counts from the timeline's origin. What lies before the origin is
    /// dropped.
    public mutating func append(start: Int, channels: [[Float]]) { frames.append(start: start, channels: channels) }

    /// Everything gathered, once the sound has ended.
    public consuming func finish() -> SoundFeatures { SoundFeatures(frames.finish()) }
}

extension SoundFeatures {
    /// The estimator's view of frames that were gathered for several analysers.
    public init(_ frames: SoundFrames) {
        self.init(
            energies: frames.energies, power: frames.power, harmonicity: frames.harmonicity, loudness: frames.loudness)
    }
}
