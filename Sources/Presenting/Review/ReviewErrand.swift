import Foundation
import MediaIO
import SyncModel

/// What the page needs to know of media.
public enum ReviewErrand: Codable, Sendable {
    /// Whether a browser plays the pictures of a file as they are.
    case plays(String)
    /// How far the mouth of the largest face is open in a stretch of time, in seconds.
    case mouth(String, from: Double, length: Double)
    /// How long a recording is, what it holds, and whether a browser plays its pictures as they are.
    case facts(String)

    /// Answers it, here or in another process; nil: it cannot be told, or nobody waits for it any more.
    public typealias Desk = @Sendable (ReviewErrand, _ isWanted: @escaping @Sendable () -> Bool) -> ReviewErrandAnswer?

    /// The file that it is about.
    public var file: String {
        switch self {
        case .plays(let file), .mouth(let file, _, _), .facts(let file): file
        }
    }
}

public struct ReviewErrandAnswer: Codable, Sendable {
    public var plays = false
    /// Pairs of a picture's time in seconds and the opening, as a share of the face's height; empty where the models
    /// are not installed.
    public var points: [[Double]] = []
    /// nil: not known, or nobody asked.
    public var seconds: Double?
    public var framesPerSecond: Double?
    public var hasPictures = false
    public var hasSound = false

    /// What of it can be shown: it may come from a process that a file has taken over.
    public var believed: ReviewErrandAnswer {
        var result = self
        result.points = points.prefix(100_000).filter {
            $0.count == 2 && $0.allSatisfy { $0.isFinite && abs($0) < 1e8 }
        }
        result.seconds = seconds.flatMap { $0.isFinite && $0 >= 0 && $0 < 1e8 ? $0 : nil }
        result.framesPerSecond = framesPerSecond.flatMap { $0.isFinite && $0 > 0 && $0 < 1e5 ? $0 : nil }
        return result
    }
}

/// Answers in this process.
public final class ReviewErrandRunner: Sendable {
    private let mouths = MouthReader()

    public init() {}

    public func answer(_ errand: ReviewErrand, while isWanted: () -> Bool = { true }) -> ReviewErrandAnswer {
        switch errand {
        case .plays(let file): ReviewErrandAnswer(plays: ReviewErrandRunner.plays(file))
        case .mouth(let file, let from, let length):
            ReviewErrandAnswer(points: mouths.opening(file, from: from, length: length, while: isWanted))
        case .facts(let file): ReviewErrandRunner.facts(file)
        }
    }

    private static func facts(_ path: String) -> ReviewErrandAnswer {
        guard let file = try? MediaFile(path: path) else { return ReviewErrandAnswer() }
        let isMoving = file.videoStream != nil && !file.isStillPicture
        var answer = ReviewErrandAnswer(plays: plays(path))
        answer.seconds = file.durationSeconds
        answer.framesPerSecond = isMoving ? file.videoStream?.frameRate : nil
        (answer.hasPictures, answer.hasSound) = (isMoving, !file.audioStreams.isEmpty)
        return answer
    }

    private static func plays(_ path: String) -> Bool {
        guard let file = try? MediaFile(path: path), let video = file.videoStream else { return false }
        let isKnown =
            file.format.contains("mp4")
            || file.format.contains("webm") && path.endingOfPath.lowercased() == "webm"
        return isKnown && ["h264", "vp8", "vp9", "av1"].contains(video.codec)
    }
}
