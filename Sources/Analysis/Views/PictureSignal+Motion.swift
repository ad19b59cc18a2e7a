import Foundation

extension PictureSignal {
    /// Speed of motion in the video without the camera's motion: the time between two frames in seconds, and the mean
    /// speed of all points there in pixels of a small frame a second. Frames without one are omitted.
    public var motion: [(seconds: Double, speed: Double)] {
        let column = 2 * PictureSignal.spans.count
        return times.indices.dropFirst().compactMap { frame in
            let value = Double(rows[frame * PictureSignal.columns + column])
            guard value.isFinite else { return nil }
            return ((times[frame] + times[frame - 1]) / 2, max(0, exp(value) - 0.1))
        }
    }

    /// Amount of motion before a static camera, without noise and light changes: the time in seconds, and its size in
    /// levels of brightness times pixels of a small frame a second. Everything is 0 where only noise is.
    public var stir: [(seconds: Double, size: Double)] {
        stirTimes.indices.map { (stirTimes[$0], Double(stirSizes[$0])) }
    }

    /// Motion of the whole frame, as when the camera turns: the time between two frames in seconds; to the right and
    /// down in pixels of a small frame a second (the median of all points, hardly affected by moving objects), and
    /// about its middle, clockwise, in radians a second. Frames without one are omitted.
    public var wholeMotion: [(seconds: Double, right: Double, down: Double, clockwise: Double)] {
        times.indices.dropFirst().compactMap { frame in
            let (right, down, turn) = (
                Double(whole[3 * frame]), Double(whole[3 * frame + 1]), Double(whole[3 * frame + 2])
            )
            guard right.isFinite, down.isFinite, turn.isFinite else { return nil }
            return ((times[frame] + times[frame - 1]) / 2, right, down, turn)
        }
    }
}
