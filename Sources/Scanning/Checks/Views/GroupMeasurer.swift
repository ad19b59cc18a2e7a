import MediaIO
public import Plan
public import SyncModel
import Views

/// Measures groups of views: the offsets of their recordings, and the agreement of their labels on the common clock.
/// Each recording is decoded once for all its pairs.
public struct GroupMeasurer {
    private let measurement: ViewsMeasurement
    private let checks: [Check]
    /// Measures the audio of a recording against its lips; nil: not used.
    private let ownSound: OwnSound?

    /// - Parameter checks: `views` and `actions` are measured here; with `lips`, a recording's own audio is compared
    ///   with its lips, so that late audio does not move a video clock.
    public init(_ settings: CheckSettings, checks: [Check]) {
        self.checks = checks
        measurement = ViewsMeasurement(
            reader: ViewReader(captureTimes: nil),
            analyser: ViewsAnalyser(tolerance: settings.tolerance, expectation: settings.expectation.ofOtherPairs),
            jobs: 1, methods: [.sound, .picture], thorough: settings.thorough)
        ownSound = checks.contains(.lips) ? OwnSound(settings) : nil
    }

    /// One finding for each view but the reference; `failed` for one that could not be read.
    ///
    /// - Parameter opened: receives the total declared length of all recordings, in seconds.
    public func measure(
        _ request: ClipRequest, _ views: [ClipRequest.View], opened: (Double?) -> Void = { _ in }
    ) -> ClipReport {
        let labels = { (clock: [ClockEntry]) in
            self.labels(views, event: request.group ?? request.clip, clock: clock)
        }
        let lengths = views.compactMap { (try? MediaFile(path: $0.path))?.durationSeconds }
        opened(lengths.count == views.count ? lengths.reduce(0, +) : nil)
        guard checks.contains(.views) else {
            return ClipReport(clip: request.clip, durationSeconds: nil, outcome: .measured(labels([])))
        }
        let report = measurement.report(views.map(\.path), lips: ownSound?.finding)
        guard !report.findings.isEmpty else {
            let failure =
                report.failures.first?.failure
                ?? ClipFailure(
                    code: "one-view", message: "only one view of the group can be read",
                    remedy: "check the other files of the group")
            return ClipReport(clip: request.clip, durationSeconds: nil, outcome: .failed(failure))
        }
        let clock = report.clock.map { Finding.ClockPlace(clip: $0.clip, group: $0.group, offset: $0.offset) }
        let findings = report.findings.map { finding in
            var finding = finding.adding(
                [Evidence("clock", .list(clock.map(\.evidence)))] + notes(report, of: finding.clip))
            finding.clock = clock
            return finding
        }
        return ClipReport(
            clip: request.clip, durationSeconds: report.durationSeconds,
            outcome: .measured(findings + labels(report.clock)))
    }

    private func labels(_ views: [ClipRequest.View], event: String, clock: [ClockEntry]) -> [Finding] {
        let files = views.compactMap { view in view.labels.map { (view: view.path, labels: $0) } }
        guard checks.contains(.actions), files.count > 1 else { return [] }
        return GroupLabels(files: files, group: event).findings(clock: clock)
    }

    private func notes(_ report: ViewsReport, of view: String?) -> [Evidence] {
        let own = report.notes.filter { $0.clip == view }.map { EvidenceValue.text($0.note.description) }
        return own.isEmpty ? [] : [Evidence("notes", .list(own))]
    }
}

/// The offset of a recording's audio against the lips in its video. The models are loaded once; confined to one thread.
public final class OwnSound {
    private let measurer: ClipMeasurer

    public init(_ settings: CheckSettings) { measurer = ClipMeasurer(checks: CheckCatalogue.make([.lips], settings)) }

    /// nil: the lips give no answer.
    public func finding(_ clip: String) -> Finding? {
        measurer.measure(ClipRequest(clip: clip)).findings.first { $0.check == .lips && $0.offset != nil }
    }
}
