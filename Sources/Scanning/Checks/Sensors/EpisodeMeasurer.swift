import Foundation
import MediaIO
public import Plan
import RobotSets
import Sensors
public import SyncModel
import Views

/// Measures episodes of robot sets: the faults of their clocks, and the offset of their rows against the video of each
/// camera.
public struct EpisodeMeasurer {
    /// Method of findings on the clock alone.
    public static let clockMethod: MethodVersion = "clock-2"
    /// What compares the episodes of a set: lags of commands, and what cameras show.
    private static let setMethod: MethodVersion = "set-1"
    public static let method = SensorAnalyser.method + clockMethod + setMethod
    private let analyser: SensorAnalyser

    public init(_ settings: CheckSettings) {
        analyser = SensorAnalyser(tolerance: settings.tolerance, expectation: settings.expectation.ofOtherPairs)
    }

    /// One finding for each camera, or one on the clock alone.
    ///
    /// - Parameter opened: receives the episode's length in seconds before decoding.
    public func measure(
        _ clip: String, _ task: EpisodeTask, opened: (Double?) -> Void = { _ in }
    ) -> ClipReport {
        if let failure = task.failure {
            return ClipReport(clip: clip, durationSeconds: nil, outcome: .failed(failure))
        }
        opened(task.seconds * Double(max(1, task.cameras.count)))
        let findings: [Finding]
        if task.wantsContent, !task.cameras.isEmpty {
            let seen = task.cameras.map { look($0, task) }
            // Every finding of the episode lists all of its faults.
            let faults = task.faults + seen.flatMap(\.faults)
            findings = zip(task.cameras, seen).map { finding(clip, task, $0, seen: $1, faults: faults) }
        } else {
            findings = [clockFinding(clip, task)]
        }
        return ClipReport(
            clip: clip, durationSeconds: task.isWhole ? nil : task.seconds, outcome: .measured(findings))
    }

    // MARK: The clock alone

    private func clockFinding(_ clip: String, _ task: EpisodeTask) -> Finding {
        let reasons = task.faults.map(\.reason)
        let fine =
            task.isWhole
            ? "the set as a whole has no faults"
            : task.cameras.isEmpty
                ? "its clock is in order; it has no video to compare with"
                : "its clock is in order; its content was not compared with the video (--sample, --thorough)"
        var finding = Finding(
            check: .sensor, subject: .sensor, reference: .video,
            judgement: Judgement(
                reasons.isEmpty ? .notApplicable : .inconclusive, tolerance: analyser.tolerance,
                expectation: analyser.expectation), because: reasons.isEmpty ? [Reason(fine)] : reasons,
            evidence: [Evidence("method", .text("clock"))] + common(task, task.faults),
            method: EpisodeMeasurer.clockMethod)
        finding.faults = task.faults
        finding.clip = clip
        return finding
    }

    private func common(_ task: EpisodeTask, _ faults: [LogFault]) -> [Evidence] {
        [
            Evidence("rows", .count(task.rows)),
            Evidence("samples_per_second", .number(task.framesPerSecond, decimals: 3)),
            Evidence("log_seconds", .number(task.seconds, decimals: 3)),
            Evidence("faults", .list(faults.map(\.evidence))),
        ]
            + (task.isWhole
                ? [Evidence(JointLag.evidenceName, .list(task.lags.map(\.evidence)))]
                : [Evidence("action_lag_ms", task.lag.map { .number($0, decimals: 1) } ?? .unknown)])
    }

    // MARK: The content

    /// The results from the video of one camera.
    struct Seen {
        /// Motion, in seconds of the episode, with the frame interval; nil: not available.
        var motion: SeenMotion?
        /// Faults of the frames.
        var faults: [LogFault] = []
        /// Why they could not be examined.
        var trouble: Reason?
    }

    private func look(_ camera: RobotEpisode.Video, _ task: EpisodeTask) -> Seen {
        do {
            guard let shown = try picture(camera, seconds: task.seconds) else { return Seen() }
            let speed = task.courses.lazy.compactMap(\.motion).first { $0.kind == .speed }
            return Seen(
                motion: shown.motion,
                faults: PictureJudge(shown.changes, motion: speed).faults(camera: camera.camera))
        } catch {
            let failure = (error as? MediaError)?.failure
            return Seen(
                trouble: Reason(
                    """
                    \(failure?.message ?? "\(camera.path.printable) cannot be decoded"); what to do: \
                    \(failure?.remedy ?? "check it with 'ffprobe'")
                    """
                ))
        }
    }

    /// - Parameter faults: of the episode and of the frames of all its cameras.
    func finding(
        _ clip: String, _ task: EpisodeTask, _ camera: RobotEpisode.Video, seen: Seen, faults: [LogFault]
    ) -> Finding {
        let courses = task.courses.compactMap(\.motion)
        let faultReasons = (task.faults + seen.faults).map(\.reason)
        let notes = task.notes.map { Reason($0) } + [seen.trouble].compactMap { $0 }
        var match: MotionMatch?
        var curve: [CurvePoint] = []
        var independent: Double?
        if let motion = seen.motion {
            match = analyser.match(motion, LogMotion(courses: courses))
            if let course = courses.first, let profile = motion.profile(of: course) {
                curve = zip(LagProfile.offsets, profile.heights).map {
                    CurvePoint(offset: Offset(seconds: $0), height: $1)
                }
                independent = profile.independent
            }
        }
        let own = analyser.finding(
            log: clip, camera: camera.camera, match: match, clock: ClockAnalyser().result(ClockFacts(stamps: [])),
            notes: [])
        // Too short for an answer alone is not the same as nothing to compare.
        let isShort = match == nil && !curve.isEmpty
        let because =
            isShort
            ? [
                Reason(
                    """
                    \(String(format: "%.0f", task.seconds)) s are too short for an answer alone; they count together \
                    with the other episodes (genlock report)
                    """
                )
            ] : own.because
        var finding = own.removing(evidence: ["samples_per_second", "log_seconds", "first_stamp_s", "faults"])
            .adding([Evidence("independent_samples", independent.map { .number($0, decimals: 1) } ?? .unknown)])
            .adding(common(task, faults))
        // Faults come first if there is no other result.
        let reasons = (own.offset == nil ? faultReasons + because : because + faultReasons) + notes
        if isShort || own.verdict == .notApplicable && !faultReasons.isEmpty {
            finding.judge(own.judgement.withholding(.inconclusive), because: reasons)
        } else {
            finding.because = reasons
        }
        finding.curve = curve
        finding.faults = faults
        finding.method = EpisodeMeasurer.method
        finding.clip = clip
        finding.against = camera.camera
        return finding
    }

    /// The content of an episode's video, in seconds of the episode; nil: it has no frames there.
    private func picture(
        _ camera: RobotEpisode.Video, seconds: Double
    ) throws -> (motion: SeenMotion?, changes: FrameChanges)? {
        let file = try MediaFile(path: camera.path)
        guard let video = file.videoStream else { return nil }
        var watcher = PictureSignalBuilder(mostPerSecond: 61)
        var changes = FrameChanges()
        var scratch: [Float] = []
        var last = -Double.infinity
        let from = camera.from ?? 0
        let frame = 1 / max(1, video.frameRate ?? 30)
        let take = { (shown: Picture) in
            guard shown.seconds > last else { return }
            last = shown.seconds
            let grey = try shown.luma(side: PictureSignalBuilder.side, scratch: &scratch)
            changes.append(grey.values, width: grey.width, seconds: shown.seconds - from)
            watcher.append(
                LumaImage(width: grey.width, height: grey.height, values: grey.values), seconds: shown.seconds - from)
        }
        if camera.from != nil {
            // Half a frame at the edges: timestamps in lists are rounded.
            let stretch = from - 0.5 * frame..<(camera.to ?? from + seconds) - 0.5 * frame
            _ = try file.decodePictures(
                video: video.index, seconds: stretch, earliest: stretch.lowerBound, onPicture: take)
        } else {
            _ = try file.decode(MediaSelection(video: video.index, audio: nil), onPicture: take)
        }
        guard let signal = watcher.finish() else { return (nil, changes) }
        return (SeenMotion(signal), changes)
    }
}
