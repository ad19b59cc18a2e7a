import Foundation

extension PictureSignal {
    /// How fast things move in the picture, the camera's own motion left out: the moment between two frames in seconds,
    /// and the mean speed of all points there in pixels of a small picture a second. Frames without one are left out.
    public var motion: [(seconds: Double, speed: Double)] {
        let column = 2 * PictureSignal.spans.count
        return times.indices.dropFirst().compactMap { frame in
            let value = Double(rows[frame * PictureSignal.columns + column])
            guard value.isFinite else { return nil }
            return ((times[frame] + times[frame - 1]) / 2, max(0, exp(value) - 0.1))
        }
    }

    /// How much moves before a camera that stands, noise and changes of light left out: the moment in seconds, and its
    /// size in levels of brightness times pixels of a small picture a second. Everything is 0 where only noise is.
    public var stir: [(seconds: Double, size: Double)] {
        stirTimes.indices.map { (stirTimes[$0], Double(stirSizes[$0])) }
    }

    /// How all of the picture moves, as it does where the camera turns: the moment between two frames in seconds; to
    /// the right and down in pixels of a small picture a second (the median of all points, which what moves before the
    /// camera hardly touches), and about its middle, clockwise, in radians a second. Frames without one are left out.
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
