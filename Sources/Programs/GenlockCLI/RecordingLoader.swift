import Actions
import Foundation
import MediaIO
import Plan
import SyncModel

/// Finds the recording of each labelled view, and computes its change over time.
struct RecordingLoader {
    let media: [String]

    init(_ paths: [String]) { media = paths.flatMap(MediaFinder.clips) }

    /// The recording whose name contains session and view; the session's only one if no view is named.
    func path(session: String, view: String) -> String? {
        func stem(_ path: String) -> String {
            URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent.lowercased()
        }
        let (session, view) = (session.lowercased(), view.lowercased())
        let own = media.filter { $0.lowercased().contains(session) }
        return media.first { stem($0) == "\(session)_\(view)" || stem($0) == "\(view)_\(session)" }
            ?? own.first { !view.isEmpty && stem($0).contains(view) } ?? (own.count == 1 ? own[0] : nil)
    }

    /// Tracks with their recordings; unreadable ones are reported.
    func tracks(of corpus: LabelCorpus, byAnnotator: Bool, problem: (String) -> Void) -> [RecordedTrack] {
        var known: [String: [ChangeCurve]] = [:]
        var result: [RecordedTrack] = []
        for session in corpus.sessions {
            for track in session.tracks {
                guard let path = path(session: session.name, view: track.view) else {
                    problem(
                        """
                        there is no recording of \(session.name) \(track.view) among the media; its labels are not \
                        compared with a recording
                        """
                    )
                    continue
                }
                if known[path] == nil {
                    do { known[path] = try RecordingLoader.curves(of: path) } catch let error as MediaError {
                        problem("\(error.description): \(error.failure.remedy)")
                        known[path] = []
                    } catch {
                        problem("\(path.printable) cannot be read")
                        known[path] = []
                    }
                }
                let curves = known[path, default: []]
                guard !curves.isEmpty else { continue }
                var times: [Double] = []
                for time in track.segments.flatMap({ [$0.start, $0.end] }).sorted()
                where time - (times.last ?? -.infinity) > 1e-3 { times.append(time) }
                result.append(
                    RecordedTrack(
                        session: session.name, name: byAnnotator ? track.annotator : track.view, boundaries: times,
                        curves: curves))
            }
        }
        return result
    }

    /// Change of motion and of loudness, one value per hundredth of a second.
    private static func curves(of path: String) throws -> [ChangeCurve] {
        let file = try MediaFile(path: path)
        let video = file.isStillPicture ? nil : file.videoStream?.index
        var motion = MotionGatherer()
        var sound = LoudnessGatherer()
        _ = try file.decode(
            MediaSelection(video: video, audio: try file.audioStream(number: nil)?.index),
            onPicture: { try motion.add($0) }, onSound: { sound.add($0) })
        return [motion.curve, sound.curve].compactMap { $0 }
    }
}

/// Differences of downscaled frames over time, and how much those change.
private struct MotionGatherer {
    private static let side = 48
    private var last: [Float] = []
    private var pixels: [Float] = []
    private var times: [Double] = []
    private var motion: [Double] = []

    mutating func add(_ picture: Picture) throws {
        let square = OrientedSquare(
            centre: PicturePoint(x: picture.displayWidth / 2, y: picture.displayHeight / 2),
            side: max(picture.displayWidth, picture.displayHeight), angle: 0)
        try picture.sample(square, size: Self.side, into: &pixels)
        if last.count == pixels.count {
            var sum: Float = 0
            // Changes of less than three grey levels are coding noise.
            for index in stride(from: 1, to: pixels.count, by: 3) {
                sum += max(0, abs(pixels[index] - last[index]) - 3)
            }
            times.append(picture.seconds)
            motion.append(log(1 + Double(sum)))
        }
        swap(&last, &pixels)
    }

    /// The change of motion in either direction: it begins or stops.
    var curve: ChangeCurve? {
        guard times.count > 20, let start = times.first, let end = times.last, end > start else { return nil }
        let count = Int((end - start) * ChangeCurve.rate)
        guard count > 100 else { return nil }
        let reach = 3
        var values = [Float](repeating: 0, count: count)
        var place = 0
        for index in values.indices {
            let time = start + Double(index) / ChangeCurve.rate
            while place + 1 < times.count, times[place + 1] <= time { place += 1 }
            // The difference of frames n - 1 and n is what happened between them: the mean of the next ones against the
            // previous ones.
            let after = (place + 1)...min(times.count - 1, place + reach)
            let before = max(0, place - reach + 1)...place
            guard place + 1 < times.count else { break }
            let (next, past) = (
                after.map { motion[$0] }.reduce(0, +) / Double(after.count),
                before.map { motion[$0] }.reduce(0, +) / Double(before.count)
            )
            values[index] = Float(abs(next - past))
        }
        return ChangeCurve(kind: .motion, start: start, values: values)
    }
}

/// Audio energy per hundredth of a second, and how much its logarithm rises or falls.
private struct LoudnessGatherer {
    private static let step = SoundBlock.rate / 100
    private var energies: [Int: Double] = [:]

    mutating func add(_ block: SoundBlock) {
        for channel in block.channels {
            for (index, sample) in channel.enumerated() {
                let place = (block.start + index).quotientAndRemainder(dividingBy: Self.step).quotient
                energies[place, default: 0] += Double(sample * sample)
            }
        }
    }

    var curve: ChangeCurve? {
        guard let first = energies.keys.min(), let last = energies.keys.max(), last - first > 100 else { return nil }
        let levels = (first...last).map { 10 * log10(energies[$0, default: 0] / Double(Self.step) + 1e-8) }
        let reach = 5
        let values = levels.indices.map { index -> Float in
            guard index >= reach, index + reach <= levels.count else { return 0 }
            let after = levels[index..<(index + reach)].reduce(0, +)
            let before = levels[(index - reach)..<index].reduce(0, +)
            return Float(abs(after - before) / Double(reach))
        }
        return ChangeCurve(kind: .sound, start: Double(first) / 100, values: values)
    }
}
