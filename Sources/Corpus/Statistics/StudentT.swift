import Foundation

/// Student's distribution: probabilities and quantiles, by the regularised incomplete beta function as a continued
/// fraction (Lentz' method; Press et al., Numerical Recipes, 6.4). Accurate to about 1e-10.
enum StudentT {
    /// The two-sided probability of a value of at least `t` (`t >= 0`).
    static func twoSided(_ t: Double, degrees: Double) -> Double {
        guard t.isFinite else { return t.isNaN ? 1 : 0 }
        if degrees > 1e6 { return erfc(abs(t) / 2.0.squareRoot()) }
        return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5)
    }

    /// The two-sided 5 % quantile.
    static func quantile95(degrees: Double) -> Double {
        if degrees > 1e6 { return 1.959_963_985 }
        var (low, high) = (1.9, 700.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if twoSided(middle, degrees: degrees) > 0.05 { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    private static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        let front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log(1 - x))
        return x < (a + 1) / (a + b + 2) ? front * fraction(x, a, b) / a : 1 - front * fraction(1 - x, b, a) / b
    }

    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / away(1 - (a + b) * x / (a + 1))
        var result = d
        for step in 1...300 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / away(1 + even * d)
            c = away(1 + even / c)
            result *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / away(1 + odd * d)
            c = away(1 + odd / c)
            let factor = d * c
            result *= factor
            if abs(factor - 1) < 1e-12 { break }
        }
        return result
    }

    /// `log` of the gamma function; Foundation's `lgamma` writes a global sign.
    private static func logGamma(_ x: Double) -> Double {
        // Lanczos' series (g = 7, n = 9).
        let terms = [
            0.999_999_999_999_809_93, 676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_13,
            -176.615_029_162_140_59,
            12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_571_6e-6, 1.505_632_735_149_311_6e-7,
        ]
        if x < 0.5 { return log(Double.pi / sin(Double.pi * x)) - logGamma(1 - x) }
        let t = x - 1
        var sum = terms[0]
        for index in 1..<9 { sum += terms[index] / (t + Double(index)) }
        let base = t + 7.5
        return 0.5 * log(2 * Double.pi) + (t + 0.5) * log(base) - base + log(sum)
    }
}

/// Holm's correction for many comparisons (1979): keeps the probability of any false one, for any dependence.
enum Holm {
    ///
    /// - Parameter families: number of lists of comparisons reported together, each corrected separately; the
    ///   probability is of any false one among all of them (Bonferroni).
    static func adjusted(_ chances: [Double], families: Double = 1) -> [Double] {
        let order = chances.indices.sorted { chances[$0] < chances[$1] }
        var result = chances
        var largest = 0.0
        for (rank, index) in order.enumerated() {
            largest = max(largest, min(1, chances[index] * Double(chances.count - rank) * families))
            result[index] = largest
        }
        return result
    }
}
