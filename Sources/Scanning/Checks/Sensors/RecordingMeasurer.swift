import Foundation
public import Plan
import RobotRecordings
import Sensors
public import SyncModel

/// Measures recordings of robots with cameras and logs in one file: their clocks, and the offsets of the logs against
/// each camera.
public struct RecordingMeasurer {
    private let analyser: SensorAnalyser
    /// Least assumed processing rate in bytes per second.
    private static let bytesPerSecond = 20e6

    public init(_ settings: CheckSettings) {
        analyser = SensorAnalyser(tolerance: settings.tolerance, expectation: settings.expectation.ofOtherPairs)
    }

    /// One finding for each camera, or one on the clocks alone.
    ///
    /// - Parameter opened: receives the allowed time, as a length in seconds, before reading.
    public func measure(
        _ clip: String, _ task: RecordingTask, opened: (Double?) -> Void = { _ in }
    ) -> ClipReport {
        do throws(ClipFailure) {
            opened(Double(task.file.size) / RecordingMeasurer.bytesPerSecond)
            let content = try RecordingPass(task.file).content()
            guard content.messages > 0 else {
                throw ClipFailure(
                    code: "empty-recording",
                    message: content.reasons.first?.description ?? "\(clip.printable) contains no messages",
                    remedy: "check that the recorder was subscribed to its topics; record again")
            }
            var report = ClipReport(
                clip: clip, durationSeconds: content.seconds, outcome: .measured(findings(clip, content)))
            report.facts = [
                ClipRecord.Attribute(
                    "file.cameras", content.cameras.map(\.topic).joined(separator: ClipRecord.nameSeparator)),
                ClipRecord.Attribute(
                    "file.logs", content.logs.map(\.topic).joined(separator: ClipRecord.nameSeparator)),
            ].filter { !$0.value.isEmpty }
            return report
        } catch {
            return ClipReport(clip: clip, durationSeconds: nil, outcome: .failed(error))
        }
    }

    private func findings(_ clip: String, _ content: RecordingContent) -> [Finding] {
        let speed = content.logs.lazy.compactMap { log in
            log.told.courses.first { $0.kind == .speed }?.moved(bySeconds: log.start)
        }.first
        let seen = content.cameras.map { PictureJudge($0.changes, motion: speed).faults(camera: $0.topic) }
        // Every finding of the recording lists all of its faults.
        let faults =
            content.cameras.flatMap(\.faults) + content.logs.flatMap(\.faults) + seen.flatMap { $0 }
        let reasons = faults.map(\.reason) + content.reasons + content.cameras.flatMap(\.reasons)
        guard !content.cameras.isEmpty else {
            let nothing =
                content.logs.isEmpty
                ? "it has neither video nor a log of motion"
                : "it has no video to compare \(content.logs.map(\.topic.printable).joined(separator: ", ")) with"
            return [made(clip, nil, match: nil, nothing: nothing, content, faults, reasons)]
        }
        return content.cameras.map { finding(clip, $0, content, faults, reasons) }
    }

    private func finding(
        _ clip: String, _ camera: RecordingContent.Camera, _ content: RecordingContent, _ faults: [LogFault],
        _ reasons: [Reason]
    ) -> Finding {
        var best: (match: MotionMatch, log: RecordingContent.Log)?
        var curve: [CurvePoint] = []
        if let picture = camera.seen {
            for log in content.logs {
                if let match = analyser.match(picture, log.told), match.height > best?.match.height ?? 0 {
                    best = (match.moved(bySeconds: -log.start), log)
                }
                // Episodes are pooled by one log, the first with motion.
                if curve.isEmpty, let told = log.told.courses.first,
                    let profile = picture.profile(of: told.moved(bySeconds: log.start))
                {
                    curve = zip(LagProfile.offsets, profile.heights).map {
                        CurvePoint(offset: Offset(seconds: $0), height: $1)
                    }
                }
            }
        }
        let nothing: String? =
            camera.pictures < 2
            ? "\(camera.topic.printable) has no readable frames"
            : content.logs.isEmpty ? "it has no log of motion" : nil
        var finding = made(clip, camera, match: best, nothing: nothing, content, faults, reasons)
        // Too short for an answer alone is not the same as nothing to compare.
        if best == nil, !curve.isEmpty {
            let short = Reason(
                """
                \(Figures.decimals(content.seconds, 0)) s are too short for an answer alone; they count together with \
                the other recordings (genlock report)
                """)
            finding.judge(finding.judgement.withholding(.inconclusive), because: faults.map(\.reason) + [short])
        }
        finding.curve = curve
        return finding
    }

    /// - Parameter nothing: why there is nothing to compare; nil: there is.
    private func made(
        _ clip: String, _ camera: RecordingContent.Camera?, match: (match: MotionMatch, log: RecordingContent.Log)?,
        nothing: String?, _ content: RecordingContent, _ faults: [LogFault], _ reasons: [Reason]
    ) -> Finding {
        let own = analyser.finding(
            log: clip, camera: camera?.topic ?? "", match: match?.match,
            clock: ClockAnalyser().result(ClockFacts(stamps: [])), notes: [])
        var evidence: [Evidence] = [
            Evidence("log", (match?.log.topic).map { .text($0) } ?? .unknown),
            Evidence("messages", .count(content.messages)),
            Evidence("samples_per_second", (match?.log.clock.rate).map { .number($0, decimals: 3) } ?? .unknown),
            Evidence("log_seconds", .number(content.seconds, decimals: 3)),
            Evidence("topics", .list(content.logs.map(topic) + content.cameras.map(topic))),
        ]
        if let camera { evidence.append(Evidence("pictures", .count(camera.pictures))) }
        var finding = own.removing(evidence: ["samples_per_second", "log_seconds", "first_stamp_s", "faults"]).adding(
            evidence + [Evidence("faults", .list(faults.map(\.evidence)))])
        let because = nothing.map { [Reason($0)] } ?? own.because
        let all = own.offset == nil ? reasons + because : because + reasons
        if finding.verdict == .notApplicable, !reasons.isEmpty {
            finding.judge(finding.judgement.withholding(.inconclusive), because: all)
        } else {
            finding.because = all
        }
        finding.faults = faults
        finding.method = EpisodeMeasurer.method
        finding.clip = clip
        finding.against = camera?.topic
        return finding
    }

    private func topic(_ log: RecordingContent.Log) -> EvidenceValue {
        .object([
            Evidence("topic", .text(log.topic)), Evidence("kind", .text("log")),
            Evidence("messages", .count(log.messages)),
            Evidence("samples_per_second", log.clock.rate.map { .number($0, decimals: 3) } ?? .unknown),
            Evidence("log_delay_ms", log.delay.map { .number($0.median * 1000, decimals: 2) } ?? .unknown),
            Evidence("log_delay_spread_ms", log.delay.map { .number($0.spread * 1000, decimals: 2) } ?? .unknown),
        ])
    }

    private func topic(_ camera: RecordingContent.Camera) -> EvidenceValue {
        .object([
            Evidence("topic", .text(camera.topic)), Evidence("kind", .text("camera")),
            Evidence("messages", .count(camera.pictures)),
            Evidence("samples_per_second", camera.clock.rate.map { .number($0, decimals: 3) } ?? .unknown),
            Evidence("log_delay_ms", camera.delay.map { .number($0.median * 1000, decimals: 2) } ?? .unknown),
            Evidence("log_delay_spread_ms", camera.delay.map { .number($0.spread * 1000, decimals: 2) } ?? .unknown),
        ])
    }
}
