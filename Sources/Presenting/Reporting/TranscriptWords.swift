import Foundation
import SyncModel

/// A finding on a transcript as text, beyond its offset.
enum TranscriptWords {
    private static let mostLines = 8
    /// Milliseconds before the speech at which captioners usually open a cue, at most.
    private static let mostUsualLead = 150.0

    static func lines(_ finding: Finding) -> [String] {
        var lines: [String] = []
        if let drift = finding.drift {
            let way = drift.ppm > 0 ? "earlier" : "later"
            let pace = String(format: "%.1f", abs(drift.ppm) * 60 / 1000)
            lines.append(
                finding.rate.map { "made for another frame rate: \($0) (\(Int(drift.ppm.rounded())) ppm)" }
                    ?? "it drifts \(way) by \(pace) ms a minute (\(Int(drift.ppm.rounded())) ppm)")
        }
        if let segments = finding.segments {
            lines.append("\(segments.count) segments with different offsets:")
            for segment in segments.prefix(mostLines) {
                lines.append(
                    """
                      \(clock(segment.span.start)) to \(clock(segment.span.end)): text \
                    \(OffsetWords.place(segment.offset))
                    """
                )
            }
            if segments.count > mostLines { lines.append("  and \(segments.count - mostLines) more") }
        }
        if let worst = finding.worst, worst != finding.offset {
            lines.append(
                OffsetWords.worst(
                    worst, subject: finding.subject,
                    reference: finding.reference == .text ? .named("the other text") : finding.reference))
        }
        if let gaps = finding.gaps, !gaps.isEmpty {
            let whole = gaps.reduce(0) { $0 + $1.length }
            lines.append(
                """
                \(finding.reference == .text ? "missing" : "speech without text"): \(gaps.count) times, \
                \(Int(whole.rounded())) s in total, the longest at \
                \(clock(gaps.max { $0.length < $1.length }?.start ?? 0))
                """
            )
        }
        if let items = finding.items {
            var counts: [FindingItem.Flag: [FindingItem]] = [:]
            for item in items { for flag in item.flags { counts[flag, default: []].append(item) } }
            for flag in FindingItem.Flag.allCases {
                guard let flagged = counts[flag], let first = flagged.first else { continue }
                lines.append(
                    """
                    \(words(flag)): \(flagged.count), the first at \(clock(first.startSeconds)) \
                    \"\(first.text.prefix(40).description.printable)\"
                    """
                )
            }
        }
        lines += MarkedWords.lines(finding)
        for evidence in finding.evidence {
            switch (evidence.name, evidence.value) {
            case ("unread", .list(let list)):
                lines.append("could not be read:")
                for case .text(let text) in list.prefix(mostLines) { lines.append("  \(text.printable)") }
                if list.count > mostLines { lines.append("  and \(list.count - mostLines) more") }
            case ("assumed", .list(let list)):
                for case .text(let text) in list { lines.append("assumed: \(text.printable)") }
            case ("words_differ", .list(let list)):
                lines.append("different words in \(list.count) positions, such as:")
                for case .object(let members) in list.prefix(mostLines) {
                    func word(_ name: String) -> String {
                        if case .text(let text)? = members.first(where: { $0.name == name })?.value { text } else { "" }
                    }
                    var time = 0.0
                    if case .number(let value, _)? = members.first(where: { $0.name == "time_s" })?.value {
                        time = value
                    }
                    lines.append(
                        "  \(clock(time)): \"\(word("text").printable)\" for \"\(word("reference").printable)\"")
                }
            case ("tiers_disagree", .list(let list)):
                lines.append("\(list.count) boundaries of its tiers differ by less than a frame")
            case ("cues_open_early_ms", .number(let value, _)) where finding.offset != nil && value >= 20:
                // Captioners open a cue a little early; more is the text's own.
                lines.append(
                    "cues start \(Int(value)) ms before the speech\(value <= mostUsualLead ? ", as is usual" : "")")
            default: break
            }
        }
        return lines.map { "  " + $0 }
    }

    private static func words(_ flag: FindingItem.Flag) -> String {
        switch flag {
        case .moved: "moved"
        case .doubtful: "doubtful"
        case .wrongText: "words differ from the audio"
        case .noSpeech: "text without speech"
        case .overlap: "overlaps the previous one"
        case .tooFast: "faster than people read (Netflix Timed Text Style Guide)"
        case .outOfOrder: "out of order"
        case .pastEnd: "past the end of the recording"
        case .extra: "not in the other text"
        }
    }

    private static func clock(_ seconds: Double) -> String {
        let tenths = Int((min(abs(seconds), 1e9) * 10).rounded())
        return (seconds < 0 ? "-" : "")
            + String(format: "%d:%02d:%02d.%d", tenths / 36_000, tenths / 600 % 60, tenths / 10 % 60, tenths % 10)
    }
}
