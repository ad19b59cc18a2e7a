/// Speeds at which programmes are played to match another frame rate.
public enum PlaySpeed {
    /// Seconds of the original per second of the copy, and the name.
    public static let known: [(ratio: Double, name: String)] = [
        (1, "1"), (25 * 1001.0 / 24000, "25/23.976"), (24000.0 / 1001 / 25, "23.976/25"), (25.0 / 24, "25/24"),
        (24.0 / 25, "24/25"), (1.001, "24/23.976"), (1 / 1.001, "23.976/24"),
    ]

    /// The name of a measured speed; nil: not a known one, or 1.
    public static func name(of speed: Double) -> String? {
        known.dropFirst().first { abs($0.ratio - speed) < 0.00015 }?.name
    }
}
