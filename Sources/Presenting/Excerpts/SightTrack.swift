import SyncModel

/// Values at the times of frames, resampled to even steps.
struct SightTrack {
    private(set) var times: [Double] = []
    private(set) var values: [Float?] = []

    /// A longer time between two values is a gap, in seconds.
    private static let longestGap = 0.15

    mutating func add(_ value: Float?, seconds: Double) {
        if let last = times.last, seconds <= last { return }
        times.append(seconds)
        values.append(value)
    }

    /// Variation of the values: deviation times their number, to distinguish a speaking face from a silent one.
    var liveliness: Double {
        let known = values.compactMap { $0.map(Double.init) }
        guard known.count > 2 else { return 0 }
        let mean = known.reduce(0, +) / Double(known.count)
        return known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot() * Double(known.count).squareRoot()
    }

    var known: Int { values.reduce(0) { $0 + ($1 == nil ? 0 : 1) } }

    /// One value per `ClipExcerpt.sightStep`, linearly interpolated.
    func even(over span: TimeSpan) -> [Float?] {
        let count = max(1, Int((span.length / ClipExcerpt.sightStep).rounded(.down)) + 1)
        var result = [Float?](repeating: nil, count: count)
        var at = 0
        for index in 0..<count {
            let time = span.start + Double(index) * ClipExcerpt.sightStep
            while at + 1 < times.count, times[at + 1] <= time { at += 1 }
            guard at < times.count, let left = values[at], time >= times[at] - 1e-6 else { continue }
            guard at + 1 < times.count else {
                if time - times[at] <= ClipExcerpt.sightStep { result[index] = left }
                continue
            }
            guard let right = values[at + 1], times[at + 1] - times[at] <= SightTrack.longestGap else { continue }
            let share = Float((time - times[at]) / (times[at + 1] - times[at]))
            result[index] = left + share * (right - left)
        }
        return result
    }
}
