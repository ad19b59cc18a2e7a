/// A matrix over time: `frames` rows of `columns` values, row by row.
public struct FrameMatrix: Sendable, Hashable {
    public let columns: Int
    public private(set) var frames: Int
    public var values: [Float]

    /// A matrix of zeros.
    public init(frames: Int, columns: Int) {
        precondition(frames >= 0 && columns > 0, "a matrix has columns, and no negative number of frames")
        self.frames = frames
        self.columns = columns
        values = [Float](repeating: 0, count: frames * columns)
    }

    /// A matrix of given values, row by row.
    public init(columns: Int, values: [Float]) {
        precondition(columns > 0 && values.count % columns == 0, "the values fill whole rows")
        self.columns = columns
        self.values = values
        frames = values.count / columns
    }

    public subscript(frame: Int, column: Int) -> Float {
        get { values[frame * columns + column] }
        set { values[frame * columns + column] = newValue }
    }

    public mutating func append(row: some Collection<Float>) {
        precondition(row.count == columns, "a row has one value per column")
        values.append(contentsOf: row)
        frames += 1
    }

    /// One column as an array of `frames` values.
    public func column(_ index: Int) -> [Float] { (0..<frames).map { values[$0 * columns + index] } }
}
