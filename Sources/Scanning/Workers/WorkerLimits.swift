import Foundation

/// Limits of time and memory per clip.
public struct WorkerLimits: Sendable {
    /// Seconds of wall time; nil: two minutes, and twice the clip's length once that is known.
    public var clipSeconds: Double?
    /// Limit of the memory in use, in bytes.
    public var clipMemory: Int

    public init(clipSeconds: Double? = nil, clipMemory: Int) {
        self.clipSeconds = clipSeconds
        self.clipMemory = clipMemory
    }

    /// Base limit, before a clip's length is known and in addition to it.
    static let leastSeconds = 120.0
    /// Largest accepted declared length, in seconds: a day.
    static let longestClip = 86_400.0

    /// Time limit in seconds for a declared length.
    func seconds(clipLength: Double?) -> Double {
        if let clipSeconds { return clipSeconds }
        let length = clipLength.map { $0.isFinite ? min(max(0, $0), WorkerLimits.longestClip) : 0 } ?? 0
        return WorkerLimits.leastSeconds + 2 * length
    }

    /// Four gigabytes, or the machine's memory per worker, in bytes.
    public static func defaultMemory(jobs: Int) -> Int {
        let total = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        return max(512 << 20, min(4 << 30, total / 10 * 8 / max(1, jobs)))
    }
}
