/// How captions were timed, from their times alone.
struct CueStyle {
    /// Most cues last until the next begins.
    let isContiguous: Bool
    /// Times are multiples of this, whole seconds or tenths, from some origin; nil: finer.
    let grid: Double?

    private static let touching = 0.05
    private static let leastTimes = 4
    /// Largest deviation of times on a grid, in seconds: rounding to milliseconds.
    private static let miss = 0.0021

    init(_ stretches: [Stretch]) {
        let pairs = zip(stretches, stretches.dropFirst())
        let touching = pairs.count { abs($0.end - $1.start) <= CueStyle.touching }
        isContiguous = stretches.count >= 4 && touching * 5 >= (stretches.count - 1) * 3
        // A lead added to the starts does not apply to the ends.
        let (starts, ends) = (stretches.map(\.start), stretches.map(\.end))
        grid =
            starts.count < CueStyle.leastTimes
            ? nil
            : [1, 0.5, 0.1].first { CueStyle.lies(starts, on: $0) && CueStyle.lies(ends, on: $0) }
    }

    private static func lies(_ times: [Double], on step: Double) -> Bool {
        let strays = times.count { time in
            let place = (time - times[0]) / step
            return abs(place - place.rounded()) * step > miss
        }
        return strays * 20 <= times.count
    }

    /// In words for people.
    var name: String? {
        var parts: [String] = []
        if let grid { parts.append(grid == 1 ? "whole seconds" : "multiples of \(grid) s") }
        if isContiguous { parts.append("cues last until the next") }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
}
