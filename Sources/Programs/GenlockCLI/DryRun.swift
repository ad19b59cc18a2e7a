import Foundation
import Plan
import Storage
import SyncModel

/// What a scan would do, as text.
struct DryRun {
    let plan: ScanPlan
    let store: String?
    let parameters: String
    let kept: KeptResults

    /// - Parameter listing: also list the clips with their files.
    func text(listing: Bool) throws -> String {
        var lines: [String] = []
        if listing {
            for clip in plan.clips {
                let request = clip.request
                var parts: [String] = []
                if let audio = request.files?.audio { parts.append("audio \(audio.printable)") }
                for transcript in request.files?.transcripts ?? [] {
                    parts.append("transcript \(transcript.printable)")
                }
                if let labels = request.files?.labels { parts.append("labels \(labels.printable)") }
                if let group = request.group, request.views == nil { parts.append("group \(group.printable)") }
                if let language = request.language { parts.append("language \(language.printable)") }
                for view in request.views ?? [] { parts.append("view \(view.path.printable)") }
                lines.append(([request.clip.printable] + parts).joined(separator: "\n    "))
            }
            for problem in plan.problems {
                if let failure = problem.failure {
                    lines.append("cannot be used: \(failure.message.printable); \(failure.remedy.printable)")
                }
            }
            for file in plan.unpaired { lines.append("matches no clip: \(file.printable)") }
            if !lines.isEmpty { lines.append("") }
        }
        let clips = plan.clips.count - plan.groupsOfViews
        lines.append("\(clips) clip\(clips == 1 ? "" : "s") would be scanned")
        func row(_ count: Int, _ words: String) { if count > 0 { lines.append("  \(count) \(words)") } }
        row(plan.withTranscripts, "with a transcript")
        row(plan.withLabels, "with labels")
        row(plan.withMasters, "with their master")
        row(plan.withOwnSoundFile, "with a separate audio file")
        row(plan.groups, "groups")
        row(plan.groupsOfViews, "of them with several views, to be aligned on one clock")
        row(plan.unpaired.count, "transcripts or labels match no clip")
        row(plan.repeated, "named twice, measured once")
        row(plan.problems.count, "cannot be used")
        if let store, FileManager.default.fileExists(atPath: store) {
            let reader = try StoreReader(path: store)
            let unchanged = try plan.clips.count { clip in
                try kept.record(of: clip, identity: ContentIdentity.of(clip.request)) {
                    try reader.result(key: $0, identity: $1, parameters: parameters)
                } != nil
            }
            lines.append(
                "  \(unchanged) are already in \(store.printable) and unchanged: they would not be re-measured")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
