public import Foundation

/// Measures a process' time for its current task, on a monotonic clock. Time for which a busy machine kept it waiting
/// is not counted, up to nine times the limit, so that results do not depend on other load.
public struct ProcessPatience: Sendable {
    private let process: pid_t
    private var started = ProcessPatience.now
    /// Seconds the process had waited for a CPU, one second after the start; nil: not yet known.
    private var waitedBefore: Double?

    /// Starts the clock.
    public init(_ process: pid_t) { self.process = process }

    /// Restarts the clock for another task.
    public mutating func begin() {
        started = ProcessPatience.now
        waitedBefore = nil
    }

    /// Wall-clock seconds since the start.
    public var elapsed: Double { ProcessPatience.now - started }

    /// Whether the task took longer than this many seconds. Call it at least every second: earlier waiting counts.
    public mutating func isOver(_ seconds: Double) -> Bool {
        let elapsed = elapsed
        if waitedBefore == nil, elapsed > 1 { waitedBefore = ProcessPatience.waited(process) }
        guard elapsed > seconds else { return false }
        let waited = max(0, (ProcessPatience.waited(process) ?? 0) - (waitedBefore ?? 0))
        return elapsed > seconds + min(waited, 9 * seconds)
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Seconds for which the process' busiest thread was ready to run but another one ran; nil: the process is gone, or
    /// the kernel does not report it.
    public static func waited(_ process: pid_t) -> Double? {
        guard let tasks = opendir("/proc/\(process)/task") else { return nil }
        defer { closedir(tasks) }
        var most: Double?
        while let entry = readdir(tasks) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let text = try? String(contentsOfFile: "/proc/\(process)/task/\(name)/schedstat", encoding: .utf8)
            else { continue }
            let fields = text.split(separator: " ")
            guard fields.count > 1, let nanoseconds = Double(fields[1]) else { continue }
            most = max(most ?? 0, nanoseconds * 1e-9)
        }
        return most
    }
}
