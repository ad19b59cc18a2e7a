import SyncModel

/// The lower half of a face over time, as small gray frames.
public struct MouthPixels: Sendable {
    /// Values of a crop: 56 x 56.
    public static let area = 56 * 56

    /// Presentation times in seconds, ascending. Frames without the face may be omitted.
    public var times: [Double]
    /// Frames x 56 x 56 values, row by row: the mouth near the middle, the chin below. 0 where `seen` is false.
    public var crops: [UInt8]
    /// Whether the face was visible.
    public var seen: [Bool]
    /// Side of the face's box in displayed pixels of the source, frame by frame; 0 where it was not seen.
    public var side: [Float]
    /// How sharp each crop is: see `definition(of:)`.
    private(set) var definition: [Float]

    public init(times: [Double] = [], crops: [UInt8] = [], seen: [Bool] = [], side: [Float] = []) {
        self.times = times
        self.crops = crops
        self.seen = seen
        self.side = side
        definition = times.indices.map {
            MouthPixels.definition(of: crops[$0 * MouthPixels.area..<($0 + 1) * MouthPixels.area])
        }
    }

    /// The mean absolute Laplacian of a crop's middle, the part that the network sees, over its deviation + 5 gray
    /// levels.
    static func definition(of crop: ArraySlice<UInt8>) -> Float {
        let (width, margin) = (PixelTrack.crop, PixelTrack.margin)
        return crop.withUnsafeBufferPointer { crop in
            var (sum, squares, bend) = (0, 0, 0)
            for row in margin..<width - margin {
                for column in margin..<width - margin {
                    let value = Int(crop[row * width + column])
                    sum += value
                    squares += value * value
                }
            }
            for row in margin + 1..<width - margin - 1 {
                for place in row * width + margin + 1..<(row + 1) * width - margin - 1 {
                    let beside = Int(crop[place - 1]) + Int(crop[place + 1])
                    bend += abs(4 * Int(crop[place]) - beside - Int(crop[place - width]) - Int(crop[place + width]))
                }
            }
            let count = Double(PixelStem.side * PixelStem.side)
            let inner = Double((PixelStem.side - 2) * (PixelStem.side - 2))
            let mean = Double(sum) / count
            let deviation = max(0, Double(squares) / count - mean * mean).squareRoot()
            return Float(Double(bend) / inner / (deviation + PixelTrack.deviationFloor))
        }
    }

    /// Adds a frame with the face.
    mutating func append(_ pixels: SeenPixels) {
        times.append(pixels.seconds)
        crops += pixels.crop
        seen.append(true)
        side.append(Float(pixels.box.width))
        definition.append(MouthPixels.definition(of: pixels.crop[...]))
    }

    /// Discards the frames at other times.
    mutating func keep(where keeps: (Double) -> Bool) {
        var kept = MouthPixels()
        for index in times.indices where keeps(times[index]) {
            kept.times.append(times[index])
            kept.crops += crops[index * MouthPixels.area..<(index + 1) * MouthPixels.area]
            kept.seen.append(seen[index])
            kept.side.append(side[index])
            kept.definition.append(definition[index])
        }
        self = kept
    }
}
