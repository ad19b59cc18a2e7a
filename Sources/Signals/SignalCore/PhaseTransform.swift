/// Generalised cross-correlation with phase transform (Knapp & Carter 1976) of many short windows of one size.
///
/// Every frequency of the band has the same weight. The transform is circular: the reference contains the searched
/// lags, the subject is shorter, and lags that wrap around are not used.
public struct PhaseTransform: Sendable {
    public let length: Int
    private let fft: RealFFT
    private let bins: Range<Int>

    /// - Parameters:
    ///   - length: transform length, at least that of the reference; a power of two is fastest.
    ///   - band: in Hz.
    public init(length: Int, sampleRate: Double, band: ClosedRange<Double>) {
        self.length = length
        fft = RealFFT.of(length: length)
        let step = sampleRate / Double(length)
        let first = max(1, Int((band.lowerBound / step).rounded(.up)))
        bins = first..<max(first + 1, min(fft.bins, Int(band.upperBound / step) + 1))
    }

    /// The correlation at lags 0 ..< `lags`: how well the subject matches the reference from each of its samples on.
    ///
    /// Scaled so that unrelated signals have a deviation of about 1.
    public func curve(reference: [Float], subject: [Float], lags: Int) -> [Float] {
        precondition(reference.count <= length && lags <= length, "the transform holds the reference and the lags")
        let (u, v) = (fft.forward(subject), fft.forward(reference))
        var cross = [Float](repeating: 0, count: 2 * fft.bins)
        var used = 0
        for bin in bins {
            let (a, b, c, d) = (u[2 * bin], u[2 * bin + 1], v[2 * bin], v[2 * bin + 1])
            let (real, imaginary) = (a * c + b * d, a * d - b * c)
            let power = real * real + imaginary * imaginary
            guard power > 0 else { continue }
            let weight = 1 / power.squareRoot()
            cross[2 * bin] = real * weight
            cross[2 * bin + 1] = imaginary * weight
            used += 1
        }
        // Random phases in `used` bins: the sum of 2 cos(phase) / length has the variance 2 used / length^2.
        let scale = used > 0 ? Float(length) / Float(2 * used).squareRoot() : 0
        return fft.inverse(cross).prefix(lags).map { $0 * scale }
    }
}
