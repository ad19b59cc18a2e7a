/// Compares each turn's voice print with those of its own name and of all others: whether a name has one voice.
///
/// A turn is compared with the mean of its name's other turns, so that it does not count as evidence for itself. Names
/// whose labels were exchanged for a segment keep the voice of most of their time: turns are reassigned to the nearest
/// name until nothing changes.
struct VoiceComparison {
    struct Turn: Hashable {
        /// Inner products with the mean of the own name and of the nearest other one; nil: there is none to compare
        /// with.
        let own: Double?
        let other: Double?
        /// The name whose voice is nearest.
        let nearest: Int
        /// Seconds of speech that were examined.
        let seconds: Double
        /// Evidence that the voice is another name's: positive when it is nearer to the other one than to its own.
        var excess: Double? { own.flatMap { own in other.map { $0 - own } } }
    }

    /// By position of the turn; absent: too little of it without overlap.
    let turns: [Int: Turn]
    /// Names whose voices are too similar to distinguish.
    let alike: Set<Set<Int>>
    /// How many voices are heard.
    let voices: Int

    /// Two names' voices that are nearer than this are not distinguished.
    private static let separable = 0.6
    /// Prints nearer than this are of one voice (mean of all pairs of two groups).
    private static let sameVoice = 0.48
    private static let leastVoiceSeconds = 1.5

    init(_ prints: [(turn: Int, print: [Float], seconds: Double)], speakers: [Int]) {
        var sums: [Int: (print: [Float], seconds: Double)] = [:]
        for look in prints {
            var one = sums[look.turn] ?? ([Float](repeating: 0, count: look.print.count), 0)
            for index in one.print.indices { one.print[index] += Float(look.seconds) * look.print[index] }
            one.seconds += look.seconds
            sums[look.turn] = one
        }
        let positions = sums.keys.sorted()
        let means = positions.map { VoiceComparison.unit(sums[$0]?.print ?? []) }
        let seconds = positions.map { min(6, sums[$0]?.seconds ?? 0) }
        let names = positions.map { speakers[$0] }
        let all = Set(names).sorted()
        // The voice of each name by most of its time: the turn that fits another name best is reassigned, one at a
        // time.
        var groups = VoiceGroups(means, seconds, names, all)
        for _ in 0..<2 * positions.count where all.count > 1 {
            var best: (index: Int, name: Int, gain: Double)?
            for index in positions.indices where seconds[index] >= 0.6 {
                guard let own = groups.nearness(of: index, to: groups.laid[index]) else { continue }
                for name in all where name != groups.laid[index] {
                    guard let other = groups.nearness(of: index, to: name) else { continue }
                    if other - own > max(0.03, best?.gain ?? 0) { best = (index, name, other - own) }
                }
            }
            guard let best else { break }
            groups.lay(best.index, to: best.name)
        }
        var result: [Int: Turn] = [:]
        for index in positions.indices {
            let own = groups.nearness(of: index, to: names[index])
            var best: (name: Int, value: Double)?
            for name in all where name != names[index] {
                guard let value = groups.nearness(of: index, to: name) else { continue }
                if best.map({ value > $0.value }) ?? true { best = (name, value) }
            }
            let nearest = (best?.value ?? -1) > (own ?? -1) ? best?.name ?? names[index] : names[index]
            result[positions[index]] = Turn(
                own: own, other: best?.value, nearest: nearest, seconds: sums[positions[index]]?.seconds ?? 0)
        }
        turns = result
        var alike: Set<Set<Int>> = []
        for (place, one) in all.enumerated() {
            for other in all[(place + 1)...]
            where (groups.nearness(between: one, and: other) ?? 0) > VoiceComparison.separable {
                alike.insert([one, other])
            }
        }
        self.alike = alike
        voices = VoiceComparison.count(means, seconds)
    }

    /// Groups of prints, the nearest two joined until none are near (average linkage); those with enough speech are
    /// counted.
    private static func count(_ prints: [[Float]], _ seconds: [Double]) -> Int {
        let order = prints.indices.filter { seconds[$0] >= 1 }.sorted { seconds[$0] > seconds[$1] }.prefix(300)
        var groups = order.map { [$0] }
        var near = groups.indices.map { row in
            groups.indices.map { product(prints[groups[row][0]], prints[groups[$0][0]]) }
        }
        while groups.count > 1 {
            var best = (value: -1.0, one: 0, other: 0)
            for one in groups.indices {
                for other in 0..<one where near[one][other] > best.value { best = (near[one][other], one, other) }
            }
            guard best.value >= sameVoice else { break }
            let (one, other) = (Double(groups[best.one].count), Double(groups[best.other].count))
            for index in groups.indices {
                let value = (one * near[best.one][index] + other * near[best.other][index]) / (one + other)
                (near[best.other][index], near[index][best.other]) = (value, value)
            }
            groups[best.other] += groups[best.one]
            groups.remove(at: best.one)
            near.remove(at: best.one)
            for row in near.indices { near[row].remove(at: best.one) }
        }
        return groups.count { $0.reduce(0.0) { $0 + seconds[$1] } >= leastVoiceSeconds }
    }

    static func product(_ one: [Float], _ other: [Float]) -> Double {
        zip(one, other).reduce(0.0) { $0 + Double($1.0 * $1.1) }
    }

    static func unit(_ vector: [Float]) -> [Float] {
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? vector.map { $0 / length } : vector
    }
}
