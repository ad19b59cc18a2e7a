/// Correlation by lag: `values[maximumLag + l]` is that of lag `l`, `-maximumLag ... maximumLag`.
///
/// A peak at a positive lag: the second signal is later than the first.
public struct LagCurve: Sendable, Hashable {
    public let maximumLag: Int
    public var values: [Float]

    public init(maximumLag: Int, values: [Float]) {
        precondition(values.count == 2 * maximumLag + 1, "a curve has one value per lag")
        self.maximumLag = maximumLag
        self.values = values
    }

    public subscript(lag: Int) -> Float { values[lag + maximumLag] }
}

/// Correlates two signals over a range of lags.
///
/// ```swift
/// let curve = CrossCorrelation.normalised(reference, subject, maximumLag: 100, minimumOverlap: 1000)
/// let offset = Offset(subjectLateBySeconds: curve.peak().seconds(atRate: 8000))
/// ```
public enum CrossCorrelation {
    /// The sum over t and all columns of `u[t] * v[t + lag]`, zeros outside. By FFT: n log n.
    public static func sum(_ u: FrameMatrix, _ v: FrameMatrix, maximumLag: Int) -> LagCurve {
        precondition(u.columns == v.columns, "both sides have the same columns")
        let fft = RealFFT.of(length: RealFFT.paddedLength(u.frames + v.frames + 2 * maximumLag))
        var spectrum = [Float](repeating: 0, count: 2 * fft.bins)
        for column in 0..<u.columns {
            Spectrum.addConjugateProduct(fft.forward(u.column(column)), fft.forward(v.column(column)), to: &spectrum)
        }
        return unwrapped(fft.inverse(spectrum), maximumLag)
    }

    /// The sum over t of `u[t] * v[t + lag]` of two one-column signals.
    public static func sum(_ u: [Float], _ v: [Float], maximumLag: Int) -> LagCurve {
        sum(FrameMatrix(columns: 1, values: u), FrameMatrix(columns: 1, values: v), maximumLag: maximumLag)
    }

    /// Pearson's correlation on the overlap, per lag: mean and deviation are those of the overlapping samples.
    ///
    /// Invariant to positive gain and offset. Lags with fewer than `minimumOverlap` samples, or with a constant side,
    /// give 0.
    public static func normalised(_ u: [Float], _ v: [Float], maximumLag: Int, minimumOverlap: Int) -> LagCurve {
        let (u, v) = (centred(u), centred(v))
        let products = sum(u, v, maximumLag: maximumLag)
        let (sumU, sumV) = (running(u) { $0 }, running(v) { $0 })
        let (squareU, squareV) = (running(u) { $0 * $0 }, running(v) { $0 * $0 })
        let values = (-maximumLag...maximumLag).map { lag -> Float in
            let low = max(0, -lag)
            let high = min(u.count, v.count - lag)
            let count = high - low
            guard count >= max(2, minimumOverlap) else { return 0 }
            let n = Double(count)
            let (a, b) = (sumU[high] - sumU[low], sumV[high + lag] - sumV[low + lag])
            let energyU = squareU[high] - squareU[low] - a * a / n
            let energyV = squareV[high + lag] - squareV[low + lag] - b * b / n
            let floor = 1e-9 * max(squareU[u.count], 1e-30)
            let floorV = 1e-9 * max(squareV[v.count], 1e-30)
            guard energyU > floor, energyV > floorV else { return 0 }
            return Float((Double(products[lag]) - a * b / n) / (energyU * energyV).squareRoot())
        }
        return LagCurve(maximumLag: maximumLag, values: values)
    }

    /// Generalised cross-correlation with phase transform (Knapp & Carter 1976), restricted to a band.
    ///
    /// Every frequency in `band` (in Hz) has the same weight, so that the frequency response does not matter.
    public static func phaseTransform(
        _ u: [Float], _ v: [Float], maximumLag: Int, sampleRate: Double, band: ClosedRange<Double>
    ) -> LagCurve {
        let fft = RealFFT.of(length: RealFFT.paddedLength(u.count + v.count + 2 * maximumLag))
        var cross = [Float](repeating: 0, count: 2 * fft.bins)
        Spectrum.addConjugateProduct(fft.forward(u), fft.forward(v), to: &cross)
        for bin in 0..<fft.bins {
            let frequency = Double(bin) * sampleRate / Double(fft.length)
            let (real, imaginary) = (cross[2 * bin], cross[2 * bin + 1])
            let magnitude = (real * real + imaginary * imaginary).squareRoot()
            let weight = band.contains(frequency) && magnitude > 0 ? 1 / magnitude : 0
            cross[2 * bin] = real * weight
            cross[2 * bin + 1] = imaginary * weight
        }
        return unwrapped(fft.inverse(cross), maximumLag)
    }

    private static func unwrapped(_ circular: [Float], _ maximumLag: Int) -> LagCurve {
        LagCurve(
            maximumLag: maximumLag,
            values: Array(circular.suffix(maximumLag)) + Array(circular.prefix(maximumLag + 1)))
    }

    private static func centred(_ x: [Float]) -> [Float] {
        let mean = Float(x.reduce(0.0) { $0 + Double($1) } / Double(max(1, x.count)))
        return x.map { $0 - mean }
    }

    private static func running(_ x: [Float], _ of: (Double) -> Double) -> [Double] {
        var result = [0.0]
        result.reserveCapacity(x.count + 1)
        for value in x { result.append(result[result.count - 1] + of(Double(value))) }
        return result
    }
}

/// A multi-column signal, transformed once and correlated with many others.
public struct CorrelationSide: Sendable {
    public let frames: Int
    private let spectra: [[Float]]
    private let fft: RealFFT

    /// Transform length in samples.
    public var length: Int { fft.length }

    /// Transforms `signal` for partners of at most `partnerFrames` frames and lags up to `maximumLag`.
    ///
    /// - Parameter length: transform length, if another side needs a longer one.
    public init(_ signal: FrameMatrix, partnerFrames: Int, maximumLag: Int, length: Int = 0) {
        frames = signal.frames
        let fft = RealFFT.of(length: RealFFT.paddedLength(max(length, signal.frames + partnerFrames + 2 * maximumLag)))
        self.fft = fft
        spectra = (0..<signal.columns).map { fft.forward(signal.column($0)) }
    }

    /// Equals `CrossCorrelation.sum` of the two signals, `self` first. Both must have the same lengths.
    public func correlation(with other: CorrelationSide, maximumLag: Int) -> LagCurve {
        precondition(fft.length == other.fft.length, "both sides were made for the same lengths")
        var sum = [Float](repeating: 0, count: 2 * fft.bins)
        for (u, v) in zip(spectra, other.spectra) { Spectrum.addConjugateProduct(u, v, to: &sum) }
        let circular = fft.inverse(sum)
        return LagCurve(
            maximumLag: maximumLag, values: Array(circular.suffix(maximumLag)) + Array(circular.prefix(maximumLag + 1)))
    }
}
