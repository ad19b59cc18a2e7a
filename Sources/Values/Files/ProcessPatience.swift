public import Foundation

/// How long a process takes for what it is at. The clock is one that nobody sets, and what a busy machine keeps the
/// process waiting does not count, up to nine times what it may take: so that answers do not depend on what else runs.
public struct ProcessPatience: Sendable {
    private let process: pid_t
    private var started = ProcessPatience.now
    /// Seconds for which the machine had kept the process waiting, a second after it began; nil: it is younger.
    private var waitedBefore: Double?

    /// It begins now.
    public init(_ process: pid_t) { self.process = process }

    /// Something else begins.
    public mutating func begin() {
        started = ProcessPatience.now
        waitedBefore = nil
    }

    /// Seconds since it began, whatever they were spent on.
    public var elapsed: Double { ProcessPatience.now - started }

    /// Whether it took longer than so many seconds. To be asked at least every second: what is waited for earlier
    /// counts.
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

    /// Seconds for which a process' busiest thread was ready to run and another one ran instead; nil: it is gone, or
    /// the kernel does not say.
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
