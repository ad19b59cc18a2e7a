import FaceTracking
import MediaIO

/// Single frames spread over a clip, examined for faces if its segments showed none.
struct FaceGlance {
    /// Largest number of frames, and their least interval in seconds.
    private static let most = 30
    private static let secondsEach = 5.0

    /// Times in seconds of the examined frames, and of those with a face; ascending.
    private(set) var looked: [Double] = []
    private(set) var faced: [Double] = []

    var isFaceless: Bool { faced.isEmpty }
    /// Whether most of the clip shows something else.
    var isSparse: Bool { faced.count * 2 < looked.count }

    /// Times to examine: evenly spread, at keyframes if known, since others require decoding from the keyframe before.
    static func times(durationSeconds: Double, keys: [Double]) -> [Double] {
        let count = min(most, max(6, Int(durationSeconds / secondsEach)))
        let even = (0..<count).map { (Double($0) + 0.5) / Double(count) * durationSeconds }
        guard !keys.isEmpty else { return even }
        let near = even.compactMap { time in keys.min { abs($0 - time) < abs($1 - time) } }
        return Array(Set(near)).sorted()
    }

    /// Adds one frame.
    mutating func note(_ seconds: Double, hasFace: Bool) {
        looked.append(seconds)
        if hasFace { faced.append(seconds) }
    }

    /// If faces are rare: their times, then the planned starts near one; others are useless.
    ///
    /// - Parameter length: of a segment in seconds.
    func worthwhile(_ starts: [Double], length: Double, latest: Double) -> [Double] {
        guard isSparse, !isFaceless else { return starts }
        let reach = max(length, 0.5 * (looked.last ?? 0) / Double(max(1, looked.count)))
        let near = starts.filter { start in faced.contains { abs($0 - start) <= reach } }
        let missed = faced.map { min($0, latest) }.filter { face in near.allSatisfy { abs($0 - face) > length + 1 } }
        return missed + near
    }
}

extension LipMeasurement {
    /// Examines single frames all over the clip.
    ///
    /// - Returns: nil if the file is not seekable.
    func glance(durationSeconds: Double) throws -> (glance: FaceGlance, tally: MediaTally)? {
        var glance = FaceGlance()
        var tally = MediaTally()
        let keys = file.keyPictures(video: video.index)
        for time in FaceGlance.times(durationSeconds: durationSeconds, keys: keys) {
            tracker.reset()
            var hasLooked = false
            let part = try file.decodePictures(
                video: video.index, seconds: time..<time + 0.05, earliest: max(0, time - 0.2)
            ) { picture in
                guard !hasLooked else { return }
                hasLooked = true
                let view = try tracker.track(picture, seconds: picture.seconds)
                glance.note(picture.seconds, hasFace: !view.faces.isEmpty || !view.boxes.isEmpty)
            }
            guard let part else { return nil }
            tally.pictures += part.pictures
            tally.damagedVideoPackets += part.damagedVideoPackets
        }
        tracker.reset()
        return (glance, tally)
    }
}
