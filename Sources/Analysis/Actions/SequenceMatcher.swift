import SyncModel

/// Matches two sequences of segments by name and time: the cheapest explanation of one by the other.
///
/// A segment that only one side has costs 1. Two of the same name cost the distance of their edges, |ds| + |de|, over
/// their lengths (1: they touch); at 2 they no longer match. Another name for the same segment costs 0.8 more, each
/// further segment of a split 0.35. The cheapest explanation that keeps the order is found by dynamic programming; the
/// rest is assigned by name, irrespective of order.
struct SequenceMatcher {
    private static let renamePrice: Float = 0.8
    private static let piecePrice: Float = 0.35
    private static let mostPieces = 4
    /// Longer tables than this are cut in two at a pair that fits well, in cells.
    private static let largestTable = 4_000_000
    /// Least total length, in seconds: points in time have length 0.
    private static let shortest = 1.0

    let reference: ArraySlice<LabelSegment>
    let subject: ArraySlice<LabelSegment>

    /// For tracks ordered by tier: each tier separately.
    static func match(_ reference: [LabelSegment], _ subject: [LabelSegment]) -> [MatchStep] {
        if reference.elementsEqual(subject, by: { $0.label == $1.label && $0.tier == $1.tier }) {
            return reference.indices.map { .same(reference: $0, subject: $0) }
        }
        var steps: [MatchStep] = []
        var (i, j) = (0, 0)
        while i < reference.count || j < subject.count {
            let tier = min(
                i < reference.count ? reference[i].tier : .init(index: .max),
                j < subject.count ? subject[j].tier : .init(index: .max))
            let (a, b) = (i, j)
            while i < reference.count, reference[i].tier == tier { i += 1 }
            while j < subject.count, subject[j].tier == tier { j += 1 }
            steps += SequenceMatcher(reference: reference[a..<i], subject: subject[b..<j]).steps()
        }
        return steps
    }

    private func steps() -> [MatchStep] {
        let path = ordered(reference, subject)
        return Reordering.explain(path, reference: reference, subject: subject)
    }

    static func cost(_ left: (start: Double, end: Double), _ right: (start: Double, end: Double)) -> Float {
        let lengths = max(shortest, left.end - left.start + right.end - right.start)
        return Float((abs(left.start - right.start) + abs(left.end - right.end)) / lengths)
    }

    static func cost(_ left: LabelSegment, _ right: LabelSegment) -> Float {
        cost((left.start, left.end), (right.start, right.end)) + (left.actor == right.actor ? 0 : 0.1)
    }

    /// Intersection over union of two segments, 0 to 1.
    static func overlap(_ left: LabelSegment, _ right: LabelSegment) -> Double {
        let shared = min(left.end, right.end) - max(left.start, right.start)
        let whole = max(left.end, right.end) - min(left.start, right.start)
        return whole > 0 ? max(0, shared) / whole : left.start == right.start ? 1 : 0
    }

    private func ordered(_ reference: ArraySlice<LabelSegment>, _ subject: ArraySlice<LabelSegment>) -> [MatchStep] {
        var (a, b) = (reference, subject)
        var head: [MatchStep] = []
        var tail: [MatchStep] = []
        while let one = a.first, let other = b.first, one.label == other.label, Self.cost(one, other) < 1e-3 {
            head.append(.same(reference: a.startIndex, subject: b.startIndex))
            (a, b) = (a.dropFirst(), b.dropFirst())
        }
        while let one = a.last, let other = b.last, one.label == other.label, Self.cost(one, other) < 1e-3 {
            tail.append(.same(reference: a.endIndex - 1, subject: b.endIndex - 1))
            (a, b) = (a.dropLast(), b.dropLast())
        }
        let middle = (a.count + 1) * (b.count + 1) > Self.largestTable ? divided(a, b) : table(a, b)
        return head + middle + tail.reversed()
    }

    private func divided(_ a: ArraySlice<LabelSegment>, _ b: ArraySlice<LabelSegment>) -> [MatchStep] {
        let centre = a.startIndex + a.count / 2
        // The pair of one name nearest to the middle whose edges agree best among a few hundred; else where time is cut
        // in half.
        var best: (cost: Float, i: Int, j: Int)?
        for i in max(a.startIndex, centre - 100)..<min(a.endIndex, centre + 100) {
            for j in b.indices where b[j].label == a[i].label && abs(b[j].start - a[i].start) < 30 {
                let cost = Self.cost(a[i], b[j])
                if cost < best?.cost ?? 0.3 { best = (cost, i, j) }
            }
        }
        if let best {
            return ordered(a[a.startIndex..<best.i], b[b.startIndex..<best.j]) + [
                .same(reference: best.i, subject: best.j)
            ]
                + ordered(a[(best.i + 1)...], b[(best.j + 1)...])
        }
        let time = a.isEmpty ? (b[b.startIndex + b.count / 2].start) : a[min(centre, a.endIndex - 1)].start
        let i = a.firstIndex { $0.start >= time } ?? a.endIndex
        let j = b.firstIndex { $0.start >= time } ?? b.endIndex
        guard a[..<i].count + b[..<j].count > 0, a[i...].count + b[j...].count > 0,
            a[..<i].count < a.count || b[..<j].count < b.count
        else {
            return a.indices.map { .missing(reference: $0) } + b.indices.map { .extra(subject: $0) }
        }
        return ordered(a[..<i], b[..<j]) + ordered(a[i...], b[j...])
    }

    private func table(_ a: ArraySlice<LabelSegment>, _ b: ArraySlice<LabelSegment>) -> [MatchStep] {
        let (rows, columns) = (a.count + 1, b.count + 1)
        guard a.count > 0, b.count > 0 else {
            return a.indices.map { .missing(reference: $0) } + b.indices.map { .extra(subject: $0) }
        }
        var costs = [Float](repeating: 0, count: rows * columns)
        // 0: missing, 1: extra, 2: same, 3: renamed, 10 + k: split into k, 20 + k: k merged.
        var moves = [UInt8](repeating: 0, count: rows * columns)
        for j in 1..<columns {
            costs[j] = Float(j)
            moves[j] = 1
        }
        let (first, other) = (a.startIndex, b.startIndex)
        for i in 1..<rows {
            costs[i * columns] = Float(i)
            let one = a[first + i - 1]
            for j in 1..<columns {
                let two = b[other + j - 1]
                var best = costs[(i - 1) * columns + j] + 1
                var move: UInt8 = 0
                func offer(_ cost: Float, _ name: UInt8) {
                    if cost < best {
                        best = cost
                        move = name
                    }
                }
                offer(costs[i * columns + j - 1] + 1, 1)
                let distance = Self.cost(one, two)
                let before = costs[(i - 1) * columns + j - 1]
                if one.label == two.label {
                    if distance < 2 { offer(before + distance, 2) }
                } else if distance < 1.2, Self.overlap(one, two) >= 0.5 {
                    offer(before + distance + Self.renamePrice, 3)
                }
                if distance < 2 {
                    for pieces in 2...Self.mostPieces {
                        if j >= pieces, let price = Self.price(of: b[(other + j - pieces)..<(other + j)], for: one) {
                            offer(costs[(i - 1) * columns + j - pieces] + price, UInt8(10 + pieces))
                        }
                        if i >= pieces, let price = Self.price(of: a[(first + i - pieces)..<(first + i)], for: two) {
                            offer(costs[(i - pieces) * columns + j - 1] + price, UInt8(20 + pieces))
                        }
                    }
                }
                costs[i * columns + j] = best
                moves[i * columns + j] = move
            }
        }
        var steps: [MatchStep] = []
        var (i, j) = (rows - 1, columns - 1)
        while i > 0 || j > 0 {
            let move = moves[i * columns + j]
            switch move {
            case 0:
                i -= 1
                steps.append(.missing(reference: first + i))
            case 1:
                j -= 1
                steps.append(.extra(subject: other + j))
            case 2, 3:
                (i, j) = (i - 1, j - 1)
                steps.append(
                    move == 2
                        ? .same(reference: first + i, subject: other + j)
                        : .renamed(reference: first + i, subject: other + j))
            case 10..<20:
                let pieces = Int(move) - 10
                (i, j) = (i - 1, j - pieces)
                steps.append(.split(reference: first + i, subject: (other + j)..<(other + j + pieces)))
            default:
                let pieces = Int(move) - 20
                (i, j) = (i - pieces, j - 1)
                steps.append(.merged(reference: (first + i)..<(first + i + pieces), subject: other + j))
            }
        }
        return steps.reversed()
    }

    /// Cost of `pieces` being a split of `whole`; nil where they are not: the outer edges must agree and the segments
    /// follow each other.
    private static func price(of pieces: ArraySlice<LabelSegment>, for whole: LabelSegment) -> Float? {
        guard let first = pieces.first, let last = pieces.last else { return nil }
        let room = max(0.5, 0.05 * whole.length)
        guard abs(first.start - whole.start) <= room, abs(last.end - whole.end) <= room else { return nil }
        var foreign = 0
        for index in pieces.indices {
            if pieces[index].label != whole.label { foreign += 1 }
            if index > pieces.startIndex, pieces[index].start - pieces[index - 1].end > max(room, 0.2 * whole.length) {
                return nil
            }
        }
        guard foreign < pieces.count else { return nil }
        return cost((first.start, last.end), (whole.start, whole.end)) + piecePrice * Float(pieces.count - 1) + 0.15
            * Float(foreign)
    }
}
