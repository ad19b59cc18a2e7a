public import SyncModel

/// Relation of two intervals (Allen, "Maintaining knowledge about temporal intervals", 1983); edges within a tolerance
/// are equal.
public enum AllenRelation: String, Sendable, CaseIterable {
    case before, meets, overlaps, starts, during, finishes, equals
    case after
    case metBy = "met-by"
    case overlappedBy = "overlapped-by"
    case startedBy = "started-by"
    case contains
    case finishedBy = "finished-by"

    /// - Parameter room: edges within this are equal, in seconds.
    public init(_ a: TimeSpan, _ b: TimeSpan, room: Double) {
        func order(_ x: Double, _ y: Double) -> Int { abs(x - y) <= room ? 0 : x < y ? -1 : 1 }
        let (starts, ends) = (order(a.start, b.start), order(a.end, b.end))
        let (first, last) = (order(a.end, b.start), order(a.start, b.end))
        if starts == 0, ends == 0 {
            self = .equals
        } else if first <= 0, starts < 0 {
            self = first < 0 ? .before : .meets
        } else if last >= 0, ends > 0 {
            self = last > 0 ? .after : .metBy
        } else {
            switch (starts, ends) {
            case (0, -1): self = .starts
            case (0, _): self = .startedBy
            case (1, 0): self = .finishes
            case (-1, 0): self = .finishedBy
            case (1, -1): self = .during
            case (-1, 1): self = .contains
            case (-1, _): self = .overlaps
            default: self = .overlappedBy
            }
        }
    }

    /// Whether both overlap.
    public var isConcurrent: Bool {
        switch self {
        case .before, .meets, .after, .metBy: false
        default: true
        }
    }
}

/// Two actions with another temporal relation in one track than in the others.
public struct RelationDifference: Sendable {
    public let first: String
    public let second: String
    public let reference: AllenRelation
    public let subject: AllenRelation
    /// How often, and where first.
    public var count: Int
    public let session: String
    public let track: String
    public let seconds: Double
}

/// Collects relations that differ.
struct RelationTally {
    private struct Key: Hashable {
        let first: Symbol
        let second: Symbol
        let reference: AllenRelation
        let subject: AllenRelation
    }
    private var rows: [Key: RelationDifference] = [:]
    let room: Double

    init(room: Double) { self.room = room }

    /// Compares every action with the few that follow it, as far as both tracks have them; returns those that overlap
    /// in only one of them, by their indices in the matching.
    mutating func add(
        _ steps: [MatchStep], _ reference: [LabelSegment], _ subject: [LabelSegment], session: String, track: String,
        symbols: SymbolTable
    ) -> [(reference: (Int, Int), subject: (Int, Int))] {
        let pairs = steps.compactMap { step -> (Int, Int)? in if case .same(let i, let j) = step { (i, j) } else { nil }
        }
        .sorted {
            reference[$0.0].start != reference[$1.0].start ? reference[$0.0].start < reference[$1.0].start : $0.0 < $1.0
        }
        var crossed: [(reference: (Int, Int), subject: (Int, Int))] = []
        for place in pairs.indices {
            for next in (place + 1)..<max(place + 1, min(pairs.count, place + 4)) {
                let (i, j) = pairs[place]
                let (k, l) = pairs[next]
                let (a, b, c, d) = (reference[i], reference[k], subject[j], subject[l])
                let there = AllenRelation(
                    TimeSpan(start: a.start, end: a.end), TimeSpan(start: b.start, end: b.end), room: room)
                let here = AllenRelation(
                    TimeSpan(start: c.start, end: c.end), TimeSpan(start: d.start, end: d.end), room: room)
                guard there != here else { continue }
                let key = Key(first: a.label, second: b.label, reference: there, subject: here)
                if rows[key] != nil {
                    rows[key]?.count += 1
                } else {
                    rows[key] = RelationDifference(
                        first: symbols[a.label], second: symbols[b.label], reference: there, subject: here, count: 1,
                        session: session, track: track, seconds: c.start)
                }
                if Self.shared(a, b) != Self.shared(c, d) { crossed.append(((i, k), (j, l))) }
            }
        }
        return crossed
    }

    /// Whether two actions overlap substantially: by half a second and three tenths of the shorter one.
    private static func shared(_ a: LabelSegment, _ b: LabelSegment) -> Bool {
        min(a.end, b.end) - max(a.start, b.start) > max(0.5, 0.3 * min(a.length, b.length))
    }

    /// Most frequent first.
    var differences: [RelationDifference] {
        rows.values.sorted {
            $0.count != $1.count
                ? $0.count > $1.count
                : ($0.first, $0.second, $0.subject.rawValue) < ($1.first, $1.second, $1.subject.rawValue)
        }
    }
}
