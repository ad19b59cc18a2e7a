import Foundation

/// How much time and memory one clip may take.
public struct WorkerLimits: Sendable {
    /// Seconds of wall time; nil: two minutes, and twice the clip's length once that is known.
    public var clipSeconds: Double?
    /// Bytes of memory in use.
    public var clipMemory: Int

    public init(clipSeconds: Double? = nil, clipMemory: Int) {
        self.clipSeconds = clipSeconds
        self.clipMemory = clipMemory
    }

    /// Before a clip's length is known, and beside it.
    static let leastSeconds = 120.0
    /// A declared length is believed up to a day, in seconds.
    static let longestClip = 86_400.0

    /// Seconds for a clip that says it is so long.
    func seconds(clipLength: Double?) -> Double {
        if let clipSeconds { return clipSeconds }
        let length = clipLength.map { $0.isFinite ? min(max(0, $0), WorkerLimits.longestClip) : 0 } ?? 0
        return WorkerLimits.leastSeconds + 2 * length
    }

    /// Four gigabytes, or what the machine has for so many at once, in bytes.
    public static func defaultMemory(jobs: Int) -> Int {
        let total = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        return max(512 << 20, min(4 << 30, total / 10 * 8 / max(1, jobs)))
    }
}
