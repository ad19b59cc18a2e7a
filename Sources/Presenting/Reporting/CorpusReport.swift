import Foundation
import SignalCore
public import Statistics
public import SyncModel

/// All that is reported of a corpus: the statistics of all clips, and the requested clips in the requested order.
///
/// A pure function of records and selection; every format is a pure function of it.
///
/// ```swift
/// let report = CorpusReport(records, ReportSelection(sort: .worst, limit: 20))
/// CorpusMarkdown.page(report) { print($0, terminator: "") }
/// ```
public struct CorpusReport: Sendable {
    public let tally: VerdictTally
    /// Total length of the clips with a known length, in seconds.
    public let mediaSeconds: Double
    public let offsets: OffsetStatistics
    /// Groups by `groupBy`, worst first; empty if none were requested.
    public let groups: [CorpusGroup]
    public let groupBy: String?
    /// The requested clips, sorted and limited.
    public let listed: [ClipRecord]
    /// Number of clips that would be listed without a limit.
    public let selected: Int
    /// What to check first: the worst, at most five.
    public let first: [ClipRecord]
    /// Statistics of the whole corpus; empty if the selection omits them.
    public let statistics: CorpusStatistics
    /// Pooled episodes of robot sets; empty without such records or statistics.
    public let pools: EpisodePools
    /// What is wrong with the files apart from their content's offset; empty if the selection omits statistics.
    public let fileFaults: FileFaults
    /// Minimum number of offsets for a common bias.
    public static let leastForBias = 6

    /// - Parameter records: by key, without duplicate keys.
    public init(_ records: [ClipRecord], _ selection: ReportSelection = ReportSelection()) {
        var tally = VerdictTally()
        for record in records { tally.add(record.verdict) }
        self.tally = tally
        mediaSeconds = records.reduce(0) { $0 + ($1.durationSeconds ?? 0) }
        offsets = OffsetStatistics(records)
        groupBy = selection.groupBy
        groups = selection.groupBy.map { CorpusGroup.groups(records, by: $0) } ?? []
        let chosen = selection.only.map { only in records.filter { only.contains($0.verdict) } } ?? records
        let sorted = ReportSelection.sorted(chosen, by: selection.sort)
        selected = sorted.count
        listed = selection.limit.map { Array(sorted.prefix($0)) } ?? sorted
        let faults = records.filter { [.unpaired, .misaligned, .failed].contains($0.verdict) }
        first = Array(ReportSelection.sorted(faults, by: .worst).prefix(5))
        var options = CorpusStatistics.Options()
        options.sample = selection.sample
        pools = EpisodePools(selection.withStatistics ? records : [])
        fileFaults = FileFaults(selection.withStatistics ? records : [])
        statistics = CorpusStatistics(selection.withStatistics ? records : [], options)
    }

    public var shareMisaligned: Double? {
        tally.answered > 0 ? Double(tally.count(.misaligned)) / Double(tally.answered) : nil
    }
}

/// Which clips a report lists, and in what order.
public struct ReportSelection: Sendable {
    public enum Order: String, Sendable, CaseIterable {
        /// By name.
        case path
        /// By verdict, then by size of offset.
        case worst
        case offset, confidence, duration
    }

    public var only: Set<Verdict>?
    public var sort: Order
    /// nil: all.
    public var limit: Int?
    /// `verdict`, `folder`, `ending`, `group`, `language`, or the name of an attribute.
    public var groupBy: String?
    /// Whether statistics are wanted: lists of clips do not need them.
    public var withStatistics = true
    /// The sample, if only a sample was scanned.
    public var sample: SampleFrame?

    public init(only: Set<Verdict>? = nil, sort: Order = .path, limit: Int? = nil, groupBy: String? = nil) {
        self.only = only
        self.sort = sort
        self.limit = limit
        self.groupBy = groupBy
    }

    /// In an order independent of the input order: ties are sorted by name.
    static func sorted(_ records: [ClipRecord], by order: Order) -> [ClipRecord] {
        func size(_ record: ClipRecord) -> Double {
            abs(record.decisive?.worst?.milliseconds ?? record.decisive?.offset?.milliseconds ?? 0)
        }
        func rank(_ record: ClipRecord) -> Int {
            switch record.verdict {
            case .unpaired: 0
            case .misaligned: 1
            case .failed: 2
            case .marginal: 3
            case .inconclusive: 4
            case .measured: 5
            case .inSync: 6
            case .notApplicable: 7
            }
        }
        let keys: [(Double, Double)] = records.map { record in
            switch order {
            case .path: (0, 0)
            case .worst: (Double(rank(record)), -size(record))
            case .offset: (record.decisive?.offset?.milliseconds ?? .infinity, 0)
            case .confidence: (record.decisive?.confidence ?? .infinity, 0)
            case .duration: (-(record.durationSeconds ?? -1), 0)
            }
        }
        return records.indices.sorted { left, right in
            keys[left] != keys[right] ? keys[left] < keys[right] : records[left].key < records[right].key
        }.map { records[$0] }
    }
}

/// Distribution of the offsets of many clips, in ms, positive: early.
public struct OffsetStatistics: Sendable, Hashable {
    public let count: Int
    /// Their median; nil if there are none.
    public let median: Double?
    /// A 95 % interval of the median from order statistics (Conover, Practical Nonparametric Statistics, 3.2); nil
    /// below six.
    public let interval: ClosedRange<Double>?
    /// Lower and upper quartile; nil if there are none.
    public let quartiles: ClosedRange<Double>?

    init(_ records: [ClipRecord]) {
        let sorted = records.compactMap { $0.decisive?.offset?.milliseconds }.sorted()
        count = sorted.count
        guard !sorted.isEmpty else {
            (median, interval, quartiles) = (nil, nil, nil)
            return
        }
        median = Quantile.of(sorted: sorted, 0.5)
        quartiles = Quantile.of(sorted: sorted, 0.25)...Quantile.of(sorted: sorted, 0.75)
        let half = 0.98 * Double(sorted.count).squareRoot()
        let low = Int((Double(sorted.count) / 2 - half).rounded(.down))
        let high = Int((Double(sorted.count) / 2 + half).rounded(.up))
        interval = sorted.count >= 6 ? sorted[max(0, low - 1)]...sorted[min(sorted.count - 1, high)] : nil
    }
}

/// The clips that share one value of an attribute.
public struct CorpusGroup: Sendable, Hashable {
    public let attribute: String
    public let value: String
    public let tally: VerdictTally
    public let offsets: OffsetStatistics

    /// Worst first: the largest share of faults, then the largest median, then by value.
    static func groups(_ records: [ClipRecord], by attribute: String) -> [CorpusGroup] {
        Dictionary(grouping: records) { value(of: attribute, in: $0) }.map { value, members in
            var tally = VerdictTally()
            for member in members { tally.add(member.verdict) }
            return CorpusGroup(attribute: attribute, value: value, tally: tally, offsets: OffsetStatistics(members))
        }.sorted { left, right in
            let (a, b) = (left.badness, right.badness)
            return a != b ? a > b : left.value < right.value
        }
    }

    /// What the clips can be grouped by, given their attributes.
    public static func attributes(of records: [ClipRecord]) -> [String] {
        let own = Set(records.flatMap { $0.attributes.map(\.name) }).sorted()
        var result = ["verdict", "folder", "ending"]
        if records.contains(where: { $0.group != nil }) { result.append("group") }
        if records.contains(where: { $0.language != nil }) { result.append("language") }
        return result + own.filter { !result.contains($0) }
    }

    public var faults: Int { tally.count(.misaligned) + tally.count(.unpaired) + tally.count(.failed) }

    private var badness: (Double, Double) { (Double(faults) / Double(max(1, tally.clips)), abs(offsets.median ?? 0)) }

    /// "" if the clip does not have it.
    private static func value(of attribute: String, in record: ClipRecord) -> String {
        switch attribute {
        case "verdict": return record.verdict.rawValue
        case "folder": return record.clip.lastIndex(of: "/").map { String(record.clip[..<$0]) } ?? "."
        case "ending":
            let name = record.clip.split(separator: "/").last ?? ""
            return name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
        case "group": return record.group ?? ""
        case "language": return record.language ?? ""
        default: return record.attributes.first { $0.name == attribute }?.value ?? ""
        }
    }
}
