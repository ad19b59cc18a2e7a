import Foundation
import SyncModel

/// A finding on speaker turns or sound events as text, beyond its offset: doubtful items first.
enum SoundLabelWords {
    private static let mostLines = 12

    static func lines(_ finding: Finding) -> [String] {
        var lines: [String] = []
        func number(_ name: String) -> Double? { finding.evidence(name)?.number }
        if finding.check == .speakers {
            let labelled = Int(number("speakers_labelled") ?? 0)
            if let heard = number("speakers_heard").map({ Int($0) }) {
                lines.append(
                    "speakers: \(labelled) labelled, \(heard) heard" + (heard == labelled ? "" : ": check the names"))
            } else if labelled > 0 {
                lines.append("speakers: \(labelled) labelled; their voices were not compared")
            }
            if let labelled = number("overlap_labelled_s"), let heard = number("overlap_heard_s"),
                max(labelled, heard) >= 1
            {
                lines.append(String(format: "overlapping speech: %.1f s labelled, %.1f s heard", labelled, heard))
            }
            for case .text(let pair) in finding.evidence("voices_alike")?.list ?? [] {
                lines.append("\(pair.printable) sound alike: swapped labels cannot be detected")
            }
            for turn in (finding.evidence("other_face")?.list ?? []).prefix(mostLines) {
                if let line = otherFace(turn.object ?? []) { lines.append(line) }
            }
            for run in (finding.evidence("other_voice")?.list ?? []).prefix(mostLines) {
                if let line = exchanged(run.object ?? []) { lines.append(line) }
            }
        }
        lines += items(finding)
        if let gaps = finding.gaps, !gaps.isEmpty {
            let places = gaps.prefix(5).map { "\(Clock.words($0.start)) to \(Clock.words($0.end))" }.joined(
                separator: ", ")
            lines.append("speech without a turn: \(gaps.count) times (\(places)\(gaps.count > 5 ? ", ..." : ""))")
        }
        if let untold = number("cannot_tell"), untold > 0,
            let all = number(finding.check == .speakers ? "turns" : "events")
        {
            lines.append("undecided: \(Int(untold)) of \(Int(all))")
        }
        for case .text(let text) in finding.evidence("unread")?.list ?? [] {
            lines.append("could not be read: \(text.printable)")
        }
        for case .text(let text) in finding.evidence("assumed")?.list ?? [] {
            lines.append("assumed: \(text.printable)")
        }
        for case .text(let text) in finding.evidence("install")?.list ?? [] {
            lines.append("to install: \(text.printable)")
        }
        return lines.map { "  " + $0 }
    }

    private static func otherFace(_ turn: [Evidence]) -> String? {
        func value(_ name: String) -> EvidenceValue? { turn.first { $0.name == name }?.value }
        guard let start = value("start_s")?.number, let end = value("end_s")?.number,
            case .text(let labelled)? = value("labelled"), case .text(let seen)? = value("seen")
        else {
            return nil
        }
        return
            """
            \(Clock.words(start)) to \(Clock.words(end)): labelled \(labelled.printable), while the face of \
            \(seen.printable) speaks
            """
    }

    private static func exchanged(_ run: [Evidence]) -> String? {
        func value(_ name: String) -> EvidenceValue? { run.first { $0.name == name }?.value }
        guard let start = value("start_s")?.number, let end = value("end_s")?.number,
            case .text(let labelled)? = value("labelled"),
            case .text(let heard)? = value("heard"), let turns = value("turns")?.number
        else { return nil }
        let place = "\(Clock.words(start)) to \(Clock.words(end))"
        if turns > 1, labelled == heard {
            return "\(place): the labels \(labelled.printable) are swapped (\(Int(turns)) turns)"
        }
        return "\(place): labelled \(labelled.printable), sounds like \(heard.printable)"
    }

    private static func items(_ finding: Finding) -> [String] {
        let marked = (finding.items ?? []).filter { !$0.flags.isEmpty }
        guard !marked.isEmpty else { return [] }
        // Least trusted first if not all are shown; those shown are in order of time.
        let order = marked.sorted { ($0.trust ?? 1, $0.startSeconds) < ($1.trust ?? 1, $1.startSeconds) }.prefix(
            mostLines)
        var lines = [
            """
            to check: \(marked.count) of \((finding.items ?? []).count) \
            \(finding.check == .speakers ? "turns" : "events")
            """
        ]
        for item in order.sorted(by: { ($0.startSeconds, $0.index) < ($1.startSeconds, $1.index) }) {
            let why = item.flags.map { words($0, item, finding) }.joined(separator: "; ")
            lines.append(
                """
                  \(Clock.words(item.startSeconds)) to \(Clock.words(item.endSeconds))  \
                \(String(item.text.prefix(40)).printable)  \(why)
                """
            )
        }
        if marked.count > mostLines { lines.append("  and \(marked.count - mostLines) more") }
        return lines
    }

    private static func words(_ flag: FindingItem.Flag, _ item: FindingItem, _ finding: Finding) -> String {
        switch flag {
        case .moved: moved(item, finding)
        case .wrongText: "voice differs from the label's"
        case .noSpeech: "nobody speaks"
        case .overlap: "overlaps another of the same name"
        case .outOfOrder: "out of order"
        case .pastEnd: "past the end of the recording"
        case .extra: "not in the other text"
        case .doubtful, .tooFast: flag.rawValue
        }
    }

    /// "starts 300 ms early; ends 20 ms late".
    private static func moved(_ item: FindingItem, _ finding: Finding) -> String {
        let edges = (finding.evidence("moved")?.list ?? []).compactMap { entry -> String? in
            let members = entry.object ?? []
            func value(_ name: String) -> EvidenceValue? { members.first { $0.name == name }?.value }
            guard value("index")?.number.map({ Int($0) }) == item.index, case .text(let edge)? = value("edge"),
                let offset = value("offset_ms")?.number
            else { return nil }
            return "its \(edge) is \(OffsetWords.place(Offset(milliseconds: offset)))"
        }
        return edges.isEmpty ? "moved" : edges.joined(separator: ", ")
    }
}
