/// The least-squares rotation, scale and translation from one 3-D point set to another (Horn 1987).
public struct SimilarityFit: Sendable {
    /// Row vectors are multiplied from the left: `p -> scale * (p - centre) R`.
    public let rotation: [[Double]]
    public let scale: Double
    public let centre: [Double]

    /// Fits `points` (n x 3) to `model` (n x 3, zero mean). No reflections.
    ///
    /// - Returns: nil if the points coincide.
    public init?(points: [[Double]], model: [[Double]]) {
        precondition(points.count == model.count && !points.isEmpty, "one model point per point")
        let count = Double(points.count)
        let centre = (0..<3).map { axis in points.reduce(0) { $0 + $1[axis] } / count }
        // m[i][j] = sum of point i times model j.
        var m = [[Double]](repeating: [0, 0, 0], count: 3)
        var spread = 0.0
        for (point, target) in zip(points, model) {
            for i in 0..<3 {
                let value = point[i] - centre[i]
                spread += value * value
                for j in 0..<3 { m[i][j] += value * target[j] }
            }
        }
        guard spread > 0 else { return nil }
        // Horn's symmetric matrix: its largest eigenvector is the unit quaternion of the rotation.
        let n = [
            [m[0][0] + m[1][1] + m[2][2], m[1][2] - m[2][1], m[2][0] - m[0][2], m[0][1] - m[1][0]],
            [m[1][2] - m[2][1], m[0][0] - m[1][1] - m[2][2], m[0][1] + m[1][0], m[2][0] + m[0][2]],
            [m[2][0] - m[0][2], m[0][1] + m[1][0], m[1][1] - m[0][0] - m[2][2], m[1][2] + m[2][1]],
            [m[0][1] - m[1][0], m[2][0] + m[0][2], m[1][2] + m[2][1], m[2][2] - m[0][0] - m[1][1]],
        ]
        let (value, q) = SymmetricEigen.largest(of: n)
        let (w, x, y, z) = (q[0], q[1], q[2], q[3])
        // The usual rotation matrix acts on column vectors; here it is transposed.
        rotation = [
            [w * w + x * x - y * y - z * z, 2 * (x * y + w * z), 2 * (x * z - w * y)],
            [2 * (x * y - w * z), w * w - x * x + y * y - z * z, 2 * (y * z + w * x)],
            [2 * (x * z + w * y), 2 * (y * z - w * x), w * w - x * x - y * y + z * z],
        ]
        scale = value / spread
        self.centre = centre
    }

    /// Maps a point.
    public func apply(_ x: Double, _ y: Double, _ z: Double) -> (Double, Double, Double) {
        let (a, b, c) = (x - centre[0], y - centre[1], z - centre[2])
        return (
            scale * (a * rotation[0][0] + b * rotation[1][0] + c * rotation[2][0]),
            scale * (a * rotation[0][1] + b * rotation[1][1] + c * rotation[2][1]),
            scale * (a * rotation[0][2] + b * rotation[1][2] + c * rotation[2][2])
        )
    }
}

/// Eigenvectors of small symmetric matrices by Jacobi's rotations (Golub & Van Loan, 8.5).
public enum SymmetricEigen {
    /// The largest eigenvalue and its unit eigenvector.
    public static func largest(of matrix: [[Double]]) -> (value: Double, vector: [Double]) {
        let size = matrix.count
        var a = matrix
        var vectors = (0..<size).map { row in (0..<size).map { $0 == row ? 1.0 : 0.0 } }
        for _ in 0..<50 {
            var off = 0.0
            var norm = 0.0
            for i in 0..<size {
                for j in 0..<size { if i == j { norm += a[i][j] * a[i][j] } else { off += a[i][j] * a[i][j] } }
            }
            if off <= 1e-24 * max(norm, 1e-300) { break }
            for p in 0..<size - 1 {
                for q in p + 1..<size where a[p][q] != 0 {
                    let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
                    let t = (theta >= 0 ? 1.0 : -1.0) / (abs(theta) + (theta * theta + 1).squareRoot())
                    let c = 1 / (t * t + 1).squareRoot()
                    let s = t * c
                    for k in 0..<size {
                        let (kp, kq) = (a[k][p], a[k][q])
                        a[k][p] = c * kp - s * kq
                        a[k][q] = s * kp + c * kq
                    }
                    for k in 0..<size {
                        let (pk, qk) = (a[p][k], a[q][k])
                        a[p][k] = c * pk - s * qk
                        a[q][k] = s * pk + c * qk
                        let (vp, vq) = (vectors[k][p], vectors[k][q])
                        vectors[k][p] = c * vp - s * vq
                        vectors[k][q] = s * vp + c * vq
                    }
                }
            }
        }
        let best = (0..<size).max { a[$0][$0] < a[$1][$1] } ?? 0
        return (a[best][best], vectors.map { $0[best] })
    }
}
