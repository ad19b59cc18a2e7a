import Foundation

/// Frame rates of film and television, and their effect on captions made for another one.
public enum FrameRates {
    /// Exact frame rates with their common names.
    public static let known: [(name: String, rate: Double)] = [
        ("23.976", 24_000.0 / 1001), ("24", 24), ("25", 25), ("29.97", 30_000.0 / 1001), ("30", 30),
    ]

    /// A factor on times and its name: captions made for the first rate on video at the second,
    /// `t_reference = factor * t_subject`.
    public struct Ratio: Sendable, Hashable {
        public let name: String
        public let factor: Double
        public var ppm: Double { (factor - 1) * 1e6 }
    }

    /// All quotients but 1; of equal ones (24/23.976 = 30/29.97) the first.
    public static let ratios: [Ratio] = {
        var result: [Ratio] = []
        for made in known {
            for shown in known where made.name != shown.name {
                let factor = made.rate / shown.rate
                if !result.contains(where: { abs($0.factor - factor) < 1e-7 }) {
                    result.append(Ratio(name: "\(made.name)/\(shown.name)", factor: factor))
                }
            }
        }
        return result
    }()

    /// The ratio that a measured drift corresponds to, if one is within its uncertainty.
    static func ratio(ppm: Double, within tolerance: Double) -> Ratio? {
        ratios.filter { abs($0.ppm - ppm) <= tolerance }.min { abs($0.ppm - ppm) < abs($1.ppm - ppm) }
    }
}
