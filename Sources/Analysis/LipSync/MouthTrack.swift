import SignalCore

/// The mouth over time, frame by frame; frames without a face are absent.
public struct MouthTrack: Sendable {
    /// A longer time between two frames with a face, in seconds, ends the segment.
    static let longestGap = 0.15
    /// The least number of grid frames of a segment.
    static let shortestSegment = 26

    private(set) var times: [Double] = []
    private var shapes: [MouthShape] = []
    /// Frames examined, with a face or without.
    public private(set) var pictures = 0

    public init() {}

    /// How far the head is turned, frame by frame.
    var turns: [Float] { shapes.map(\.turn) }

    /// Frames with a face.
    public var faces: Int { times.count }

    /// Adds the next frame; `shape` is nil where no face is seen. Times increase.
    public mutating func append(_ shape: MouthShape?, seconds: Double) {
        pictures += 1
        guard let shape else { return }
        times.append(seconds)
        shapes.append(shape)
    }

    /// A segment with a face, on the grid.
    struct Segment {
        /// Grid frame of its first row.
        let first: Int
        /// Frames x 14, each column of mean 0 and deviation 1.
        let features: FrameMatrix
        /// Deviation of the inner lips' distance in face scales: how much the mouth moves.
        let opening: Double
    }

    func segments() -> [Segment] {
        var result: [Segment] = []
        var start = 0
        for index in times.indices {
            let isLast = index + 1 == times.count
            if isLast || times[index + 1] - times[index] > MouthTrack.longestGap {
                if let segment = segment(start...index) { result.append(segment) }
                start = index + 1
            }
        }
        return result
    }

    private func segment(_ range: ClosedRange<Int>) -> Segment? {
        let knots = Array(times[range])
        let first = max(0, Int((knots[0] * FrameGrid.rate - 1e-6).rounded(.up)))
        let last = Int((knots[knots.count - 1] * FrameGrid.rate + 1e-6).rounded(.down))
        guard last - first + 1 >= MouthTrack.shortestSegment else { return nil }
        let grid = (first...last).map { Double($0) * FrameGrid.period }
        func onGrid(_ value: (MouthShape) -> Float) -> [Float] {
            Resampling.linear(shapes[range].map(value), knots: knots, at: grid)
        }
        let scale = Standardisation.boxAverage(onGrid(\.scale), reach: 9)
        var columns: [[Float]] = []
        var opening = 0.0
        for index in 0..<MouthShape.distances {
            let ratio = zip(onGrid { $0.lengths[index] }, scale).map { $0 / $1 }
            let moving = Standardisation.movingAverageRemoved(ratio, reach: 25)
            if index == 0 { opening = Standardisation.moments(moving).deviation }
            columns.append(Standardisation.scaled(moving, deviationFloor: 0.002, limit: FrameGrid.limit))
        }
        for index in 0..<MouthShape.components {
            let moving = Standardisation.movingAverageRemoved(onGrid { $0.movement[index] }, reach: 25)
            columns.append(Standardisation.scaled(moving, deviationFloor: 0.01, limit: FrameGrid.limit))
        }
        var features = FrameMatrix(frames: grid.count, columns: columns.count)
        for (column, values) in columns.enumerated() {
            for (frame, value) in values.enumerated() { features[frame, column] = value }
        }
        return Segment(first: first, features: features, opening: opening)
    }
}
