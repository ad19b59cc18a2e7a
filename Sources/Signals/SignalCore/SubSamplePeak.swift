import Foundation
public import SyncModel

/// Interpolates curves between samples.
public enum Interpolation {
    /// Samples needed on either side by the windowed sinc.
    public static let margin = 8

    /// The weights of the 16 samples around a fractional index: sinc times a Hann window of half-width 8.
    ///
    /// - Returns: the first of the 16 indices and their weights; all must be inside the curve.
    public static func weights(at position: Double) -> (first: Int, weights: [Double]) {
        let first = Int(position.rounded(.down)) - (margin - 1)
        let weights = (0..<2 * margin).map { tap -> Double in
            let distance = position - Double(first + tap)
            let sinc = distance == 0 ? 1 : sin(.pi * distance) / (.pi * distance)
            return sinc * (0.5 + 0.5 * cos(.pi * distance / Double(margin)))
        }
        return (first, weights)
    }

    /// The value of a curve at a fractional index, `margin - 1 <= position < count - margin`.
    public static func value(of curve: some RandomAccessCollection<Float>, at position: Double) -> Double {
        let (first, weights) = weights(at: position)
        let start = curve.index(curve.startIndex, offsetBy: first)
        return zip(curve[start...], weights).reduce(0) { $0 + Double($1.0) * $1.1 }
    }

    /// The vertex of the parabola through three neighbours, in samples from the middle one; 0 if they are not concave.
    public static func vertex(_ before: Double, _ here: Double, _ after: Double) -> Double {
        let bend = before - 2 * here + after
        return bend < 0 ? 0.5 * (before - after) / bend : 0
    }
}

extension LagCurve {
    /// The lag of the curve's highest point, to a fraction of a sample.
    ///
    /// The curve has `Interpolation.margin` more lags than are searched, on either side. Three steps: the largest
    /// sample (the first of equals), the largest band-limited value in steps of 0.05 within one sample of it, and the
    /// parabola through that one and its neighbours.
    public func peak() -> Lag {
        let margin = Interpolation.margin
        precondition(maximumLag > margin, "the curve holds the lags that are searched, and a margin")
        let searched = values[margin..<values.count - margin]
        guard let best = searched.indices.max(by: { searched[$0] < searched[$1] }) else { return Lag(samples: 0) }
        let first = searched.firstIndex(of: searched[best]) ?? best
        let step = 0.05
        let fine = (-20...20).map { Interpolation.value(of: values, at: Double(first) + Double($0) * step) }
        var top = 0
        for index in fine.indices where fine[index] > fine[top] { top = index }
        var fraction = 0.0
        if top > 0, top < fine.count - 1 { fraction = Interpolation.vertex(fine[top - 1], fine[top], fine[top + 1]) }
        return Lag(samples: Double(first) + (Double(top - 20) + fraction) * step - Double(maximumLag))
    }
}
