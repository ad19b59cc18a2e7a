/// A small grey frame with its time.
public struct Thumbnail: Sendable, Hashable {
    /// Width and height in pixels.
    public static let side = 80

    /// `side * side` grey levels, 0...255, row by row; black outside the clip's frame.
    public let pixels: [Float]
    /// Rows and columns that belong to the clip's frame.
    public let rows: Range<Int>
    public let columns: Range<Int>
    /// Presentation time.
    public let seconds: Double

    public init(pixels: [Float], rows: Range<Int>, columns: Range<Int>, seconds: Double) {
        precondition(pixels.count == Thumbnail.side * Thumbnail.side, "a thumbnail is a square of fixed size")
        self.pixels = pixels
        self.rows = rows.clamped(to: 0..<Thumbnail.side)
        self.columns = columns.clamped(to: 0..<Thumbnail.side)
        self.seconds = seconds
    }

    /// From `side * side` red, green, blue triples of a square over the whole of a frame, centred.
    public init(rgb: [Float], displayWidth: Double, displayHeight: Double, seconds: Double) {
        var grey = [Float](repeating: 0, count: Thumbnail.side * Thumbnail.side)
        for index in grey.indices where 3 * index + 2 < rgb.count {
            // ITU-R BT.601 luma.
            grey[index] = 0.299 * rgb[3 * index] + 0.587 * rgb[3 * index + 1] + 0.114 * rgb[3 * index + 2]
        }
        func span(_ length: Double) -> Range<Int> {
            let share = length / max(displayWidth, displayHeight, 1)
            let size = max(8, Int((share * Double(Thumbnail.side)).rounded(.down)))
            let first = (Thumbnail.side - min(size, Thumbnail.side)) / 2
            return first..<first + min(size, Thumbnail.side)
        }
        self.init(pixels: grey, rows: span(displayHeight), columns: span(displayWidth), seconds: seconds)
    }
}
