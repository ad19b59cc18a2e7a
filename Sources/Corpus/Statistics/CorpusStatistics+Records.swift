public import SyncModel

extension CorpusStatistics {
    public struct Options: Sendable, Hashable {
        /// Groups with fewer clips are not listed.
        public var leastClips = 5
        /// Never more groups than these are listed, the named ones and the largest first.
        public var mostGroups = 1000
        /// Number of clips listed to check first.
        public var mostFirst = 20
        public var sample: SampleFrame?

        public init() {}
    }

    /// - Parameter records: by key, no key twice. Documents and curves are not examined.
    public init(_ records: [ClipRecord], _ options: Options = Options()) {
        let table = AttributeTable(records)
        let speakers = table.speakers(clips: records.count)
        var verdicts = VerdictCounts()
        for record in records { verdicts.add(record.verdict) }
        self.verdicts = verdicts
        clips = records.count
        mediaSeconds = records.reduce(0) { $0 + ($1.durationSeconds ?? 0) }
        sample = options.sample

        let studies = Check.allCases.compactMap { CheckStudy($0, records, speakers: speakers) }.sorted { left, right in
            // A file's declarations are not a measurement: they come after every check of the content.
            let (a, b) = (left.check == .container, right.check == .container)
            if a != b { return b }
            return (left.verdicts.answered, right.check.rawValue) > (right.verdicts.answered, left.check.rawValue)
        }
        var named = NamedGroups()
        groups = []
        comparisons = 0
        checks = []
        for (index, study) in studies.enumerated() {
            if index == 0 {
                let listing = GroupListing(study, table, options)
                groups = listing.groups
                comparisons = listing.comparisons
                named = listing.named
            }
            checks.append(study.statistics(dates: table.dates, unexplained: index == 0 ? named.effects : [:]))
        }
        review = ReviewPlan(records, study: studies.first, named: named, most: options.mostFirst)
    }
}

/// The groups that were named, by clip.
struct NamedGroups {
    /// Names in their order, with the clips of each.
    var clips: [(name: String, clips: [Int])] = []
    /// The part of a clip's offset that they explain, in ms.
    var effects: [Int: Double] = [:]
}
