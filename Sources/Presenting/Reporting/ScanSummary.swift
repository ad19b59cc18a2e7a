import Foundation
public import SyncModel

/// Counts of a scan, and their meaning for the user.
public struct ScanSummary: Sendable {
    private var counts: [Verdict: Int] = [:]
    private var answered = 0
    /// Clips whose file has faults, whatever their verdict, and the first of them.
    private var faulty: (clips: Int, first: String)?
    private var worst: (clip: String, finding: Finding, size: Double)?
    /// The first unpaired clip: worse than any offset.
    private var unpaired: (clip: String, finding: Finding)?

    public init() {}

    public mutating func add(_ report: ClipRecord) {
        counts[report.verdict, default: 0] += 1
        if !FileFaults.sentences(report).isEmpty {
            faulty = ((faulty?.clips ?? 0) + 1, faulty?.first ?? report.clip)
        }
        if report.verdict == .unpaired, unpaired == nil, let finding = report.decisive {
            unpaired = (report.clip, finding)
        }
        guard let decisive = report.decisive, let offset = decisive.offset else { return }
        answered += 1
        let size = abs((decisive.worst ?? offset).milliseconds)
        if report.verdict == .misaligned, size > worst?.size ?? 0 { worst = (report.clip, decisive, size) }
    }

    public mutating func add(_ report: ClipReport) { add(report.record(key: report.clip)) }

    public func count(_ verdict: Verdict) -> Int { counts[verdict] ?? 0 }
    public var clips: Int { counts.values.reduce(0, +) }

    /// A few lines: how many clips, how many answered, what is wrong, what to check first.
    public var text: String {
        var lines = ["\(clips) clip\(clips == 1 ? "" : "s"), \(answered) with an offset"]
        let order: [Verdict] = [
            .failed, .unpaired, .misaligned, .marginal, .inconclusive, .inSync, .measured, .notApplicable,
        ]
        for verdict in order where count(verdict) > 0 {
            lines.append("  \(String(count(verdict)).leftPadded(to: 6)) \(verdict.rawValue)")
        }
        if let unpaired {
            lines.append("look first at \(unpaired.clip.printable): \(ClipText.summary(unpaired.finding))")
        } else if let worst, let offset = worst.finding.worst ?? worst.finding.offset {
            let words = OffsetWords.sentence(offset, subject: worst.finding.subject, reference: worst.finding.reference)
            lines.append("look first at \(worst.clip.printable): \(words)")
        }
        if let faulty {
            lines.append(
                """
                faults of the files themselves, whatever the verdict: \(faulty.clips) \
                clip\(faulty.clips == 1 ? "" : "s"), the first \(faulty.first.printable)
                """)
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
