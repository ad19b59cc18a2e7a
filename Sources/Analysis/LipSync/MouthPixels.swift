import SyncModel

/// The lower half of a face over time, as small gray pictures.
public struct MouthPixels: Sendable {
    /// Values of a crop: 56 x 56.
    public static let area = 56 * 56

    /// Presentation times in seconds, ascending. Pictures without the face may be left out.
    public var times: [Double]
    /// Frames x 56 x 56 values, row by row: the mouth near the middle, the chin below. 0 where `seen` is false.
    public var crops: [UInt8]
    /// Whether the face was there.
    public var seen: [Bool]
    /// Side of the face's box in displayed pixels of the source, frame by frame; 0 where it was not seen.
    public var side: [Float]

    public init(times: [Double] = [], crops: [UInt8] = [], seen: [Bool] = [], side: [Float] = []) {
        self.times = times
        self.crops = crops
        self.seen = seen
        self.side = side
    }

    /// Adds a picture with the face.
    mutating func append(_ pixels: SeenPixels) {
        times.append(pixels.seconds)
        crops += pixels.crop
        seen.append(true)
        side.append(Float(pixels.box.width))
    }

    /// Gives up the pictures at other times than those that are kept.
    mutating func keep(where keeps: (Double) -> Bool) {
        var kept = MouthPixels()
        for index in times.indices where keeps(times[index]) {
            kept.times.append(times[index])
            kept.crops += crops[index * MouthPixels.area..<(index + 1) * MouthPixels.area]
            kept.seen.append(seen[index])
            kept.side.append(side[index])
        }
        self = kept
    }
}
