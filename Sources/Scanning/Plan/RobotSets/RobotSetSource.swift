public import Foundation
package import Parquet
package import RobotSets
import Sensors
import SyncModel

/// The episodes of robot sets in a scan: clocks of all of them, video of a random sample.
public final class RobotSetSource {
    /// Default number of episodes of each set whose video is examined.
    public static let usualSample = 200
    /// Tables read at once, ahead of the worker that needs the first of them.
    private static let ahead = 24

    public struct Choice: Sendable {
        /// nil: the default sample.
        public var sample: Int?
        public var seed: UInt64
        /// Whether the video of all episodes is examined.
        public var isThorough: Bool

        public init(sample: Int?, seed: UInt64, isThorough: Bool) {
            self.sample = sample
            self.seed = seed
            self.isThorough = isThorough
        }
    }

    private let query: TableQuery
    private let videos: VideoFacts.Source
    private let sights: CameraSight.Source
    private let recall: (_ root: String) -> Data?
    private var surveys: [SetSurvey] = []
    /// By the clip's name: the set, and the index in its survey.
    private var places: [String: (set: Int, place: Int)] = [:]
    private var order: [String] = []
    private var read: [String: Result<EpisodeReader.Content, ClipFailure>] = [:]
    /// By set, the number of episodes whose video is examined, and of all.
    public private(set) var samples: [(root: String, looked: Int, of: Int)] = []

    /// Of each set, a document for `recall` of the next scan; empty where that of the last one still holds.
    public private(set) var documents: [(root: String, document: Data)] = []

    /// - Parameters:
    ///   - videos: finds the lengths of videos; by default it opens them in this process.
    ///   - sights: looks at videos, likewise.
    ///   - recall: the document of a set from an earlier scan.
    package init(
        query: TableQuery, videos: @escaping VideoFacts.Source = { VideoFacts.of($0) },
        sights: @escaping CameraSight.Source = { CameraSight.of($0) },
        recall: @escaping (_ root: String) -> Data? = { _ in nil }
    ) {
        self.query = query
        self.videos = videos
        self.sights = sights
        self.recall = recall
    }

    /// Adds one request per episode and one for the set as a whole, the set first.
    public func add(_ root: String, choice: Choice, to plan: inout ScanPlan, progress: (String) -> Void = { _ in }) {
        do throws(ClipFailure) {
            let set = try RobotSet(root: root)
            let files = SetFingerprint.of(root)
            let known = files.flatMap { files in recall(root).flatMap { KeptSurvey($0, files: files) } }
            if known != nil { progress("unchanged since the last scan; its clocks are known") }
            let survey: SetSurvey
            if let known {
                survey = known.survey(of: set)
            } else {
                survey = try SetSurvey(set, query: query, videos: videos, progress: progress)
            }
            let number = surveys.count
            surveys.append(survey)
            let visible = survey.cases.indices.filter {
                survey.cases[$0].failure == nil && !survey.cases[$0].cameras.isEmpty
                    && !survey.cases[$0].columns.isEmpty
            }
            let turns = Dictionary(
                uniqueKeysWithValues: visible.map {
                    ($0, SampleTurn.of(survey.cases[$0].episode.clip, seed: choice.seed))
                })
            let most = choice.sample ?? (choice.isThorough ? visible.count : RobotSetSource.usualSample)
            let looked = Set(visible.sorted { (turns[$0] ?? 0, $0) < (turns[$1] ?? 0, $1) }.prefix(most))
            var kept = known ?? KeptSurvey(survey, files: files ?? "")
            let swapped = lookForSwaps(survey, looked, &kept, progress)
            if files != nil, survey.isLasting, known?.sights.count != kept.sights.count || known == nil,
                let document = kept.document
            {
                documents.append((root, document))
            }
            let faults = survey.faults + [swapped.common].compactMap { $0 }
            var whole = ClipRequest(clip: root + "/meta/info.json", subject: .episode(EpisodeTask(survey, faults)))
            whole.attributes = RobotSetSource.attributes(set, faults)
            plan.add(whole)
            for (place, found) in survey.cases.enumerated() {
                var task = EpisodeTask(found, framesPerSecond: set.framesPerSecond)
                task.wantsContent = looked.contains(place)
                if let swap = swapped.faults[place] { task.faults.append(swap) }
                var request = ClipRequest(clip: found.episode.clip, subject: .episode(task))
                request.attributes = RobotSetSource.attributes(set, task.faults) + found.episode.attributes
                if task.wantsContent {
                    request.attributes.append(
                        ClipRecord.Attribute(
                            "cameras", found.cameras.map(\.camera).joined(separator: ClipRecord.nameSeparator)))
                    order.append(request.clip)
                }
                places[request.clip] = (number, place)
                plan.add(request)
            }
            samples.append((root, looked.count, survey.cases.count))
        } catch {
            plan.add(problem: ClipReport(clip: root, durationSeconds: nil, outcome: .failed(error)))
        }
    }

    /// Cameras that show what others show in the other episodes, among some episodes.
    private func lookForSwaps(
        _ survey: SetSurvey, _ looked: Set<Int>, _ kept: inout KeptSurvey, _ progress: (String) -> Void
    ) -> SwappedCameras {
        let cases = survey.cases
        let several = looked.filter { cases[$0].cameras.count > 1 }
        func look(_ place: Int, _ camera: RobotEpisode.Video) -> CameraSight.Look {
            CameraSight.Look(
                path: camera.path, from: camera.from ?? 0,
                seconds: Double(cases[place].rows) / survey.set.framesPerSecond)
        }
        let missing = several.sorted().flatMap { place in
            cases[place].cameras.filter { kept.sights[cases[place].episode.clip]?[$0.camera] == nil }
                .map { (place, $0, look(place, $0)) }
        }
        if !missing.isEmpty {
            progress("what \(missing.count) cameras show")
            let found = sights(missing.map(\.2))
            for (place, camera, look) in missing {
                kept.sights[cases[place].episode.clip, default: [:]][camera.camera] = found[look]
            }
        }
        return SwappedCameras(
            Dictionary(uniqueKeysWithValues: several.map { ($0, kept.sights[cases[$0].episode.clip] ?? [:]) }))
    }

    private static func attributes(_ set: RobotSet, _ faults: [LogFault]) -> [ClipRecord.Attribute] {
        var result: [ClipRecord.Attribute] = []
        if let robot = set.robot { result.append(ClipRecord.Attribute("robot", robot)) }
        if !faults.isEmpty {
            // One per fault, in the order of the reasons.
            result.append(ClipRecord.Attribute("faults", faults.map(\.kind.rawValue).joined(separator: " ")))
        }
        return result
    }

    /// The request with the motion in its table, which is read together with the next ones.
    ///
    /// - Parameter isMeasured: whether an episode, by the clip's name, will be measured too: others are not read.
    public func filled(_ request: ClipRequest, isMeasured: (String) -> Bool) -> ClipRequest {
        guard var task = request.episode, task.wantsContent, let place = places[request.clip] else { return request }
        if read[request.clip] == nil { readAhead(from: request.clip, set: place.set, isMeasured) }
        var request = request
        switch read.removeValue(forKey: request.clip) {
        case .success(let content):
            task.courses = content.courses.map(EpisodeTask.Course.init)
            task.notes = content.notes.map(\.description)
        case .failure(let failure): task.notes = ["\(failure.message); what to do: \(failure.remedy)"]
        case nil: break
        }
        request.subject = .episode(task)
        return request
    }

    private func readAhead(from clip: String, set: Int, _ isMeasured: (String) -> Bool) {
        guard let start = order.firstIndex(of: clip) else { return }
        var next: [String] = []
        for other in order[start...] where other == clip || places[other]?.set == set && isMeasured(other) {
            next.append(other)
            if next.count == RobotSetSource.ahead { break }
        }
        let survey = surveys[set]
        let cases = next.compactMap { places[$0].map { survey.cases[$0.place] } }
        for (index, result) in EpisodeReader(survey.set, query: query).content(of: cases) {
            if let one = cases.first(where: { $0.episode.index == index }) { read[one.episode.clip] = result }
        }
        order.removeSubrange(..<start)
    }
}
