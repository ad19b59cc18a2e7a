import Foundation
import MediaIO
package import SyncModel

/// What a video file says of its length: read from its header, nothing is decoded.
package struct VideoFacts: Sendable {
    /// nil: the file does not say.
    package var frames: Int?
    package var seconds: Double?
    package var framesPerSecond: Double?
    /// Why the file cannot be opened; nil: it can.
    package var failure: ClipFailure?

    package init(frames: Int?, seconds: Double?, framesPerSecond: Double?, failure: ClipFailure?) {
        (self.frames, self.seconds, self.framesPerSecond, self.failure) = (frames, seconds, framesPerSecond, failure)
    }

    package init(_ path: String) {
        do throws(MediaError) {
            let file = try MediaFile(path: path)
            guard let stream = file.videoStream else {
                failure = ClipFailure(
                    code: "no-picture", message: "\(path.printable) holds no picture",
                    remedy: "encode it again from the recorded images")
                return
            }
            frames = stream.frameCount
            framesPerSecond = stream.frameRate
            seconds = stream.duration?.seconds ?? file.durationSeconds
        } catch {
            failure = error.failure
        }
    }

    /// Of many files, on all processors.
    package static func of(_ paths: [String]) -> [String: VideoFacts] {
        let box = Box(count: paths.count)
        DispatchQueue.concurrentPerform(iterations: paths.count) { box.put(VideoFacts(paths[$0]), at: $0) }
        return Dictionary(
            uniqueKeysWithValues: zip(paths, box.all).compactMap { path, facts in facts.map { (path, $0) } })
    }

    private final class Box: @unchecked Sendable {
        private let lock = NSLock()
        private var facts: [VideoFacts?]

        init(count: Int) { facts = [VideoFacts?](repeating: nil, count: count) }
        func put(_ value: VideoFacts, at index: Int) { lock.withLock { facts[index] = value } }
        var all: [VideoFacts?] { lock.withLock { facts } }
    }
}
