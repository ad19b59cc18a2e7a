/// Which passages of a long transcript are looked at, the same each time.
///
/// Two thirds of the time go to the passages that a first, cheap look finds worst, one third to passages evenly spread,
/// which tell what all words have in common.
struct LookBudget {
    let seconds: Double
    private static let firstLookFactor = 10.0
    private static let shareOfWorst = 2.0 / 3

    /// Seconds of passages that are looked at cheaply.
    var firstLookSeconds: Double { seconds * LookBudget.firstLookFactor }

    /// Passages of so many seconds together, evenly spread.
    func spread(_ passages: [Passage], over seconds: Double, _ length: (Passage) -> Double) -> [Passage] {
        let whole = passages.reduce(0) { $0 + length($1) }
        guard whole > seconds else { return passages }
        let share = seconds / whole
        var (due, result) = (0.0, [Passage]())
        for passage in passages {
            due += share
            if due >= 1 {
                due -= 1
                result.append(passage)
            }
        }
        return result
    }

    /// - Parameter doubts: by passage, the larger the worse.
    /// - Returns: in the order of the text.
    func chosen(_ passages: [Passage], doubts: [Double], _ length: (Passage) -> Double) -> [Passage] {
        var left = seconds * LookBudget.shareOfWorst
        var chosen: Set<Int> = []
        for place in passages.indices.sorted(by: { (-doubts[$0], $0) < (-doubts[$1], $1) })
        where length(passages[place]) <= left {
            left -= length(passages[place])
            chosen.insert(place)
        }
        let even = Set(
            spread(
                passages.indices.filter { !chosen.contains($0) }.map { passages[$0] },
                over: seconds * (1 - LookBudget.shareOfWorst), length))
        return passages.indices.filter { chosen.contains($0) || even.contains(passages[$0]) }.map { passages[$0] }
    }
}
