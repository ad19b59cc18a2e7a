import MediaIO
import SyncModel

/// Downscaled frames of an excerpt, kept until those to show are chosen.
struct KeptPictures {
    struct Kept {
        let seconds: Double
        let width: Int
        let height: Int
        let pixels: [UInt8]
    }

    /// Longer side of a kept frame, in pixels.
    static let side = 168
    private(set) var pictures: [Kept] = []
    private var scratch: [Float] = []

    /// The lower face around the mouth, large enough to distinguish lip shapes.
    mutating func keepFace(of picture: Picture, box: PictureBox) throws {
        let side = 1.05 * max(box.width, box.height)
        let centre = PicturePoint(x: box.x + box.width / 2, y: box.y + 0.58 * box.height)
        try keep(
            picture, OrientedSquare(centre: centre, side: side, angle: 0), rows: 0..<KeptPictures.side,
            columns: 0..<KeptPictures.side)
    }

    /// The whole frame, its longer side scaled to `side`.
    mutating func keepWhole(of picture: Picture) throws {
        let (width, height) = (picture.displayWidth, picture.displayHeight)
        let longer = max(width, height)
        func part(_ length: Double) -> Range<Int> {
            let count = max(2, Int((Double(KeptPictures.side) * length / longer).rounded(.down)))
            let from = (KeptPictures.side - count) / 2
            return from..<from + count
        }
        let square = OrientedSquare(centre: PicturePoint(x: width / 2, y: height / 2), side: longer, angle: 0)
        try keep(picture, square, rows: part(height), columns: part(width))
    }

    private mutating func keep(_ picture: Picture, _ square: OrientedSquare, rows: Range<Int>, columns: Range<Int>)
        throws
    {
        try picture.sample(square, size: KeptPictures.side, into: &scratch)
        var pixels: [UInt8] = []
        pixels.reserveCapacity(rows.count * columns.count * 3)
        for row in rows {
            for value in scratch[
                (row * KeptPictures.side + columns.lowerBound) * 3..<(row * KeptPictures.side + columns.upperBound) * 3]
            {
                pixels.append(UInt8(max(0, min(255, value))))
            }
        }
        pictures.append(Kept(seconds: picture.seconds, width: columns.count, height: rows.count, pixels: pixels))
    }

    /// The frames around a moment, as files.
    func stills(of moment: ClipExcerpt.Moment) throws -> [ClipExcerpt.Still] {
        try StillChoice.places(of: moment, in: pictures.map(\.seconds)).map { place in
            let kept = pictures[place]
            return ClipExcerpt.Still(
                seconds: kept.seconds, width: kept.width, height: kept.height,
                jpeg: try JPEGStill.encode(pixels: kept.pixels, width: kept.width, height: kept.height))
        }
    }
}
