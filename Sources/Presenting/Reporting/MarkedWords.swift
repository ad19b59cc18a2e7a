import Foundation
import SyncModel

/// A transcript with its doubtful items marked, for the terminal: only the text around them is shown.
enum MarkedWords {
    private static let mostPlaces = 12
    /// Number of words shown before and after.
    private static let around = 4

    static func lines(_ finding: Finding) -> [String] {
        guard let evidence = finding.evidence("words")?.object else { return [] }
        func value(_ name: String) -> EvidenceValue? { evidence.first { $0.name == name }?.value }
        var lines: [String] = []
        if let aligners = value("aligners")?.list, let looked = value("looked_at")?.number {
            let names = aligners.compactMap { if case .text(let name) = $0 { name } else { nil } }
            let untold = Int(value("cannot_tell")?.number ?? 0)
            let by = names.isEmpty ? "; no aligner supports the language" : " by \(names.joined(separator: " and "))"
            var tongue = ""
            if case .flag(true)? = value("language_guessed"), case .text(let language)? = value("language") {
                tongue = " as \(language.printable), which is a guess: set it with --language"
            }
            lines.append(
                """
                one by one: \(Int(looked)) checked\
                \(by)\(tongue)\(untold > 0 ? "; undecided: \(untold)" : "")
                """
            )
        }
        let items = finding.items ?? []
        let marked = runs(items)
        for run in marked.prefix(mostPlaces) { lines.append("  " + line(items, run)) }
        if marked.count > mostPlaces { lines.append("  and \(marked.count - mostPlaces) more") }
        if let install = value("install")?.list {
            for case .text(let text) in install { lines.append("to install: \(text)") }
        }
        return lines
    }

    private static func isMarked(_ item: FindingItem) -> Bool {
        item.trust != nil && item.flags.contains { [.moved, .doubtful, .wrongText].contains($0) }
    }

    /// Marked items one by one; consecutive words of wrong text as one run.
    private static func runs(_ items: [FindingItem]) -> [ClosedRange<Int>] {
        func isOther(_ place: Int) -> Bool { items[place].kind == .word && items[place].flags.contains(.wrongText) }
        return items.indices.filter { isMarked(items[$0]) }.reduce(into: []) { runs, place in
            if let last = runs.last, last.upperBound == place - 1, isOther(place), isOther(place - 1) {
                runs[runs.count - 1] = last.lowerBound...place
            } else {
                runs.append(place...place)
            }
        }
    }

    private static func line(_ items: [FindingItem], _ run: ClosedRange<Int>) -> String {
        let item = items[run.lowerBound]
        let reach = item.kind == .word ? around : 0
        let shown = (max(0, run.lowerBound - reach)...min(items.count - 1, run.upperBound + reach))
            .filter { run.contains($0) || abs(items[$0].startSeconds - item.startSeconds) < 5 }
            .map { place in
                let text = String(items[place].text.prefix(60)).printable
                return (place == run.lowerBound ? "[" : "") + text + (place == run.upperBound ? "]" : "")
            }
        var why: [String] = []
        if item.flags.contains(.wrongText) { why.append("words differ from the audio") }
        if item.flags.contains(.moved) || item.flags.contains(.doubtful), let offset = item.offset {
            why.append(OffsetWords.place(offset))
        }
        if let trust = item.trust { why.append("trust \(String(format: "%.2f", trust))") }
        return "\(Clock.words(item.startSeconds))  \(shown.joined(separator: " "))  (\(why.joined(separator: ", ")))"
    }
}
