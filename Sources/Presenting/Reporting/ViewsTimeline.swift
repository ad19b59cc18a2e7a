import Foundation
import SyncModel

/// Recordings on their common clock, drawn as text.
enum ViewsTimeline {
    private static let columns = 61

    /// One bar per recording for each group, with the common part marked below.
    static func lines(_ report: ViewsReport) -> [String] {
        let groups = Set(report.clock.map(\.group)).sorted()
        var lines: [String] = []
        for group in groups {
            let entries = report.clock.filter { $0.group == group }
            if groups.count > 1 {
                if !lines.isEmpty { lines.append("") }
                lines.append(
                    group == 0
                        ? "on the reference's clock:"
                        : "not connected, on the clock of \(entries[0].clip.printable):")
            }
            lines += drawn(entries)
        }
        return lines
    }

    private static func drawn(_ entries: [ClockEntry]) -> [String] {
        let low = entries.map(\.start).min() ?? 0
        let high = max(low + 1e-3, entries.map { $0.end }.max() ?? low)
        let width = min(40, entries.map { name($0).count }.max() ?? 0)
        func column(_ seconds: Double) -> Int { Int(((seconds - low) / (high - low) * Double(columns)).rounded()) }
        var lines = entries.map { entry -> String in
            let first = min(columns - 1, max(0, column(entry.start)))
            let last = min(columns, max(first + 1, column(entry.end)))
            let bar = String(repeating: " ", count: first) + String(repeating: "█", count: last - first)
            return "  \(padded(name(entry), width))  \(bar)"
        }
        if let common = ClockEntry.common(entries), entries.count > 1 {
            let first = min(columns - 1, max(0, column(common.start)))
            let last = min(columns, max(first + 1, column(common.end)))
            lines.append(
                """
                  \(padded("common", width))  \
                \(String(repeating: " ", count: first))\(String(repeating: "┄", count: last - first))
                """
            )
        }
        let left = clock(low)
        let right = clock(high)
        let gap = String(repeating: " ", count: max(1, columns - left.count - right.count))
        lines.append("  \(padded("", width))  \(left)\(gap)\(right)")
        return lines
    }

    /// The last part of a path, at most 40 characters of it.
    private static func name(_ entry: ClockEntry) -> String {
        let last = entry.clip.split(separator: "/").last.map(String.init) ?? entry.clip
        let shown = last.printable
        return shown.count <= 40 ? shown : shown.prefix(18) + "..." + shown.suffix(19)
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// Seconds on the common clock: "12.3 s", "1:02:03"; before the reference's start in words.
    private static func clock(_ seconds: Double) -> String {
        let size = abs(seconds)
        let text =
            size < 100
            ? String(format: "%.1f s", size)
            : size < 3600
                ? String(format: "%d:%02d", Int(size) / 60, Int(size) % 60)
                : String(format: "%d:%02d:%02d", Int(size) / 3600, Int(size) / 60 % 60, Int(size) % 60)
        return seconds < -0.05 ? "\(text) before" : text
    }
}
