import Assets
import FaceTracking
import Foundation
import Inference
import MediaIO
public import SyncModel

/// Re-reads a few seconds of a clip, to show people what was measured.
///
/// Nothing is re-measured: the offset is the stored one. Used by one thread.
public final class ExcerptReader {
    /// Longer clips are excerpted to this length, in seconds.
    public static let length = 6.0
    private let assets: String
    private let withPictures: Bool
    private var tracker: FaceTracker?
    private var isTrackerTried = false

    /// - Parameters:
    ///   - assets: the inference library and the face models; without them mouths are omitted, the rest remains.
    ///   - withPictures: whether stills are kept.
    public init(assets: String, withPictures: Bool) {
        (self.assets, self.withPictures) = (assets, withPictures)
    }

    /// An excerpt of a clip, or why there is none. Never throws: the page continues without it.
    ///
    /// - Parameters:
    ///   - audioFile: the separate audio file.
    ///   - offset: of audio against video; nil: unknown.
    public func excerpt(of clip: String, audioFile: String?, sight: ClipExcerpt.Sight, offset: Offset?) -> ClipExcerpt {
        guard FileManager.default.fileExists(atPath: clip) else {
            return .nothing(
                """
                the recording is no longer at this path: make the page in the folder where it was scanned
                """
            )
        }
        do {
            var best: ClipExcerpt?
            for share in [0.3, 0.6, 0.1] {
                let excerpt = try read(clip, audioFile, sight, offset, share: share)
                if excerpt.moment != nil { return excerpt }
                if best == nil || excerpt.seen.compactMap(\.self).count > (best?.seen.compactMap(\.self).count ?? 0) {
                    best = excerpt
                }
                if excerpt.span.end - excerpt.span.start < ExcerptReader.length - 0.5 { break }
            }
            return best ?? .nothing("nothing of it could be shown")
        } catch let error as MediaError {
            return .nothing("it could not be re-read: \(error.description)")
        } catch {
            return .nothing("it could not be re-read")
        }
    }

    private func read(
        _ clip: String, _ audioFile: String?, _ sight: ClipExcerpt.Sight, _ offset: Offset?, share: Double
    ) throws -> ClipExcerpt {
        let file = try MediaFile(path: clip)
        guard let video = file.videoStream, !file.isStillPicture else {
            return .nothing("there is no video to show")
        }
        let duration = file.durationSeconds ?? ExcerptReader.length
        let start =
            duration > ExcerptReader.length * 1.3 && file.isSeekable ? share * (duration - ExcerptReader.length) : 0
        let span = TimeSpan(start: start, end: start + min(ExcerptReader.length, max(duration, 0.1)))
        let move = min(10, abs(offset?.seconds ?? 0)) + 0.3
        var watcher = Watcher(sight: sight, tracker: sight == .mouth ? faces() : nil, withPictures: withPictures)
        var levels = SoundLevels(TimeSpan(start: span.start - move, end: span.end + move))
        let audio = audioFile == nil ? try file.audioStream(number: nil) : nil
        if let audioFile { _ = try SoundFile.decode(path: audioFile) { levels.add($0) } }
        let heard = audio == nil ? span.start..<span.start : levels.start..<span.end + move
        let isEntered =
            try start > 0
            && file.decodeStretch(
                MediaSelection(video: video.index, audio: audio?.index), pictures: span.start..<span.end, sound: heard,
                onPicture: { try watcher.look(at: $0) }, onSound: { levels.add($0) }) != nil
        if !isEntered {
            let whole = try MediaFile(path: clip)
            _ = try whole.decode(
                MediaSelection(video: video.index, audio: audio?.index),
                onPicture: { if $0.seconds >= span.start, $0.seconds < span.end { try watcher.look(at: $0) } },
                onSound: { levels.add($0) })
        }
        let seen = watcher.seen.even(over: span)
        let sound = levels.isEmpty ? [] : levels.values
        let moment = MomentFinder.moment(
            sound: sound, soundStart: levels.start, seen: seen, span: span, sight: watcher.sight, offset: offset)
        let stills = try withPictures ? moment.map { try watcher.kept.stills(of: $0) } ?? [] : []
        return ClipExcerpt(
            span: span, soundStart: levels.start, sound: sound, sight: watcher.sight, seen: seen, moment: moment,
            stills: stills,
            note: sight == .mouth && watcher.sight == .movement
                ? "no face was tracked here: motion in the video is shown instead" : nil)
    }

    private func faces() -> FaceTracker? {
        if !isTrackerTried {
            isTrackerTried = true
            let found = AssetFolder(root: assets)
            tracker = found.library.flatMap { path in
                (try? InferenceLibrary(path: path)).flatMap { try? FaceTracker(assets: found, library: $0) }
            }
        }
        tracker?.beginClip()
        return tracker
    }
}
