/// Corresponding words of two texts, in the order of both: runs of words that occur once in each are found first, and
/// the text between them is compared in full.
struct TokenAlignment {
    /// Indices in both texts, ascending in both.
    private(set) var pairs: [(subject: Int, reference: Int)] = []
    /// Pairs in runs that occur once in both texts: few are by chance.
    private(set) var anchored = 0

    /// Words of a run.
    private static let run = 3
    /// Largest product of lengths between two runs that is compared.
    private static let mostBetween = 4_000_000

    init(_ subject: [Int], _ reference: [Int]) {
        let anchors = TokenAlignment.anchors(subject, reference)
        anchored = anchors.count
        var (from, to) = (0, 0)
        for anchor in anchors + [(subject.count, reference.count)] {
            fill(subject, reference, from..<max(from, anchor.0), to..<max(to, anchor.1))
            if anchor.0 < subject.count, anchor.1 < reference.count { pairs.append((anchor.0, anchor.1)) }
            (from, to) = (anchor.0 + 1, anchor.1 + 1)
        }
    }

    /// Words of runs that occur once in either text, as the longest chain that ascends in both.
    private static func anchors(_ subject: [Int], _ reference: [Int]) -> [(Int, Int)] {
        func places(_ words: [Int]) -> [[Int]: Int] {
            var result: [[Int]: Int] = [:]
            guard words.count >= run else { return [:] }
            for place in 0...(words.count - run) {
                let key = Array(words[place..<place + run])
                // Occurs twice: unusable.
                result[key] = result[key] == nil ? place : -1
            }
            return result
        }
        let others = places(reference)
        let both = places(subject).compactMap { key, place -> (Int, Int)? in
            guard place >= 0, let other = others[key], other >= 0 else { return nil }
            return (place, other)
        }.sorted { $0 < $1 }
        let chain = longest(both)
        // Every word of the runs, once.
        var result: [(Int, Int)] = []
        for (place, other) in chain {
            for step in 0..<run {
                let next = (place + step, other + step)
                if let last = result.last, next.0 <= last.0 || next.1 <= last.1 { continue }
                result.append(next)
            }
        }
        return result
    }

    /// The longest chain whose second members ascend, of pairs whose first do (Fredman 1975).
    static func longest(_ pairs: [(Int, Int)]) -> [(Int, Int)] {
        var tops: [Int] = []
        var before = [Int](repeating: -1, count: pairs.count)
        for (index, pair) in pairs.enumerated() {
            var (low, high) = (0, tops.count)
            while low < high {
                let middle = (low + high) / 2
                if pairs[tops[middle]].1 < pair.1 { low = middle + 1 } else { high = middle }
            }
            before[index] = low > 0 ? tops[low - 1] : -1
            if low == tops.count { tops.append(index) } else { tops[low] = index }
        }
        var result: [(Int, Int)] = []
        var index = tops.last ?? -1
        while index >= 0 {
            result.append(pairs[index])
            index = before[index]
        }
        return result.reversed()
    }

    /// The longest common sequence of words of two ranges.
    private mutating func fill(_ subject: [Int], _ reference: [Int], _ rows: Range<Int>, _ columns: Range<Int>) {
        guard !rows.isEmpty, !columns.isEmpty, rows.count * columns.count <= TokenAlignment.mostBetween else { return }
        let width = columns.count + 1
        var lengths = [Int32](repeating: 0, count: (rows.count + 1) * width)
        for row in stride(from: rows.count - 1, through: 0, by: -1) {
            let word = subject[rows.lowerBound + row]
            for column in stride(from: columns.count - 1, through: 0, by: -1) {
                lengths[row * width + column] =
                    word == reference[columns.lowerBound + column]
                    ? lengths[(row + 1) * width + column + 1] + 1
                    : max(lengths[(row + 1) * width + column], lengths[row * width + column + 1])
            }
        }
        var (row, column) = (0, 0)
        while row < rows.count, column < columns.count {
            if subject[rows.lowerBound + row] == reference[columns.lowerBound + column] {
                pairs.append((rows.lowerBound + row, columns.lowerBound + column))
                row += 1
                column += 1
            } else if lengths[(row + 1) * width + column] >= lengths[row * width + column + 1] {
                row += 1
            } else {
                column += 1
            }
        }
    }
}
