import Foundation

extension DateTrend {
    private static let leastAnswers = 40
    private static let leastDays = 5
    private static let level = 0.01
    /// A smaller change is negligible, in ms.
    private static let leastChange = 10.0

    /// A slope or a step of the offset by date, whichever fits better, by day: errors of clips of one day are
    /// correlated.
    ///
    /// - Parameter unexplained: the part of a clip's offset that groups explain, in ms.
    /// - Returns: nil: no dates, too few, or no relevant change.
    init?(_ study: CheckStudy, attribute: String, days: [Double?], unexplained: [Int: Double]) {
        guard let location = study.location else { return nil }
        let observations = study.observations
        // The mean of the main body for each day.
        var byDay: [Int: (weight: Double, sum: Double, clips: Int)] = [:]
        let reach = 6 * location.spread + 60
        for index in observations.offsets.indices {
            let clip = observations.clips[index]
            guard let day = days[clip] else { continue }
            let offset = observations.offsets[index] - (unexplained[clip] ?? 0)
            guard abs(offset - location.value) <= reach else { continue }
            let weight =
                1 / (observations.errors[index] * observations.errors[index] + location.spread * location.spread)
            let old = byDay[Int(day.rounded(.down))] ?? (0, 0, 0)
            byDay[Int(day.rounded(.down))] = (old.weight + weight, old.sum + weight * offset, old.clips + 1)
        }
        let points = byDay.sorted { $0.key < $1.key }.map {
            Day(day: Double($0.key), weight: $0.value.weight, mean: $0.value.sum / $0.value.weight)
        }
        let clips = byDay.values.reduce(0) { $0 + $1.clips }
        guard clips >= DateTrend.leastAnswers, points.count >= DateTrend.leastDays, let first = points.first?.day,
            let last = points.last?.day
        else { return nil }

        let slope = Fit.slope(points)
        let step = Fit.step(points)
        let chosen = [slope, step].compactMap { $0 }.min { $0.residue < $1.residue }
        guard let chosen else { return nil }
        let t = abs(chosen.change) / chosen.error
        let degrees = Double(points.count - 2)
        // Two shapes were tried, and a step at every day.
        let tries = chosen.at == nil ? 2.0 : 2.0 + Double(min(points.count, 20))
        let chance = min(1, StudentT.twoSided(t, degrees: degrees) * tries)
        guard chance < DateTrend.level, abs(chosen.change) >= DateTrend.leastChange else { return nil }
        let half = StudentT.quantile95(degrees: degrees) * chosen.error
        self.init(
            attribute: attribute, shape: chosen.at == nil ? .slope : .step, from: CalendarDay.text(first),
            to: CalendarDay.text(last), clips: clips,
            at: chosen.at.map { CalendarDay.text($0) },
            change: Estimate(
                milliseconds: chosen.change, lower: chosen.change - half, upper: chosen.change + half,
                standardError: chosen.error),
            pAdjusted: chance)
    }

    private struct Day {
        let day: Double
        let weight: Double
        let mean: Double
    }

    private struct Fit {
        /// End minus beginning, or after minus before.
        let change: Double
        let error: Double
        /// Residual weighted sum of squares.
        let residue: Double
        var at: Double?

        static func slope(_ points: [Day]) -> Fit? {
            let weight = points.reduce(0) { $0 + $1.weight }
            let middle = points.reduce(0) { $0 + $1.weight * $1.day } / weight
            let mean = points.reduce(0) { $0 + $1.weight * $1.mean } / weight
            let width = points.reduce(0) { $0 + $1.weight * ($1.day - middle) * ($1.day - middle) }
            guard width > 0, let first = points.first?.day, let last = points.last?.day else { return nil }
            let slope = points.reduce(0) { $0 + $1.weight * ($1.day - middle) * ($1.mean - mean) } / width
            var (residue, influence) = (0.0, 0.0)
            for point in points {
                let left = point.mean - mean - slope * (point.day - middle)
                residue += point.weight * left * left
                let part = point.weight * (point.day - middle) * left
                influence += part * part
            }
            let factor = Double(points.count) / Double(points.count - 2)
            let error = (influence * factor).squareRoot() / width * (last - first)
            return Fit(change: slope * (last - first), error: max(error, 0.1), residue: residue)
        }

        /// The day with the least residual, with at least a tenth of the clips on either side.
        static func step(_ points: [Day]) -> Fit? {
            let weight = points.reduce(0) { $0 + $1.weight }
            let sum = points.reduce(0) { $0 + $1.weight * $1.mean }
            let squares = points.reduce(0) { $0 + $1.weight * $1.mean * $1.mean }
            var (before, beforeSum) = (0.0, 0.0)
            var best: (residue: Double, at: Int, change: Double)?
            for index in 1..<points.count {
                before += points[index - 1].weight
                beforeSum += points[index - 1].weight * points[index - 1].mean
                let after = weight - before
                guard index >= 2, points.count - index >= 2, before >= 0.1 * weight, after >= 0.1 * weight else {
                    continue
                }
                let left = beforeSum / before
                let right = (sum - beforeSum) / after
                let residue = squares - before * left * left - after * right * right
                if residue < best?.residue ?? .infinity { best = (residue, index, right - left) }
            }
            guard let best else { return nil }
            func error(_ part: ArraySlice<Day>) -> Double {
                let weight = part.reduce(0) { $0 + $1.weight }
                let mean = part.reduce(0) { $0 + $1.weight * $1.mean } / weight
                let spread = part.reduce(0) { $0 + $1.weight * $1.weight * ($1.mean - mean) * ($1.mean - mean) }
                return spread / (weight * weight) * Double(part.count) / Double(part.count - 1)
            }
            let variance = error(points[..<best.at]) + error(points[best.at...])
            return Fit(
                change: best.change, error: max(variance.squareRoot(), 0.1), residue: best.residue,
                at: points[best.at].day)
        }
    }
}
