import Assets
import Checks
import Excerpts
import Foundation
import MediaIO
import Review
import RobotSets
import SyncModel
import Synchronization
import Workers

/// Questions about media from a command with more rights: a confined process opens them and answers.
enum Errand: Codable {
    /// Facts of a video: `VideoFacts`.
    case video(String)
    /// What a camera shows: `[CameraSight?]` of one.
    case sight(CameraSight.Look)
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
        together(paths) { desk, path -> VideoFacts? in
            switch desk.ask(Errand.video(path), VideoFacts.self, about: path, seconds: 60) {
            case .success(let facts): facts.believed
            case .failure(let failure):
                VideoFacts(frames: nil, seconds: nil, framesPerSecond: nil, failure: failure)
            }
        }
    }

    /// What many cameras show, likewise.
    static func sights(_ looks: [CameraSight.Look]) -> [CameraSight.Look: CameraSight] {
        together(looks) { desk, look -> CameraSight? in
            let answer = desk.ask(Errand.sight(look), [CameraSight?].self, about: look.path, seconds: 60)
            return (try? answer.get())?.first??.believed
        }
    }

    /// Asks about many things, by several processes at once.
    private static func together<Subject: Hashable & Sendable, Answer: Sendable>(
        _ subjects: [Subject], _ ask: @Sendable (ErrandDesk, Subject) -> Answer?
    ) -> [Subject: Answer] {
        let jobs = min(subjects.count, ProcessInfo.processInfo.activeProcessorCount)
        let desks = (0..<jobs).map { _ in desk() }
        defer { for desk in desks { desk.close() } }
        let answers = Mutex<[Subject: Answer]>([:])
        DispatchQueue.concurrentPerform(iterations: jobs) { job in
            for place in stride(from: job, to: subjects.count, by: jobs) {
                let answer = ask(desks[job], subjects[place])
                answers.withLock { $0[subjects[place]] = answer }
            }
        }
        return answers.withLock { $0 }
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
        case .sight(let look): return try? WireJSON.encode([CameraSight(look)])
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
