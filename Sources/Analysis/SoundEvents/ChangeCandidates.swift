import Foundation

/// Times at which something begins (or ends): the local peaks of a change signal.
struct ChangeCandidates {
    struct Candidate: Hashable {
        /// Seconds.
        let time: Double
        /// Decibels, the weighted mean over the bands.
        let height: Double
    }

    /// By time.
    let all: [Candidate]
    /// Mean and deviation of the signal where nothing happens, in decibels.
    let noise: Double
    let deviation: Double

    /// Peaks must be this many decibels above the usual level of the signal.
    private static let least = 1.5
    /// A peak is the maximum within this many frames either way.
    private static let reach = 4

    init(_ changes: SoundChanges, weights: [Double], rising: Bool) {
        let course = changes.course(weights, rising: rising)
        let sorted = course.sorted()
        noise = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
        // Four fifths of a normal distribution are below its mean and 0.84 deviations.
        deviation = sorted.isEmpty ? 0 : (sorted[sorted.count * 4 / 5] - noise) / 0.84
        var found: [Candidate] = []
        for frame in course.indices where course[frame] > noise + ChangeCandidates.least {
            let low = max(0, frame - ChangeCandidates.reach)
            let high = min(course.count - 1, frame + ChangeCandidates.reach)
            guard (low...high).allSatisfy({ course[$0] < course[frame] || course[$0] == course[frame] && $0 >= frame })
            else { continue }
            let place = changes.refined(frame, rising: rising, weights: weights)
            found.append(Candidate(time: place / EventSoundBuilder.rate, height: course[frame] - noise))
        }
        all = found
    }

    /// The candidates between two times.
    func near(_ low: Double, _ high: Double) -> ArraySlice<Candidate> {
        func first(_ time: Double) -> Int {
            var (low, high) = (0, all.count)
            while low < high {
                let middle = (low + high) / 2
                if all[middle].time < time { low = middle + 1 } else { high = middle }
            }
            return low
        }
        let from = first(low)
        return all[from..<max(from, first(high))]
    }
}
