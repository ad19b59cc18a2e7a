import Foundation

extension PictureSignal {
    /// How fast things move in the picture, the camera's own motion left out: the moment between two frames in seconds, and the
    /// mean speed of all points there in pixels of a small picture a second. Frames without one are left out.
    public var motion: [(seconds: Double, speed: Double)] {
        let column = 2 * PictureSignal.spans.count
        return times.indices.dropFirst().compactMap { frame in
            let value = Double(rows[frame * PictureSignal.columns + column])
            guard value.isFinite else { return nil }
            return ((times[frame] + times[frame - 1]) / 2, max(0, exp(value) - 0.1))
        }
    }
}
