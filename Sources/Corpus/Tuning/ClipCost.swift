/// The cost of one clip of a sample.
public struct ClipCost: Sendable, Hashable {
    /// Size of the file in bytes.
    public let bytes: Double
    /// Seconds that one worker was busy with it, alone on the machine.
    public let seconds: Double

    public init(bytes: Double, seconds: Double) {
        self.bytes = bytes
        self.seconds = seconds
    }
}

/// A clip's cost by its size: constant seconds plus seconds per byte; neither below 0.
///
/// Files of one corpus are encoded alike, so size represents length and resolution together; the rest is drawn from the
/// sample's ratios of measured to fitted seconds.
public struct CostModel: Sendable {
    public let secondsPerClip: Double
    public let secondsPerByte: Double
    /// The least fitted cost that a clip is weighed by, as a share of the mean.
    private static let least = 0.05
    /// Measured over fitted seconds of the sample, each at least a thousandth.
    public let ratios: [Double]

    /// Least squares over the fitted values (so that long clips do not drown short ones), in two rounds.
    ///
    /// - Precondition: the sample is not empty.
    public init(_ sample: [ClipCost]) {
        precondition(!sample.isEmpty, "a sample has clips")
        let mean = sample.reduce(0) { $0 + $1.seconds } / Double(sample.count)
        let meanBytes = sample.reduce(0) { $0 + $1.bytes } / Double(sample.count)
        var (a, b) = (mean, 0.0)
        for _ in 0..<3 {
            var (w, wx, wy, wxx, wxy) = (0.0, 0.0, 0.0, 0.0, 0.0)
            for clip in sample {
                let fitted = max(a + b * clip.bytes, CostModel.least * mean, 1e-6)
                let weight = 1 / (fitted * fitted)
                let x = clip.bytes / max(meanBytes, 1)
                w += weight
                wx += weight * x
                wy += weight * clip.seconds
                wxx += weight * x * x
                wxy += weight * x * clip.seconds
            }
            let determinant = w * wxx - wx * wx
            guard sample.count > 2, determinant > 1e-9 * w * wxx else { break }
            var slope = (w * wxy - wx * wy) / determinant
            var base = (wy - slope * wx) / w
            if slope < 0 { (base, slope) = (wy / w, 0) }
            if base < 0 { (base, slope) = (0, wxy / wxx) }
            (a, b) = (base, slope / max(meanBytes, 1))
        }
        // The sum of the sample is preserved, irrespective of the weights.
        let total = sample.reduce(0) { $0 + $1.seconds }
        let fitted = sample.reduce(0) { $0 + a + b * $1.bytes }
        let scale = fitted > 0 ? total / fitted : 1
        (secondsPerClip, secondsPerByte) = (a * scale, b * scale)
        let (base, slope) = (secondsPerClip, secondsPerByte)
        // A file far smaller than all others, such as a truncated one, must not inflate the forecast.
        ratios = sample.map { max(1e-3, $0.seconds / max(base + slope * $0.bytes, CostModel.least * mean, 1e-9)) }
    }

    /// Expected seconds of one worker for a clip.
    public func seconds(bytes: Double) -> Double { secondsPerClip + secondsPerByte * bytes }

    /// Expected seconds of one worker for clips of these sizes.
    public func seconds(_ sizes: [Double]) -> Double { sizes.reduce(0) { $0 + seconds(bytes: $1) } }
}
