import Assets
import FaceTracking
import Files
import Foundation
import Inference
import LipSync
import MediaIO
public import Plan
public import SyncModel

/// The check `lips`: the audio against the mouth of the speaking face.
public final class LipCheck: ClipCheck {
    public let check = Check.lips
    private let settings: CheckSettings
    private let resources: LipResources

    public init(_ settings: CheckSettings) {
        self.settings = settings
        resources = LipResources(settings)
    }

    public var method: MethodVersion {
        get throws { try settings.lipModel?.method ?? LipModel.packaged().method }
    }

    public func plan(_ clip: OpenedClip) throws -> CheckPlan {
        let analyser = try resources.analyser(for: clip)
        guard clip.hasSound else {
            try clip.confirmPicture()
            return .findings([analyser.withoutMeasuring("there is no audio")])
        }
        guard let video = clip.video else {
            return .findings([analyser.withoutMeasuring("there is no video, only audio")])
        }
        if clip.file.isStillPicture {
            return .findings([analyser.withoutMeasuring("it is a single image: nothing moves")])
        }
        switch resources.tracker {
        case .success(let tracker):
            tracker.beginClip()
            let measurement = LipMeasurement(
                file: clip.file, video: video, audio: clip.ownAudio,
                channels: clip.channels, analyser: analyser, tracker: tracker)
            if !settings.thorough, clip.file.isSeekable, let duration = clip.file.durationSeconds,
                duration > StretchPlan.wholeUpTo
            {
                if clip.ownAudio != nil, duration > LipMeasurement.exhaustedUpTo,
                    let probed = try measurement.probed(durationSeconds: duration)
                {
                    return .findings([probed.0.blaming(probed.1)])
                }
                return .listen(SampledLips(measurement, durationSeconds: duration))
            }
            return .listen(WholeLips(measurement))
        case .failure(let missing):
            let reason = Reason("faces cannot be tracked: \(missing.description); \(missing.remedy)")
            return .findings([
                Finding(
                    check: .lips, subject: .audio, reference: .video,
                    judgement: Judgement(.inconclusive, tolerance: analyser.tolerance), because: [reason],
                    method: analyser.model.method)
            ])
        }
    }
}

/// Resources of lips per worker, loaded when the first clip needs them: the weights in a few milliseconds, the face
/// networks in 0.4 s.
private final class LipResources {
    private let settings: CheckSettings
    /// By the fold of an adapted model; nil: the packaged one's, or that of all folds.
    private var analysers: [Int?: LipAnalyser] = [:]
    private var adapted: AdaptedLipModel?
    private var loadedTracker: Result<FaceTracker, InferenceError>?

    init(_ settings: CheckSettings) { self.settings = settings }

    /// With the packaged weights, or those of an adapted model that have not learnt from the clip.
    func analyser(for clip: OpenedClip) throws -> LipAnalyser {
        guard let file = settings.lipModel else { return try analyser(nil) { try .packaged() } }
        let model =
            try adapted
            ?? AdaptedLipModel(
                data: Data(contentsOf: URL(fileURLWithPath: file.path)), expecting: file.method)
        adapted = model
        let content = ContentIdentity.content(
            of: FetchedFiles.place(clip.request.clip), region: clip.files.region)
        return try analyser(model.fold(of: content)) { try model.model(for: content) }
    }

    private func analyser(_ fold: Int?, _ model: () throws -> LipModel) throws -> LipAnalyser {
        if let loaded = analysers[fold] { return loaded }
        let made = LipAnalyser(
            model: try model(), tolerance: settings.tolerance, expectation: settings.expectation,
            reachSeconds: settings.reachSeconds)
        analysers[fold] = made
        return made
    }

    var tracker: Result<FaceTracker, InferenceError> {
        if let loadedTracker { return loadedTracker }
        let assets = AssetFolder(root: settings.assets)
        let made = Result { () throws(InferenceError) -> FaceTracker in
            guard let path = assets.library else {
                throw InferenceError(
                    .runtimeMissing, "the inference library OpenVINO is not in \(assets.root)/openvino/libs")
            }
            return try FaceTracker(assets: assets, library: try InferenceLibrary(path: path))
        }
        loadedTracker = made
        return made
    }
}

/// Examines every frame during the pass.
private final class WholeLips: PassListener {
    let wants: PassWants = [.pictures, .sound]
    private let recording: LipRecording
    private let measurement: LipMeasurement

    init(_ measurement: LipMeasurement) {
        self.measurement = measurement
        recording = LipRecording(measurement, look: measurement.firstLook)
    }

    func picture(_ picture: Picture) throws { try recording.picture(picture) }
    func sound(_ block: SoundBlock) { recording.sound(block) }

    func finish(_ tally: MediaTally) throws -> [Finding] {
        [try measurement.judged(try measurement.closer(recording), tally)]
    }
}

/// Analyses all of the audio in the pass, and segments of the video afterwards.
private final class SampledLips: PassListener {
    let wants: PassWants = .sound
    private let measurement: LipMeasurement
    private let durationSeconds: Double
    private var heard = SoundFeatureBuilder()

    init(_ measurement: LipMeasurement, durationSeconds: Double) {
        self.measurement = measurement
        self.durationSeconds = durationSeconds
    }

    func sound(_ block: SoundBlock) { heard.append(start: block.start, channels: block.channels) }

    func finish(_ tally: MediaTally) throws -> [Finding] {
        if let (finding, tally) = try measurement.sampled(heard, tally, durationSeconds: durationSeconds) {
            return [finding.blaming(tally)]
        }
        let (finding, tally) = try measurement.whole(measurement.audio == nil ? heard : SoundFeatureBuilder())
        return [try measurement.judged(finding, tally)]
    }
}

extension LipMeasurement {
    /// The finding with the faults of the file itself, or the error of a file without decoded data.
    fileprivate func judged(_ finding: Finding, _ tally: MediaTally) throws -> Finding {
        if tally.pictures == 0, tally.damagedVideoPackets > 0 || tally.stoppedBy != nil {
            throw MediaError(.noPicture, file: file.path, detail: tally.stoppedBy ?? "")
        }
        if tally.pictures == 0 { return analyser.withoutMeasuring("the video track is empty") }
        if audio != nil, tally.samples == 0 { return analyser.withoutMeasuring("the audio track is empty") }
        return finding.blaming(tally)
    }
}

extension LipAnalyser {
    func withoutMeasuring(_ reason: String) -> Finding {
        Finding(
            check: .lips, subject: .audio, reference: .video,
            judgement: Judgement(.notApplicable, tolerance: tolerance), because: [Reason(reason)], method: model.method)
    }
}
