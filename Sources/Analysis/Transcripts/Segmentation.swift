import SignalCore

/// Pieces of a transcript with offsets of their own: material was cut from the recording, or put into it.
///
/// Every block takes one of a few offsets that fit some stretch of the text; a change between neighbours has a price,
/// so that no piece is found that its blocks do not pay for (dynamic programming, as alass does for subtitles).
struct Segmentation {
    struct Piece {
        let blocks: Range<Int>
        /// Seconds after the factor.
        let offset: Double
        let error: Double
    }

    let pieces: [Piece]
    /// Score of the path less the price of its changes; of a single piece that of the line.
    let value: Double

    /// What a change costs, in units of score; a second of speech that fits earns about 40.
    private static let price = 200.0
    /// Blocks of a window that is looked at by itself, in seconds of text.
    private static let window = 15.0
    /// Frames either way by which a block may miss its piece's offset.
    private static let slack = 4
    private static let mostCandidates = 48

    /// - Parameters:
    ///   - line: what fits the transcript as a whole.
    ///   - search: over the whole recording.
    init(_ curves: LocalCurves, line: LineFit, search: OffsetSearch) {
        let one = [Piece(blocks: 0..<curves.blocks.count, offset: line.offset, error: line.offsetError)]
        let suspicious = Segmentation.suspicious(curves, line)
        guard !suspicious.isEmpty else {
            pieces = one
            value = line.total
            return
        }
        var candidates: [Double] = []
        for window in suspicious {
            let rows =
                curves.blocks[window.lowerBound].rows.lowerBound..<curves.blocks[window.upperBound - 1].rows.upperBound
            let columns = curves.text.matrix.columns
            let part = FrameMatrix(
                columns: columns,
                values: Array(curves.text.matrix.values[rows.lowerBound * columns..<rows.upperBound * columns]))
            for offset in search.peaks(part, firstFrame: curves.text.first + rows.lowerBound, most: 3) {
                // To a frame, by the blocks themselves.
                let fine =
                    LineFit(curves, chosen: Array(window), near: offset, withSlope: false, reach: 0.3)?.offset ?? offset
                if candidates.allSatisfy({ abs($0 - fine) > 0.06 }) { candidates.append(fine) }
            }
        }
        candidates = Segmentation.strongest(candidates, curves, suspicious)
        let (path, value) = Segmentation.path(curves, line, candidates)
        self.value = value
        var found: [Piece] = []
        var start = 0
        for index in 1...path.count where index == path.count || path[index] != path[index - 1] {
            let offset = path[start] == 0 ? line.offset : candidates[path[start] - 1]
            let fit = LineFit(curves, chosen: Array(start..<index), near: offset, withSlope: false, reach: 0.3)
            let piece = Piece(
                blocks: start..<index, offset: fit?.offset ?? offset, error: fit?.offsetError ?? .infinity)
            if let last = found.last, abs(last.offset - piece.offset) < 0.08 {
                found[found.count - 1] = Piece(
                    blocks: last.blocks.lowerBound..<index, offset: last.offset, error: last.error)
            } else {
                found.append(piece)
            }
            start = index
        }
        pieces = found.count > 1 ? found : one
    }

    /// Windows that hardly fit where the whole does.
    private static func suspicious(_ curves: LocalCurves, _ line: LineFit) -> [Range<Int>] {
        guard line.blockScores.count == curves.blocks.count, curves.blocks.count >= 8 else { return [] }
        var windows: [(range: Range<Int>, score: Double)] = []
        var start = 0
        for index in curves.blocks.indices {
            let length =
                Double(curves.blocks[index].rows.upperBound - curves.blocks[start].rows.lowerBound) / SpeechScores.rate
            guard length >= window || index + 1 == curves.blocks.count else { continue }
            let range = start..<index + 1
            let rows = range.reduce(0) { $0 + curves.blocks[$1].rows.count }
            windows.append((range, range.reduce(0.0) { $0 + line.blockScores[$1] } / Double(max(1, rows))))
            start = index + 1
        }
        let scores = windows.map { Float($0.score) }
        guard windows.count >= 2, let typical = Standardisation.percentile(scores, 0.75), typical > 0 else {
            return windows.map(\.range)
        }
        return windows.filter { $0.score < 0.45 * typical }.map(\.range)
    }

    /// The candidates that some window likes best.
    private static func strongest(_ candidates: [Double], _ curves: LocalCurves, _ windows: [Range<Int>]) -> [Double] {
        guard candidates.count > mostCandidates else { return candidates }
        let ranked = candidates.map { offset -> (Double, Double) in
            let lag = Int(curves.lag(offset).rounded())
            let best =
                windows.map { window in
                    window.reduce(0.0) {
                        $0 + Double(curves.scores(of: curves.blocks[$1], from: lag - 1, to: lag + 1).max() ?? 0)
                    }
                }.max() ?? 0
            return (offset, best)
        }
        return ranked.sorted { $0.1 > $1.1 }.prefix(mostCandidates).map(\.0)
    }

    /// For each block 0 for the line, or a candidate's number from 1.
    private static func path(_ curves: LocalCurves, _ line: LineFit, _ candidates: [Double]) -> ([Int], Double) {
        let states = candidates.count + 1
        var value = [Double](repeating: 0, count: states)
        var back: [[Int]] = []
        for (index, block) in curves.blocks.enumerated() {
            func score(_ offset: Double) -> Double {
                let lag = Int(curves.lag(offset).rounded())
                return Double(curves.scores(of: block, from: lag - slack, to: lag + slack).max() ?? 0)
            }
            let here = (0..<states).map { $0 == 0 ? score(line.offset(at: block.time)) : score(candidates[$0 - 1]) }
            let best = value.indices.max { value[$0] < value[$1] } ?? 0
            var (next, from) = (value, Array(0..<states))
            for state in 0..<states {
                if index > 0, value[best] - price > value[state] {
                    next[state] = value[best] - price
                    from[state] = best
                }
                next[state] += here[state]
            }
            value = next
            back.append(from)
        }
        let whole = value.max() ?? 0
        var state = value.indices.max { value[$0] < value[$1] } ?? 0
        var path = [Int](repeating: 0, count: curves.blocks.count)
        for index in path.indices.reversed() {
            path[index] = state
            state = back[index][state]
        }
        return (path, whole)
    }
}
