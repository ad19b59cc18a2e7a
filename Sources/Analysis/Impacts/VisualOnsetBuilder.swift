/// Collects the features of sudden changes while frames are decoded: movement by direction and brightness by block.
public struct VisualOnsetBuilder: Sendable {
    /// Side of a brightness block, in pixels.
    static let cell = 10
    static let cells = (Thumbnail.side / cell) * (Thumbnail.side / cell)

    var seconds: [Double] = []
    /// Between a frame and the one before: `BlockMotion.directions` values a frame, mean speeds in pixels a second;
    /// zeros for the first.
    var flux: [Float] = []
    /// How many blocks moved.
    var blocks: [Int] = []
    /// Mean grey of each cell, `cells` values a frame.
    var light: [Float] = []
    /// Share of the cells that belong to the clip's video.
    private(set) var used: [Bool] = Array(repeating: false, count: cells)
    private var last: Thumbnail?

    public init() {}

    public mutating func append(_ picture: Thumbnail) {
        if let last, picture.seconds <= last.seconds { return }
        light += VisualOnsetBuilder.means(picture)
        if let last {
            let duration = Float(max(picture.seconds - last.seconds, 1e-3))
            let (mean, moving) = BlockMotion.flux(from: last, to: picture)
            flux += mean.map { $0 / duration }
            blocks.append(moving)
        } else {
            blocks.append(0)
            flux += [Float](repeating: 0, count: BlockMotion.directions)
            for cell in 0..<VisualOnsetBuilder.cells {
                let perRow = Thumbnail.side / VisualOnsetBuilder.cell
                let (row, column) = (
                    cell / perRow * VisualOnsetBuilder.cell + VisualOnsetBuilder.cell / 2,
                    cell % perRow * VisualOnsetBuilder.cell + VisualOnsetBuilder.cell / 2
                )
                used[cell] = picture.rows.contains(row) && picture.columns.contains(column)
            }
        }
        seconds.append(picture.seconds)
        last = picture
    }

    private static func means(_ picture: Thumbnail) -> [Float] {
        let perRow = Thumbnail.side / cell
        var sums = [Float](repeating: 0, count: cells)
        for y in 0..<Thumbnail.side {
            for x in 0..<Thumbnail.side { sums[y / cell * perRow + x / cell] += picture.pixels[y * Thumbnail.side + x] }
        }
        return sums.map { $0 / Float(cell * cell) }
    }

    /// Everything collected, at the end of the frames.
    public consuming func finish() -> VisualOnsets { VisualOnsets(self) }
}
