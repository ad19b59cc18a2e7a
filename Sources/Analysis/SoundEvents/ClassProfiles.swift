/// The bands in which each class of events rises and falls, and the changes of the audio in them.
struct ClassProfiles {
    private var weights: [String: [Double]] = [:]
    private var risesByClass: [String: ChangeCandidates] = [:]
    private var fallsByClass: [String: ChangeCandidates] = [:]
    private let common: (rises: ChangeCandidates, falls: ChangeCandidates)

    /// The least share of a band in a profile, so that no class ignores one.
    private static let share = 0.25
    private static let mostClasses = 60

    init(_ events: [SoundEvent], offset: Double, candidates: ChangeCandidates, changes: SoundChanges) {
        let flat = [Double](repeating: 1, count: changes.bands)
        common = (candidates, ChangeCandidates(changes, weights: flat, rising: false))
        let classes = Dictionary(grouping: events, by: \.label)
        for (label, members) in classes.sorted(by: { ($1.value.count, $0.key) < ($0.value.count, $1.key) }).prefix(
            ClassProfiles.mostClasses)
        {
            var sums = [Double](repeating: 0, count: changes.bands)
            for event in members {
                guard
                    let boundary = EventBoundary(
                        stated: event.start, offset: offset, low: -1, high: .infinity, candidates: candidates)
                else { continue }
                let frame = Int(((event.start + boundary.residual) * EventSoundBuilder.rate).rounded())
                for band in sums.indices {
                    sums[band] += boundary.trust * changes.change(band, at: frame, rising: true)
                }
            }
            let whole = sums.reduce(0, +)
            guard whole > 0 else { continue }
            let mean = 1 / Double(changes.bands)
            let own = sums.map { (1 - ClassProfiles.share) * $0 / whole + ClassProfiles.share * mean }
            risesByClass[label] = ChangeCandidates(changes, weights: own, rising: true)
            fallsByClass[label] = ChangeCandidates(changes, weights: own, rising: false)
        }
    }

    func rises(of label: String) -> ChangeCandidates { risesByClass[label] ?? common.rises }
    func falls(of label: String) -> ChangeCandidates { fallsByClass[label] ?? common.falls }
}
