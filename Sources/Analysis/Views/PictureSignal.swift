import Foundation

/// Changes of a video in a form that hardly depends on the camera's position: self-similarity bands and speed.
///
/// After cross-view action recognition by temporal self-similarities (Junejo, Dexter, Laptev & Pérez, ECCV 2008): the
/// difference of a frame from one shortly before is visible from every side. One row per video frame; an hour at 30
/// frames a second takes 12 MB.
public struct PictureSignal: Sendable {
    /// The spans over which frames are compared, in seconds.
    static let spans: [Double] = [0.033, 0.067, 0.1, 0.167, 0.25, 0.333, 0.5, 0.667, 0.833, 1, 1.333, 1.667, 2]
    /// Values per row: thumbnails and flow histograms over each span, and speed.
    static let columns = 2 * spans.count + 2

    /// Capture time of each frame, in seconds; increasing.
    public private(set) var times: [Double]
    /// `columns` values per frame; NaN where the span reaches before the start, or less than a frame.
    let rows: [Float]
    /// Mean brightness of each frame, 0...255.
    let brightness: [Float]
    /// Three values per frame: motion of the whole frame to the right and down, in pixels of a small frame a second,
    /// and rotation about its middle, clockwise, in radians a second; NaN for the first frame.
    let whole: [Float]
    /// Mean share of pixels that move between frames.
    public let activity: Double
    /// Frames omitted because they repeat the one before.
    public let duplicates: Int

    /// Times and amounts of change beyond noise and light (`Stirring`).
    private(set) var stirTimes: [Double]
    let stirSizes: [Float]

    init(
        times: [Double], rows: [Float], brightness: [Float], whole: [Float], activity: Double, duplicates: Int,
        stirTimes: [Double] = [], stirSizes: [Float] = []
    ) {
        self.stirTimes = stirTimes
        self.stirSizes = stirSizes
        self.times = times
        self.rows = rows
        self.brightness = brightness
        self.whole = whole
        self.activity = activity
        self.duplicates = duplicates
    }

    public var startSeconds: Double { times.first ?? 0 }
    public var endSeconds: Double { times.last ?? 0 }

    /// The usual frame interval, in seconds.
    public var frameSeconds: Double {
        guard times.count > 1 else { return 1 }
        let steps = zip(times.dropFirst(), times).map { $0 - $1 }.sorted()
        return max(1e-3, steps[steps.count / 2])
    }

    /// The span that a column compares over; speed compares neighbours.
    static func span(ofColumn column: Int) -> Double { column < 2 * spans.count ? spans[column % spans.count] : 0 }

    /// The part between two times, as if the recording had begun and ended there.
    public func cut(_ range: ClosedRange<Double>) -> PictureSignal {
        let kept = times.indices.filter { range.contains(times[$0]) }
        guard let first = kept.first else {
            return PictureSignal(times: [], rows: [], brightness: [], whole: [], activity: activity, duplicates: 0)
        }
        var rows: [Float] = []
        rows.reserveCapacity(kept.count * PictureSignal.columns)
        for index in kept {
            for column in 0..<PictureSignal.columns {
                // Flow needs the frame before the compared one.
                let flow = column < PictureSignal.spans.count ? 0 : 1
                let from = times[index] - PictureSignal.span(ofColumn: column)
                let isInside =
                    from >= times[min(times.count - 1, first + flow)] - 1e-6
                    && (column < 2 * PictureSignal.spans.count || index > first)
                rows.append(isInside ? self.rows[index * PictureSignal.columns + column] : .nan)
            }
        }
        let stirred = stirTimes.indices.filter {
            stirTimes[$0] >= times[first] && stirTimes[$0] <= times[kept[kept.count - 1]]
        }
        let whole = kept.flatMap { index in (0..<3).map { index == first ? .nan : self.whole[index * 3 + $0] } }
        return PictureSignal(
            times: kept.map { times[$0] }, rows: rows, brightness: kept.map { brightness[$0] }, whole: whole,
            activity: activity, duplicates: 0, stirTimes: stirred.map { stirTimes[$0] },
            stirSizes: stirred.map { stirSizes[$0] })
    }

    /// Time, brightness and all values of each frame, for other programs.
    public var table: [[Double]] {
        times.indices.map { frame in
            [times[frame], Double(brightness[frame])]
                + rows[frame * PictureSignal.columns..<(frame + 1) * PictureSignal.columns].map { Double($0) }
        }
    }

    /// The same frames with their times moved.
    public func moved(bySeconds seconds: Double) -> PictureSignal {
        var copy = self
        copy.times = times.map { $0 + seconds }
        copy.stirTimes = stirTimes.map { $0 + seconds }
        return copy
    }
}
