import Assets
import Checks
import Excerpts
import Foundation
import MediaIO
import Review
import RobotSets
import SyncModel
import Workers

/// Questions about media from a command with more rights: a confined process opens them and answers.
enum Errand: Codable {
    /// Facts of a video: `VideoFacts`.
    case video(String)
    /// The length of a recording: `Double?`.
    case seconds(String)
    /// `ClipExcerpt`.
    case excerpt(
        clip: String, audioFile: String?, sight: ClipExcerpt.Sight, offsetMilliseconds: Double?, withPictures: Bool)
    /// `ReviewErrand`.
    case review(ReviewErrand)
    /// The output of `LipFeatureReader` for a clip; empty if it has no face or no audio.
    case lipFeatures(String)

    /// A desk with a separate process.
    static func desk() -> ErrandDesk {
        ErrandDesk(
            launch: .init(
                executable: Programs.own, arguments: ["worker", "--errands"],
                environment: Programs.workerEnvironment),
            memory: WorkerLimits.defaultMemory(jobs: 1))
    }

    /// The facts of many videos, by several processes at once.
    static func videos(_ paths: [String]) -> [String: VideoFacts] {
        let jobs = min(paths.count, ProcessInfo.processInfo.activeProcessorCount)
        let desks = (0..<jobs).map { _ in desk() }
        defer { for desk in desks { desk.close() } }
        let box = Box()
        DispatchQueue.concurrentPerform(iterations: jobs) { job in
            for place in stride(from: job, to: paths.count, by: jobs) {
                let path = paths[place]
                switch desks[job].ask(Errand.video(path), VideoFacts.self, about: path, seconds: 60) {
                case .success(let facts): box.put(facts.believed, path)
                case .failure(let failure):
                    box.put(VideoFacts(frames: nil, seconds: nil, framesPerSecond: nil, failure: failure), path)
                }
            }
        }
        return box.all
    }

    private final class Box: @unchecked Sendable {
        private let lock = NSLock()
        private var facts: [String: VideoFacts] = [:]

        func put(_ value: VideoFacts, _ path: String) { lock.withLock { facts[path] = value } }
        var all: [String: VideoFacts] { lock.withLock { facts } }
    }
}

/// Answers errands, inside the confined process.
final class ErrandRunner {
    private let assets = AssetFolder(environment: ProcessInfo.processInfo.environment).root
    private var readers: [Bool: ExcerptReader] = [:]
    private let review = ReviewErrandRunner()
    private lazy var lips = try? LipFeatureReader(assets: assets)

    func answer(_ question: Data) -> Data? {
        guard let errand = try? WireJSON.decode(Errand.self, question) else { return nil }
        switch errand {
        case .video(let path): return try? WireJSON.encode(VideoFacts(path))
        case .seconds(let path): return try? WireJSON.encode([(try? MediaFile(path: path))?.durationSeconds])
        case .excerpt(let clip, let audioFile, let sight, let offset, let withPictures):
            let reader = readers[withPictures] ?? ExcerptReader(assets: assets, withPictures: withPictures)
            readers[withPictures] = reader
            return try? WireJSON.encode(
                reader.excerpt(
                    of: clip, audioFile: audioFile, sight: sight, offset: offset.map { Offset(milliseconds: $0) }))
        case .review(let errand): return try? WireJSON.encode(review.answer(errand))
        case .lipFeatures(let clip): return (try? lips?.features(of: clip)) ?? Data()
        }
    }
}
