/// The common time grid of mouth and audio: frame `n` is at presentation time `n * 0.02` s.
enum FrameGrid {
    static let rate = 50.0
    static let period = 0.02
    /// Audio samples (16 kHz) from one frame to the next.
    static let hop = 320
    /// Values beyond this many deviations are clipped.
    static let limit: Float = 4
}
