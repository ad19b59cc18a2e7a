import SignalCore
import SyncModel

/// Finds differences of order in a matching that keeps the order: swapped names, moved actions.
enum Reordering {
    /// The same steps, where pairs of renamed segments with crossed names are swaps, and a missing and an extra segment
    /// of the same name are one action that moved.
    static func explain(_ steps: [MatchStep], reference: ArraySlice<LabelSegment>, subject: ArraySlice<LabelSegment>)
        -> [MatchStep]
    {
        var steps = steps
        swap(&steps, reference, subject)
        rejoin(&steps, reference, subject)
        cycle(&steps, reference, subject)
        return permutation(steps, reference, subject) ?? steps
    }

    private static func swap(
        _ steps: inout [MatchStep], _ reference: ArraySlice<LabelSegment>, _ subject: ArraySlice<LabelSegment>
    ) {
        var open: [[Symbol]: [Int]] = [:]
        var gone: Set<Int> = []
        for index in steps.indices {
            guard case .renamed(let i, let j) = steps[index] else { continue }
            let (was, is_) = (reference[i].label, subject[j].label)
            if let partner = open[[is_, was]]?.popLast(), case .renamed(let k, let l) = steps[partner] {
                steps[partner] = .swapped(reference: .init(first: k, second: i), subject: .init(first: l, second: j))
                gone.insert(index)
            } else {
                open[[was, is_], default: []].append(index)
            }
        }
        steps = steps.indices.filter { !gone.contains($0) }.map { steps[$0] }
    }

    /// Assigns missing to extra segments of the same name, nearest in time first.
    private static func rejoin(
        _ steps: inout [MatchStep], _ reference: ArraySlice<LabelSegment>, _ subject: ArraySlice<LabelSegment>
    ) {
        var missing: [Symbol: [Int]] = [:]
        var extra: [Symbol: [Int]] = [:]
        for index in steps.indices {
            switch steps[index] {
            case .missing(let i): missing[reference[i].label, default: []].append(index)
            case .extra(let j): extra[subject[j].label, default: []].append(index)
            default: break
            }
        }
        var gone: Set<Int> = []
        for (label, lost) in missing.sorted(by: { $0.key < $1.key }) {
            guard let found = extra[label] else { continue }
            let isTurned = lost.count > found.count
            let (rows, columns) = isTurned ? (found, lost) : (lost, found)
            let costs = rows.flatMap { row in
                columns.map { column -> Double in
                    guard case .missing(let i) = steps[isTurned ? column : row],
                        case .extra(let j) = steps[isTurned ? row : column]
                    else { return 0 }
                    return abs(reference[i].start - subject[j].start) + abs(reference[i].end - subject[j].end)
                }
            }
            guard rows.count * columns.count <= 250_000 else { continue }
            for (row, column) in Assignment.solve(rows: rows.count, columns: columns.count, costs: costs).enumerated() {
                let (one, other) = isTurned ? (columns[column], rows[row]) : (rows[row], columns[column])
                guard case .missing(let i) = steps[one], case .extra(let j) = steps[other] else { continue }
                // Concurrent actions may be in different order in two lists and yet simultaneous.
                steps[one] =
                    SequenceMatcher.overlap(reference[i], subject[j]) > 0.3
                    ? .same(reference: i, subject: j) : .moved(reference: i, subject: j)
                gone.insert(other)
            }
        }
        steps = steps.indices.filter { !gone.contains($0) }.map { steps[$0] }
    }

    /// Three or more segments whose names are the same in another order moved; so did four or more that are swapped in
    /// pairs.
    private static func cycle(
        _ steps: inout [MatchStep], _ reference: ArraySlice<LabelSegment>, _ subject: ArraySlice<LabelSegment>
    ) {
        var places: [(reference: Int, subject: Int)] = []
        var swaps = 0
        for step in steps {
            switch step {
            case .renamed(let i, let j): places.append((i, j))
            case .swapped(let one, let other):
                swaps += 1
                places += [(one.first, other.first), (one.second, other.second)]
            default: break
            }
        }
        let hasMoved = steps.contains { if case .moved = $0 { true } else { false } }
        let isPermutation =
            places.map { reference[$0.reference].label }.sorted() == places.map { subject[$0.subject].label }.sorted()
        let slotsDiffer = places.contains {
            SequenceMatcher.overlap(reference[$0.reference], subject[$0.subject]) < 0.8
        }
        guard isPermutation, places.count > 2 || (swaps == 1 && (hasMoved || slotsDiffer)) else { return }
        steps.removeAll { if case .renamed = $0 { true } else if case .swapped = $0 { true } else { false } }
        var spare = places.map(\.subject)
        for place in places {
            guard let found = spare.firstIndex(where: { subject[$0].label == reference[place.reference].label }) else {
                continue
            }
            steps.append(.moved(reference: place.reference, subject: spare.remove(at: found)))
        }
    }

    /// Where both sides have the same names equally often but in different order: the longest common order stays, the
    /// rest moved.
    private static func permutation(
        _ steps: [MatchStep], _ reference: ArraySlice<LabelSegment>, _ subject: ArraySlice<LabelSegment>
    ) -> [MatchStep]? {
        let isExplained = steps.allSatisfy {
            switch $0 {
            case .same, .swapped, .moved: true
            default: false
            }
        }
        guard !isExplained, reference.count == subject.count, reference.count <= 2000,
            reference.map(\.label).sorted() == subject.map(\.label).sorted()
        else { return nil }
        var result: [MatchStep] = []
        let kept = commonSubsequence(reference, subject)
        result += kept.map { .same(reference: $0.0, subject: $0.1) }
        let (still, stays) = (Set(kept.map(\.0)), Set(kept.map(\.1)))
        var spare = subject.indices.filter { !stays.contains($0) }
        for i in reference.indices where !still.contains(i) {
            guard let place = spare.firstIndex(where: { subject[$0].label == reference[i].label }) else { return nil }
            result.append(.moved(reference: i, subject: spare.remove(at: place)))
        }
        return result
    }

    /// The longest sequence of names that both have in the same order (Wagner & Fischer 1974).
    private static func commonSubsequence(_ a: ArraySlice<LabelSegment>, _ b: ArraySlice<LabelSegment>) -> [(Int, Int)]
    {
        let (rows, columns) = (a.count + 1, b.count + 1)
        var lengths = [Int32](repeating: 0, count: rows * columns)
        for i in 1..<rows {
            for j in 1..<columns {
                let isSame = a[a.startIndex + i - 1].label == b[b.startIndex + j - 1].label
                lengths[i * columns + j] =
                    isSame
                    ? lengths[(i - 1) * columns + j - 1] + 1
                    : max(lengths[(i - 1) * columns + j], lengths[i * columns + j - 1])
            }
        }
        var result: [(Int, Int)] = []
        var (i, j) = (rows - 1, columns - 1)
        while i > 0, j > 0 {
            if a[a.startIndex + i - 1].label == b[b.startIndex + j - 1].label {
                result.append((a.startIndex + i - 1, b.startIndex + j - 1))
                (i, j) = (i - 1, j - 1)
            } else if lengths[(i - 1) * columns + j] >= lengths[i * columns + j - 1] {
                i -= 1
            } else {
                j -= 1
            }
        }
        return result.reversed()
    }
}
