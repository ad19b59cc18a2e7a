import Foundation
import SignalCore
import SyncModel

/// The correlation of two video grids at every lag, averaged over the bands.
struct BandCorrelation {
    /// The lag of `heights[0]`: subject sample t corresponds to reference sample t + lag.
    let firstLag: Int
    /// Fisher's z of the mean correlation times the root of the independent samples that overlap; NaN where too few
    /// overlap.
    let heights: [Double]
    let correlations: [Double]
    /// Samples per independent one (Bartlett 1946).
    let samplesPerIndependent: Double

    /// - Parameter leastOverlap: the least number of overlapping samples.
    init?(reference a: PictureGrid, subject b: PictureGrid, leastOverlap: Int) {
        let (n, m) = (a.count, b.count)
        guard n > 4, m > 4, n >= leastOverlap, m >= leastOverlap else { return nil }
        let fft = RealFFT.of(length: RealFFT.paddedLength(n + m))
        let first = -(m - leastOverlap)
        let last = n - leastOverlap
        let lags = last - first + 1
        guard lags > 8 else { return nil }
        var sum = [Double](repeating: 0, count: lags)
        var used = [Double](repeating: 0, count: lags)
        var (spread, bands) = (0.0, 0.0)
        func correlate(_ u: [Float], _ v: [Float]) -> [Float] {
            var cross = [Float](repeating: 0, count: 2 * fft.bins)
            Spectrum.addConjugateProduct(u, v, to: &cross)
            return fft.inverse(cross)
        }
        for band in a.bands.indices {
            let (x, y) = (a.bands[band], b.bands[band])
            let (mx, my) = (a.known[band], b.known[band])
            let (nx, ny) = (mx.reduce(0, +), my.reduce(0, +))
            guard Int(nx) >= leastOverlap / 2, Int(ny) >= leastOverlap / 2 else { continue }
            let (px, py) = (x.reduce(0) { $0 + $1 * $1 }, y.reduce(0) { $0 + $1 * $1 })
            guard px > 0, py > 0 else { continue }
            let products = correlate(fft.forward(y), fft.forward(x))
            let powerX = correlate(fft.forward(my), fft.forward(x.map { $0 * $0 }))
            let powerY = correlate(fft.forward(y.map { $0 * $0 }), fft.forward(mx))
            let common = correlate(fft.forward(my), fft.forward(mx))
            let weight = BandCorrelation.weight(band)
            for index in 0..<lags {
                let lag = first + index
                let place = lag >= 0 ? lag : fft.length + lag
                let count = common[place]
                guard count >= Float(leastOverlap) * 0.5 else { continue }
                // A part of a signal with almost no change must not have more than its share of weight.
                let floorX = 0.1 * px / nx * count
                let floorY = 0.1 * py / ny * count
                let r = products[place] / (max(powerX[place], floorX) * max(powerY[place], floorY)).squareRoot()
                sum[index] += weight * Double(r)
                used[index] += weight
            }
            spread += weight * BandCorrelation.independence(x, y, nx, ny)
            bands += weight
        }
        guard bands > 0 else { return nil }
        let perSample = max(1, spread / bands)
        samplesPerIndependent = perSample
        firstLag = first
        var correlations = [Double](repeating: .nan, count: lags)
        var heights = correlations
        for index in 0..<lags where used[index] > 0.6 * bands {
            let lag = first + index
            let overlap = Double(min(n, m + lag) - max(0, lag))
            let r = min(0.999, max(-0.999, sum[index] / used[index]))
            correlations[index] = r
            heights[index] = atanh(r) * max(0.5, overlap / perSample - 3).squareRoot()
        }
        self.correlations = correlations
        self.heights = heights
        guard heights.contains(where: \.isFinite) else { return nil }
    }

    /// The weight of a band in the mean.
    private static func weight(_ band: Int) -> Double { band < 2 * PictureSignal.spans.count ? 1 : 4 }

    /// Samples per independent one: 1 + 2 sum of the product of both autocorrelations.
    private static func independence(_ x: [Float], _ y: [Float], _ nx: Float, _ ny: Float) -> Double {
        func autocorrelation(_ x: [Float]) -> [Float] {
            let fft = RealFFT.of(length: RealFFT.paddedLength(2 * x.count))
            let spectrum = fft.forward(x)
            var power = [Float](repeating: 0, count: 2 * fft.bins)
            Spectrum.addConjugateProduct(spectrum, spectrum, to: &power)
            let r = fft.inverse(power)
            let scale = r[0] > 0 ? 1 / r[0] : 0
            return r.prefix(min(x.count / 3, 200)).map { $0 * scale }
        }
        let products = zip(autocorrelation(x), autocorrelation(y)).dropFirst().map { max(0, Double($0) * Double($1)) }
        return 1 + 2 * products.reduce(0, +)
    }

    /// The peak, to a fraction of a lag, and its lead over the next peak that is not part of it.
    func peak(apart: Double, rate: Double) -> (lag: Double, height: Double, gap: Double, correlation: Double) {
        var top = -1
        for index in heights.indices where heights[index].isFinite && (top < 0 || heights[index] > heights[top]) {
            top = index
        }
        let reach = Int((apart * rate).rounded(.up))
        var second = -Double.infinity
        for index in heights.indices where heights[index].isFinite && abs(index - top) > reach {
            second = max(second, heights[index])
        }
        var fraction = 0.0
        if top > 0, top < heights.count - 1, heights[top - 1].isFinite, heights[top + 1].isFinite {
            fraction = max(-0.5, min(0.5, Interpolation.vertex(heights[top - 1], heights[top], heights[top + 1])))
        }
        let gap = second.isFinite ? heights[top] - max(0, second) : heights[top]
        return (Double(firstLag + top) + fraction, heights[top], gap, correlations[top])
    }

    /// The curve around a lag for display, up to 1.2 s either way.
    func picture(about lag: Int, rate: Double, shift: Double) -> [CurvePoint] {
        let reach = Int(1.2 * rate)
        return (lag - reach...lag + reach).compactMap { place in
            let index = place - firstLag
            guard heights.indices.contains(index), heights[index].isFinite else { return nil }
            return CurvePoint(offset: Offset(seconds: shift + Double(place) / rate), height: heights[index])
        }
    }
}
