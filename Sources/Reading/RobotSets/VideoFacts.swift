import Foundation
import MediaIO
package import SyncModel

/// The length of a video file, from its header, without decoding.
package struct VideoFacts: Sendable, Codable {
    /// nil: not stated.
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
                    code: "no-picture", message: "\(path.printable) has no video",
                    remedy: "re-encode it from the recorded images")
                return
            }
            frames = stream.frameCount
            framesPerSecond = stream.frameRate
            seconds = stream.duration?.seconds ?? file.durationSeconds
        } catch {
            failure = error.failure
        }
    }

    /// Gets the facts of many files.
    package typealias Source = @Sendable (_ paths: [String]) -> [String: VideoFacts]

    /// The same without implausible values: it may come from a process that a file has compromised.
    package var believed: VideoFacts {
        func number(_ value: Double?, below most: Double) -> Double? {
            value.flatMap { $0.isFinite && $0 >= 0 && $0 < most ? $0 : nil }
        }
        return VideoFacts(
            frames: frames.flatMap { (0..<1 << 40).contains($0) ? $0 : nil }, seconds: number(seconds, below: 1e8),
            framesPerSecond: number(framesPerSecond, below: 1e6), failure: failure)
    }

    /// Facts of many files, on all CPU cores, in this process.
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
