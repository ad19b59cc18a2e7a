public import Plan
public import SyncModel

/// Measures whatever a scan may ask about: clips, groups of views, episodes of robot sets. Belongs to one thread.
public final class RequestMeasurer {
    private let clips: ClipMeasurer
    private let groups: GroupMeasurer
    private let episodes: EpisodeMeasurer

    /// Checks may start programs of their own here, and not later.
    public init(_ checks: [Check], _ settings: CheckSettings) {
        clips = ClipMeasurer(checks: CheckCatalogue.make(checks, settings))
        groups = GroupMeasurer(settings, checks: checks)
        episodes = EpisodeMeasurer(settings)
    }

    /// - Parameter opened: told the length in seconds, where it is declared, before anything is decoded.
    public func measure(_ request: ClipRequest, opened: (Double?) -> Void = { _ in }) -> ClipReport {
        if request.episode != nil { return episodes.measure(request, opened: opened) }
        return request.views.isEmpty
            ? clips.measure(request, opened: opened) : groups.measure(request, opened: opened)
    }
}
