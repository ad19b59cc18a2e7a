/// Small dense linear systems.
public enum LinearSystem {
    /// The inverse of a square matrix given row by row, by Gauss-Jordan elimination with pivoting; nil if singular.
    public static func inverse(_ matrix: [[Double]]) -> [[Double]]? {
        let n = matrix.count
        precondition(matrix.allSatisfy { $0.count == n }, "the matrix is square")
        var left = matrix
        var right = (0..<n).map { row in (0..<n).map { $0 == row ? 1.0 : 0 } }
        let scale = matrix.flatMap { $0 }.map { abs($0) }.max() ?? 0
        for column in 0..<n {
            guard let pivot = (column..<n).max(by: { abs(left[$0][column]) < abs(left[$1][column]) }),
                abs(left[pivot][column]) > 1e-12 * scale
            else { return nil }
            left.swapAt(column, pivot)
            right.swapAt(column, pivot)
            let divisor = left[column][column]
            for place in 0..<n {
                left[column][place] /= divisor
                right[column][place] /= divisor
            }
            for row in 0..<n where row != column && left[row][column] != 0 {
                let factor = left[row][column]
                for place in 0..<n {
                    left[row][place] -= factor * left[column][place]
                    right[row][place] -= factor * right[column][place]
                }
            }
        }
        return right
    }
}
