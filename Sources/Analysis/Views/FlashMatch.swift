import Foundation

/// Flashes and switched lights visible in both videos: sudden changes of brightness, matched by time.
///
/// One flash fits at any offset; three or more at irregular times fit at one offset only.
struct FlashMatch {
    /// Seconds to add to the subject's times, and the number of agreeing flashes and of all in the overlap.
    let offset: Double
    let count: Int
    let possible: Int
    /// Flashes that agree at the next best offset.
    let second: Int
    /// Root mean square difference of the matched times, in seconds.
    let scatter: Double

    struct Event: Hashable {
        let time: Double
        let isUp: Bool
    }

    /// A change of mean brightness that can be a flash, in grey levels of 255.
    private static let smallest: Float = 6
    /// More than this many are flicker, not events.
    private static let most = 400

    /// Times at which the brightness jumps, between the frames that show it.
    static func events(_ signal: PictureSignal) -> [Event] {
        let steps = zip(signal.brightness.dropFirst(), signal.brightness).map { $0 - $1 }
        guard steps.count > 4 else { return [] }
        let usual = steps.map { abs($0) }.sorted()[steps.count / 2]
        let limit = max(smallest, 8 * usual)
        return steps.indices.filter { abs(steps[$0]) > limit }.map { index in
            Event(time: (signal.times[index] + signal.times[index + 1]) / 2, isUp: steps[index] > 0)
        }
    }

    /// - Parameter tolerance: largest time difference of one flash in both videos, in seconds.
    init?(reference: PictureSignal, subject: PictureSignal, tolerance: Double) {
        let (a, b) = (FlashMatch.events(reference), FlashMatch.events(subject))
        guard a.count >= 3, b.count >= 3, a.count <= FlashMatch.most, b.count <= FlashMatch.most else { return nil }
        var offsets: [Double] = []
        for one in a { for two in b where one.isUp == two.isUp { offsets.append(one.time - two.time) } }
        offsets.sort()
        guard !offsets.isEmpty else { return nil }
        // The densest window of width 2 * tolerance, and the densest that does not touch it.
        func densest(_ isAllowed: (Double) -> Bool) -> (count: Int, middle: Double) {
            var best = (count: 0, middle: 0.0)
            var first = 0
            for last in offsets.indices {
                while offsets[last] - offsets[first] > 2 * tolerance { first += 1 }
                let middle = (offsets[last] + offsets[first]) / 2
                if last - first + 1 > best.count, isAllowed(middle) { best = (last - first + 1, middle) }
            }
            return best
        }
        let top = densest { _ in true }
        let next = densest { abs($0 - top.middle) > 4 * tolerance }
        let matched = offsets.filter { abs($0 - top.middle) <= tolerance }
        let mean = matched.reduce(0, +) / Double(max(1, matched.count))
        let low = max(reference.startSeconds, subject.startSeconds + mean)
        let high = min(reference.endSeconds, subject.endSeconds + mean)
        let inside = min(
            a.filter { $0.time >= low && $0.time <= high }.count,
            b.filter { $0.time + mean >= low && $0.time + mean <= high }.count)
        offset = mean
        count = matched.count
        possible = inside
        second = next.count
        scatter = (matched.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, matched.count))).squareRoot()
    }

    /// Whether it suffices alone.
    var isClear: Bool { count >= 3 && count >= 2 * second && Double(count) >= 0.6 * Double(possible) }
}
