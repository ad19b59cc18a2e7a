import Assets
import FaceTracking
import Foundation
import Inference
import MediaIO
import Reporting
import SyncModel

/// Measures mouth opening. The face models are loaded at the first request and kept; requests are answered one at a
/// time.
final class MouthReader: @unchecked Sendable {
    // Unchecked: the tracker is only used under `lock`.
    private let lock = NSLock()
    private var tracker: FaceTracker?

    private struct Enough: Error {}

    /// Mouth opening of the largest face as a share of the face's height, in an interval in seconds; empty if the
    /// models are not installed.
    ///
    /// - Parameter isWanted: called at every frame; false cancels.
    func opening(_ path: String, from: Double, length: Double, while isWanted: () -> Bool) -> [[Double]] {
        lock.lock()
        defer { lock.unlock() }
        guard isWanted(), let tracker = loaded(), let file = try? MediaFile(path: path), let video = file.videoStream
        else { return [] }
        tracker.reset()
        var points: [[Double]] = []
        func take(_ picture: Picture) throws {
            if !isWanted() { throw Enough() }
            let faces = try tracker.track(picture, seconds: picture.seconds).faces
            guard picture.seconds >= from, picture.seconds < from + length,
                let opening = faces.first?.landmarks.mouthOpening
            else { return }
            points.append([picture.seconds, Double(opening)])
        }
        let isEntered =
            from > 0
            ? (try? file.decodePictures(
                video: video.index, seconds: from..<from + length, earliest: from, onPicture: take)) : nil
        if isEntered == nil || isEntered == .some(nil), from == 0 || points.isEmpty {
            _ = try? file.decode(
                MediaSelection(video: video.index, audio: nil),
                onPicture: { picture in
                    if picture.seconds >= from + length { throw Enough() }
                    try take(picture)
                })
        }
        return points
    }

    private func loaded() -> FaceTracker? {
        if tracker == nil {
            let assets = AssetFolder(environment: ProcessInfo.processInfo.environment)
            tracker = assets.library.flatMap { try? InferenceLibrary(path: $0) }.flatMap {
                try? FaceTracker(assets: assets, library: $0)
            }
        }
        return tracker
    }
}

/// Of costly requests only the latest is completed: the user has moved on to another clip.
final class Turns: @unchecked Sendable {
    private let lock = NSLock()
    private var latest = 0

    func next() -> Int {
        lock.withLock {
            latest += 1
            return latest
        }
    }

    func isLatest(_ turn: Int) -> Bool { lock.withLock { turn == latest } }
}
