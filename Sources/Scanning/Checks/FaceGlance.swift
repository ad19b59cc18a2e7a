import FaceTracking
import MediaIO

/// Single pictures spread over a clip, looked at for faces where stretches of it showed none.
struct FaceGlance {
    /// So many are looked at, at most, and one for so many seconds.
    private static let most = 30
    private static let secondsEach = 5.0

    /// Times in seconds of the pictures that were looked at, and of those with a face; ascending.
    private(set) var looked: [Double] = []
    private(set) var faced: [Double] = []

    var isFaceless: Bool { faced.isEmpty }
    /// Whether most of the clip shows something else.
    var isSparse: Bool { faced.count * 2 < looked.count }

    /// Where to look: evenly spread, at key pictures where the file tells of them, since others cost the decoding of
    /// all since the last one.
    static func times(durationSeconds: Double, keys: [Double]) -> [Double] {
        let count = min(most, max(6, Int(durationSeconds / secondsEach)))
        let even = (0..<count).map { (Double($0) + 0.5) / Double(count) * durationSeconds }
        guard !keys.isEmpty else { return even }
        let near = even.compactMap { time in keys.min { abs($0 - time) < abs($1 - time) } }
        return Array(Set(near)).sorted()
    }

    /// Notes one picture.
    mutating func note(_ seconds: Double, hasFace: Bool) {
        looked.append(seconds)
        if hasFace { faced.append(seconds) }
    }

    /// Where faces are rare: their places, then of the planned starts those that lie near one; all else is no use.
    ///
    /// - Parameter length: of a stretch in seconds.
    func worthwhile(_ starts: [Double], length: Double, latest: Double) -> [Double] {
        guard isSparse, !isFaceless else { return starts }
        let reach = max(length, 0.5 * (looked.last ?? 0) / Double(max(1, looked.count)))
        let near = starts.filter { start in faced.contains { abs($0 - start) <= reach } }
        let missed = faced.map { min($0, latest) }.filter { face in near.allSatisfy { abs($0 - face) > length + 1 } }
        return missed + near
    }
}

extension LipMeasurement {
    /// Looks at single pictures all over the clip.
    ///
    /// - Returns: nil where the file cannot be entered in its midst.
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
