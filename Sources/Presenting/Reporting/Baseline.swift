public import SyncModel

/// A clip of one scan, for comparison.
public struct BaselineEntry: Sendable, Hashable {
    public let key: String
    public let verdict: Verdict

    public init(key: String, verdict: Verdict) {
        self.key = key
        self.verdict = verdict
    }
}

/// Comparison of two scans: worse, better, new, gone.
///
/// A clip got worse if its verdict is worse and either verdict is a fault (misaligned, unpaired, failed or marginal),
/// or if an answer was lost. The reverse is better.
public struct BaselineComparison: Sendable {
    public struct Change: Sendable, Hashable {
        public let key: String
        public let before: Verdict
        public let now: Verdict
    }

    public private(set) var better: [Change] = []
    public private(set) var worse: [Change] = []
    public private(set) var new: [BaselineEntry] = []
    public private(set) var gone: [BaselineEntry] = []
    public private(set) var same = 0

    public init(before: [BaselineEntry], now: [BaselineEntry]) {
        var left = Dictionary(before.map { ($0.key, $0.verdict) }) { first, _ in first }
        for entry in now.sorted(by: { $0.key < $1.key }) {
            guard let was = left.removeValue(forKey: entry.key) else {
                new.append(entry)
                continue
            }
            let change = Change(key: entry.key, before: was, now: entry.verdict)
            let (rank, rankBefore) = (entry.verdict.concern, was.concern)
            if rank > rankBefore {
                worse.append(change)
            } else if rank < rankBefore {
                better.append(change)
            } else {
                same += 1
            }
        }
        gone = left.map { BaselineEntry(key: $0.key, verdict: $0.value) }.sorted { $0.key < $1.key }
    }

    /// Whether something got worse, or something new is faulty.
    public var isWorse: Bool { !worse.isEmpty || !newFaults.isEmpty }

    public var newFaults: [BaselineEntry] { new.filter { [.misaligned, .unpaired, .failed].contains($0.verdict) } }

    /// A few lines, with at most `limit` clips of each kind.
    public func text(limit: Int = 20) -> String {
        var lines = [
            """
            against the baseline: \(worse.count) worse, \(better.count) better, \(new.count) new (\(newFaults.count) \
            of them faulty), 
            """
                + "\(gone.count) gone, \(same) the same"
        ]
        func list(_ title: String, _ rows: [String]) {
            for row in rows.prefix(limit) { lines.append("  \(title) \(row)") }
            if rows.count > limit { lines.append("  \(title) ... and \(rows.count - limit) more") }
        }
        list("worse ", worse.map { "\($0.key.printable): \($0.before.rawValue) -> \($0.now.rawValue)" })
        list("new   ", newFaults.map { "\($0.key.printable): \($0.verdict.rawValue)" })
        list("better", better.map { "\($0.key.printable): \($0.before.rawValue) -> \($0.now.rawValue)" })
        list("gone  ", gone.map { "\($0.key.printable): \($0.verdict.rawValue)" })
        return lines.joined(separator: "\n") + "\n"
    }
}

extension Verdict {
    /// Severity for comparing two scans: no answer is between good and bad.
    fileprivate var concern: Int {
        switch self {
        case .inSync, .measured, .notApplicable: 0
        case .inconclusive: 1
        case .marginal: 2
        case .misaligned: 3
        case .unpaired: 4
        case .failed: 5
        }
    }
}
