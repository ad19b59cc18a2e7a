import Foundation

extension OffsetMixture {
    private static let leastAnswers = 60
    private static let leastMembers = 12.0
    private static let leastShare = 0.02
    /// Least distance of two parts in ms, and in their deviations: less is one population with wide tails.
    private static let leastDistance = 25.0
    private static let leastDeviations = 3.0
    private static let leastGain = 10.0
    private static let leastSpread = 3.0

    /// Two normal parts over a uniform background, by expectation and maximisation (Dempster, Laird & Rubin 1977), if
    /// they are better than one part over that background.
    ///
    /// - Returns: nil: one population.
    init?(_ observations: Observations, around main: Location) {
        let sorted = observations.offsets.sorted()
        guard sorted.count >= OffsetMixture.leastAnswers, let first = sorted.first, let last = sorted.last else {
            return nil
        }
        // A few thousand suffice.
        let step = max(1, sorted.count / 8000)
        let numbers = stride(from: 0, to: sorted.count, by: step).map { sorted[$0] }
        let weight = Double(sorted.count) / Double(numbers.count)
        let ground = 1 / max(last - first, 1)
        let one = Fit(
            numbers, ground: ground, parts: [.init(milliseconds: main.value, share: 0.9, spread: main.spread)])
        guard let start = OffsetMixture.densestElsewhere(numbers, main) else { return nil }
        let two = Fit(
            numbers, ground: ground,
            parts: [
                .init(milliseconds: main.value, share: 0.75, spread: main.spread),
                .init(milliseconds: start, share: 0.15, spread: main.spread),
            ])
        let gain = 2 * weight * (two.logLikelihood - one.logLikelihood) - 3 * log(Double(sorted.count))
        let parts = two.parts.sorted { $0.share > $1.share }
        let (main, other) = (parts[0], parts[1])
        let distance = abs(main.milliseconds - other.milliseconds)
        guard gain > OffsetMixture.leastGain, other.share >= OffsetMixture.leastShare,
            other.share * Double(sorted.count) >= OffsetMixture.leastMembers, distance >= OffsetMixture.leastDistance,
            distance >= OffsetMixture.leastDeviations * max(main.spread, min(other.spread, 2 * main.spread)),
            other.spread <= 4 * main.spread
        else { return nil }
        self.init(main: main, other: other, gain: gain)
    }

    /// The fullest segment of four spreads outside the main body.
    private static func densestElsewhere(_ numbers: [Double], _ main: Location) -> Double? {
        let far = numbers.filter { abs($0 - main.value) > 3 * main.spread }
        let width = 4 * main.spread
        var best = (count: 1, at: 0.0)
        var end = 0
        for start in far.indices {
            while end < far.count, far[end] - far[start] <= width { end += 1 }
            if end - start > best.count { best = (end - start, far[start + (end - start) / 2]) }
        }
        return best.count > 1 ? best.at : nil
    }

    private struct Fit {
        var parts: [Part]
        var logLikelihood = -Double.infinity

        init(_ numbers: [Double], ground: Double, parts: [Part]) {
            self.parts = parts
            let count = Double(numbers.count)
            for _ in 0..<200 {
                var sums = [(weight: Double, sum: Double, squares: Double)](repeating: (0, 0, 0), count: parts.count)
                var total = 0.0
                let rest = max(0.001, 1 - self.parts.reduce(0) { $0 + $1.share })
                for number in numbers {
                    var density = rest * ground
                    var own: (Double, Double) = (0, 0)
                    for (index, part) in self.parts.enumerated() {
                        let z = (number - part.milliseconds) / part.spread
                        let value = part.share * exp(-z * z / 2) / (part.spread * 2.506_628_274_631)
                        if index == 0 { own.0 = value } else { own.1 = value }
                        density += value
                    }
                    total += log(density)
                    for index in sums.indices {
                        let share = (index == 0 ? own.0 : own.1) / density
                        let away = number - self.parts[index].milliseconds
                        sums[index].weight += share
                        sums[index].sum += share * away
                        sums[index].squares += share * away * away
                    }
                }
                for index in sums.indices where sums[index].weight > 0 {
                    let move = sums[index].sum / sums[index].weight
                    self.parts[index].milliseconds += move
                    let variance = sums[index].squares / sums[index].weight - move * move
                    self.parts[index].spread = max(OffsetMixture.leastSpread, max(0, variance).squareRoot())
                    self.parts[index].share = sums[index].weight / count
                }
                let isDone = total - logLikelihood < 1e-6 * count
                logLikelihood = total
                if isDone { break }
            }
        }
    }
}
