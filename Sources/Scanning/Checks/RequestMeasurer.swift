public import Foundation
public import Plan
public import SyncModel

/// Measures all kinds of requests: clips, groups of views, episodes of robot sets. Confined to one thread.
public final class RequestMeasurer {
    private let clips: ClipMeasurer
    private let groups: GroupMeasurer
    private let episodes: EpisodeMeasurer
    private let recordings: RecordingMeasurer
    private let hasSensors: Bool

    /// Checks may start helper programs here, but not later.
    public init(_ checks: [Check], _ settings: CheckSettings) {
        clips = ClipMeasurer(
            checks: CheckCatalogue.make(checks, settings), tolerance: settings.tolerance,
            language: settings.language)
        groups = GroupMeasurer(settings, checks: checks)
        episodes = EpisodeMeasurer(settings)
        recordings = RecordingMeasurer(settings)
        hasSensors = checks.contains(.sensor)
    }

    /// The data to store of the master that was decoded for the last request, if wanted.
    public func takeMaster() -> Data? { clips.takeMaster() }

    /// - Parameter opened: receives the declared length in seconds, if any, before decoding.
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
