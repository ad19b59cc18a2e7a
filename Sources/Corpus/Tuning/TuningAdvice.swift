/// One tested setting.
public struct TuningTrial: Sendable, Hashable {
    /// The setting as options of `scan`, such as `--jobs 2`.
    public let options: [String]
    /// The setting in words.
    public let words: String
    public let workers: Int
    /// Threads that decode the video of a clip.
    public let decoderThreads: Int
    /// Clips a second over the sample.
    public let clipsPerSecond: Double
    /// Processor seconds per clip.
    public let processorSeconds: Double
    /// Number of the sample's clips with an answer (an offset, or that nothing fits).
    public let answered: Int
    public let clips: Int
    /// Whether answers and refusals equal those with the user's options: only the speed differs.
    public let keepsAnswers: Bool

    public init(
        options: [String], words: String, workers: Int, decoderThreads: Int = 1, clipsPerSecond: Double,
        processorSeconds: Double, answered: Int, clips: Int, keepsAnswers: Bool
    ) {
        self.options = options
        self.words = words
        self.workers = workers
        self.decoderThreads = decoderThreads
        self.clipsPerSecond = clipsPerSecond
        self.processorSeconds = processorSeconds
        self.answered = answered
        self.clips = clips
        self.keepsAnswers = keepsAnswers
    }
}

/// The recommendation.
public enum TuningAdvice {
    /// Differences below it are noise: then fewer workers are preferred, to save memory, and fewer threads.
    static let noise = 0.03

    /// Of the trials that keep all answers the fastest, or one that is as fast with fewer workers or fewer threads;
    /// nil: there is none.
    public static func best(_ trials: [TuningTrial]) -> TuningTrial? {
        let same = trials.filter(\.keepsAnswers)
        guard let fastest = same.map(\.clipsPerSecond).max() else { return nil }
        return same.filter { $0.clipsPerSecond >= fastest * (1 - noise) }.min {
            ($0.workers, $0.decoderThreads) < ($1.workers, $1.decoderThreads)
        }
    }
}
