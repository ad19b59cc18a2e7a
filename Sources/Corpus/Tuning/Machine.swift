/// Speed of a machine by its number of workers.
public struct Machine: Sendable, Hashable {
    /// Workers at once.
    public var workers: Int
    /// Ratio of a clip's time with that many workers to that with one: 1 if they do not slow each other.
    public var slowing: Double
    /// Seconds before the first clip is begun, while models are loaded.
    public var startSeconds: Double
    /// Bytes a second that its storage gives, shared by all workers; nil: never slower than measured.
    public var bytesPerSecond: Double?
    /// Read rate during the measurement, in bytes a second; nil: negligible.
    public var measuredBytesPerSecond: Double?

    public init(
        workers: Int, slowing: Double, startSeconds: Double = 0, bytesPerSecond: Double? = nil,
        measuredBytesPerSecond: Double? = nil
    ) {
        precondition(workers > 0 && slowing > 0)
        self.workers = workers
        self.slowing = slowing
        self.startSeconds = startSeconds
        self.bytesPerSecond = bytesPerSecond
        self.measuredBytesPerSecond = measuredBytesPerSecond
    }

    /// Seconds of one worker for a clip, given its bytes and its time alone: computing slowed by the others, and
    /// reading at the storage rate per worker if that is slower than when measured.
    func seconds(_ alone: Double, bytes: Double) -> Double {
        var result = alone * slowing
        if let bytesPerSecond {
            let before = measuredBytesPerSecond.map { bytes / $0 } ?? 0
            result += max(0, bytes * Double(workers) / bytesPerSecond - before)
        }
        return result
    }

    /// Clips a second over a long run, for clips like those of a sample.
    public func clipsPerSecond(_ sample: [ClipCost]) -> Double {
        let total = sample.reduce(0) { $0 + seconds($1.seconds, bytes: $1.bytes) }
        return total > 0 ? Double(workers * sample.count) / total : 0
    }
}
