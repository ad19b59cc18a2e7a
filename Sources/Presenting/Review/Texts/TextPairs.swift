import TimedText

/// Pairs the items of two annotators' texts of one recording.
struct TextPairs: Sendable {
    /// By an item's name in the first, its index among the rows of the second.
    let pairs: [String: Int]
    /// Rows of the second without a counterpart.
    let alone: [Int]

    /// Non-overlapping items whose starts are further apart do not match, in seconds.
    private static let reach = 0.5

    init(_ one: TextState, _ other: TextState) {
        struct Pair {
            let first: Int
            let second: Int
            let score: Double
        }
        func kind(_ state: TextState, _ place: Int) -> TimedItem.Kind {
            state.document.items[state.rows[place].origin].kind
        }
        // In order of their starts: a match is always nearby.
        let places = other.rows.indices.sorted { other.rows[$0].start < other.rows[$1].start }
        let longest = other.rows.map { $0.end - $0.start }.max() ?? 0
        var candidates: [Pair] = []
        var from = 0
        for first in one.rows.indices.sorted(by: { one.rows[$0].start < one.rows[$1].start }) {
            let row = one.rows[first]
            while from < places.count, other.rows[places[from]].start < row.start - min(longest, 60) - TextPairs.reach {
                from += 1
            }
            var place = from
            while place < places.count, other.rows[places[place]].start <= max(row.end, row.start) + TextPairs.reach {
                defer { place += 1 }
                let second = places[place]
                let match = other.rows[second]
                guard kind(one, first) == kind(other, second) else { continue }
                let shared = min(row.end, match.end) - max(row.start, match.start)
                let whole = max(row.end, match.end) - min(row.start, match.start)
                let apart = abs(row.start - match.start)
                guard shared > 0 || apart <= TextPairs.reach else { continue }
                let same = TextPairs.plain(row.text) == TextPairs.plain(match.text) ? 0.5 : 0
                let score = (whole > 0 ? max(0, shared) / whole : 1) + same - 0.1 * min(1, apart)
                candidates.append(Pair(first: first, second: second, score: score))
            }
        }
        candidates.sort { ($0.score, $1.first, $1.second) > ($1.score, $0.first, $0.second) }
        var (pairs, taken): ([String: Int], Set<Int>) = ([:], [])
        for pair in candidates where pairs[one.rows[pair.first].id] == nil && !taken.contains(pair.second) {
            pairs[one.rows[pair.first].id] = pair.second
            taken.insert(pair.second)
        }
        self.pairs = pairs
        alone = other.rows.indices.filter { !taken.contains($0) }
    }

    /// Letters and digits only: what is heard.
    static func plain(_ text: String) -> String {
        var result = ""
        var depth = 0
        for character in text.lowercased() {
            if character == "<" {
                depth += 1
            } else if character == ">", depth > 0 {
                depth -= 1
            } else if depth == 0,
                character.isLetter || character.isNumber
            {
                result.append(character)
            }
        }
        return result
    }
}
