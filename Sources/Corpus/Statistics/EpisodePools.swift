public import SyncModel

/// Episodes of robot sets pooled by robot and camera, and by day where there are several; and their faults, by kind.
public struct EpisodePools: Sendable, Hashable, Codable {
    /// All days together first, then each day; robots and cameras by name.
    public var pools: [EpisodePool]
    /// The most frequent first.
    public var faults: [FaultCount]
    /// Lags of states after commands, of each set that shows them, by its name.
    public var lags: [SetLag]

    /// Lags of the states after the commands of a set, by joint.
    public struct SetLag: Sendable, Hashable, Codable {
        public var robot: String?
        /// The record of the set as a whole.
        public var clip: String
        public var joints: [JointLag]
    }

    /// One kind of fault in many episodes.
    public struct FaultCount: Sendable, Hashable, Codable {
        public var kind: LogFault.Kind
        /// Records of episodes (or of a set as a whole) that have it.
        public var episodes: Int
        /// The first of them.
        public var clip: String
        /// The fault there; nil: its finding does not contain it.
        public var fault: LogFault?
    }

    /// - Parameter records: with the curves of their `sensor` findings.
    public init(_ records: [ClipRecord]) {
        struct Key: Hashable { let robot: String?, camera: String, day: String? }
        var members: [Key: [EpisodePool.Member]] = [:]
        var rates: [Key: Double] = [:]
        var counted: [LogFault.Kind: FaultCount] = [:]
        var lags: [SetLag] = []
        for record in records {
            func attribute(_ name: String) -> String? { record.attributes.first { $0.name == name }?.value }
            let findings = record.findings.filter { $0.check == .sensor }
            guard !findings.isEmpty else { continue }
            let kinds = Set(
                (attribute("faults") ?? "").split(separator: " ").compactMap {
                    LogFault.Kind(rawValue: String($0))
                })
            if !kinds.isSubset(of: counted.keys) {
                // The first of its kind: its text is in the document.
                let faults = record.completed.findings.first { $0.check == .sensor }?.faults ?? []
                for kind in kinds where counted[kind] == nil {
                    counted[kind] = FaultCount(
                        kind: kind, episodes: 0, clip: record.clip, fault: faults.first { $0.kind == kind })
                }
            }
            for kind in kinds { counted[kind]?.episodes += 1 }
            if record.clip.hasSuffix(EpisodePools.wholeSet) {
                let found = record.completed.findings.lazy.compactMap { $0.evidence(JointLag.evidenceName)?.list }.first
                let joints = (found ?? []).compactMap { JointLag($0) }
                if !joints.isEmpty {
                    lags.append(SetLag(robot: attribute("robot"), clip: record.clip, joints: joints))
                }
            }
            // The plan knows the cameras of a set, the file those of a recording.
            let names = attribute("cameras") ?? attribute("file.cameras")
            guard let cameras = names?.split(separator: ClipRecord.nameSeparator).map(String.init) else { continue }
            for (camera, finding) in zip(cameras, findings) where finding.curve.count > 10 {
                for day in Set([nil, attribute("day")]) {
                    let key = Key(robot: attribute("robot"), camera: camera, day: day)
                    if let before = members[key]?.first, before.curve.count != finding.curve.count { continue }
                    if members[key] == nil {
                        // The same for all episodes of a robot: read once.
                        rates[key] =
                            record.completed.findings.lazy.compactMap {
                                $0.evidence("samples_per_second")?.number
                            }.first
                    }
                    members[key, default: []].append(
                        EpisodePool.Member(
                            clip: record.clip, curve: finding.curve, seconds: record.durationSeconds ?? 0,
                            isAnswered: finding.offset != nil))
                }
            }
        }
        // A single day is the whole.
        var days: [Key: Int] = [:]
        for key in members.keys where key.day != nil {
            days[Key(robot: key.robot, camera: key.camera, day: nil), default: 0] += 1
        }
        let told = members.filter {
            $0.key.day == nil || days[Key(robot: $0.key.robot, camera: $0.key.camera, day: nil), default: 0] > 1
        }
        pools = told.map {
            EpisodePool(
                robot: $0.key.robot, camera: $0.key.camera, day: $0.key.day, members: $0.value,
                framesPerSecond: rates[$0.key])
        }
        .sorted { ($0.robot ?? "", $0.camera, $0.day ?? "") < ($1.robot ?? "", $1.camera, $1.day ?? "") }
        faults = counted.values.sorted {
            ($1.episodes, $0.kind.rawValue) < ($0.episodes, $1.kind.rawValue)
        }
        self.lags = lags.sorted { $0.clip < $1.clip }
        judgeDays()
    }

    /// How the name of a set's own record ends.
    private static let wholeSet = "/meta/info.json"

    /// A robot whose days differ has no common offset.
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
            // The largest of many differences: four deviations, and at least what is worth fixing.
            guard high.milliseconds - low.milliseconds > max(20, 4 * error) else { continue }
            pools[index].estimate = nil
            pools[index].candidate = whole.milliseconds
            pools[index].because = [
                """
                its days differ: \(first.day ?? "") and \(last.day ?? "") are \
                \(Int((high.milliseconds - low.milliseconds).rounded())) ms apart; each day is listed separately below
                """
            ]
        }
    }

    public var isEmpty: Bool { pools.isEmpty && faults.isEmpty && lags.isEmpty }
}
