import Foundation
import SignalCore
import SyncModel

/// A master's video, prepared once for all its copies.
public struct MasterPicture: Sendable {
    public let course: FrameSequence
    let search: ChangeSearch

    public init(_ course: FrameSequence) {
        self.course = course
        search = ChangeSearch(ChangeSignal(course))
    }
}

/// Locates a copy's video on the master's.
///
/// Segments of 16 s are found by how the video changes (`ChangeSignal`) and joined to tracks; the geometry of the copy
/// is found from points on the best track (`PictureShape`); every frame is then compared with the frames of the master
/// near each track (`FrameMatcher`), and the tracks that explain the copy with the fewest breaks are its segments.
public struct PicturePlacer: Sendable {
    static let stretch = 400
    static let hop = 200
    /// Least height of a candidate position of a segment, and least sum along a track.
    static let candidate = 4.3
    static let needed = 12.0
    /// Frames with at least this much motion on both sides for this many seconds would have been found.
    static let ampleSeconds = 20.0

    public init() {}

    public func place(_ copy: FrameSequence, on master: MasterPicture) -> MasterPlacement {
        var result = MasterPlacement()
        let moving = min(copy.movingSeconds, master.course.movingSeconds)
        result.isAmple = moving >= PicturePlacer.ampleSeconds
        guard copy.count > 8, master.course.count > 8 else {
            result.isEmpty = true
            result.because = [Reason("the video hardly changes: its moments cannot be distinguished")]
            return result
        }
        guard let (speed, tracks) = tracks(copy, master) else {
            let course = ChangeSignal(copy)
            let length = min(PicturePlacer.stretch, course.count)
            let alike = master.search.likeness(course, first: (course.count - length) / 2, count: length)
            if moving >= 3, alike > 0.5 {
                // What fits well without standing out fits at many positions.
                result.isAmple = false
                result.because = [
                    Reason("the video repeats: it fits the master at many positions, and none is clearly best")
                ]
                return result
            }
            result.because = [
                Reason(
                    moving < 3
                        ? "the video moves for only \(Int(moving)) s: too little to locate it on the master"
                        : "nothing in the video matches the master's")
            ]
            return result
        }
        result.speed = speed
        guard let matcher = FrameMatcher(copy: copy, master: master.course, speed: speed, tracks: tracks) else {
            result.because = [Reason("too little of the video moves to locate it on the master")]
            return result
        }
        let found = matcher.follow()
        result.pieces = found.pieces
        result.because = found.because
        if !found.because.isEmpty { result.pieces = [] }
        result.evidence = found.evidence
        return result
    }

    /// A position that successive segments agree on.
    struct Track: Sendable {
        /// In stretched copy time, with the offset there.
        var points: [(x: Double, offset: Double, height: Double)]
        var score: Double { points.reduce(0) { $0 + $1.height } }
        var start: Double { points[0].x }
        var end: Double { points[points.count - 1].x }

        /// Linear between its points, level beyond them.
        func offset(at x: Double) -> Double {
            if x <= points[0].x { return points[0].offset }
            var (low, high) = (0, points.count - 1)
            if x >= points[high].x { return points[high].offset }
            while high - low > 1 {
                let middle = (low + high) / 2
                if points[middle].x <= x { low = middle } else { high = middle }
            }
            let share = (x - points[low].x) / (points[high].x - points[low].x)
            return points[low].offset + share * (points[high].offset - points[low].offset)
        }
    }

    /// The speed at which most is found, with the positions.
    private func tracks(_ copy: FrameSequence, _ master: MasterPicture) -> (speed: Double, tracks: [Track])? {
        var best: (speed: Double, tracks: [Track], score: Double)?
        for (ratio, _) in PlaySpeed.known where abs(ratio - 1) > 0.01 || ratio == 1 {
            let course = ChangeSignal(copy, speed: ratio)
            let tracks = tracks(course, master.search)
            let strong = tracks.first.map { top in tracks.filter { $0.score > 0.2 * top.score } } ?? []
            // At a wrong speed a long track falls into short ones.
            let score = strong.reduce(0) { $0 + $1.score * $1.score }.squareRoot()
            if score > (best?.score ?? 0) * 1.15 { best = (ratio, tracks, score) }
            // At the right speed nearly every segment stands out, most of them on one track or two.
            let stretches = Double(max(1, course.count / PicturePlacer.hop - 1))
            let sum = strong.reduce(0) { $0 + $1.score }
            if ratio == 1, sum > 7 * stretches, sum > 20, score > 0.65 * sum { break }
        }
        guard let best, let top = best.tracks.first, top.score > PicturePlacer.needed else { return nil }
        return (best.speed, best.tracks)
    }

    private func tracks(_ course: ChangeSignal, _ search: ChangeSearch) -> [Track] {
        var tracks: [Track] = []
        let length = min(PicturePlacer.stretch, course.count)
        let hop = PicturePlacer.hop
        let last = max(0, course.count - length)
        for first in Array(stride(from: 0, to: last, by: hop)) + [last] {
            let middle = course.start + (Double(first) + Double(length) / 2) / ChangeSignal.rate
            for peak in search.peaks(course, first: first, count: length, limit: 5)
            where peak.height > PicturePlacer.candidate {
                let point = (x: middle, offset: peak.offset, height: peak.height)
                let open = tracks.indices.filter {
                    abs(tracks[$0].points[tracks[$0].points.count - 1].offset - peak.offset) < 0.13
                        && middle - tracks[$0].end < 60 && middle > tracks[$0].end
                }
                if let index = open.max(by: { tracks[$0].score < tracks[$1].score }) {
                    tracks[index].points.append(point)
                } else {
                    tracks.append(Track(points: [point]))
                }
            }
        }
        let strong = tracks.filter { $0.score > PicturePlacer.needed || $0.points.contains { $0.height > 7 } }
        return Array(strong.sorted { $0.score > $1.score }.prefix(40))
    }
}

extension FrameSequence {
    /// Seconds with motion that can be distinguished from coding noise.
    var movingSeconds: Double {
        var sum = 0.0
        for index in 1..<max(1, count) where changes[index] > 0.35 { sum += min(0.2, times[index] - times[index - 1]) }
        return sum
    }
}
