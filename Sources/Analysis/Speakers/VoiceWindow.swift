public import SignalCore

/// Who speaks when in some seconds of sound: the probability of each voice, frame by frame. A voice's column means the
/// same voice within the window only.
public struct VoiceWindow: Sendable {
    /// Where the first frame begins, in seconds, and how long a frame lasts.
    public let start: Double
    public let step: Double
    public let frames: Int
    public let voices: Int
    /// By voice: how much longer it speaks than it is silent from the window's start to each frame, in seconds.
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

    /// Seconds that the voice speaks less those that it is silent, between two times; what lies outside the window
    /// counts nothing.
    func surplus(_ voice: Int, from low: Double, to high: Double) -> Double {
        high <= low ? 0 : total(voice, high) - total(voice, low)
    }

    /// The share of a stretch that the voice speaks in, 0 to 1; nil where the window holds nothing of it.
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
