import Foundation
import Reporting
import SyncModel

/// Prints the results of a scan as they arrive, and the summary at the end.
final class ScanPrinter {
    enum Format { case text, lines, document }

    private let format: Format
    /// Width of the path column, in characters.
    private let width: Int
    private let quiet: Bool
    private var summary = ScanSummary()
    private var count = 0

    /// - Parameter names: the paths of everything that will be added.
    init(format: Format, names: [String], quiet: Bool) {
        self.format = format
        width = format == .text ? min(60, names.lazy.map(\.printable.count).max() ?? 0) : 0
        self.quiet = quiet
    }

    func add(_ record: ClipRecord) {
        summary.add(record)
        switch format {
        // Thousands of episodes without faults, about which nothing more was asked: the summary is enough.
        case .text where record.isPlainEpisode: break
        case .text: Console.out(ClipText.line(record, width: width) + "\n")
        case .lines: Console.out(record.documentWithRow + "\n")
        case .document: Console.out((count == 0 ? "{\n  \"clips\": [\n    " : ",\n    ") + record.documentWithRow)
        }
        count += 1
        if let failure = record.failure, format != .text {
            Console.note("genlock: \(failure.message): \(failure.remedy)\n")
        }
    }

    func finish() {
        switch format {
        case .text: Console.out("\n" + summary.text)
        case .document: Console.out(count == 0 ? "{\n  \"clips\": []\n}\n" : "\n  ]\n}\n")
        case .lines: if !quiet { Console.note(summary.text) }
        }
    }
}
