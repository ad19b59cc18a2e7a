import Foundation
import SignalCore

/// The segments of a text with separate offsets: the likeliest path of offsets through moves by time, some of which are
/// wrong (Viterbi 1967).
struct PiecePath {
    struct Piece {
        /// Indices of the moves.
        var range: Range<Int>
        var offset: Double
    }

    let pieces: [Piece]
    /// Its cost in nats, comparable with that of another factor.
    let cost: Double

    /// Scatter of right moves in seconds; costs of a wrong one, and of a step to another offset.
    private static let spread = 0.12
    private static let wrong = 4.0
    private static let step = 14.0
    /// The least step; the least length of a segment, in moves.
    private static let leastStep = 0.25
    private static let leastMoves = 3

    /// - Parameters:
    ///   - count: the number of moves.
    ///   - offsets: candidate offsets of segments.
    ///   - cost: of a move (by index) at an offset, 0 at best; at most `wrong` times `weight`.
    init(count: Int, offsets: [Double], cost: (_ move: Int, _ offset: Double) -> Double) {
        guard count > 0, !offsets.isEmpty else {
            (pieces, self.cost) = ([], .infinity)
            return
        }
        var values = [Double](repeating: 0, count: offsets.count)
        var from = [[Int32]](repeating: [], count: count)
        for move in 0..<count {
            let cheapest = values.indices.min { values[$0] < values[$1] } ?? 0
            var next = values
            var origin = [Int32](repeating: 0, count: offsets.count)
            for state in offsets.indices {
                let isStay = move == 0 || values[state] <= values[cheapest] + PiecePath.step
                origin[state] = Int32(isStay ? state : cheapest)
                next[state] = (isStay ? values[state] : values[cheapest] + PiecePath.step) + cost(move, offsets[state])
            }
            from[move] = origin
            values = next
        }
        var state = values.indices.min { values[$0] < values[$1] } ?? 0
        self.cost = values[state]
        var path = [Int](repeating: 0, count: count)
        for move in stride(from: count - 1, through: 0, by: -1) {
            path[move] = state
            state = Int(from[move][state])
        }
        var result: [Piece] = []
        for (move, state) in path.enumerated() {
            if let last = result.last, abs(last.offset - offsets[state]) < PiecePath.leastStep {
                result[result.count - 1].range = last.range.lowerBound..<move + 1
            } else {
                result.append(Piece(range: move..<move + 1, offset: offsets[state]))
            }
        }
        pieces = result.filter { $0.range.count >= PiecePath.leastMoves }
    }

    /// Cost of a move by its distance from the path.
    static func cost(_ distance: Double) -> Double { min(abs(distance) / spread, wrong) }
}
