/// Selects the passages of a long transcript to examine, deterministically.
///
/// Two thirds of the time are for the worst passages of a first, cheap pass, one third for evenly spread passages,
/// which give the common offset of all words.
struct SamplingBudget {
    let seconds: Double
    private static let firstLookFactor = 10.0
    private static let shareOfWorst = 2.0 / 3

    /// Seconds of passages that are examined cheaply.
    var firstLookSeconds: Double { seconds * SamplingBudget.firstLookFactor }

    /// Evenly spread passages with a given total length in seconds.
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
    /// - Returns: the chosen passages, in the order of the text.
    func chosen(_ passages: [Passage], doubts: [Double], _ length: (Passage) -> Double) -> [Passage] {
        var left = seconds * SamplingBudget.shareOfWorst
        var chosen: Set<Int> = []
        for place in passages.indices.sorted(by: { (-doubts[$0], $0) < (-doubts[$1], $1) })
        where length(passages[place]) <= left {
            left -= length(passages[place])
            chosen.insert(place)
        }
        let even = Set(
            spread(
                passages.indices.filter { !chosen.contains($0) }.map { passages[$0] },
                over: seconds * (1 - SamplingBudget.shareOfWorst), length))
        return passages.indices.filter { chosen.contains($0) || even.contains(passages[$0]) }.map { passages[$0] }
    }
}
