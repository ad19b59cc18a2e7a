import Plan
import SyncModel

/// Which kept results a scan takes instead of measuring again: one rule for the scan and for saying what it would do.
struct KeptResults {
    /// None: everything is measured again.
    var force = false
    /// What failed is measured again.
    var retriesFailed = false
    /// Limits were named: what failed by others is measured again.
    var hasNewLimits = false

    private static let limits: Set<String> = ["timed-out", "too-much-memory", "out-of-memory", "worker-died"]

    /// A result that stands.
    struct Kept {
        let record: ClipRecord
        /// The plan says something else of the clip than the store does.
        let isDescribedAnew: Bool
    }

    /// What the store holds of a clip that has not changed, described as the plan has it; nil: it is to be measured.
    ///
    /// - Parameters:
    ///   - identity: of the clip's content.
    ///   - find: what the store holds under a key and an identity.
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
