import MediaIO
public import Plan
public import SyncModel
import Views

/// Measures groups of views: what their recordings say of each other, and what the labels of one say of those of
/// another on the common clock. Each recording is decoded once for all its pairs.
public struct GroupMeasurer {
    private let measurement: ViewsMeasurement
    private let checks: [Check]
    /// Says where the sound of a recording lies against its own lips; nil: is not asked.
    private let ownSound: OwnSound?

    /// - Parameter checks: `views` and `actions` are measured here; with `lips`, a recording's own sound is held
    ///   against its lips, so that late sound moves no picture clock.
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
    /// - Parameter opened: told the length of all recordings together, in seconds, where it is declared.
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

/// Where the sound of a recording lies against the lips in its own picture. The models are loaded once; belongs to one
/// thread.
public final class OwnSound {
    private let measurer: ClipMeasurer

    public init(_ settings: CheckSettings) { measurer = ClipMeasurer(checks: CheckCatalogue.make([.lips], settings)) }

    /// nil: the lips do not tell.
    public func finding(_ clip: String) -> Finding? {
        measurer.measure(ClipRequest(clip: clip)).findings.first { $0.check == .lips && $0.offset != nil }
    }
}
