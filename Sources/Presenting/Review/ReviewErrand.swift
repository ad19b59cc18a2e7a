import Foundation
import MediaIO
import SyncModel
import Transcripts

/// Questions of the page about media.
public enum ReviewErrand: Codable, Sendable {
    /// Whether a browser can play a file's video directly.
    case plays(String)
    /// Mouth opening of the largest face in an interval, in seconds.
    case mouth(String, from: Double, length: Double)
    /// A recording's length and streams, and whether a browser can play its video directly.
    case facts(String)
    /// The texts inside a recording.
    case texts(String)

    /// Answers it, here or in another process; nil: no answer, or it is no longer wanted.
    public typealias Desk = @Sendable (ReviewErrand, _ isWanted: @escaping @Sendable () -> Bool) -> ReviewErrandAnswer?

    /// The file in question.
    public var file: String {
        switch self {
        case .plays(let file), .mouth(let file, _, _), .facts(let file), .texts(let file): file
        }
    }
}

public struct ReviewErrandAnswer: Codable, Sendable {
    public var plays = false
    /// Pairs of a frame's time in seconds and the opening as a share of the face's height; empty if the models are not
    /// installed.
    public var points: [[Double]] = []
    /// nil: unknown, or not requested.
    public var seconds: Double?
    public var framesPerSecond: Double?
    public var hasPictures = false
    public var hasSound = false
    public var texts: [Text] = []

    /// A text inside a recording.
    public struct Text: Codable, Sendable {
        /// Track name: `2`, `cc1`.
        public var track: String
        public var language: String?
        /// The text as SubRip.
        public var subRip: String
    }

    private static let mostTexts = 200
    private static let largestText = 16 << 20

    /// The part that is safe to show: it may come from a process compromised by a file.
    public var believed: ReviewErrandAnswer {
        var result = self
        result.points = points.prefix(100_000).filter {
            $0.count == 2 && $0.allSatisfy { $0.isFinite && abs($0) < 1e8 }
        }
        result.seconds = seconds.flatMap { $0.isFinite && $0 >= 0 && $0 < 1e8 ? $0 : nil }
        result.framesPerSecond = framesPerSecond.flatMap { $0.isFinite && $0 > 0 && $0 < 1e5 ? $0 : nil }
        result.texts = texts.prefix(ReviewErrandAnswer.mostTexts).filter {
            $0.track.count < 12 && $0.track.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
                && $0.subRip.utf8.count <= ReviewErrandAnswer.largestText
        }
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
        case .texts(let file): ReviewErrandRunner.texts(file)
        }
    }

    private static func texts(_ path: String) -> ReviewErrandAnswer {
        var answer = ReviewErrandAnswer()
        answer.texts = ((try? EmbeddedText.all(in: path)) ?? []).compactMap { track in
            track.subRip.map {
                ReviewErrandAnswer.Text(
                    track: track.name, language: track.language, subRip: String(decoding: $0, as: UTF8.self))
            }
        }
        return answer
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
