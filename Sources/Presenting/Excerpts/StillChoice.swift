import SyncModel

/// Selects the frames that show a moment: the one on screen when it is heard, the one that should be, and neighbours.
enum StillChoice {
    /// Maximum number of frames per moment.
    static let most = 7

    /// Indices in `times`, increasing.
    ///
    /// - Parameter times: of the available frames, in seconds, increasing.
    static func places(of moment: ClipExcerpt.Moment, in times: [Double]) -> [Int] {
        guard times.count > 1 else { return Array(times.indices) }
        let step = max(
            1, Int((0.06 / max(1e-3, (times[times.count - 1] - times[0]) / Double(times.count - 1))).rounded()))
        func showing(_ seconds: Double) -> Int { max(0, (times.firstIndex { $0 > seconds + 1e-3 } ?? times.count) - 1) }
        let now = showing(moment.heard)
        var chosen: Set<Int> = [now]
        if let seen = moment.seen { chosen.insert(showing(seen)) }
        // Neighbours alternately, so that both moments get equally many.
        let centres = chosen.sorted()
        for distance in 1...3 {
            for centre in centres {
                for place in [centre - distance * step, centre + distance * step]
                where chosen.count < most && times.indices.contains(place) {
                    if chosen.allSatisfy({ abs($0 - place) >= step }) { chosen.insert(place) }
                }
            }
        }
        return chosen.sorted()
    }
}
