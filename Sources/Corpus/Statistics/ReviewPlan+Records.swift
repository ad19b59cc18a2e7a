import SyncModel

extension ReviewPlan {
    /// Number of clips shown of each reported group.
    private static let ofGroup = 3

    init(_ records: [ClipRecord], study: CheckStudy?, named: NamedGroups, most: Int) {
        var items: [Item] = []
        var looked = Set<Int>()
        func add(_ clip: Int, _ why: Why, _ group: String? = nil) {
            guard looked.insert(clip).inserted else { return }
            if items.count < most {
                items.append(Item(key: records[clip].key, clip: records[clip].clip, why: why, group: group))
            }
        }
        for group in named.clips {
            // The ones nearest to the middle of the group: they are typical, not outliers.
            for clip in ReviewPlan.middle(group.clips, study) { add(clip, .ofGroup, group.name) }
        }
        for (clip, _) in ReviewPlan.alone(records, study, named) { add(clip, .alone) }
        for clip in records.indices where records[clip].verdict == .unpaired { add(clip, .unpaired) }
        // The ones easiest to judge first: longer ones show more.
        let open = records.indices.filter { records[$0].verdict == .inconclusive }
            .sorted { (records[$1].durationSeconds ?? 0, $0) < (records[$0].durationSeconds ?? 0, $1) }
        for clip in open { add(clip, .inconclusive) }
        for clip in records.indices where records[clip].verdict == .failed { add(clip, .unreadable) }
        let seconds = looked.sorted().reduce(0.0) {
            $0 + 2 * min(ReviewPlan.mostSeconds, records[$1].durationSeconds ?? ReviewPlan.mostSeconds)
                + ReviewPlan.handlingSeconds
        }
        self.init(first: items, clips: looked.count, hours: seconds / 3600)
    }

    private static func middle(_ clips: [Int], _ study: CheckStudy?) -> [Int] {
        guard let study else { return [] }
        let inside = Set(clips)
        let answers = study.observations.clips.indices.filter { inside.contains(study.observations.clips[$0]) }
        let middle = Location.median(answers.map { study.observations.offsets[$0] })
        return answers.sorted {
            abs(study.observations.offsets[$0] - middle) < abs(study.observations.offsets[$1] - middle)
        }
        .prefix(ofGroup).map { study.observations.clips[$0] }
    }

    /// Misaligned clips that common bias and groups do not explain, the furthest first.
    private static func alone(_ records: [ClipRecord], _ study: CheckStudy?, _ named: NamedGroups) -> [(
        clip: Int, away: Double
    )] {
        var answers: [Int: Int] = [:]
        for (index, clip) in (study?.observations.clips ?? []).enumerated() { answers[clip] = index }
        var result: [(clip: Int, away: Double)] = []
        for (clip, record) in records.enumerated() where record.verdict == .misaligned {
            guard let study, let location = study.location, let index = answers[clip] else {
                result.append((clip, .infinity))
                continue
            }
            let away = abs(study.observations.offsets[index] - (named.effects[clip] ?? 0) - location.value)
            if away > 3 * max(location.spread, study.observations.errors[index]) { result.append((clip, away)) }
        }
        return result.sorted { $0.away != $1.away ? $0.away > $1.away : $0.clip < $1.clip }
    }
}
