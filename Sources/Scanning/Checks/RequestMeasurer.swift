public import Foundation
public import Plan
public import SyncModel

/// Measures whatever a scan may ask about: clips, groups of views, episodes of robot sets. Belongs to one thread.
public final class RequestMeasurer {
    private let clips: ClipMeasurer
    private let groups: GroupMeasurer
    private let episodes: EpisodeMeasurer
    private let recordings: RecordingMeasurer
    private let hasSensors: Bool

    /// Checks may start programs of their own here, and not later.
    public init(_ checks: [Check], _ settings: CheckSettings) {
        clips = ClipMeasurer(
            checks: CheckCatalogue.make(checks, settings), tolerance: settings.tolerance,
            language: settings.language)
        groups = GroupMeasurer(settings, checks: checks)
        episodes = EpisodeMeasurer(settings)
        recordings = RecordingMeasurer(settings)
        hasSensors = checks.contains(.sensor)
    }

    /// What is to be kept of the master that was decoded for the last request, where that was wanted.
    public func takeMaster() -> Data? { clips.takeMaster() }

    /// - Parameter opened: told the length in seconds, where it is declared, before anything is decoded.
    public func measure(_ request: ClipRequest, opened: (Double?) -> Void = { _ in }) -> ClipReport {
        switch request.subject {
        case .files: clips.measure(request, opened: opened)
        case .views(let views): groups.measure(request, views, opened: opened)
        case .episode(let task): episodes.measure(request.clip, task, opened: opened)
        case .recording(let task):
            hasSensors
                ? recordings.measure(request.clip, task, opened: opened)
                : ClipReport(clip: request.clip, durationSeconds: nil, outcome: .measured([]))
        }
    }
}
