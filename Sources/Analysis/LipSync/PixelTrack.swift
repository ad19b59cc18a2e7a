import SignalCore

/// The input of the pixel expert for one face: crops as runs on the grid.
struct PixelTrack {
    /// A run of frames with the face seen, on the grid.
    struct Segment: Sendable {
        /// Grid frame of its first row.
        let first: Int
        /// Frames x features of the stem, the moving average removed.
        let features: FrameMatrix
    }

    /// The side of a crop, and what is omitted at each edge.
    static let crop = 56
    static let margin = (crop - PixelStem.side) / 2
    /// Seconds between two frames that are examined.
    private static let leastStep = 0.030
    /// Gray levels.
    static let deviationFloor = 5.0

    /// The runs that are long enough.
    static func segments(_ pixels: MouthPixels, _ expert: LipModel.PixelExpert) -> [Segment] {
        runs(pixels).compactMap { run in
            let knots = run.map { pixels.times[$0] }
            let first = max(0, Int((knots[0] * FrameGrid.rate - 1e-6).rounded(.up)))
            let last = Int((knots[knots.count - 1] * FrameGrid.rate + 1e-6).rounded(.down))
            guard last - first + 1 >= MouthTrack.shortestSegment else { return nil }
            let crops = run.map { pixels.crops[$0 * crop * crop..<($0 + 1) * crop * crop] }
            return expert.memo.segment(of: crops, times: knots) {
                segment(crops, knots: knots, frames: first...last, expert.stem)
            }
        }
    }

    /// Frames with the face seen and no long gap between them, thinned to some 30 a second.
    private static func runs(_ pixels: MouthPixels) -> [[Int]] {
        var result: [[Int]] = []
        var run: [Int] = []
        var last: Double?
        for index in pixels.times.indices where pixels.seen[index] {
            let time = pixels.times[index]
            if let last, time - last > MouthTrack.longestGap {
                result.append(run)
                run = []
            }
            last = time
            if let kept = run.last, time - pixels.times[kept] < leastStep { continue }
            run.append(index)
        }
        if !run.isEmpty { result.append(run) }
        return result
    }

    private static func segment(
        _ crops: [ArraySlice<UInt8>], knots: [Double], frames: ClosedRange<Int>, _ stem: PixelStem
    ) -> Segment {
        let grid = frames.map { Double($0) * FrameGrid.period }
        let rows = stem(scaled(crops))
        var features = FrameMatrix(frames: grid.count, columns: rows.columns)
        for column in 0..<rows.columns {
            let onGrid = Resampling.linear(rows.column(column), knots: knots, at: grid)
            let moving = Standardisation.movingAverageRemoved(onGrid, reach: 25)
            for (frame, value) in moving.enumerated() { features[frame, column] = value }
        }
        return Segment(first: frames.lowerBound, features: features)
    }

    /// Gray levels minus the mean of the run, over its deviation.
    private static func scaled(_ crops: [ArraySlice<UInt8>]) -> [[Float]] {
        var (sum, squares) = (0, 0)
        let side = PixelStem.side
        func rows(_ picture: ArraySlice<UInt8>, _ take: (ArraySlice<UInt8>) -> Void) {
            for row in margin..<margin + side {
                let start = picture.startIndex + row * crop + margin
                take(picture[start..<start + side])
            }
        }
        for picture in crops {
            rows(picture) { row in
                for value in row {
                    sum += Int(value)
                    squares += Int(value) * Int(value)
                }
            }
        }
        let count = Double(crops.count * side * side)
        let mean = Double(sum) / count
        let deviation = max(0, Double(squares) / count - mean * mean).squareRoot()
        let levels = (0..<256).map { Float((Double($0) - mean) / (deviation + deviationFloor)) }
        return crops.map { picture in
            var values: [Float] = []
            values.reserveCapacity(side * side)
            rows(picture) { row in for value in row { values.append(levels[Int(value)]) } }
            return values
        }
    }
}
