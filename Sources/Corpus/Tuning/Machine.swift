/// How fast a machine works with so many workers.
public struct Machine: Sendable, Hashable {
    /// Workers at once.
    public var workers: Int
    /// Seconds of a clip with that many workers over those with one alone: 1 where they do not hinder one another.
    public var slowing: Double
    /// Seconds before the first clip is begun, and models are loaded.
    public var startSeconds: Double
    /// Bytes a second that its storage gives, shared by all workers; nil: it never keeps one waiting beyond what was
    /// measured.
    public var bytesPerSecond: Double?
    /// What reading took while it was measured, in bytes a second; nil: nothing worth counting.
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

    /// Seconds of one worker for a clip of that many bytes that takes so many alone: computing slowed by the others,
    /// and reading at what the storage leaves to each worker, where that is slower than when it was measured.
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
