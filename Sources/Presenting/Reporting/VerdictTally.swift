public import SyncModel

/// Number of clips by verdict.
public struct VerdictTally: Sendable, Hashable {
    private var counts: [Verdict: Int] = [:]

    public init() {}

    public mutating func add(_ verdict: Verdict) { counts[verdict, default: 0] += 1 }
    /// Counts a clip whose verdict changed.
    public mutating func replace(_ verdict: Verdict, by new: Verdict) {
        guard count(verdict) > 0 else { return }
        counts[verdict, default: 0] -= 1
        add(new)
    }
    public func count(_ verdict: Verdict) -> Int { counts[verdict] ?? 0 }
    public var clips: Int { counts.values.reduce(0, +) }
    /// Clips with an offset.
    public var answered: Int { Verdict.allCases.filter(\.carriesOffset).reduce(0) { $0 + count($1) } }
}
