import Foundation
import SyncModel

/// What a copy lacks of its master or adds to it, line by line.
enum MasterWords {
    private static let most = 20

    static func lines(_ finding: Finding) -> [String] {
        let edits = finding.evidence("edits")?.list ?? []
        var lines = edits.prefix(most).compactMap { line($0) }
        if edits.count > most { lines.append("  and \(edits.count - most) more") }
        for (name, words) in [
            ("missing_before_s", "before the copy begins"), ("missing_after_s", "after the copy ends"),
        ] {
            if let seconds = finding.evidence(name)?.number, seconds >= 0.1 {
                lines.append("  \(String(format: "%.2f", seconds)) s of the master are \(words)")
            }
        }
        return lines
    }

    private static func line(_ edit: EvidenceValue) -> String? {
        let members = Dictionary((edit.object ?? []).map { ($0.name, $0.value) }) { first, _ in first }
        guard case .text(let kind)? = members["kind"], let at = members["at_s"]?.number,
            let length = members["length_s"]?.number, let master = members["master_s"]?.number
        else { return nil }
        let (size, place) = (String(format: "%.2f s", length), Clock.words(at))
        switch kind {
        case "missing": return "  at \(place): \(size) of the master are missing (from \(Clock.words(master)) in it)"
        case "inserted": return "  at \(place): \(size) are inserted that the master does not have"
        case "repeated": return "  at \(place): \(size) of the master are repeated"
        case "replaced": return "  at \(place): \(size) show something other than the master"
        case "frozen": return "  at \(place): the video is frozen for \(size), and the master's is not"
        default: return nil
        }
    }
}

/// The name of an audio track.
enum TrackWords {
    static func name(_ finding: Finding) -> String {
        guard let stream = finding.subjectStream else { return "audio track" }
        let language = stream.language.map { " (\($0))" } ?? ""
        return "audio track in stream \(stream.index ?? 0)\(language.printable)"
    }
}
