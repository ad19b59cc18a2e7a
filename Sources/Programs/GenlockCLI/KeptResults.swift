import Plan
import SyncModel

/// Which existing results a scan uses instead of re-measuring: one rule for the scan and for its dry run.
struct KeptResults {
    /// None: everything is re-measured.
    var force = false
    /// Failed clips are re-measured.
    var retriesFailed = false
    /// Limits were given: clips that failed by other limits are re-measured.
    var hasNewLimits = false

    private static let limits: Set<String> = ["timed-out", "too-much-memory", "out-of-memory", "worker-died"]

    /// A result that is still valid.
    struct Kept {
        let record: ClipRecord
        /// The plan describes the clip differently than the store.
        let isDescribedAnew: Bool
    }

    /// The stored result of an unchanged clip, described as in the plan; nil: it has to be measured.
    ///
    /// - Parameters:
    ///   - identity: of the clip's content.
    ///   - find: looks up a key and an identity in the store.
    func record(
        of clip: ScanPlan.PlannedClip, identity: String, find: (_ key: String, _ identity: String) throws -> ClipRecord?
    ) rethrows -> Kept? {
        guard !force else { return nil }
        if let record = try find(clip.key, identity) {
            guard stands(record), record.hasFiles(of: clip.request) else { return nil }
            let described = record.described(by: clip.request)
            return Kept(record: described, isDescribedAnew: described != record)
        }
        guard let whole = ContentIdentity.withContent(clip.request), let record = try find(clip.key, whole),
            stands(record)
        else { return nil }
        return Kept(record: record, isDescribedAnew: false)
    }

    private func stands(_ record: ClipRecord) -> Bool {
        if retriesFailed, record.verdict == .failed { return false }
        guard hasNewLimits, let code = record.failure?.code else { return true }
        return !KeptResults.limits.contains(code)
    }
}
