import Foundation
import SignalCore
public import Statistics
public import SyncModel

/// Everything that is said of a corpus: the figures of all its clips, and the clips that were asked for, in the order
/// asked for.
///
/// A pure function of records and selection; every format is a pure function of it.
public struct CorpusReport: Sendable {
    public let tally: VerdictTally
    /// Length of all clips that say one, in seconds.
    public let mediaSeconds: Double
    public let offsets: OffsetStatistics
    /// By `groupBy`, the worst first; empty where nothing was asked for.
    public let groups: [CorpusGroup]
    public let groupBy: String?
    /// What was asked for, sorted and cut.
    public let listed: [ClipRecord]
    /// How many would be listed without a limit.
    public let selected: Int
    /// What to look at first: the worst, at most five.
    public let first: [ClipRecord]
    /// What can be said of the corpus as a whole; empty where the selection leaves it out.
    public let statistics: CorpusStatistics
    /// Of robot sets: what all episodes of a robot say together; empty without such records or statistics.
    public let pools: EpisodePools
    /// A common bias is told from so many offsets on.
    public static let leastForBias = 6

    /// - Parameter records: by key, no key twice.
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
        /// By verdict, then by how far it is off.
        case worst
        case offset, confidence, duration
    }

    public var only: Set<Verdict>?
    public var sort: Order
    /// nil: all.
    public var limit: Int?
    /// `verdict`, `folder`, `ending`, `group`, `language`, or the name of an attribute.
    public var groupBy: String?
    /// Whether the figures of the corpus are wanted: lists of clips do without.
    public var withStatistics = true
    /// Where only a sample was scanned.
    public var sample: SampleFrame?

    public init(only: Set<Verdict>? = nil, sort: Order = .path, limit: Int? = nil, groupBy: String? = nil) {
        self.only = only
        self.sort = sort
        self.limit = limit
        self.groupBy = groupBy
    }

    /// In an order that does not depend on what came before: equals stand by name.
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

/// Where the offsets of many clips lie, in ms and in the contract's sign.
public struct OffsetStatistics: Sendable, Hashable {
    public let count: Int
    /// Their median; nil without any.
    public let median: Double?
    /// A 95 % interval of the median from order statistics (Conover, Practical Nonparametric Statistics, 3.2); nil
    /// below six.
    public let interval: ClosedRange<Double>?
    /// Lower and upper quartile; nil without any.
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

/// The clips that agree in one attribute.
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

    public var faults: Int { tally.count(.misaligned) + tally.count(.unpaired) + tally.count(.failed) }

    private var badness: (Double, Double) { (Double(faults) / Double(max(1, tally.clips)), abs(offsets.median ?? 0)) }

    /// "" where the clip does not have it.
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
