public import SyncModel

/// Episodes of robot sets pooled by robot and camera, and by day where there are several; and what is the matter with
/// them, by kind.
public struct EpisodePools: Sendable, Hashable, Codable {
    /// All days together first, then each day; robots and cameras by name.
    public var pools: [EpisodePool]
    /// The most frequent first.
    public var faults: [FaultCount]

    /// One kind of fault in many episodes.
    public struct FaultCount: Sendable, Hashable, Codable {
        /// As in `evidence.faults`.
        public var kind: String
        /// Records of episodes (or of a set as a whole) that have it.
        public var episodes: Int
        /// The first of them.
        public var clip: String
        /// What it is there, how much it costs, and what to do.
        public var words: String
    }

    /// How reasons name what to do.
    static let remedyMark = "; what to do: "

    /// - Parameter records: with the curves of their `sensor` findings.
    public init(_ records: [ClipRecord]) {
        struct Key: Hashable { let robot: String?, camera: String, day: String? }
        var members: [Key: [EpisodePool.Member]] = [:]
        var counted: [String: FaultCount] = [:]
        for record in records {
            func attribute(_ name: String) -> String? { record.attributes.first { $0.name == name }?.value }
            let findings = record.findings.filter { $0.check == .sensor }
            guard !findings.isEmpty else { continue }
            if let kinds = attribute("faults")?.split(separator: " ").map(String.init), let first = findings.first {
                let words = first.because.map(\.description).filter { $0.contains(EpisodePools.remedyMark) }
                var told: Set<String> = []
                for (place, kind) in kinds.enumerated() where told.insert(kind).inserted {
                    counted[
                        kind,
                        default: FaultCount(
                            kind: kind, episodes: 0, clip: record.clip, words: place < words.count ? words[place] : "")
                    ].episodes += 1
                }
            }
            guard let cameras = attribute("cameras")?.split(separator: ClipRecord.nameSeparator).map(String.init) else {
                continue
            }
            for (camera, finding) in zip(cameras, findings) where finding.curve.count > 10 {
                for day in Set([nil, attribute("day")]) {
                    let key = Key(robot: attribute("robot"), camera: camera, day: day)
                    if let before = members[key]?.first, before.curve.count != finding.curve.count { continue }
                    members[key, default: []].append(
                        EpisodePool.Member(
                            clip: record.clip, curve: finding.curve, seconds: record.durationSeconds ?? 0,
                            isAnswered: finding.offset != nil))
                }
            }
        }
        // A day that is the only one is the whole.
        var days: [Key: Int] = [:]
        for key in members.keys where key.day != nil {
            days[Key(robot: key.robot, camera: key.camera, day: nil), default: 0] += 1
        }
        let told = members.filter {
            $0.key.day == nil || days[Key(robot: $0.key.robot, camera: $0.key.camera, day: nil), default: 0] > 1
        }
        pools = told.map { EpisodePool(robot: $0.key.robot, camera: $0.key.camera, day: $0.key.day, members: $0.value) }
            .sorted { ($0.robot ?? "", $0.camera, $0.day ?? "") < ($1.robot ?? "", $1.camera, $1.day ?? "") }
        faults = counted.values.sorted { ($1.episodes, $0.kind) < ($0.episodes, $1.kind) }
        judgeDays()
    }

    /// A robot whose days differ has no one offset.
    private mutating func judgeDays() {
        for index in pools.indices where pools[index].day == nil {
            guard let whole = pools[index].estimate else { continue }
            let days = pools.filter {
                $0.day != nil && $0.robot == pools[index].robot && $0.camera == pools[index].camera
                    && $0.estimate != nil
            }
            guard days.count > 1,
                let first = days.min(by: { ($0.estimate?.milliseconds ?? 0) < ($1.estimate?.milliseconds ?? 0) }),
                let last = days.max(by: { ($0.estimate?.milliseconds ?? 0) < ($1.estimate?.milliseconds ?? 0) }),
                let low = first.estimate, let high = last.estimate
            else { continue }
            let error = (low.standardError * low.standardError + high.standardError * high.standardError).squareRoot()
            // The widest of many differences: four deviations, and never less than what anybody would mend.
            guard high.milliseconds - low.milliseconds > max(20, 4 * error) else { continue }
            pools[index].estimate = nil
            pools[index].candidate = whole.milliseconds
            pools[index].because = [
                """
                its days differ: \(first.day ?? "") and \(last.day ?? "") lie \
                \(Int((high.milliseconds - low.milliseconds).rounded())) ms apart; each day stands by itself below
                """
            ]
        }
    }

    public var isEmpty: Bool { pools.isEmpty && faults.isEmpty }
}
