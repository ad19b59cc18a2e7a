public import Foundation
import MediaIO

/// What a camera shows, as a small grey picture: the mean of a frame at the start of an episode and one in its middle.
public struct CameraSight: Sendable, Hashable, Codable {
    public let width: Int
    /// Brightness, row by row, of 255.
    public let values: Data

    /// Length of the longer side, in points.
    private static let side = 24

    package init(width: Int, values: Data) {
        self.width = width
        self.values = values
    }

    /// What to look at: a stretch of a file.
    public struct Look: Sendable, Hashable, Codable {
        public let path: String
        public let from: Double
        public let seconds: Double

        public init(path: String, from: Double, seconds: Double) {
            self.path = path
            self.from = from
            self.seconds = seconds
        }
    }

    /// nil: no frame can be decoded there.
    public init?(_ look: Look) {
        var (sum, width, count) = ([Float](), 0, 0)
        var scratch: [Float] = []
        for part in [0, 0.5] {
            guard let file = try? MediaFile(path: look.path), let video = file.videoStream else { return nil }
            let frame = 1 / max(1, video.frameRate ?? 30)
            // Half a frame later: stamps in lists are rounded.
            let start = max(0, look.from + part * look.seconds - 0.5 * frame)
            var found: (width: Int, values: [Float])?
            do {
                _ = try file.decodePictures(video: video.index, seconds: start..<start + 3 * frame, earliest: start) {
                    let grey = try $0.luma(side: CameraSight.side, scratch: &scratch)
                    found = (grey.width, grey.values)
                    throw Enough()
                }
            } catch is Enough {
            } catch { continue }
            guard let found, sum.isEmpty || sum.count == found.values.count else { continue }
            sum = sum.isEmpty ? found.values : zip(sum, found.values).map { $0 + $1 }
            width = found.width
            count += 1
        }
        guard count > 0, width > 0 else { return nil }
        self.width = width
        values = Data(sum.map { UInt8(max(0, min(255, $0 / Float(count)))) })
    }

    private struct Enough: Error {}

    /// Looks at many videos.
    package typealias Source = @Sendable (_ looks: [Look]) -> [Look: CameraSight]

    /// The same where its numbers are plausible: it may come from a process that a file has compromised.
    package var believed: CameraSight? {
        let side = CameraSight.side
        guard (1...side).contains(width), values.count % width == 0, (1...side).contains(values.count / width) else {
            return nil
        }
        return self
    }

    /// In this process.
    package static func of(_ looks: [Look]) -> [Look: CameraSight] {
        Dictionary(uniqueKeysWithValues: looks.compactMap { look in CameraSight(look).map { (look, $0) } })
    }
}
