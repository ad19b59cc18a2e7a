import Foundation
public import SyncModel

/// Distribution of the offsets of one relation (audio against video, text against audio), accounting for all clips.
public struct OffsetHistogram: Sendable, Equatable {
    public let subject: Track
    public let reference: Track
    /// Lower edge of the first bin, in ms, positive: early.
    public let first: Double
    /// Width of a bin in ms.
    public let width: Double
    public let counts: [Int]
    /// Offsets later, and earlier, than the axis.
    public let below: Int
    public let above: Int
    /// Findings without an offset, by verdict, the most frequent first.
    public let silent: [(verdict: Verdict, count: Int)]
    public let tolerance: Tolerance?

    public static func == (left: OffsetHistogram, right: OffsetHistogram) -> Bool {
        left.subject == right.subject && left.first == right.first && left.width == right.width
            && left.counts == right.counts
            && left.below == right.below && left.above == right.above
            && left.silent.map(\.count) == right.silent.map(\.count)
    }

    /// Offsets inside the axis or beyond its ends.
    public var answered: Int { counts.reduce(below + above, +) }

    private struct Relation: Hashable {
        let subject: Track
        let reference: Track
    }

    /// One per relation, the one with the most answers first. A clip counts once per relation: with its finding that
    /// has an offset, else with its first. `container` findings are not measurements and are left out, unless there are
    /// no others.
    ///
    /// - Parameter tolerance: the tolerance of a relation, if known.
    public static func all(_ records: [ClipRecord], tolerance: (Track) -> Tolerance?) -> [OffsetHistogram] {
        var offsets: [Relation: [Double]] = [:]
        var silent: [Relation: [Verdict: Int]] = [:]
        for record in records {
            let content = record.findings.filter { $0.check != .container }
            let counted = content.isEmpty ? record.findings : content
            var best: [Relation: Finding] = [:]
            for finding in counted {
                let relation = Relation(
                    subject: subject(of: finding),
                    reference: isView(finding) ? .named("their reference") : finding.reference)
                if isView(finding) {
                    // Each view of a group counts as one measurement.
                    if let offset = finding.offset {
                        offsets[relation, default: []].append(offset.milliseconds)
                    } else {
                        silent[relation, default: [:]][finding.verdict, default: 0] += 1
                    }
                    continue
                }
                if let known = best[relation], known.offset != nil || finding.offset == nil { continue }
                best[relation] = finding
            }
            for (relation, finding) in best {
                if let offset = finding.offset {
                    offsets[relation, default: []].append(offset.milliseconds)
                } else {
                    silent[relation, default: [:]][finding.verdict, default: 0] += 1
                }
            }
        }
        return Set(offsets.keys).map { relation in
            OffsetHistogram(
                relation.subject, relation.reference, offsets[relation] ?? [], silent: silent[relation] ?? [:],
                tolerance: tolerance(relation.subject))
        }.sorted { ($1.answered, $0.subject.rawValue) < ($0.answered, $1.subject.rawValue) }
    }

    /// The key of a finding: the subject of its relation; all views share one.
    public static func subject(of finding: Finding) -> Track { isView(finding) ? .named("views") : finding.subject }

    private static func isView(_ finding: Finding) -> Bool { finding.check == .views || finding.check == .sensor }

    /// Bins of a round width that cover the middle 98 % and the tolerance, with 0 on a bin edge.
    init(_ subject: Track, _ reference: Track, _ offsets: [Double], silent: [Verdict: Int], tolerance: Tolerance?) {
        (self.subject, self.reference, self.tolerance) = (subject, reference, tolerance)
        self.silent = silent.map { ($0.key, $0.value) }.sorted {
            ($1.count, $0.verdict.rawValue) < ($0.count, $1.verdict.rawValue)
        }
        let sorted = offsets.filter(\.isFinite).sorted()
        func quantile(_ share: Double) -> Double {
            sorted.isEmpty ? 0 : sorted[Int((share * Double(sorted.count - 1)).rounded())]
        }
        let outer = tolerance?.outerMilliseconds ?? -100...100
        let low = min(quantile(0.01), outer.lowerBound * 1.3, 0)
        let high = max(quantile(0.99), outer.upperBound * 1.3, 0)
        let wanted = (high - low) / 60
        width = OffsetHistogram.round(atLeast: max(wanted, 5))
        let firstBin = Int((low / width).rounded(.down))
        let lastBin = Int((high / width).rounded(.up))
        first = Double(firstBin) * width
        var counts = [Int](repeating: 0, count: max(1, lastBin - firstBin))
        var (below, above) = (0, 0)
        for offset in sorted {
            let bin = ((offset - Double(firstBin) * width) / width).rounded(.down)
            if bin < 0 { below += 1 } else if bin >= Double(counts.count) { above += 1 } else { counts[Int(bin)] += 1 }
        }
        (self.counts, self.below, self.above) = (counts, below, above)
    }

    /// 1, 2 or 5 times a power of ten.
    static func round(atLeast value: Double) -> Double {
        let power = pow(10, log10(max(value, 1e-6)).rounded(.down))
        return [1, 2, 5, 10].map { $0 * power }.first { $0 >= value * 0.999 } ?? 10 * power
    }
}
