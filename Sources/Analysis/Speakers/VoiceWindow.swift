public import SignalCore

/// Who speaks when in some seconds of audio: the probability of each voice, frame by frame. A voice's column means the
/// same voice within the window only.
public struct VoiceWindow: Sendable {
    /// Start of the first frame and length of a frame, in seconds.
    public let start: Double
    public let step: Double
    public let frames: Int
    public let voices: Int
    /// By voice: seconds of speech minus seconds of silence from the window's start to each frame.
    private let surpluses: [[Double]]

    /// - Parameter activity: frames x voices, probabilities.
    public init(start: Double, step: Double, activity: FrameMatrix) {
        self.start = start
        self.step = step
        frames = activity.frames
        voices = activity.columns
        surpluses = (0..<activity.columns).map { voice in
            var sum = 0.0
            return [0]
                + (0..<activity.frames).map { frame in
                    sum += (2 * Double(activity[frame, voice]) - 1) * step
                    return sum
                }
        }
    }

    public var end: Double { start + Double(frames) * step }

    /// Seconds of speech minus seconds of silence of the voice between two times; outside the window counts zero.
    func surplus(_ voice: Int, from low: Double, to high: Double) -> Double {
        high <= low ? 0 : total(voice, high) - total(voice, low)
    }

    /// The share of a segment that the voice speaks in, 0 to 1; nil where the window does not cover it.
    func share(_ voice: Int, from low: Double, to high: Double) -> Double? {
        let (low, high) = (max(low, start), min(high, end))
        guard high - low > step / 2 else { return nil }
        return (surplus(voice, from: low, to: high) / (high - low) + 1) / 2
    }

    private func total(_ voice: Int, _ time: Double) -> Double {
        let place = min(Double(frames), max(0, (time - start) / step))
        let frame = min(frames - 1, Int(place))
        guard frame >= 0 else { return 0 }
        let values = surpluses[voice]
        return values[frame] + (place - Double(frame)) * (values[frame + 1] - values[frame])
    }
}
