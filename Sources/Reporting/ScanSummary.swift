import Foundation
public import SyncModel

/// Counts of a scan, and what they mean for the user.
public struct ScanSummary: Sendable {
    private var counts: [Verdict: Int] = [:]
    private var offsets: [Double] = []
    private var worst: [(clip: String, milliseconds: Double)] = []

    public init() {}

    public mutating func add(_ report: ClipRecord) {
        counts[report.verdict, default: 0] += 1
        guard let offset = report.decisive?.offset else { return }
        offsets.append(offset.milliseconds)
        if report.verdict == .misaligned { worst.append((report.clip, offset.milliseconds)) }
    }

    public mutating func add(_ report: ClipReport) { add(report.record(key: report.clip)) }

    public func count(_ verdict: Verdict) -> Int { counts[verdict] ?? 0 }
    public var clips: Int { counts.values.reduce(0, +) }

    /// A few lines: how many clips, how many answered, what is wrong, what to look at first.
    public var text: String {
        let answered = offsets.count
        var lines = ["\(clips) clip\(clips == 1 ? "" : "s"), \(answered) with an offset"]
        let order: [Verdict] = [.failed, .unpaired, .misaligned, .marginal, .inconclusive, .inSync, .measured, .notApplicable]
        for verdict in order where count(verdict) > 0 {
            lines.append("  \(String(count(verdict)).leftPadded(to: 6)) \(verdict.rawValue)")
        }
        if let first = worst.max(by: { abs($0.milliseconds) < abs($1.milliseconds) }) {
            let offset = Offset(milliseconds: first.milliseconds)
            lines.append("look first at \(first.clip.printable): \(OffsetWords.sentence(offset, subject: "audio", reference: "video"))")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
