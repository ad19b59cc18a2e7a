import Foundation
import Reporting
import SyncModel

/// Prints the reports of a scan as they come, progress beside them, and the summary at the end.
final class ScanPrinter: @unchecked Sendable {
    // Unchecked: everything that changes is behind `lock`.
    enum Format { case text, lines, document }

    private let lock = NSLock()
    private let format: Format
    private let total: Int
    /// Of the column of paths, in characters.
    private let width: Int
    private let quiet: Bool
    private let started = Date()
    private var summary = ScanSummary()
    private var seen: [Verdict] = []
    private var documents: [JSONValue] = []
    private var lastProgress = Date()

    /// Seconds between two lines of progress where stderr is no terminal.
    private static let interval = 10.0

    /// - Parameter clips: the paths of everything that will be added.
    init(format: Format, clips: [String], quiet: Bool) {
        self.format = format
        total = clips.count
        width = min(60, clips.map(\.printable.count).max() ?? 0)
        self.quiet = quiet
        progress()
    }

    var verdicts: [Verdict] { lock.withLock { seen } }

    func add(_ report: ClipReport) {
        lock.withLock {
            summary.add(report)
            seen.append(report.verdict)
            clearProgress()
            switch format {
            case .text: Console.out(ClipText.line(report, width: width) + "\n")
            case .lines: Console.out(report.json.compact + "\n")
            case .document: documents.append(report.json)
            }
            if let failure = report.failure, format != .text {
                Console.note("genlock: \(failure.message): \(failure.remedy)\n")
            }
            progress()
        }
    }

    func finish() {
        lock.withLock {
            clearProgress()
            switch format {
            case .text: Console.out("\n" + summary.text)
            case .document: Console.out(JSONValue.object([("clips", .array(documents))]).pretty + "\n")
            case .lines: if !quiet { Console.note(summary.text) }
            }
        }
    }

    private var showsLine: Bool { !quiet && Console.isTerminal }

    private func clearProgress() { if showsLine { Console.note("\r\u{1B}[K") } }

    private func progress() {
        guard !quiet, seen.count < total else { return }
        let elapsed = Date().timeIntervalSince(started)
        var text = "\(seen.count) of \(total) clips"
        if !seen.isEmpty, elapsed > 1 {
            let left = elapsed / Double(seen.count) * Double(total - seen.count)
            text += ", \(String(format: "%.1f", Double(seen.count) / elapsed)) a second, about \(duration(left)) left"
        }
        if showsLine {
            Console.note("\r\u{1B}[K" + text)
        } else if Date().timeIntervalSince(lastProgress) >= ScanPrinter.interval {
            lastProgress = Date()
            Console.note(text + "\n")
        }
    }

    private func duration(_ seconds: Double) -> String {
        if seconds < 90 { return "\(Int(seconds.rounded(.up))) s" }
        if seconds < 5400 { return "\(Int((seconds / 60).rounded())) min" }
        return String(format: "%.1f h", seconds / 3600)
    }
}
